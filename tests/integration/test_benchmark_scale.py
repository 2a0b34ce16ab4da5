"""The harness that sets hxd beside its peers: its figures, its pieces of text, and one run of hxd through it."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
MODULES = ("common", "measuring", "scale", "scaling", "synthetic", "week")


@pytest.fixture(autouse=True)
def scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS / "peers"))
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    for name in MODULES:
        monkeypatch.delitem(sys.modules, name, raising=False)


def test_growth_is_the_power_of_the_size() -> None:
    from scaling import growth

    assert growth([10, 100, 1000], [5, 7, 500]) == pytest.approx(1)
    assert growth([10, 1000], [3, 3]) == 0
    assert growth([10, 100], [2, 200]) == pytest.approx(2)
    for sizes, values in (([10], [1]), ([10, 10], [1, 2]), ([10, 100], [0, 2])):
        with pytest.raises(ValueError, match="growth needs"):
            growth(sizes, values)


def test_the_table_shows_ratios_to_hxd_at_the_same_size_and_what_a_peer_cannot_do() -> None:
    from scaling import Figures, table

    rows = [
        Figures("hxd", 100, 1_000_000, 40, index_s=2.0, rescan_s=0.5, ms=(1.0, 2.0), disk=3_000_000),
        Figures("other", 100, 1_000_000, 50, index_s=8.0, ms=(4.0, 8.0)),
        Figures("other", 200, 2_000_000, index_s=16.0),
    ]
    head, _, *lines = table(rows).splitlines()
    names = [cell.strip() for cell in head.strip("|").split("|")]
    ours, other, alone = (
        dict(zip(names, (cell.strip() for cell in line.strip("|").split("|")), strict=True)) for line in lines
    )
    assert (ours["files/s"], ours["rescan s"], ours["disk / text"]) == ("50", "0.50", "3.00")
    assert (other["files/s"], other["p95 ms"]) == ("12 (0.25)", "8.0 (4)")
    assert (other["rescan s"], other["disk / text"], other["one change ms"]) == ("-", "-", "-")
    assert alone["MB/s"] == "0.12"


def test_what_did_not_end_is_said_with_the_speed_that_it_did_not_reach() -> None:
    from scaling import Figures, middle, table

    stopped = Figures("slow", 1000, 1_000_000, stopped="index not within 500 s", limit_s=500.0)
    lines = table([Figures("hxd", 1000, 1_000_000, 40, index_s=10.0), middle([stopped])]).splitlines()
    assert "| < 2 |" in lines[-3]
    assert lines[-2:] == ["", "slow, 1,000 files: index not within 500 s."]
    failed = table([Figures("broken", 1000, 1_000_000, stopped="change failed: no")])
    assert "<" not in failed
    assert failed.endswith("broken, 1,000 files: change failed: no.")


def test_growth_is_drawn_over_passages_also_of_a_library_without_files() -> None:
    from scaling import Figures, plots

    rows = [
        Figures("hxd", 10, 9, 25, ms=(3.0,)),
        Figures("recoll", 10, 9, ms=(5.0,)),
        Figures("hxd", 100, 90, 250, ms=(4.0,)),
        Figures("recoll", 100, 90, ms=(9.0,)),
        Figures("hxd", 400_000, 9, 1_000_000, ms=(5.0,)),
    ]
    drawn = plots(rows)["p95-ms.svg"]
    assert all(f">{size}<" in drawn for size in ("25", "250", "1,000,000"))


def test_rounds_become_medians_and_the_highest_memory() -> None:
    from scaling import Figures, middle

    rounds = [Figures("hxd", 1, 1, index_s=s, memory=m, ms=(s,)) for s, m in ((1.0, 5), (9.0, 7), (2.0, 6))]
    made = middle(rounds)
    assert (made.index_s, made.memory, made.ms, made.rescan_s) == (2.0, 7, (1.0, 9.0, 2.0), None)


def test_growth_is_shown_and_drawn_where_there_are_two_sizes() -> None:
    from scaling import Figures, bars, growths, plots

    one, ten = (Figures("hxd", n, n, index_s=n / 10, rescan_s=1.0, ms=(3.0,)) for n in (10, 100))
    assert growths([one]) == ""
    cells = growths([one, ten]).splitlines()[-1].split(" | ")
    assert cells[1:4] == ["10 to 100", "1.00", "0.00"]
    drawn = plots([one, ten, Figures("other", 10, 10, index_s=4.0), Figures("other", 100, 100, index_s=9.0)])
    assert {"p95-ms.svg", "files-by-s-10.svg", "files-by-s-100.svg", "rescan-s.svg"} <= drawn.keys()
    assert "p95-ms-10.svg" not in drawn, "a bar alone says nothing"
    assert not any("memory" in name for name in drawn)
    assert drawn["p95-ms.svg"].startswith("<svg")
    assert ">10<" in drawn["files-by-s-100.svg"]
    assert ">3,937<" in bars("a", "ms", [("hxd", 3937.4), ("other", 0.02)])


def test_pieces_hold_every_word_and_are_cut_at_sentences() -> None:
    from common import pieces

    text = "".join(f"这是第{n}句话，说明如何安装。" for n in range(50)) + "x" * 700 + "\n\n---\n"
    made = pieces(text)
    assert max(map(len, made)) <= 280
    assert "".join(made).replace("\n", "").startswith(text[:800])
    assert made[0].endswith("。")
    assert sum(piece.count("x") for piece in made) == 700
    assert pieces("--- \n") == []
    english = pieces("The pump of the hall stands still at noon. " * 100)
    assert 900 < len(english[0]) <= 1000
    assert english[0].endswith("noon.")


def test_made_up_documents_hold_just_so_many_passages_and_the_terms_of_their_text(tmp_path: Path) -> None:
    from synthetic import documents, passages, sentences_of

    from hxd_desktop.engine.text.words import index_terms

    found = sentences_of(
        ["今天的天气非常好。今天的天气非常好。短。", "The pump of the hall is new. 今天的天气非常好。"]
    )
    assert found == ["今天的天气非常好。", "The pump of the hall is new."]
    pool = [(one, index_terms(one)) for one in found]

    def made(seed: int) -> list[object]:
        chosen = random.Random(seed)
        return list(documents(passages(pool, chosen, 40), 23, chosen, tmp_path))

    first = made(1)
    assert first == made(1) != made(2)
    assert sum(len(one.chunks) for one in first) == 23
    for one in first:
        for (start, end, _, _), terms in zip(one.chunks, one.terms, strict=True):
            assert sorted(index_terms(one.text[start:end]).split()) == sorted(terms.split())
    assert all(len(text) >= 40 for text, _ in islice(passages(pool, random.Random(3), 40), 20))


def test_the_model_of_a_week_agrees_with_the_disk_and_keeps_its_size(tmp_path: Path) -> None:
    from week import Model, apply, expected

    model = Model(30, seed=4)
    kinds = set()
    for _ in range(30):
        apply(model.next(), tmp_path, model)
    for _ in range(40):
        batch = [model.next() for _ in range(5)]
        wanted = expected(batch, model)
        for change in batch:
            kinds.add(change.kind)
        assert set(wanted) == {word for one in batch for word in (one.word, one.lost) if word}
        for one in batch:
            assert one.target is None or model.words.get(one.target) in (one.word, None, *wanted)
        for change in batch:
            apply(change, tmp_path, model)
    assert kinds == {"create", "edit", "move", "delete"}
    on_disk = {str(path.relative_to(tmp_path)): path.read_text("utf-8") for path in tmp_path.rglob("*.md")}
    assert on_disk.keys() == model.words.keys()
    assert all(text.count(model.words[path]) == 1 for path, text in on_disk.items())
    assert 24 <= len(model.words) <= 36
    assert len(set(model.words.values())) == len(model.words)


def test_growth_of_a_week_leaves_the_warming_up_out() -> None:
    from week import growth

    assert growth([50, 100, 40, 110, 60, 30]) == pytest.approx(0.1)
    assert growth([10, 100, 90, 80]) == pytest.approx(-0.1)
    assert growth([100, 90]) == pytest.approx(-0.1)
    with pytest.raises(ValueError, match="two values"):
        growth([1])


def test_hxd_is_measured_from_a_folder_to_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.md").write_text(f"# Pump {number}\n\nThe pump of hall {number} stands still at noon.\n")
    command = [sys.executable, str(BENCHMARKS / "scale.py"), str(folder), "--sizes", "4", "--only", "hxd"]
    done = subprocess.run(
        [*command, "--out", str(tmp_path / "out"), "--count", "3"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "| 4 | hxd | 4 |" in done.stdout
    [row] = json.loads((tmp_path / "out" / "figures.json").read_text(encoding="utf-8"))
    assert row["files"] == 4 and row["index_s"] > 0 and len(row["change_s"]) == 5 and row["disk"] > 0
    assert not list((tmp_path / "out").glob("*.svg")), "there is nothing to set beside it"


def test_a_library_that_was_made_up_is_asked_and_changed(tmp_path: Path) -> None:
    from scale import measure_made
    from synthetic import build

    from hxd_desktop.engine.text.words import index_terms

    sentences = [f"The pump of hall {number} stands still at noon." for number in range(40)]
    build(tmp_path / "data", [(one, index_terms(one)) for one in sentences], 60, seed=1)
    questions = tmp_path / "questions.json"
    questions.write_text(json.dumps(sentences[:3]))
    made = measure_made(tmp_path / "data", questions, 60.0)
    assert (made.system, made.pieces, len(made.ms), len(made.change_s)) == ("hxd", 60, 3, 5)
    assert made.disk
    assert made.index_s is None

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from hxd_desktop.cli.counting import Counting
from hxd_desktop.engine.errors import StorageError


def test_a_run_is_kept_and_its_report_written(engine: Any, hxd: Any, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "report"
    result = hxd("eval", "refusal", "--questions", "f.jsonl", "--report", str(folder), "--json")
    assert (result.json["run"], result.json["report"]) == (3, str(folder))
    assert {"report.md", "report.json", "scores.svg", "f1.svg"} <= {file.name for file in folder.iterdir()}


def test_questions_may_come_in_several_files(engine: Any, hxd: Any, tmp_path: Path) -> None:
    hxd("eval", "refusal", "--questions", "/a", "--questions", "/b", "--calibrate", "/c")
    [(_, (questions, library), named)] = engine.calls
    assert ([Path(file).name for file in questions], library) == (["a", "b"], "default")
    assert [Path(file).name for file in named["calibrate"]] == ["c"]


def test_a_run_that_cannot_be_kept_is_shown_and_says_so(engine: Any, hxd: Any) -> None:
    engine.unkept = StorageError("Another copy is running", "Process 4711 writes here.", "Close it.")
    result = hxd("eval", "qa", "--questions", "f.jsonl", "--json")
    assert (result.status, result.json["run"], result.json["n"]) == (0, None, 1)
    assert "not kept" in result.err
    assert "4711" in result.err


def test_a_report_that_cannot_be_written_is_found_out_before_measuring(engine: Any, hxd: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = hxd("eval", "qa", "--questions", "f.jsonl", "--report", str(tmp_path / "file" / "report"))
    assert result.status == 1
    assert "Choose another folder" in result.err
    assert not engine.calls


def test_the_report_of_a_run_that_is_kept(engine: Any, hxd: Any, tmp_path: Path) -> None:
    result = hxd("eval", "show", "2", "--report", str(tmp_path))
    assert "run 2" in result.out
    assert (tmp_path / "report.md").exists()


def test_words_for_people(engine: Any, hxd: Any) -> None:
    assert "kept as run 3" in hxd("eval", "refusal", "--questions", "f.jsonl").out
    listed = hxd("eval", "list").out.splitlines()
    assert [line.split()[0] for line in listed] == ["2", "1"]
    compared = hxd("eval", "compare", "1", "2").out
    assert "2 questions in both" in compared
    assert "right: refused -> wrong: passed" in compared
    assert "天气?" in compared


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_count_rewrites_its_line_on_a_terminal_and_leaves_nothing() -> None:
    stream = Terminal()
    with Counting("questions", stream) as counting:
        counting.show(1, 1200)
        assert stream.getvalue().endswith("\r1/1,200 questions")
    assert stream.getvalue().endswith("\r" + " " * 17 + "\r")


def test_a_count_elsewhere_writes_a_line_now_and_then(monkeypatch: Any) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    stream = io.StringIO()
    with Counting("questions", stream) as counting:
        for done in range(4):
            now[0] += 3
            counting.show(done, 4)
    assert stream.getvalue() == "1/4 questions\n3/4 questions\n"

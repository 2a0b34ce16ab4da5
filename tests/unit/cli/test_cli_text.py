"""What a reader sees: aligned columns, no control characters, verdicts in words."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
import wcwidth

from hxd_desktop.cli import answers, text
from hxd_desktop.cli.models import describe_cost
from hxd_desktop.cli.progress import Progress, describe
from hxd_desktop.engine.answering.model import Grounding, Outcome, TraceStage
from hxd_desktop.engine.events import DocumentsChanged, EventBus, IndexProgress, Phase
from hxd_desktop.engine.switching import EmbedderCost
from tests.unit.cli.fakes import SOURCE, make_answer


def test_columns_line_up_with_wide_characters() -> None:
    lines = text.table([("茴香豆", "12", "x"), ("a", "3", "y")], right=(1,))
    assert lines == ["茴香豆  12  x", "a        3  y"]
    assert len({wcwidth.width(line) for line in lines}) == 1


def test_a_table_without_rows_has_no_lines() -> None:
    assert text.table([]) == []


def test_control_characters_are_removed() -> None:
    assert text.clean("a\x1b[31mb\x9bc\u202ed\r\te\n") == "a[31mbcd\te\n"
    assert text.one_line(" a\n\tb ") == "a b"


@pytest.mark.parametrize("columns", range(1, 14))
def test_shortened_text_fits(columns: int) -> None:
    assert wcwidth.width(text.shorten("茴香豆 answers", columns)) <= columns


def test_text_that_fits_is_left_alone() -> None:
    assert text.shorten("茴香豆", 6) == "茴香豆"


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 B"), (999, "999 B"), (12_340, "12.3 kB"), (123_400_000, "123 MB"), (5e12, "5000 GB")]
)
def test_sizes(count: float, words: str) -> None:
    assert text.size(count) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.42, "0.4 s"), (12.4, "12 s"), (59.7, "1 min 0 s"), (185, "3 min 5 s"), (7800, "2 h 10 min")],
)
def test_durations(seconds: float, words: str) -> None:
    assert text.duration(seconds) == words


def test_every_outcome_has_a_verdict_in_words() -> None:
    assert set(answers.VERDICTS) == set(Outcome)


def test_an_answer_shows_text_verdict_score_and_source() -> None:
    shown = "\n".join(answers.answer_lines(make_answer()))
    for part in (
        "每晚上限 600 元。[1]",
        "answered · refusal 0.06 (limit 0.50)",
        "1 source",
        "quoted",
        "/docs/差旅.md",
        "p. 3",
    ):
        assert part in shown
    assert "\x1b" not in shown


def test_sources_that_are_not_cited_are_only_named() -> None:
    import dataclasses

    other = dataclasses.replace(SOURCE, n=2, document="/docs/other.md", text="not quoted", page=None)
    shown = "\n".join(answers.answer_lines(make_answer(sources=(SOURCE, other))))
    assert "1 source" in shown
    assert "[2] other.md · 3 住宿标准" in shown
    assert "not quoted" not in shown
    uncited = make_answer(sources=(SOURCE, other), answer="600 元。")
    assert answers.cited(uncited) == [SOURCE, other]


def test_a_refusal_shows_its_reason_and_the_nearest_passages() -> None:
    shown = "\n".join(answers.answer_lines(make_answer(Outcome.UNRELATED)))
    for part in (
        "refused",
        "refusal 0.93 (limit 0.50)",
        "the documents do not cover it",
        "Nearest passages",
        SOURCE.heading,
    ):
        assert part in shown


def test_the_libraries_are_named_where_there_are_several() -> None:
    import dataclasses

    other = dataclasses.replace(SOURCE, n=2, library="second")
    assert "second · 差旅.md" in "\n".join(answers.source_lines([SOURCE, other]))
    assert "default" not in "\n".join(answers.source_lines([SOURCE]))


def test_the_trace_shows_stages_and_scores() -> None:
    shown = "\n".join(answers.trace_lines(make_answer()))
    assert "gate" in shown
    assert "0.06" in shown
    assert "bm25 17.20" in shown


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (IndexProgress("L", Phase.SCANNING, files_done=1200), "L: looking for changes · 1,200 files"),
        (
            IndexProgress("L", Phase.WORDS, 7, 12, 2_000_000, 4_000_000, 0, 0, 1_000_000, 2.0, "a.pdf"),
            "L: 7/12 files · 2.0 MB of 4.0 MB · 1.0 MB/s · 2.0 s left · a.pdf",
        ),
        (IndexProgress("L", Phase.VECTORS, chunks_done=5, chunks_total=9), "L: vectors 5/9 passages"),
        (IndexProgress("L", Phase.PAUSED), "L: paused"),
    ],
    ids=lambda value: value.phase if isinstance(value, IndexProgress) else "",
)
def test_progress_in_words(event: IndexProgress, words: str) -> None:
    assert describe(event) == words


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_on_a_terminal_one_line_is_rewritten_and_wiped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    events, terminal = EventBus(), Terminal()
    with Progress(events, terminal):
        events.publish(IndexProgress("L", Phase.WORDS, 7, 12, current="很长的名字" * 20))
        events.publish(IndexProgress("L", Phase.IDLE))
        events.publish(DocumentsChanged("L", ()))
    first, wiped, end = terminal.getvalue().split("\r")[1:]
    assert wcwidth.width(first) <= 39
    assert wiped == " " * wcwidth.width(first)
    assert end == ""
    assert "\n" not in terminal.getvalue()


def test_elsewhere_a_line_comes_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    events, stream = EventBus(), io.StringIO()
    with Progress(events, stream):
        for second in range(12):
            now[0] = 100.0 + second
            events.publish(IndexProgress("L", Phase.WORDS, second, 12))
    assert [line.split(" ")[1] for line in stream.getvalue().splitlines()] == ["5/12", "10/12"]


def test_colours_only_where_they_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    from hxd_desktop.cli.output import style

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("WT_SESSION", "1")
    assert style("x", "bold", "red", stream=Terminal()) == "\x1b[1;31mx\x1b[0m"
    assert style("x", "bold", stream=io.StringIO()) == "x"
    monkeypatch.setenv("NO_COLOR", "1")
    assert style("x", "bold", stream=Terminal()) == "x"


def test_status_for_a_reader(engine: Any, hxd: Any) -> None:
    shown = hxd("status").out
    for part in ("default", "indexed", "41", "offline", "/docs", "not mounted", "vectors to come", "4711", "builtin"):
        assert part in shown
    names = [line.split("  ")[0] for line in shown.splitlines()]
    assert "vectors made on" in names
    assert names.count("generator") == 1  # nothing is said of where answers are made while no model makes them


def test_index_for_a_reader(engine: Any, hxd: Any) -> None:
    shown = hxd("index", ".").out
    assert "3 indexed, 0 removed, 0 unchanged; 12 passages" in shown
    assert "failed: /docs/broken.pdf: password needed" in shown


def test_figures_for_a_reader(engine: Any, hxd: Any) -> None:
    assert "hit@10" in hxd("eval", "qa", "--questions", "f").out
    assert "roc_auc" in hxd("eval", "refusal", "--questions", "f").out
    assert "too few" in hxd("calibrate").out


def test_contradicting_sources_are_named_with_what_they_say(engine: Any, hxd: Any) -> None:
    assert "The sources disagree: [1] ¥600 · [2] ¥500" in hxd("ask", "q").out


def test_sentences_that_no_source_supports_are_named() -> None:
    answer = make_answer(grounding=Grounding(0.6, ("另赠电影票。",)))
    assert any("Not supported by its sources" in line and "另赠电影票" in line for line in answers.answer_lines(answer))
    refused = make_answer(Outcome.UNGROUNDED, grounding=Grounding(0.2, ("另赠电影票。",)))
    assert not any("另赠电影票" in line for line in answers.answer_lines(refused))


def test_the_record_says_what_decided_and_what_would_change_it() -> None:
    changes = [
        {"do": "add_document", "words": ["护照"]},
        {"do": "add_document", "words": []},
        {"do": "ask_in", "language": "en"},
        {"do": "bilingual_embedder"},
        {"do": "name_subject"},
        {"do": "example"},
        {"do": "threshold", "to": 0.84},
    ]
    why = {"decided": [{"by": "subject", "log_odds": -1.52}], "change": changes}
    answer = make_answer(Outcome.UNRELATED, trace=(TraceStage("gate", "refuse", 1.0, detail={"why": why}),))
    lines = answers.grounds_lines(answer)
    assert lines[0] == "  decided by: whether it is a subject of the documents (-1.5)"
    assert len(lines) == 1 + len(changes)
    assert '"护照"' in lines[1]
    assert "0.84" in lines[-1]
    assert answers.grounds_lines(make_answer()) == []


def test_a_streamed_answer_is_not_printed_twice(engine: Any, hxd: Any) -> None:
    engine.pieces = ("每晚上限 ", "600 元。\x1b[2J[1]")
    result = hxd("ask", "q", "--stream")
    assert result.out.count("600 元") == 2  # the answer and the passage
    assert result.out.startswith("每晚上限 600 元。[2J[1]\n\nanswered")
    assert result.err == "retrieval ...\n"


def test_what_another_embedder_takes() -> None:
    cost = EmbedderCost("e5", "builtin", 812, 12, 800, 40.0, 20.0, 1_500_000, 2_000_000)
    assert describe_cost(cost) == (
        "e5: 800 of 812 passages to embed; 12 are known, at 40 a second about 20 s; about 1.5 MB on the disk. "
        "Until then builtin answers."
    )
    known = replace(cost, to_embed=0, cached=812, chunks_per_s=None, seconds=0.0)
    assert describe_cost(known) == "e5: the vectors of all 812 passages are there."

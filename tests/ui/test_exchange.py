"""What an exchange shows, without widgets."""

from __future__ import annotations

import json

import pytest

from hxd_desktop.engine.answering.model import Answer, Grounding, Outcome, Refusal, Source, TraceStage
from hxd_desktop.engine.answering.record import to_dict
from hxd_desktop.engine.library.model import Message
from hxd_desktop.ui import wording
from hxd_desktop.ui.chat.exchange import (
    Exchange,
    Phase,
    answer_markdown,
    as_markdown,
    exchanges_of,
    history_of,
)
from hxd_desktop.ui.chat.session import title_of
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.records import answer_of


def make_answer(outcome: Outcome = Outcome.ANSWERED, score: float | None = 0.1, text: str = "Yes. [1]") -> Answer:
    return Answer(
        question="Is it?",
        outcome=outcome,
        answer=text if outcome is Outcome.ANSWERED else "",
        refusal=Refusal(
            score, 0.5, 0.4, "The words are missing." if outcome is Outcome.UNRELATED else None, {"bm25": 0.2}
        ),
        sources=(Source(1, "default", "/a/b.txt", 3, "A > B", 0, 4, "text", {"bm25": 7.5}),),
        grounding=Grounding(1.0),
        trace=(TraceStage("gate", "pass", 1.0, 0.1, 0.5, {"library": "default"}),),
        model={"generator": "extractive", "embedder": "builtin", "reranker": None, "device": "cpu"},
        libraries=({"name": "default", "documents": 3, "indexing": False},),
        ms=12.0,
    )


def test_a_record_is_read_back_as_it_was_written() -> None:
    answer = make_answer()
    assert answer_of(json.loads(json.dumps(to_dict(answer)))) == answer


def test_an_older_or_newer_record_is_still_read() -> None:
    read = answer_of({"question": "Q", "outcome": "a new kind", "refusal": {}})
    assert read.outcome is Outcome.FAILED and read.refusal.threshold == 0.5 and read.sources == ()


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_a_verdict_and_words(outcome: Outcome) -> None:
    exchange = Exchange("Is it?", answer=make_answer(outcome), phase=Phase.DONE)
    verdict = exchange.verdict
    assert verdict is not None and verdict.words and exchange.shown_text
    expected = {
        Outcome.ANSWERED: "good",
        Outcome.FAILED: "bad",
        Outcome.CANCELLED: "muted",
        Outcome.NOT_A_QUESTION: "muted",
    }
    assert verdict.tone == expected.get(outcome, "refuse")


def test_an_answer_above_the_limit_was_overruled() -> None:
    answer = make_answer(score=0.8)
    assert wording.overruled(answer)
    assert wording.verdict(answer).tone == "refuse"


def test_a_failure_shows_what_the_failing_stage_says() -> None:
    answer = make_answer(Outcome.FAILED)
    stage = TraceStage(
        "generate", "fail", 1.0, detail={"title": "No model", "message": "It is gone.", "remedy": "Import it."}
    )
    failed = Exchange("Is it?", answer=Answer(**{**_fields(answer), "trace": (stage,)}), phase=Phase.DONE)
    assert failed.shown_text == "No model\nIt is gone.\nImport it."


def _fields(answer: Answer) -> dict[str, object]:
    return {name: getattr(answer, name) for name in Answer.__slots__}


def test_a_problem_keeps_what_was_written_before_it() -> None:
    stopped = Exchange(
        "Q", text="Half a", problem=Problem("Stopped", "You stopped.", severity="info"), phase=Phase.DONE
    )
    assert stopped.shown_text == "Half a"
    assert stopped.verdict is not None and stopped.verdict.tone == "muted"


def test_messages_are_paired_and_an_unanswered_question_stays() -> None:
    def message(number: int, role: str, text: str, record: dict | None = None) -> Message:
        return Message(number, 1, role, text, 0.0, record)

    record = to_dict(make_answer())
    found = exchanges_of(
        [message(1, "user", "one"), message(2, "assistant", "Yes. [1]", record), message(3, "user", "two")]
    )
    assert [(item.question, item.answer is not None) for item in found] == [("one", True), ("two", False)]
    assert found[0].libraries == ("default",)
    assert history_of(found) == (("one", "Yes. [1]"),)


def test_only_known_citations_become_links_and_code_is_left_alone() -> None:
    text = "Use `a[1]` as said [1] and [7]. [2](http://x)"
    assert as_markdown(text, [1, 2], literal=False) == "Use `a[1]` as said [[1]](cite:1) and [7]. [2](http://x)"


def test_literal_text_keeps_its_characters() -> None:
    assert as_markdown("# 3 * x < 4 [1]\nnext", [1], literal=True) == "\\# 3 \\* x \\< 4 [[1]](cite:1)  \nnext"
    assert as_markdown("1. not a list", [], literal=True).startswith("1\\. ")


def test_quotations_of_markdown_are_shown_as_markdown_and_others_as_they_are() -> None:
    plain = Exchange("Q", answer=make_answer(text="a *b* [1]"), phase=Phase.DONE)
    assert answer_markdown(plain) == "a \\*b\\* [[1]](cite:1)"
    answer = make_answer(text="a *b* [1]\nc [1]")
    source = Source(1, "default", "/a/b.md", None, "", 0, 4, "text")
    marked = Exchange("Q", answer=Answer(**{**_fields(answer), "sources": (source,)}), phase=Phase.DONE)
    assert answer_markdown(marked) == "a *b* [[1]](cite:1)\n\nc [[1]](cite:1)"


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("Short?", "Short?"),
        ("two\nlines  here", "two lines here"),
        ("word " * 30, ("word " * 12).strip() + "…"),
        ("字" * 80, "字" * 60 + "…"),
    ],
)
def test_a_title_is_one_short_line(question: str, title: str) -> None:
    assert title_of(question) == title
    assert len(title) <= 61

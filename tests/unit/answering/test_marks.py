"""The language model's marks: what is asked, what the record says, when they decide; on the real pipeline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.marks import Marker
from hxd_desktop.engine.answering.model import Answer, Outcome, TraceStage
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.answering.safety import Safety
from hxd_desktop.engine.answering.trace import CHECKS
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError
from hxd_desktop.engine.models.protocols import ChatMessage, GenerationInfo
from hxd_desktop.engine.settings import AnswerSettings, SafetySettings, ScoreSettings
from tests.unit.answering.fakes import HANDBOOK, FakeGenerator, FakeLibrary

QUESTION = "财务部的负责人是谁？"
ANSWER = "财务部的负责人是李建国。[1]"


class Model(FakeGenerator):
    """Answers, and gives `before` and `after` as its marks."""

    def __init__(self, before: str = "", after: str = "", device: str = "cuda", answer: str = ANSWER) -> None:
        super().__init__([answer], context_tokens=8000)
        self.marks = [before, after]
        self.device = device
        self.prompts: list[list[ChatMessage]] = []
        self.error: Exception | None = None

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:
        return GenerationInfo("fake", self.device, context_tokens=8000)

    def stream(self, messages: Any, **named: Any) -> Iterator[str]:
        self.prompts.append(list(messages))
        if not named.get("grammar"):
            yield from super().stream(messages, **named)
        elif self.error is not None:
            raise self.error
        else:
            yield self.marks[int(messages[-2].role == "assistant")]


def pipeline(
    model: Model | None, limits: Mapping[str, int] | None = None, *, judge: bool = False, **scores: Any
) -> Pipeline:
    safety = SafetySettings(judge=judge)
    marker = Marker(model, ScoreSettings(**scores), safety) if model is not None else None
    gates = {"default": Gate(marks={"by": "fake", "limits": limits})} if limits is not None else {}
    library = FakeLibrary(HANDBOOK)
    return Pipeline((library,), None, None, model, gates, AnswerSettings(), Safety(safety), marker=marker)


def ask(model: Model | None, *arguments: Any, question: str = QUESTION, top_k: int = 2, **named: Any) -> Answer:
    return pipeline(model, *arguments, **named).ask(question, top_k=top_k)


def lines(answer: Answer) -> dict[str, TraceStage]:
    return {stage.stage: stage for stage in answer.trace if stage.stage in CHECKS}


def passages(answer: Answer) -> int:
    return len(answer.sources)


def marks_for(n: int, question: int, best: int) -> str:
    return " ".join(map(str, [question, best, *[1] * (n - 1)]))


@pytest.fixture
def n() -> int:
    """How many passages the prompt holds."""
    return passages(ask(Model()))


def test_marks_stand_in_the_record_with_their_limits_and_decide_nothing(n: int) -> None:
    answer = ask(Model(marks_for(n, 2, 3), "10 10"))
    assert answer.outcome is Outcome.ANSWERED
    found = {
        name: (s.score, s.threshold, s.verdict, s.detail["by"], s.detail["decides"])
        for name, s in lines(answer).items()
    }
    assert found == {
        "score_question": (2.0, 6.0, "refuse", "model", False),
        "score_relevance": (3.0, 5.0, "refuse", "model", False),
        "score_unknown": (10.0, 9.0, "refuse", "model", False),
        "score_safety": (10.0, 7.0, "refuse", "model", False),
    }
    assert list(lines(answer)) == list(CHECKS)
    assert lines(answer)["score_relevance"].detail["passages"][answer.sources[0].n] == 3


def test_the_same_lines_are_filled_by_the_words_without_a_model() -> None:
    for answer in (ask(None), ask(Model(device="cpu")), ask(Model(), mode="off")):
        assert answer.outcome is Outcome.ANSWERED
        assert list(lines(answer)) == list(CHECKS)
        assert {s.detail["by"] for s in lines(answer).values()} == {"lexical"}
        assert {s.verdict for s in lines(answer).values()} == {"pass"}
    declined = ask(Model(device="cpu", answer="资料中没有答案。"))
    assert lines(declined)["score_unknown"].verdict == "refuse"
    assert declined.outcome is Outcome.NO_EVIDENCE


def test_both_requests_go_on_behind_the_prompt_of_the_answer(n: int) -> None:
    model = Model(marks_for(n, 9, 9), "0 0")
    ask(model)
    before, answer, after = model.prompts
    assert before[:-1] == answer[:-1]
    assert before[-1].content.startswith(answer[-1].content)
    assert after[: len(answer)] == answer
    assert after[len(answer)] == ChatMessage("assistant", ANSWER)
    assert len(before[-1].content) - len(answer[-1].content) < 250


def test_a_refused_question_is_not_marked() -> None:
    model = Model()
    assert ask(model, question="量子计算机的超导芯片由谁制造？").outcome is Outcome.UNRELATED
    assert ask(model, question="你好").outcome is Outcome.NOT_A_QUESTION
    assert model.prompts == []


@pytest.mark.parametrize(
    ("limits", "marks", "refused"),
    [
        ({"relevance": 4}, (9, 3), True),
        ({"relevance": 3}, (9, 3), False),
        ({"question": 5}, (4, 9), True),
        ({}, (0, 0), False),
    ],
)
def test_a_limit_that_the_examples_gave_decides(
    n: int, limits: dict[str, int], marks: tuple[int, int], refused: bool
) -> None:
    model = Model(marks_for(n, *marks), "0 0")
    answer = ask(model, limits)
    assert answer.outcome is (Outcome.UNRELATED if refused else Outcome.ANSWERED)
    assert bool(answer.refusal.reason) is refused
    line = lines(answer)["score_relevance" if "relevance" in limits else "score_question"]
    assert line.detail["decides"] is bool(limits)
    if refused:
        assert len(model.prompts) == 1
        assert line.verdict == "refuse"
        forced = pipeline(Model(marks_for(n, *marks), "0 0"), limits).ask(QUESTION, top_k=2, force=True)
        assert forced.outcome is Outcome.ANSWERED


def test_limits_of_another_model_decide_nothing(n: int) -> None:
    model = Model(marks_for(n, 0, 0), "0 0")
    model.id = "another"
    assert ask(model, {"relevance": 9}).outcome is Outcome.ANSWERED


def test_harm_decides_where_the_settings_say_so_and_is_asked_once(n: int) -> None:
    model = Model(marks_for(n, 9, 9), "0 8")
    answer = ask(model, judge=True)
    assert answer.outcome is Outcome.UNSAFE
    assert lines(answer)["score_safety"].detail["decides"] is True
    assert len(model.prompts) == 3
    only = Model(marks_for(n, 9, 9), "8")
    assert ask(only, judge=True, safety=False, unknown=False).outcome is Outcome.UNSAFE


def test_each_mark_can_be_left_out(n: int) -> None:
    model = Model("7", "0")
    answer = ask(model, relevance=False, safety=False)
    by = {name: stage.detail["by"] for name, stage in lines(answer).items()}
    assert by == {
        "score_question": "model", "score_relevance": "lexical", "score_unknown": "model", "score_safety": "lexical",
    }  # fmt: skip
    none = Model()
    asked = pipeline(none)
    asked.marker = Marker(none, ScoreSettings("on", False, False, False, False), SafetySettings())
    assert asked.ask(QUESTION).outcome is Outcome.ANSWERED
    assert len(none.prompts) == 1


@pytest.mark.parametrize("said", ["", "no", "11 3", "9"])
def test_a_model_that_gives_no_marks_leaves_the_line_to_the_words(said: str) -> None:
    answer = ask(Model(said, said))
    assert answer.outcome is Outcome.ANSWERED
    assert {s.detail["by"] for s in lines(answer).values()} == {"lexical"}


def test_a_model_that_fails_at_marks_may_still_answer_and_a_stop_is_a_stop() -> None:
    model = Model()
    model.error = ModelError("x", "y", "z")
    assert ask(model).outcome is Outcome.ANSWERED
    model.error = Cancelled()
    assert ask(model).outcome is Outcome.CANCELLED


def test_an_example_is_marked_whatever_the_gate_says_of_it() -> None:
    model = Model()
    asked = pipeline(model)
    assert asked.marks_of("量子芯片的保修由谁负责？", CancelToken()) is None
    count = model.prompts[0][-1].content.count("<source ")
    model.marks = [" ".join(["3"] * (1 + min(count, 5))), ""]
    marks = asked.marks_of("量子芯片的保修由谁负责？", CancelToken())
    assert marks is not None and (marks.question, marks.relevance) == (3, 3)
    assert pipeline(Model(device="cpu")).marks_of(QUESTION) is None
    assert pipeline(None).marks_of(QUESTION) is None

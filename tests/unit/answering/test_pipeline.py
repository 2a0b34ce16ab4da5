from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest

from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.answering.record import to_dict
from hxd_desktop.engine.answering.safety import Safety
from hxd_desktop.engine.answering.trace import CHECKS, STAGES, WAITING, searched_instead
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError, StorageError
from hxd_desktop.engine.settings import AnswerSettings, SafetySettings
from tests.unit.answering.fakes import HANDBOOK, FakeGenerator, FakeLibrary


def pipeline(
    *libraries: FakeLibrary,
    generator: Any = None,
    gates: dict[str, Gate] | None = None,
    settings: AnswerSettings | None = None,
    safety: SafetySettings | None = None,
) -> Pipeline:
    return Pipeline(
        libraries or (FakeLibrary(HANDBOOK),),
        None,
        None,
        generator,
        gates or {},
        settings or AnswerSettings(),
        Safety(safety),
    )


def verdicts(answer: Answer) -> dict[str, str]:
    return {stage.stage: stage.verdict for stage in answer.trace}


def test_a_covered_question_is_quoted_with_its_source() -> None:
    answer = pipeline().ask("怎么把茴香馆部署到微信群？")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.sources[0].document == "/docs/install.md"
    assert "打开微信回调" in answer.answer
    assert f"[{answer.sources[0].n}]" in answer.answer
    assert answer.refusal.score is not None
    assert answer.refusal.score < answer.refusal.threshold
    assert answer.refusal.reason is None
    stages = [stage.stage for stage in answer.trace]
    assert [stage for stage in stages if stage not in CHECKS] == list(STAGES)
    assert [stage for stage in stages if stage in CHECKS] == list(CHECKS)


def test_source_offsets_are_those_of_the_document() -> None:
    answer = pipeline().ask("How long is the warranty for kitchen machines?")
    text = "".join(paragraph.rpartition("|")[2] for paragraph in HANDBOOK["/docs/orders.md"])
    for source in answer.sources:
        if source.document == "/docs/orders.md":
            assert text[source.start : source.end] == source.text


def test_an_uncovered_question_is_refused_with_its_missing_words_and_nearest_passages() -> None:
    answer = pipeline().ask("量子计算机的超导芯片由谁制造？")
    assert answer.outcome is Outcome.UNRELATED
    assert answer.answer == ""
    assert answer.refusal.score is not None
    assert answer.refusal.score >= answer.refusal.threshold
    assert answer.refusal.margin == pytest.approx(answer.refusal.score - answer.refusal.threshold, abs=1e-3)
    assert any("量子" in word for word in answer.refusal.missing_terms)
    assert "量子" in (answer.refusal.reason or "")
    assert verdicts(answer)["gate"] == "refuse"


def test_force_answers_but_keeps_the_reading() -> None:
    refused = pipeline().ask("量子芯片的保修由谁负责？")
    assert refused.outcome is Outcome.UNRELATED
    forced = pipeline().ask("量子芯片的保修由谁负责？", force=True)
    assert forced.outcome is Outcome.ANSWERED
    assert forced.refusal.score == refused.refusal.score
    gate = next(stage for stage in forced.trace if stage.stage == "gate")
    assert gate.detail["forced"] is True


def test_greetings_never_reach_the_documents() -> None:
    answer = pipeline().ask("你好,介绍下自己")
    assert answer.outcome is Outcome.NOT_A_QUESTION
    assert answer.refusal.score is None
    assert answer.refusal.margin is None
    assert answer.refusal.reason
    assert verdicts(answer) == {"preprocess": "refuse"}


def test_no_documents() -> None:
    answer = pipeline(FakeLibrary({})).ask("怎么退款？")
    assert answer.outcome is Outcome.NO_DOCUMENTS
    assert answer.refusal.score is None
    assert verdicts(answer)["retrieval"] == "refuse"


def test_a_question_in_another_language_is_refused_with_that_reason() -> None:
    english = FakeLibrary({"/docs/orders.md": HANDBOOK["/docs/orders.md"]})
    answer = pipeline(english).ask("退款需要几天？")
    assert answer.outcome is Outcome.UNRELATED
    assert "中文" in (answer.refusal.reason or "")


def test_the_library_that_covers_the_question_decides() -> None:
    people = FakeLibrary({"/docs/people.md": HANDBOOK["/docs/people.md"]}, "people")
    orders = FakeLibrary({"/docs/orders.md": HANDBOOK["/docs/orders.md"]}, "orders")
    answer = pipeline(orders, people).ask("财务部的负责人是谁？")
    assert answer.outcome is Outcome.ANSWERED
    assert answer.refusal.library == "people"
    assert {source.library for source in answer.sources} == {"people"}
    assert [library["name"] for library in answer.libraries] == ["orders", "people"]


def test_each_library_has_its_own_threshold() -> None:
    strict = {"default": Gate(threshold=0.0)}
    answer = pipeline(gates=strict).ask("财务部的负责人是谁？")
    assert answer.outcome is Outcome.UNRELATED
    assert answer.refusal.threshold == 0.0


def test_generated_answers_stream_cite_and_are_grounded() -> None:
    generator = FakeGenerator(["财务部的负责人是", "李建国。[1]"])
    pieces: list[str] = []
    stages: list[str] = []
    answer = pipeline(generator=generator).ask("财务部的负责人是谁？", on_text=pieces.append, on_stage=stages.append)
    assert answer.outcome is Outcome.ANSWERED
    assert answer.answer == "财务部的负责人是李建国。[1]" == "".join(pieces)
    assert answer.grounding.score is not None
    assert answer.grounding.score > 0.9
    assert stages == list(STAGES)
    assert generator.messages[-1].content.rstrip().endswith("财务部的负责人是谁？")
    assert answer.model["generator"] == "fake"


def test_an_unknown_reply_is_no_evidence() -> None:
    answer = pipeline(generator=FakeGenerator(["抱歉，资料中没有提到这个问题。"])).ask("财务部的负责人是谁？")
    assert answer.outcome is Outcome.NO_EVIDENCE
    assert answer.answer == ""
    assert answer.refusal.reason


def test_an_invented_reply_is_ungrounded() -> None:
    answer = pipeline(generator=FakeGenerator(["The moon base opened in 1987 under commander Zebra."])).ask(
        "财务部的负责人是谁？"
    )
    assert answer.outcome is Outcome.UNGROUNDED
    assert answer.grounding.unsupported


def test_contradicting_sources_are_marked_and_quoted_as_they_stand() -> None:
    old = {"/old/orders.md": ["Orders > Warranty|The warranty for kitchen machines is two years and covers the motor."]}
    answer = pipeline(FakeLibrary(HANDBOOK | old)).ask("How long is the warranty for kitchen machines?")
    assert answer.outcome is Outcome.ANSWERED
    [conflict] = answer.grounding.conflicts
    said = dict(zip(conflict.n, conflict.values, strict=True))
    by_document = {source.document: said.get(source.n) for source in answer.sources}
    assert by_document["/docs/orders.md"] == "three years"
    assert by_document["/old/orders.md"] == "two years"
    assert to_dict(answer)["grounding"]["conflicts"] == [{"n": list(conflict.n), "values": list(conflict.values)}]
    assert answer.trace[-1].detail["conflicts"]


def test_the_parts_of_a_question_are_quoted_one_by_one() -> None:
    answer = pipeline().ask("How long is the warranty for kitchen machines and where are parcels shipped from?")
    assert answer.outcome is Outcome.ANSWERED
    assert "three years" in answer.answer
    assert "Hamburg" in answer.answer
    generate = next(stage for stage in answer.trace if stage.stage == "generate")
    assert len(generate.detail["parts"]) == 2
    numbers = {source.n for source in answer.sources}
    assert {quote["n"] for quote in generate.detail["quotes"]} <= numbers
    assert "parts" not in pipeline().ask("财务部的负责人是谁？").trace[-2].detail


def test_a_misspelt_word_is_searched_as_the_documents_write_it() -> None:
    answer = pipeline().ask("How long is the warrenty for kitchen machines?")
    assert answer.outcome is Outcome.ANSWERED
    assert "three years" in answer.answer
    assert searched_instead(answer.trace) == {"warrenty": "warranty"}
    assert searched_instead(pipeline().ask("财务部的负责人是谁？").trace) == {}


def unsafe_of(answer: Answer) -> dict[str, str]:
    found: dict[str, str] = answer.trace[-1].detail["unsafe"]
    return found


def test_a_question_with_a_forbidden_word_is_not_asked_even_if_insisted_on() -> None:
    forbidding = pipeline(safety=SafetySettings(questions=("微信群",)))
    for force in (False, True):
        answer = forbidding.ask("怎么把茴香馆部署到微信群？", force=force)
        assert answer.outcome is Outcome.UNSAFE
        assert answer.answer == ""
        assert answer.sources == ()
        assert answer.refusal.score is None
        assert "safety.questions" in (answer.refusal.reason or "")
        assert verdicts(answer) == {"preprocess": "refuse"}
        assert unsafe_of(answer) == {"setting": "safety.questions", "rule": "微信群"}
    assert forbidding.ask("财务部的负责人是谁？").outcome is Outcome.ANSWERED
    assert not forbidding.score("怎么把茴香馆部署到微信群？").answerable


def test_a_quotation_with_a_forbidden_word_is_not_shown() -> None:
    shown: list[str] = []
    forbidding = pipeline(safety=SafetySettings(answers=("李建国",)))
    answer = forbidding.ask("财务部的负责人是谁？", on_text=shown.append)
    assert answer.outcome is Outcome.UNSAFE
    assert shown == []
    assert answer.answer == ""
    assert answer.sources == ()
    assert "李建国" not in json.dumps(to_dict(answer)["sources"], ensure_ascii=False)
    assert verdicts(answer)["grounding"] == "refuse"
    assert unsafe_of(answer) == {"setting": "safety.answers", "rule": "李建国"}


def test_a_generated_answer_stops_before_the_forbidden_word_is_shown() -> None:
    shown: list[str] = []
    generator = FakeGenerator(["财务部的负责人是", "李建", "国。", "[1]"])
    forbidding = pipeline(generator=generator, safety=SafetySettings(generated=("/李.?国/",)))
    answer = forbidding.ask("财务部的负责人是谁？", on_text=shown.append)
    assert answer.outcome is Outcome.UNSAFE
    assert shown == ["财务部的负责人是", "李建"]
    assert unsafe_of(answer) == {"setting": "safety.generated", "rule": "/李.?国/"}
    assert "李建国" not in json.dumps(to_dict(answer)["trace"], ensure_ascii=False)


@pytest.mark.parametrize(
    ("judgement", "outcome"), [("8", Outcome.UNSAFE), ("2", Outcome.ANSWERED), ("", Outcome.ANSWERED)]
)
def test_the_model_judges_its_own_answer_where_that_is_wanted(judgement: str, outcome: Outcome) -> None:
    generator = FakeGenerator(["财务部的负责人是李建国。[1]"])
    generator.judgement = judgement
    answer = pipeline(generator=generator, safety=SafetySettings(judge=True)).ask("财务部的负责人是谁？")
    assert answer.outcome is outcome
    assert answer.trace[-1].detail["harm"] == (int(judgement) if judgement else None)
    assert generator.judged == 1


def test_the_model_is_not_asked_to_judge_unless_that_is_wanted() -> None:
    generator = FakeGenerator(["财务部的负责人是李建国。[1]"])
    generator.judgement = "10"
    assert pipeline(generator=generator).ask("财务部的负责人是谁？").outcome is Outcome.ANSWERED
    assert generator.judged == 0


class BrokenLibrary(FakeLibrary):
    def postings(self, *args: Any, **kwargs: Any) -> Any:
        raise StorageError("The index is damaged", "Page 7 cannot be read.", "Run hxd doctor.")


def test_a_failure_is_never_a_refusal() -> None:
    answer = pipeline(BrokenLibrary(HANDBOOK)).ask("财务部的负责人是谁？")
    assert answer.outcome is Outcome.FAILED
    assert answer.trace[-1].verdict == "fail"
    assert answer.trace[-1].detail["title"] == "The index is damaged"
    assert answer.trace[-1].detail["remedy"] == "Run hxd doctor."
    assert answer.refusal.score is None


class FailingGenerator(FakeGenerator):
    def stream(self, messages: Sequence[Any], **_: Any) -> Any:
        yield "财务"
        raise ModelError("The model stopped", "Its process ended.", "Ask again.")


def test_a_generator_that_dies_is_a_failure() -> None:
    answer = pipeline(generator=FailingGenerator([])).ask("财务部的负责人是谁？")
    assert answer.outcome is Outcome.FAILED
    assert answer.trace[-1].stage == "generate"


class LoadedGenerator(FakeGenerator):
    """One on this machine, with two questions before this one."""

    def __init__(self, pieces: Sequence[str], trouble: Exception | None = None) -> None:
        super().__init__(pieces)
        self.trouble = trouble
        self.held = False

    @contextmanager
    def turn(self, *, cancel: CancelToken, on_wait: Callable[[int], None] | None = None) -> Iterator[None]:
        assert on_wait is not None
        on_wait(2)
        on_wait(1)
        if self.trouble is not None:
            raise self.trouble
        self.held = True
        yield
        self.held = False

    def stream(self, messages: Sequence[Any], **options: Any) -> Any:
        assert self.held
        return super().stream(messages, **options)

    def record(self) -> dict[str, Any]:
        return {"device": "vulkan", "gpu_layers": 33, "layers": 33, "tokens_per_s": 48.2, "path": "not shown"}


def test_a_model_on_this_machine_is_waited_for_and_recorded() -> None:
    generator = LoadedGenerator(["财务部的负责人是李建国。[1]"])
    stages: list[str] = []
    answer = pipeline(generator=generator).ask("财务部的负责人是谁？", on_stage=stages.append)
    assert answer.outcome is Outcome.ANSWERED
    assert not generator.held
    place = stages.index("context")
    assert stages[place : place + 4] == ["context", f"{WAITING}2", f"{WAITING}1", "generate"]
    (run,) = [stage.detail["run"] for stage in answer.trace if stage.stage == "generate"]
    assert run == {"device": "vulkan", "gpu_layers": 33, "layers": 33, "tokens_per_s": 48.2}
    assert answer.model["device"] == "vulkan"


@pytest.mark.parametrize(
    ("trouble", "outcome", "verdict"),
    [
        (ModelError("Too large", "It needs 5 GB.", "Close programs."), Outcome.FAILED, "fail"),
        (Cancelled(), Outcome.CANCELLED, "stop"),
    ],
)
def test_a_model_that_is_not_loaded_ends_the_question(trouble: Exception, outcome: Outcome, verdict: str) -> None:
    answer = pipeline(generator=LoadedGenerator([], trouble)).ask("财务部的负责人是谁？")
    assert answer.outcome is outcome
    assert (answer.trace[-1].stage, answer.trace[-1].verdict) == ("context", verdict)


def test_a_bug_is_a_failure_too(caplog: pytest.LogCaptureFixture) -> None:
    class Buggy(FakeLibrary):
        def chunks(self, ids: Sequence[int]) -> Any:
            raise KeyError("gone")

    answer = pipeline(Buggy(HANDBOOK)).ask("财务部的负责人是谁？")
    assert answer.outcome is Outcome.FAILED
    assert "KeyError" in answer.trace[-1].detail["message"]


def test_stopping_while_generating_keeps_the_text_so_far() -> None:
    cancel = CancelToken()

    def stop(piece: str) -> None:
        cancel.cancel()

    answer = pipeline(generator=FakeGenerator(["财务部", "的负责人"])).ask(
        "财务部的负责人是谁？", on_text=stop, cancel=cancel
    )
    assert answer.outcome is Outcome.CANCELLED
    assert answer.answer == "财务部"
    assert answer.trace[-1].verdict == "stop"


def test_stopping_before_it_begins() -> None:
    cancel = CancelToken()
    cancel.cancel()
    answer = pipeline().ask("财务部的负责人是谁？", cancel=cancel)
    assert answer.outcome is Outcome.CANCELLED


def test_the_record_has_exactly_the_documented_keys() -> None:
    record = json.loads(json.dumps(to_dict(pipeline().ask("财务部的负责人是谁？"))))
    assert list(record) == [
        "question", "outcome", "answer", "refusal", "sources", "grounding", "trace", "model", "libraries", "ms",
    ]  # fmt: skip
    assert {"score", "threshold", "margin", "reason", "signals"} <= set(record["refusal"])
    assert list(record["sources"][0]) == [
        "n", "library", "document", "page", "heading", "start", "end", "text", "scores",
    ]  # fmt: skip
    assert list(record["trace"][0]) == ["stage", "score", "threshold", "verdict", "ms", "detail"]
    assert set(record["model"]) == {"generator", "embedder", "reranker", "device"}
    assert record["libraries"] == [{"name": "default", "documents": 3, "indexing": False}]


def test_top_k_limits_the_sources() -> None:
    answer = pipeline().ask("财务部的负责人是谁？", top_k=1)
    assert len(answer.sources) == 1


def test_search_is_ranked_and_not_gated() -> None:
    results = pipeline().search("warranty quantum", limit=2)
    assert results[0].heading == "Orders > Warranty"
    assert [result.n for result in results] == list(range(1, len(results) + 1))


def test_a_long_source_never_pushes_the_question_out() -> None:
    library = FakeLibrary({"/docs/long.md": ["保修|" + "保修条款说明很长。" * 800]})
    generator = FakeGenerator(["保修条款说明很长。[1]"], context_tokens=1200)
    answer = pipeline(library, generator=generator).ask("保修条款说明是什么？", force=True)
    assert answer.outcome is Outcome.ANSWERED
    prompt = generator.messages[-1].content
    assert prompt.rstrip().endswith("保修条款说明是什么？")
    assert len(prompt) < 1200

"""A model elsewhere: when it is asked, what it is sent, how its answers are marked; all on the real pipeline."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.answering.record import to_dict
from hxd_desktop.engine.answering.trace import remote_host
from hxd_desktop.engine.answering.writing import Remote, Writer
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.protocols import GenerationInfo
from hxd_desktop.engine.settings import AnswerSettings
from tests.unit.answering.fakes import HANDBOOK, FakeGenerator, FakeLibrary

QUESTION = "财务部的负责人是谁？"
ANSWER = "财务部的负责人是李建国。[1]"
DECLINED = "资料中没有答案。"


class Far(FakeGenerator):
    """A remote model that remembers what it was sent."""

    def __init__(self, *pieces: str) -> None:
        super().__init__(pieces)
        self.id = "remote:internlm"
        self.asked = 0

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:
        return GenerationInfo(self.id, "remote", context_tokens=4096)

    def stream(self, messages: Any, **named: Any) -> Any:
        self.asked += 1
        return super().stream(messages, **named)

    @property
    def sent(self) -> str:
        return "\n".join(message.content for message in self.messages)


def pipeline(far: Far, local: FakeGenerator | None = None, *, always: bool = False) -> Pipeline:
    remote = Remote(Writer(far, "gpu.example:8000"), always=always)
    return Pipeline((FakeLibrary(HANDBOOK),), None, None, local, {}, AnswerSettings(), remote=remote)


def marked(answer: Answer) -> tuple[Any, Any, str | None]:
    record = json.loads(json.dumps(to_dict(answer)))
    return record["model"]["generator"], record["model"]["device"], remote_host(answer.trace)


def written(answer: Answer) -> dict[str, Any]:
    return [stage.detail for stage in answer.trace if stage.stage == "generate"][-1]


def test_an_answer_from_here_asks_nobody_else() -> None:
    far = Far(ANSWER)
    for local in (None, FakeGenerator([ANSWER])):
        answer = pipeline(far, local).ask(QUESTION)
        assert answer.outcome is Outcome.ANSWERED
        assert marked(answer) == (local.id if local else "extractive", "cpu", None)
    assert far.asked == 0


def test_where_the_model_here_declines_the_other_is_asked_and_named() -> None:
    far, shown = Far("财务部的负责人", "是李建国。[1]"), []
    answer = pipeline(far, FakeGenerator(["资料中", "没有", "答案。"])).ask(QUESTION, on_text=shown.append)
    assert (answer.outcome, answer.answer) == (Outcome.ANSWERED, ANSWER)
    assert "".join(shown) == ANSWER  # nothing of the refusal was shown before
    assert marked(answer) == ("remote:internlm", "remote", "gpu.example:8000")
    assert [s.stage for s in answer.trace].count("generate") == 2
    assert written(answer)["remote"] == "gpu.example:8000"


def test_an_answer_from_here_is_shown_as_it_comes_although_the_other_may_be_asked() -> None:
    shown: list[str] = []
    pieces = ["财务部的负责人是李建国。", "报销单在每月 25 日之前", "提交。[1]"]
    pipeline(Far(), FakeGenerator(pieces)).ask(QUESTION, on_text=shown.append)
    assert len(shown) > 1
    assert "".join(shown) == "".join(pieces)


def test_always_means_that_the_model_here_does_not_write() -> None:
    far, local = Far(ANSWER), FakeGenerator(["unused"])
    answer = pipeline(far, local, always=True).ask(QUESTION)
    assert (answer.answer, local.messages) == (ANSWER, ())
    assert marked(answer) == ("remote:internlm", "remote", "gpu.example:8000")


def test_only_the_question_and_the_chosen_passages_are_sent() -> None:
    far = Far(ANSWER)
    history = [("王小雨的分机号是多少？", "她的分机号码是 8021。[1]")]
    answer = pipeline(far, always=True).ask(QUESTION, history=history, top_k=1)
    assert [m.role for m in far.messages] == ["system", "user"]
    assert QUESTION in far.sent
    assert "8021" not in far.sent or any("8021" in s.text for s in answer.sources)
    assert "分机号是多少" not in far.sent
    assert "/docs" not in far.sent
    assert "Hamburg" not in far.sent


def test_a_follow_up_is_sent_with_what_it_is_about() -> None:
    far = Far("每月 25 日之前。[1]")
    pipeline(far, always=True).ask("那报销单呢？", history=[("财务部的报销单什么时候提交？", "每月 25 日之前。[1]")])
    assert "那报销单呢？" in far.sent
    assert "财务" in far.sent.rpartition("问题:")[2]


@pytest.mark.parametrize("question", ["量子计算机的超导芯片由谁制造？", "你好", "", "明天会下雨吗？"])
def test_what_is_refused_before_the_answer_is_sent_nowhere(question: str) -> None:
    far = Far(ANSWER)
    for always in (True, False):
        answer = pipeline(far, always=always).ask(question)
        assert answer.outcome in (Outcome.UNRELATED, Outcome.NOT_A_QUESTION)
    assert far.asked == 0


@pytest.mark.parametrize("reply", [DECLINED, "I could not find this in the documents.", "抱歉，无法回答。", "N/A", ""])
def test_a_remote_model_that_does_not_know_is_a_refusal_too(reply: str) -> None:
    for always in (True, False):
        answer = pipeline(Far(reply), FakeGenerator([DECLINED]), always=always).ask(QUESTION)
        assert answer.outcome is Outcome.NO_EVIDENCE
        assert answer.answer == ""


def test_an_invention_from_elsewhere_is_not_shown_either() -> None:
    answer = pipeline(Far("The moon base opened in 1987 under commander Zebra."), always=True).ask(QUESTION)
    assert answer.outcome is Outcome.UNGROUNDED


class Broken(Far):
    def stream(self, messages: Any, **named: Any) -> Any:
        self.asked += 1
        yield "财务部"
        raise ModelError("The remote model's answer broke off", "The connection ended.", "Ask again.")


def test_its_failure_is_a_failure_and_the_model_here_does_not_step_in() -> None:
    for always in (True, False):
        answer = pipeline(Broken(), FakeGenerator([DECLINED]), always=always).ask(QUESTION)
        assert answer.outcome is Outcome.FAILED
        assert answer.trace[-1].detail["title"] == "The remote model's answer broke off"
        assert marked(answer) == ("remote:internlm", "remote", "gpu.example:8000")


def test_a_reply_shows_no_forged_citation_no_picture_and_no_address() -> None:
    reply = "财务部的负责人是李建国。[1][9] ![](https://evil.example/?q=x) [详情](https://evil.example) https://evil.example"
    shown: list[str] = []
    answer = pipeline(Far(*reply), always=True).ask(QUESTION, on_text=shown.append)
    assert answer.answer == "".join(shown).strip()
    assert "evil" not in answer.answer
    assert "[9]" not in answer.answer
    assert "[1]" in answer.answer
    assert written(answer)["removed"] == {"citations": 1, "pictures": 1, "links": 2}

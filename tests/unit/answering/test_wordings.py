from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.scoring import Scorer
from hxd_desktop.engine.answering.trace import Trace, also_searched
from hxd_desktop.engine.answering.wordings import MOST_WORDINGS, other_wordings
from tests.unit.answering.fakes import FakeLibrary

DOCUMENTS = {
    "/docs/remote.md": ["员工在家办公须先连接虚拟专用网络（VPN）。"],
    "/docs/lines.md": ["打开客户端，选择 VPN 线路 2，输入工号与动态口令。", "VPN 断开后 5 分钟自动重连。"],
    "/docs/cluster.md": ["Restart a k8s pod with kubectl.", "The k8s cluster has nine nodes."],
    "/docs/staff.md": ["information technology (IT) is on floor 3", "IT opens at nine", "IT closes at five"],
}


def worded(text: str, *libraries: FakeLibrary) -> list[tuple[str, str, str]]:
    made = other_wordings(prepare(text), libraries or (FakeLibrary(DOCUMENTS),))
    return [(wording.typed, wording.other, wording.question.text) for wording in made]


@pytest.mark.parametrize(
    ("question", "made"),
    [
        ("虚拟专用网络断开后多久重连？", ("虚拟专用网络", "VPN", "VPN断开后多久重连？")),
        ("怎么重启Kubernetes的容器", ("Kubernetes", "k8s", "怎么重启k8s的容器")),
        ("when does information technology open?", ("information technology", "IT", "when does IT open?")),
    ],
)
def test_the_form_that_the_library_uses_is_asked_as_well(question: str, made: tuple[str, str, str]) -> None:
    assert worded(question) == [made]


@pytest.mark.parametrize(
    "question",
    [
        "VPN 断开后多久重连？",  # the library says VPN more often
        "when does it open?",  # not IT
        "食堂几点开门",
        "ETF 是什么",  # known to everyone, but not by the other name here either
        "",
    ],
)
def test_most_questions_are_asked_once(question: str) -> None:
    assert worded(question) == []


def test_a_few_at_most_and_each_once() -> None:
    many = {"/a.md": ["alpha beta (AB), gamma delta (GD), epsilon zeta (EZ)", "AB GD EZ"]}
    found = worded("alpha beta, gamma delta and epsilon zeta", FakeLibrary(many), FakeLibrary(many))
    assert [typed for typed, _, _ in found] == ["alpha beta", "gamma delta"]
    assert len(found) == MOST_WORDINGS


def test_the_wording_keeps_what_was_asked_and_how() -> None:
    [wording] = other_wordings(prepare("虚拟专用网络断开后多久重连？"), [FakeLibrary(DOCUMENTS)])
    assert wording.question.original == "虚拟专用网络断开后多久重连？"
    assert wording.question.language == "zh"


def test_the_better_wording_counts_and_the_trace_says_so() -> None:
    library, trace = FakeLibrary(DOCUMENTS), Trace()
    scorer = Scorer([library], None, None, {"default": Gate()})
    scored = scorer.score("虚拟专用网络断开后多久自动重连？", trace=trace)
    assert scored.candidates[0].chunk.text == "VPN 断开后 5 分钟自动重连。"
    assert also_searched(trace.stages) == {"虚拟专用网络": "VPN"}
    ids = [candidate.chunk.id for candidate in scored.candidates]
    assert len(ids) == len(set(ids))
    without = FakeLibrary(DOCUMENTS)
    without.known = []
    plain = Scorer([without], None, None, {"default": Gate()}).score("虚拟专用网络断开后多久自动重连？")
    assert scored.refusal_score < plain.refusal_score
    assert also_searched(()) == {}

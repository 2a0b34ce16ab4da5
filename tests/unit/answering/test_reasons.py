from __future__ import annotations

import re

import pytest

from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.reasons import GROUPS, decided, explain, passing_threshold, why
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.answering.scoring import Scored, Scorer
from hxd_desktop.engine.answering.trace import Trace, why_of
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary

_SENTENCE_END = re.compile(r"[。]|\.(?=\s|$)")


def scored(question: str, threshold: float = 0.0, **documents: list[str]) -> tuple[Scored, Trace]:
    trace = Trace()
    library = FakeLibrary({f"/{name}.md": texts for name, texts in documents.items()} or HANDBOOK)
    return Scorer([library], None, None, {"default": Gate(threshold=threshold)}).score(question, trace=trace), trace


def reason(question: str, threshold: float = 0.0, **documents: list[str]) -> str:
    decisive = scored(question, threshold, **documents)[0].decisive
    assert decisive is not None
    assert decisive.reason is not None
    return decisive.reason


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("量子计算机是什么？", ["“量子计算机”", "添加提到", "%"]),
        (
            "Who makes quantum computers?",
            ["“quantum”", "“computers”", "Add a document that mentions", "over the limit"],
        ),
        ("今天天气怎么样？", ["当下", "实时"]),
        ("what's the weather like today?", ["present", "live source"]),
        ("这是什么？", ["请写明"]),
        ("what is it?", ["say what it is about"]),
    ],
)
def test_at_most_three_sentences_that_name_what_is_missing_and_what_to_do(question: str, words: list[str]) -> None:
    text = reason(question)
    assert len(_SENTENCE_END.findall(text)) <= 3
    for word in words:
        assert word in text


def test_the_language_is_the_reason_and_a_bilingual_embedder_the_remedy() -> None:
    text = reason("退款需要几天？", orders=HANDBOOK["/docs/orders.md"])
    assert "中文" in text
    assert "双语向量模型" in text
    assert "%" in text
    changes = why_of(scored("退款需要几天？", orders=HANDBOOK["/docs/orders.md"])[1].stages)["change"]
    assert changes[0] == {"do": "bilingual_embedder"}
    assert {"do": "ask_in", "language": "en"} in changes


def test_near_the_limit_the_first_advice_is_an_example_or_the_limit() -> None:
    far, _ = scored("财务部的负责人是谁？", 0.0)
    assert far.decisive is not None
    assert far.decisive.score is not None
    near = reason("财务部的负责人是谁？", far.decisive.score)
    assert "拒答线" in near
    assert f"{round(100 * passing_threshold(far.decisive.score))}%" in near


def test_a_known_part_of_a_missing_word_is_not_called_missing() -> None:
    assert "“护照”" in reason("如何申请护照？", rules=["出差之前先申请。", "请在系统里申请。"])


def test_the_grounds_are_data_too() -> None:
    _, trace = scored("量子计算机是什么？")
    grounds = why_of(trace.stages)
    assert grounds["missing"] == ["量子计算机"]
    assert all(row["log_odds"] < 0 and row["by"] in GROUPS for row in grounds["decided"])
    change = {row["do"]: row for row in grounds["change"]}
    assert change["add_document"]["words"] == ["量子计算机"]
    assert "example" in change
    assert "threshold" not in change  # one that let this pass would let everything pass


def test_a_limit_is_proposed_where_it_is_not_far() -> None:
    far, _ = scored("财务部的负责人是谁？")
    assert far.decisive is not None
    score = far.decisive.score or 0.0
    changes = why_of(scored("财务部的负责人是谁？", score / 2)[1].stages)["change"]
    assert {"do": "threshold", "to": passing_threshold(score)} in changes


def test_an_answer_has_grounds_and_nothing_to_change() -> None:
    _, trace = scored("怎么把茴香馆部署到微信群？", 0.99)
    grounds = why_of(trace.stages)
    assert grounds["change"] == []
    assert grounds["decided"]
    assert all(row["log_odds"] > 0 for row in grounds["decided"])


def test_signals_that_say_the_same_decide_together() -> None:
    moved = {"coverage": -0.5, "window": -0.6, "support": 0.4, "known": -1.0, "live": -0.1, "unheard of": -9.0}
    assert decided(moved, refused=True) == [("passage", -1.1), ("subject", -1.0)]
    assert decided(moved, refused=False) == [("passages", 0.4)]
    assert decided({}, refused=True) == []


def test_without_grounds_the_whole_is_named() -> None:
    question = prepare("财务部的负责人是谁？")
    retrieval = retrieve(FakeLibrary(HANDBOOK), question, None)
    values = Gate().decide(retrieval, question).signals
    assert "整体" in explain(values, retrieval, question, 0.9, 0.5, (), {})
    assert why(retrieval, question, 0.9, 0.5, (), {})["decided"] == []


@pytest.mark.parametrize(
    ("score", "to"), [(0.83, 0.84), (0.8304, 0.84), (0.5, 0.51), (0.999, 1.0), (1.0, 1.0), (0.29, 0.3)]
)
def test_the_limit_that_would_let_it_pass(score: float, to: float) -> None:
    assert passing_threshold(score) == to

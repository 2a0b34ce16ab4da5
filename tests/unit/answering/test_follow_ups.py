from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.shapes import Shape

HISTORY = [("怎么在 Linux 上安装数据库驱动", "先下载。")]


@pytest.mark.parametrize(
    "text",
    ["那 Windows 呢", "苹果电脑呢？", "它支持哪些系统？", "为什么？", "what about windows?", "does it support GPU?"],
)
def test_follow_ups_take_the_subject_along(text: str) -> None:
    question = prepare(text, HISTORY)
    assert question.shape is Shape.FOLLOW_UP
    assert "驱动" in question.search
    carried = [term for term in question.terms if term.start == -1]
    assert carried
    assert all(term.weight <= 0.5 for term in carried)


@pytest.mark.parametrize(
    "text", ["报销单什么时候提交给财务部", "How do I deploy the search service on a Jetson board?"]
)
def test_complete_questions_stay_alone(text: str) -> None:
    question = prepare(text, HISTORY)
    assert question.shape is Shape.QUESTION
    assert question.search == question.text


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    question = prepare("那费用呢", [("怎么申请护照", "…"), ("它要多久", "…")])
    assert "护照" in question.search

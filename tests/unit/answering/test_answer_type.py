"""What kind of answer a question asks for."""

from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.answer_type import _HELD, AnswerType, TypeCheck, asked_type, holds


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("这台灯多少钱？", AnswerType.MONEY),
        ("How much does the adapter cost?", AnswerType.MONEY),
        ("一共有多少人参加？", AnswerType.NUMBER),
        ("How many people took part?", AnswerType.NUMBER),
        ("会议什么时候开始？", AnswerType.DATE),
        ("When does the meeting start?", AnswerType.DATE),
        ("Since when is the office open?", AnswerType.DATE),
        ("Do you know when the meeting starts, and when does it end?", AnswerType.DATE),
        ("What should I do when the handshake did not complete?", AnswerType.HOW_TO),
        ("How do I restart it when it hangs?", AnswerType.HOW_TO),
        ("谁负责报销？", AnswerType.PERSON),
        ("Where is the server room?", AnswerType.PLACE),
        ("需要哪些材料？", AnswerType.LIST),
        ("为什么打印机不工作？", AnswerType.REASON),
        ("How do I install the client?", AnswerType.HOW_TO),
        ("什么是灰度发布？", AnswerType.DEFINITION),
        ("可以远程办公吗？", AnswerType.YES_NO),
        ("打印机", AnswerType.OTHER),
    ],
)
def test_the_kind_that_is_asked_for(question: str, kind: AnswerType) -> None:
    assert asked_type(question) is kind


@pytest.mark.parametrize(
    ("passage", "held"),
    [("每盏 129 元", True), ("¥ 129", True), ("list price (cny)", True), ("型号 qd-p24，共 3 页", False)],
)
def test_a_price_is_more_than_a_number(passage: str, held: bool) -> None:
    assert bool(_HELD[AnswerType.MONEY].search(passage)) is held


def test_what_holds_a_number_or_date() -> None:
    assert holds(AnswerType.NUMBER, "共 35 人")
    assert not holds(AnswerType.NUMBER, "没有人参加")
    assert holds(AnswerType.DATE, "三月五日开馆")
    assert holds(AnswerType.OTHER, "随便什么")


def test_a_definition_names_its_subject() -> None:
    check = TypeCheck("blender 是什么", "blender")
    assert check.strength("a blender is a kitchen machine") > check.strength("put the blender on the table")

from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.duplicates import Repeats
from hxd_desktop.engine.text.words import query_terms

ZH = "汉堡仓库于三月开放。厨房机器的保修期是三年，包括电机和刀片。退货需要保留发票。"
EN = (
    "The Hamburg warehouse opened in March. The warranty for kitchen machines is three years and covers the motor. "
    "Keep the invoice for returns, and the box."
)


def repeats(question: str, first: str, second: str) -> bool:
    known = Repeats(query_terms(question))
    assert not known.seen(first)
    return known.seen(second)


@pytest.mark.parametrize(("question", "text"), [("保修期多久", ZH), ("warranty of machines", EN)])
def test_a_reprint_with_another_frame_is_left_out(question: str, text: str) -> None:
    assert repeats(question, text, text.replace("发票", "票据").replace("box", "carton"))
    assert repeats(question, text, f" {text}\n")


@pytest.mark.parametrize(
    ("question", "text", "old", "new"),
    [
        ("保修期多久", ZH, "三年", "两年"),
        ("保修期包括电机吗", ZH, "包括电机", "不包括电机"),
        ("warranty of machines", EN, "three years", "two years"),
        ("warranty of machines", EN, "covers the motor", "does not cover the motor"),
    ],
)
def test_an_edition_that_says_otherwise_stays(question: str, text: str, old: str, new: str) -> None:
    assert not repeats(question, text, text.replace(old, new))


def test_a_longer_passage_that_holds_a_shorter_one_stays() -> None:
    assert not repeats("保修期多久", ZH[:24], ZH)
    assert repeats("保修期多久", ZH, ZH[11:])


def test_short_passages_are_not_taken_for_copies() -> None:
    assert not repeats("发票", "保留发票。", "保留发票吧。")


def test_without_a_question_only_the_same_text_is_a_copy() -> None:
    known = Repeats()
    assert not known.seen(ZH)
    assert not known.seen(ZH.replace("发票", "票据"))
    assert known.seen(ZH.replace("。", "。\n"))

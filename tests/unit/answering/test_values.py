from __future__ import annotations

from decimal import Decimal

import pytest

from hxd_desktop.engine.answering.answer_type import AnswerType
from hxd_desktop.engine.answering.values import Value, values, without


def keys(kind: AnswerType, text: str) -> list[tuple[object, ...]]:
    return [value.key for value in values(kind, text)]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("上映于2019年4月24日。", (2019, 4, 24)),
        ("2019 年 4 月", (2019, 4, None)),
        ("成立于1991年", (1991, None, None)),
        ("4月24號", (None, 4, 24)),
        ("on 2020-11-24", (2020, 11, 24)),
        ("on 2020/1/4.", (2020, 1, 4)),
        ("Released on December 1, 2017 in", (2017, 12, 1)),
        ("Sept. 7th 2018", (2018, 9, 7)),
        ("15 November 2020", (2020, 11, 15)),
        ("in June 2005", (2005, 6, None)),
        ("on May 3", (None, 5, 3)),
        ("since 1998.", (1998, None, None)),
    ],
)
def test_dates(text: str, key: tuple[int | None, ...]) -> None:
    assert keys(AnswerType.DATE, text) == [("date", *key)]


@pytest.mark.parametrize("text", ["version 3.2019", "2019,5 kg", "id 20191", "13月40日", "v2019a", "nothing"])
def test_what_is_no_date(text: str) -> None:
    assert keys(AnswerType.DATE, text) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("共70个议席", ("个", Decimal(70))),
        ("增长6.1%", ("%", Decimal("6.1"))),
        ("约1,200名员工", ("名", Decimal(1200))),
        ("人口达14亿人", ("人", Decimal(1400000000))),
        ("保修三年", ("年", Decimal(3))),
        ("二十五天之内", ("天", Decimal(25))),
        ("within 14 days", ("days", Decimal(14))),
        ("three years of warranty", ("years", Decimal(3))),
        ("2 million people", ("people", Decimal(2000000))),
    ],
)
def test_numbers_with_what_they_count(text: str, key: tuple[str, Decimal]) -> None:
    assert keys(AnswerType.NUMBER, text)[0] == key


@pytest.mark.parametrize("text", ["一般来说", "有一个问题", "一些", "2019年4月1日", "千万不要", "x.2"])
def test_what_counts_nothing(text: str) -> None:
    assert keys(AnswerType.NUMBER, text) == []


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("每晚上限 600 元", ("cny", Decimal(600))),
        ("投资3.5亿美元", ("usd", Decimal(350000000))),
        ("costs $4.90 per month", ("usd", Decimal("4.9"))),
        ("4.90 euros within Germany", ("eur", Decimal("4.9"))),
        ("￥1,000", ("cny", Decimal(1000))),
    ],
)
def test_amounts(text: str, key: tuple[str, Decimal]) -> None:
    assert keys(AnswerType.MONEY, text) == [key]


def one(kind: AnswerType, text: str) -> Value:
    [value] = values(kind, text)
    return value


@pytest.mark.parametrize(
    ("a", "b", "differ"),
    [
        ("2019年4月24日", "2012年3月4日", True),
        ("2019年4月", "2019年4月24日", False),
        ("1991年12月", "1990年", True),
        ("April 24, 2019", "2019-04-24", False),
    ],
)
def test_dates_differ_in_a_part_that_both_name(a: str, b: str, differ: bool) -> None:
    x, y = one(AnswerType.DATE, a), one(AnswerType.DATE, b)
    assert x.comparable(y)
    assert x.differs(y) is differ


def test_what_measures_different_things_is_not_compared() -> None:
    assert not one(AnswerType.NUMBER, "70个").comparable(one(AnswerType.NUMBER, "70%"))
    assert not one(AnswerType.MONEY, "70元").comparable(one(AnswerType.MONEY, "$70"))
    assert not one(AnswerType.DATE, "1991年").comparable(one(AnswerType.DATE, "4月24日"))


def test_a_value_stands_where_it_says() -> None:
    text = "共有 70个议席，另有 30 个空缺，6.1 % 缺席"
    for value in values(AnswerType.NUMBER, text):
        assert text[value.start : value.end] == value.text
    assert without("共70个议席", values(AnswerType.NUMBER, "共70个议席")) == "共 议席"


def test_yes_and_no() -> None:
    yes, no = one(AnswerType.YES_NO, "支持退货"), one(AnswerType.YES_NO, "不支持退货")
    assert yes.comparable(no)
    assert yes.differs(no)
    assert without("不支持退货", [no]).strip() == "退货"

from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.asked import Asked


@pytest.mark.parametrize(
    ("question", "text", "other"),
    [
        ("博物馆有多少名员工？", "员工320名", "2021年有3个馆"),
        ("全长多少公里？", "全长约 2.5 公里", "用了 25 天"),
        ("How many people work there?", "320 people work there", "built in 1998"),
    ],
)
def test_a_quantity_counts_in_the_unit_that_is_asked_for(question: str, text: str, other: str) -> None:
    exact = Asked(question).exact
    assert exact is not None
    assert exact.search(text)
    assert not exact.search(other)


def test_without_a_unit_any_quantity_will_do() -> None:
    asked = Asked("增长率是多少？")
    assert asked.likely is not None
    assert asked.likely.search("增长 6.8%")


@pytest.mark.parametrize(
    ("question", "focus"),
    [
        ("收购了哪支球队？", "球队"),
        ("升级什么平台？", "平台"),
        ("Which river is longest?", "river"),
        ("What is the VPN for?", ""),
        ("今天几号？", ""),
    ],
)
def test_the_thing_asked_for_is_named(question: str, focus: str) -> None:
    assert Asked(question).focus == focus


def test_its_last_character_is_a_weak_sign() -> None:
    asked = Asked("收购了哪支球队？")
    assert asked.names_focus("他加入了一支球队") == 1.0
    assert asked.names_focus("他加入了老鹰队") == pytest.approx(0.3)
    assert asked.names_focus("他退役了") == 0.0
    assert Asked("怎么安装？").names_focus("安装") == 0.0

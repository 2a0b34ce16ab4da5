from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.conflicts import find_conflicts
from hxd_desktop.engine.answering.model import Conflict, Source
from hxd_desktop.engine.answering.preprocess import prepare


def source(n: int, text: str, document: str | None = None) -> Source:
    return Source(n, "default", document or f"/{n}.md", None, "", 0, len(text), text)


def found(question: str, *texts: str) -> tuple[Conflict, ...]:
    return find_conflicts(prepare(question), {}, [source(n, text) for n, text in enumerate(texts, 1)])


@pytest.mark.parametrize(
    ("question", "a", "b", "values"),
    [
        (
            "出差住宿费每晚上限是多少钱？",
            "一线城市出差住宿费每晚上限为 600 元，凭发票报销。",
            "一线城市出差住宿费每晚上限为 500 元，凭发票报销。",
            ("600 元", "500 元"),
        ),
        (
            "厨房机器的保修期是多少年？",
            "厨房机器的保修期为三年，包括电机和刀片。",
            "厨房机器的保修期为2年，包括电机和刀片。",
            ("三年", "2年"),
        ),
        (
            "When was the Hamburg warehouse opened?",
            "The Hamburg warehouse was opened on March 3, 2017 by the founders.",
            "The Hamburg warehouse was opened on March 13, 2019 by the founders.",
            ("March 3, 2017", "March 13, 2019"),
        ),
        (
            "When was the Hamburg warehouse opened?",
            "The Hamburg warehouse opened in 2017.",
            "In 2019 they opened the Hamburg warehouse.",
            ("2017", "2019"),
        ),
        (
            "已拆封的刀片可以退货吗？",
            "已经拆封的刀片和电机可以在十四天之内退货。",
            "已经拆封的刀片和电机不可以在十四天之内退货。",
            ("已经拆封的刀片和电机可以在十四天之内退货。", "已经拆封的刀片和电机不可以在十四天之内退货。"),
        ),
    ],
)
def test_the_same_thing_with_another_value(question: str, a: str, b: str, values: tuple[str, str]) -> None:
    assert found(question, a, b) == (Conflict((1, 2), values),)
    assert found(question, a, a) == ()


@pytest.mark.parametrize(
    ("question", "a", "b"),
    [
        # another subject
        ("厨房机器的保修期是多少年？", "厨房机器的保修期为三年，包括电机。", "手电筒的保修期为2年，包括电池和灯泡。"),
        # not asked for
        ("厨房机器的保修由谁负责？", "厨房机器保修三年，由王小雨负责。", "厨房机器保修两年，由王小雨负责。"),
        # what counts differs
        ("厨房机器卖了多少？", "厨房机器卖了70台，今年如此。", "厨房机器卖了8%，今年如此。"),
        # less exact is no contradiction
        (
            "When was the Hamburg warehouse opened?",
            "The Hamburg warehouse opened in 2017.",
            "The Hamburg warehouse opened on March 3, 2017.",
        ),
        # one source says both
        ("厨房机器的保修期是多少年？", "厨房机器的保修期为三年，过去是2年。", "厨房机器的保修期为2年，现在是三年。"),
        # the value of the question itself
        ("2019年厨房机器卖了多少台？", "2019年厨房机器卖了70台，增长明显。", "2019年厨房机器卖了70台，增长很快。"),
    ],
)
def test_what_is_no_contradiction(question: str, a: str, b: str) -> None:
    assert found(question, a, b) == ()


def test_several_sources_are_told_apart_by_what_they_say() -> None:
    text = "一线城市出差住宿费每晚上限为 {} 元，凭发票报销。"
    question = "出差住宿费每晚上限是多少钱？"
    assert found(question, text.format(600), text.format(500), text.format(600)) == (
        Conflict((1, 2, 3), ("600 元", "500 元", "600 元")),
    )


def test_a_document_does_not_contradict_itself() -> None:
    text = "出差住宿费每晚上限为 {} 元，凭发票报销。"
    sources = [source(1, text.format(600), "/a.md"), source(2, text.format(400), "/a.md")]
    assert find_conflicts(prepare("出差住宿费每晚上限是多少钱？"), {}, sources) == ()


def test_the_heading_counts_as_what_a_sentence_is_about() -> None:
    a = Source(1, "default", "/差旅.md", None, "出差 > 住宿费", 0, 9, "每晚上限为 600 元。")
    b = Source(2, "default", "/旧/差旅.md", None, "出差 > 住宿费", 0, 9, "每晚上限为 500 元。")
    assert find_conflicts(prepare("出差住宿费每晚上限是多少钱？"), {}, [a, b]) == (
        Conflict((1, 2), ("600 元", "500 元")),
    )


def test_a_number_inside_the_value_does_not_name_the_subject() -> None:
    first = "Game 7 was released on September 13, 2018 in Europe."
    other = "The expansion of the game was released on 7 August 2023."
    assert found("When was game 7 released?", first, other) == ()

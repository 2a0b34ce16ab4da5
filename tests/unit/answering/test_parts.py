from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.extract import extract
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.parts import prepare_parts, quote_parts, split_parts
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.shapes import Shape


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("北京仓库多大？上海呢？", ("北京仓库多大？", "上海呢？")),
        ("How big is the warehouse? And who runs it?", ("How big is the warehouse?", "And who runs it?")),
        ("When was it opened and who opened it?", ("When was it opened", "who opened it?")),
        ("When and where was the shop opened?", ("When was the shop opened?", "where was the shop opened?")),
        ("2021年和2022年的销量分别是多少？", ("2021年的销量是多少？", "2022年的销量是多少？")),
        ("手册的作者和译者是谁？", ("手册的作者是谁？", "手册的译者是谁？")),
        ("汉堡仓库和柏林仓库的面积分别是多少？", ("汉堡仓库的面积是多少？", "柏林仓库的面积是多少？")),
        ("公司男队和女队冠军分别是谁？", ("公司男队冠军是谁？", "公司女队冠军是谁？")),
        ("《入门》和《手册》分别是谁写的？", ("《入门》是谁写的？", "《手册》是谁写的？")),
        ("mmcv和mmdet分别怎么安装？", ("mmcv怎么安装？", "mmdet怎么安装？")),
    ],
)  # fmt: skip
def test_several_questions_are_taken_apart(question: str, parts: tuple[str, ...]) -> None:
    assert split_parts(question) == parts


@pytest.mark.parametrize(
    "question",
    [
        "怎么退货？",
        "和平饭店在哪里？",
        "有多少个国家和地区参加？",
        "刀片和发票怎么处理？",
        "What are nuts and bolts?",
        "The warehouse in Hamburg is big. How big is it?",
        "怎么退货？怎么退货？",
        "我装好了程序，运行时报错，日志里只有一行。试过重装和升级，都没有用。请问是什么原因？" * 6,
        "",
    ],
)
def test_one_question_stays_whole(question: str) -> None:
    assert split_parts(question) == (question,)
    assert prepare_parts(prepare(question)) == (prepare(question),)


def test_a_part_that_points_back_is_completed_and_asks_the_same() -> None:
    _, second = prepare_parts(prepare("北京仓库的面积是多少？上海呢？"))
    assert second.shape is Shape.FOLLOW_UP
    assert "面积" in second.carried
    assert "多少" in second.text
    _, own = prepare_parts(prepare("How big is the Hamburg warehouse? And who runs it?"))
    assert own.text == "And who runs it?"
    assert "Hamburg" in own.search


def source(n: int, text: str, fused: float) -> Source:
    return Source(n, "default", f"/{n}.md", None, "", 0, len(text), text, {"fused": fused})


def test_each_part_is_quoted_from_its_own_source() -> None:
    pool = [
        source(1, "柏林的办公室去年搬了家。", 0.9),
        source(2, "汉堡仓库的面积是三千平方米。", 0.8),
        source(3, "汉堡仓库夏天很热。", 0.7),
        source(4, "柏林仓库的面积是八百平方米。", 0.6),
    ]
    question = prepare("汉堡仓库和柏林仓库的面积分别是多少？")
    idf = {term.term: 0.5 for term in question.terms}
    quotes, sources = quote_parts(prepare_parts(question), pool, idf, 40, 2)
    assert [source.document for source in sources] == ["/2.md", "/4.md"]
    assert [source.n for source in sources] == [1, 2]
    by_number = {source.n: source.text for source in sources}
    assert all(by_number[quote.n][quote.start : quote.end] == quote.text for quote in quotes)
    text = " ".join(quote.text for quote in quotes)
    assert "三千" in text
    assert "八百" in text
    assert "八百" not in " ".join(quote.text for quote in extract(question, pool[:2], idf, 40))


def test_no_part_is_quoted_twice() -> None:
    text = "汉堡仓库的面积是三千平方米，柏林仓库的面积是八百平方米。"
    question = prepare("汉堡仓库和柏林仓库的面积分别是多少？")
    quotes, sources = quote_parts(prepare_parts(question), [source(1, text, 0.9)], {}, 100, 5)
    assert [quote.text for quote in quotes] == [text]
    assert len(sources) == 1

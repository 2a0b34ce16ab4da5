from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.documents.builder import clean
from hxd_desktop.engine.documents.markdown import markdown_document
from hxd_desktop.engine.documents.model import BlockKind
from hxd_desktop.engine.documents.plain import parse_code, parse_text, text_document
from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.documents.rst import rst_document


def test_paragraphs_and_items() -> None:
    document = parse_text(b"One\ntwo\n\n- a\n  b\n- c\n\n  last\n")
    assert [(block.kind, document.text[block.start : block.end]) for block in document.blocks] == [
        (BlockKind.PARAGRAPH, "One\ntwo"),
        (BlockKind.LIST_ITEM, "- a\n  b"),
        (BlockKind.LIST_ITEM, "- c"),
        (BlockKind.PARAGRAPH, "  last"),
    ]
    assert document.title is None


def test_chapters_are_headings_but_mentions_of_them_are_not() -> None:
    document = text_document(
        "第一章 总则\n第一节 目的\n正文提到第二章的内容。\n\n"
        "第二章是下面这样写的，它说明了很多。\n\nChapter 2 Use\n\ntext"
    )
    headings = [(b.level, document.text[b.start : b.end]) for b in document.blocks if b.kind is BlockKind.HEADING]
    assert headings == [(2, "第一章 总则"), (3, "第一节 目的"), (1, "Chapter 2 Use")]
    assert document.title == "第一章 总则"


def test_code_is_kept_with_its_indentation() -> None:
    document = parse_code(b"def f():\n    return 1\n\n\n    x = 2\n")
    assert [document.text[b.start : b.end] for b in document.blocks] == ["def f():\n    return 1", "    x = 2"]
    assert {block.kind for block in document.blocks} == {BlockKind.CODE}


def test_binary_is_unreadable() -> None:
    with pytest.raises(Unreadable):
        parse_text(bytes(range(256)))


@given(st.text(st.sampled_from("- 1.•第一章 ab\n\t。中C"), max_size=80))
def test_blocks_of_any_text_are_in_order_and_miss_nothing_visible(source: str) -> None:
    text = clean(source)
    position = 0
    for block in text_document(text).blocks:
        assert position <= block.start < block.end <= len(text)
        assert not text[position : block.start].strip()
        position = block.end
    assert not text[position:].strip()


def test_paragraphs_that_are_indented_by_full_width_spaces() -> None:
    document = text_document(
        "　　第一章　总则\n　　本制度适用于全体员工。\n　　出差须事先申请，\n未申请的不予报销。\n\n"
        "　　1.　附则\n\xa0\xa0其他事项。\n"
    )
    assert [(block.kind, document.text[block.start : block.end].strip()) for block in document.blocks] == [
        (BlockKind.HEADING, "第一章　总则"),
        (BlockKind.PARAGRAPH, "本制度适用于全体员工。"),
        (BlockKind.PARAGRAPH, "出差须事先申请，\n未申请的不予报销。"),
        (BlockKind.LIST_ITEM, "1.　附则\n\xa0\xa0其他事项。"),
    ]


@given(st.text(alphabet=" \t\u3000\xa0\u2003\n第一章a-。", max_size=60))
def test_no_word_stands_outside_the_blocks(text: str) -> None:
    for parse in (text_document, markdown_document, rst_document):
        document = parse(clean(text))
        position = 0
        for block in document.blocks:
            assert not document.text[position : block.start].strip()
            position = block.end
        assert not document.text[position:].strip()

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.documents.builder import clean
from hxd_desktop.engine.documents.markdown import heading_text, markdown_document, parse_markdown
from hxd_desktop.engine.documents.model import BlockKind

H, P, L, R, C = (
    BlockKind.HEADING,
    BlockKind.PARAGRAPH,
    BlockKind.LIST_ITEM,
    BlockKind.TABLE_ROW,
    BlockKind.CODE,
)


def blocks_of(text: str) -> list[tuple[BlockKind, int, str]]:
    document = markdown_document(text)
    return [(block.kind, block.level, document.text[block.start : block.end]) for block in document.blocks]


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("# One\n\ntext\nmore\n\n### Three ###\n", [(H, 1, "# One"), (P, 0, "text\nmore"), (H, 3, "### Three ###")]),
        ("#hashtag\n####### seven", [(P, 0, "#hashtag\n####### seven")]),
        ("Title\n=====\n\nSub\n---\ntext", [(H, 1, "Title\n====="), (H, 2, "Sub\n---"), (P, 0, "text")]),
        ("text\n# Head\ntext", [(P, 0, "text"), (H, 1, "# Head"), (P, 0, "text")]),
        ("- a\n  more\n- b\n  1. c\n", [(L, 0, "- a\n  more"), (L, 0, "- b"), (L, 0, "  1. c")]),
        ("para\n* item", [(P, 0, "para"), (L, 0, "* item")]),
        (
            "```py\n# no heading\n\n- no item\n```\nafter",
            [(C, 0, "```py\n# no heading\n\n- no item\n```"), (P, 0, "after")],
        ),
        ("~~~\n```\n~~~\n", [(C, 0, "~~~\n```\n~~~")]),
        ("````\n```\n````\nx", [(C, 0, "````\n```\n````"), (P, 0, "x")]),
        ("```\nnever closed\n\n# x", [(C, 0, "```\nnever closed\n\n# x")]),
        ("- item\n\n  ```sh\n  run\n  ```\n", [(L, 0, "- item"), (C, 0, "  ```sh\n  run\n  ```")]),
        ("    indented\n    code\n", [(C, 0, "    indented\n    code")]),
        ("| a | b |\n|---|---|\n| | 2 |\n", [(R, 0, "| a | b |"), (R, 0, "|---|---|"), (R, 0, "| | 2 |")]),
        ("a | b\n--- | ---\n1 |\n", [(R, 0, "a | b"), (R, 0, "--- | ---"), (R, 0, "1 |")]),
        ("text\n\n---\n\ntext", [(P, 0, "text"), (P, 0, "---"), (P, 0, "text")]),
        ("* * *\n", [(P, 0, "* * *")]),
        ("<h2 align='center'>Name</h2>\n", [(H, 2, "<h2 align='center'>Name</h2>")]),
        ("标题\n===\n\n正文。", [(H, 1, "标题\n==="), (P, 0, "正文。")]),
    ],
)
def test_blocks(text: str, blocks: list[tuple[BlockKind, int, str]]) -> None:
    assert blocks_of(text) == blocks


@pytest.mark.parametrize("matter", ["---\ntitle: 'A guide'\nx: 1\n---\n", '+++\ntitle = "A guide"\n+++\n'])
def test_front_matter_gives_the_title_and_is_no_heading(matter: str) -> None:
    document = markdown_document(f"{matter}# Head\n")
    assert document.title == "A guide"
    assert [block.kind for block in document.blocks] == [C, H]


def test_a_rule_at_the_start_is_no_front_matter() -> None:
    assert blocks_of("---\n\ntext\n") == [(P, 0, "---"), (P, 0, "text")]


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("## Install", "Install"),
        ("# **Bold** and `code` ##", "Bold and code"),
        ("# C#", "C#"),
        ("# snake_case and __init__", "snake_case and init"),
        ("## [Link](http://x.y/z) ![i](a.png) {#anchor}", "Link i"),
        ("# <a id='x'></a>Name", "Name"),
        ("Title\n=====", "Title"),
        ("# \\[v1.0\\] 说明", "[v1.0] 说明"),
    ],
)
def test_heading_text(source: str, text: str) -> None:
    assert heading_text(source) == text


def test_the_title_is_the_highest_of_the_first_headings() -> None:
    assert markdown_document("### small\n\n# Big *one*\n").title == "Big one"
    assert markdown_document("no heading").title is None


def test_the_text_is_the_source_with_plain_line_ends() -> None:
    document = parse_markdown("\ufeff# A\r\n\r\ntext\x00 \r\n".encode())
    assert document.text == "# A\n\ntext \n"


lines = st.text(st.sampled_from("#-*`~| \t=+1.ab>中<h2>_\n"), max_size=80)


@given(lines)
def test_blocks_of_any_text_are_in_order_and_miss_nothing_visible(source: str) -> None:
    text = clean(source)
    position = 0
    for block in markdown_document(text).blocks:
        assert position <= block.start < block.end <= len(text)
        assert not text[position : block.start].strip()
        assert (block.level > 0) == (block.kind is H)
        position = block.end
    assert not text[position:].strip()

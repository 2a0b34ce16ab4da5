from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.documents.builder import DocumentBuilder, clean, one_line, table_row
from hxd_desktop.engine.documents.model import BlockKind


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\x0cd\u2028e", "a\nb\nc\nd\ne"),
        ("a\x00b\x07\x1b[0mc\td", "ab[0mc\td"),
        ("a\ud800b", "a\ufffdb"),
        ("\ufeffa", "a"),
        ("a" + "\n" * 9 + "b", "a\n\n\nb"),
        ("a\n \n\t\n  \n\nb", "a\n\n\nb"),
        ("a" + " " * 999 + "b", "a b"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text(st.characters(codec=None)))
def test_clean_text_can_be_stored_and_is_clean(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode("utf-8")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", cleaned)
    assert clean(cleaned) == cleaned


def test_one_line() -> None:
    assert one_line(" a\n\tb \x00c ") == "a b c"


def test_table_row_keeps_blank_cells() -> None:
    assert table_row(["A", "", " C\n"]) == "A |  | C"


def test_blocks_lie_where_they_say_and_tables_and_lists_are_close() -> None:
    builder = DocumentBuilder("made")
    builder.heading("Head\nline", 9, page=2)
    builder.row(["", ""])
    builder.row(["a", ""])
    builder.row(["b", "c"])
    builder.paragraph("  ")
    builder.add(BlockKind.CODE, "\n  x = 1\n")
    inner = DocumentBuilder("inner")
    inner.heading("Inner", 1)
    inner.paragraph("text", page=7)
    builder.include(inner.build(), deeper=2)
    document = builder.build()
    assert document.text == "Head line\n\na | \nb | c\n\n  x = 1\n\nInner\n\ntext"
    assert [(document.text[b.start : b.end], b.level, b.page) for b in document.blocks] == [
        ("Head line", 6, 2),
        ("a | ", 0, None),
        ("b | c", 0, None),
        ("  x = 1", 0, None),
        ("Inner", 3, None),
        ("text", 0, None),
    ]
    assert document.title == "Head line"

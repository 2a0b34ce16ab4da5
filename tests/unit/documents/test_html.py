from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.html import parse_html
from hxd_desktop.engine.documents.model import BlockKind


def rows_of(html: str) -> list[str]:
    document = parse_html(html.encode())
    return [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.TABLE_ROW]


def test_structure_without_noise() -> None:
    page = """<!DOCTYPE html><html><head><title>The &amp; page</title><style>p {}</style></head><body>
    <nav><a href="/">Menu</a></nav><h1>Hello <b>World</b></h1>
    <p>One<br>two   three
    four<script>bad()</script></p><div hidden>hidden</div><div style="display: none">hidden</div>
    <ul><li>a</li><li>b <ol><li>c</li></ol></li></ul><pre>x
      y</pre>tail</body></html>"""
    document = parse_html(page.encode())
    assert document.title == "The & page"
    assert document.text == "Hello World\n\nOne\ntwo three four\n\na\nb\nc\n\nx\n      y\n\ntail"
    assert [block.kind.value for block in document.blocks] == [
        "heading",
        "paragraph",
        "list_item",
        "list_item",
        "list_item",
        "code",
        "paragraph",
    ]


def test_tables_keep_blank_cells_and_spread_merged_ones() -> None:
    html = (
        "<table><thead><tr><th>A</th><th>B</th><th>C</th></tr></thead>"
        "<tbody><tr><td></td><td rowspan=2>y</td><td>1</td></tr>"
        "<tr><td>z</td><td>2</td></tr><tr><td colspan='2'>wide</td><td></td></tr></tbody></table>"
    )
    assert rows_of(html) == ["A | B | C", " | y | 1", "z | y | 2", "wide |  | "]


def test_a_layout_table_is_read_as_the_blocks_in_it() -> None:
    html = "<table><tr><td><h2>Head</h2><p>one</p><table><tr><td>x</td><td>1</td></tr></table></td></tr></table>"
    document = parse_html(html.encode())
    assert document.text == "Head\n\none\n\nx | 1"


def test_the_main_part_stands_for_the_page() -> None:
    html = f"<body><div>Shop Cart Login</div><main><p>{'Real text. ' * 9}</p></main><footer>Imprint</footer></body>"
    assert parse_html(html.encode()).text == ("Real text. " * 9).strip()


@pytest.mark.parametrize(
    ("page", "encoding"),
    [
        ('<html><head><meta charset="gb2312"></head><p>茴香豆</p>', "gbk"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=Shift_JIS"><p>茴香豆</p>', "cp932"),
        ('<meta charset="gb2312"><p>茴香豆</p>', "utf-8"),
        ('<meta charset="no-such"><p>茴香豆</p>', "utf-8"),
        ("<p>茴香豆</p>", "utf-16"),
    ],
)
def test_encodings(page: str, encoding: str) -> None:
    assert parse_html(page.encode(encoding)).text == "茴香豆"


def test_deep_nesting_does_no_harm() -> None:
    assert parse_html(b"<div><b>" * 3000 + b"deep").text == "deep"

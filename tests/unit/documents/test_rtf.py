from __future__ import annotations

from hxd_desktop.engine.documents.model import BlockKind
from hxd_desktop.engine.documents.rtf import parse_rtf


def test_paragraphs_lists_and_escapes() -> None:
    data = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl\f0 Arial;}{\info{\title T}}Caf\'e9 \b bold\b0 \par "
        rb"\u33588?\u39321?\par \bullet  item\par}"
    )
    document = parse_rtf(data)
    assert document.text.startswith("Café bold\n\n茴香")
    assert "item" in document.text
    assert "Arial" not in document.text


def test_a_chinese_code_page() -> None:
    escaped = "".join(f"\\'{byte:02x}" for byte in "茴香豆".encode("gbk"))
    assert parse_rtf(rf"{{\rtf1\ansi\ansicpg936 {escaped}\par}}".encode()).text == "茴香豆"


def test_tables_keep_blank_cells() -> None:
    data = rb"{\rtf1\trowd A\cell \cell C\cell\row \trowd x\cell y\cell \cell\row text\par}"
    rows = [b for b in parse_rtf(data).blocks if b.kind is BlockKind.TABLE_ROW]
    text = parse_rtf(data).text
    assert [text[b.start : b.end] for b in rows] == ["A |  | C", "x | y | "]

"""Plain text and source code: paragraphs, list items, and lines that are plainly headings."""

from __future__ import annotations

import re

from hxd_desktop.engine.documents.builder import clean, one_line
from hxd_desktop.engine.documents.encoding import decode
from hxd_desktop.engine.documents.model import Block, BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import damaged

_BLANK = r"[^\S\n]"  # Chinese texts are indented by full-width spaces, others by no-break spaces
_BULLET = rf"(?:[-*+•·●○▪]|\d{{1,4}}[.)、]|[(（]\d{{1,4}}[)）])(?={_BLANK})"
_PART = r"第[一二三四五六七八九十百千零〇两\d]{1,7}"
_NEW_BLOCK = rf"(?!\u3000|{_BLANK}*(?:$|{_BULLET}|{_PART}[编篇卷部章节回](?!\w)))"
_BLOCK = re.compile(
    rf"""
      ^{_BLANK}*(?P<item>{_BULLET}).*(?:\n{_NEW_BLOCK}.+)*
    | ^{_BLANK}*(?P<heading>{_PART}(?P<unit>[编篇卷部章节回])(?!\w)|(?:Chapter|CHAPTER|Part|PART)\ [\dIVXLC]+\b)
      (?=.{{0,60}}$)(?!.*[。；;,，.]$).*
    | ^{_BLANK}*(?P<text>\S).*(?:\n{_NEW_BLOCK}.+)*
    """,
    re.VERBOSE | re.MULTILINE,
)
_UNIT_LEVELS = {"编": 1, "篇": 1, "卷": 1, "部": 1, "章": 2, "回": 2, "节": 3}
_CODE_PART = re.compile(r"^.*\S.*(?:\n(?![ \t]*$).+)*", re.MULTILINE)


def parse_text(data: bytes) -> ParsedDocument:
    """Parse plain text of any encoding.

    Raises:
        Unreadable: it is not text.
    """
    return text_document(_decoded(data))


def parse_code(data: bytes) -> ParsedDocument:
    """Parse source code, or configuration, of any encoding; the parts between blank lines are the blocks.

    Raises:
        Unreadable: it is not text.
    """
    text = _decoded(data)
    blocks = [Block(BlockKind.CODE, match.start(), match.end()) for match in _CODE_PART.finditer(text)]
    return ParsedDocument(text, tuple(blocks), "code")


def text_document(text: str, parser: str = "text") -> ParsedDocument:
    """Find the blocks of clean plain `text`; linear in its length."""
    blocks: list[Block] = []
    title: str | None = None
    for match in _BLOCK.finditer(text):
        kind, (start, end) = match.lastgroup, match.span()
        if kind == "text":
            blocks.append(Block(BlockKind.PARAGRAPH, start, end))
        elif kind == "item":
            blocks.append(Block(BlockKind.LIST_ITEM, start, end))
        else:
            level = _UNIT_LEVELS.get(match["unit"] or "", 1)
            blocks.append(Block(BlockKind.HEADING, start, end, None, level))
            title = title or one_line(match[0])
    return ParsedDocument(text, tuple(blocks), parser, title)


def _decoded(data: bytes) -> str:
    text = decode(data)
    if text is None:
        raise damaged("a text")
    return clean(text)

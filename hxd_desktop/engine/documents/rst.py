"""reStructuredText: the source is the text, as with Markdown."""

from __future__ import annotations

import re

from hxd_desktop.engine.documents.builder import clean, one_line
from hxd_desktop.engine.documents.encoding import decode
from hxd_desktop.engine.documents.model import Block, BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import damaged

_MARK = r"""[!"\#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"""
_BLOCK = re.compile(
    rf"""
      ^(?P<over>(?P<o>{_MARK})(?P=o){{2,}})[ \t]*\n[ \t]*\S.*\n(?P=over)[ \t]*$
    | ^(?P<under>\S.*)\n(?P<u>{_MARK})(?P=u){{2,}}[ \t]*$
    | ^(?P<grid>[ \t]*\+(?:[-=]+\+)+)[ \t]*$(?:\n[ \t]*[|+].*)*
    | ^(?P<simple>[ \t]*={{2,}}(?:[ ]+={{2,}})+)[ \t]*$(?:\n(?!$).*)*
    | ^(?P<directive>\.\.[ ].*|\.\.$)(?:\n(?:[ \t]+\S.*|[ \t]*(?=\n[ \t]+\S)))*
    | ^[ \t]*(?P<item>[-*+•]|\#\.|\(?(?:\d{{1,4}}|[a-zA-Z])[.)])(?=[ \t]).*
      (?:\n(?![ \t]*(?:$|[-*+•][ \t]|\#\.[ \t]|\d{{1,4}}[.)][ \t])).+)*
    | ^(?P<text>[^\S\n]*\S).*(?:\n(?![ \t]*$|[-*+•][ \t]|\#\.[ \t]|\d{{1,4}}[.)][ \t]|\.\.[ ]).+)*
    """,
    re.VERBOSE | re.MULTILINE,
)
_CODE_DIRECTIVE = re.compile(
    r"\.\.\s+(?:code|code-block|sourcecode|highlight|literalinclude|math|prompt|parsed-literal)::"
)
_ROW_SEPARATOR = re.compile(r"[ \t]*[+=|][-=+| ]*$")


def parse_rst(data: bytes) -> ParsedDocument:
    """Parse reStructuredText of any encoding.

    Raises:
        Unreadable: it is not text.
    """
    source = decode(data)
    if source is None:
        raise damaged("a reStructuredText")
    return rst_document(clean(source))


def rst_document(text: str) -> ParsedDocument:
    """Find the blocks of clean reStructuredText `text`."""
    blocks: list[Block] = []
    styles: list[str] = []  # of headings, in order of first appearance: their rank is the level
    title: str | None = None
    literal = False
    for match in _BLOCK.finditer(text):
        kind, (start, end) = match.lastgroup, match.span()
        if kind == "over" or (kind == "u" and _is_heading(match)):
            style = match["o"] * 2 if kind == "over" else match["u"]
            if style not in styles:
                styles.append(style)
            blocks.append(Block(BlockKind.HEADING, start, end, None, min(styles.index(style) + 1, 6)))
            title = title or one_line(match[0].split("\n")[1 if kind == "over" else 0])
        elif kind in ("grid", "simple"):
            _append_rows(match[0], start, blocks)
        elif kind == "directive":
            is_code = _CODE_DIRECTIVE.match(text, start)
            blocks.append(Block(BlockKind.CODE if is_code else BlockKind.PARAGRAPH, start, end))
        elif kind == "item":
            blocks.append(Block(BlockKind.LIST_ITEM, start, end))
        else:
            indented = text[start] in " \t"
            blocks.append(Block(BlockKind.CODE if literal and indented else BlockKind.PARAGRAPH, start, end))
        # A paragraph that ends in :: announces an indented literal block, blank lines and all.
        literal = text.startswith("::", end - 2) or (literal and text[start] in " \t")
    return ParsedDocument(text, tuple(blocks), "rst", title)


def _is_heading(match: re.Match[str]) -> bool:
    """A title's underline is as long as the title; wide characters take two columns."""
    heading, _, underline = match[0].partition("\n")
    width = sum(2 if char >= "\u1100" else 1 for char in heading.strip())
    return len(underline.strip()) >= min(width, 4) and not _ROW_SEPARATOR.match(heading)


def _append_rows(piece: str, start: int, blocks: list[Block]) -> None:
    for line in piece.split("\n"):
        blocks.append(Block(BlockKind.TABLE_ROW, start, start + len(line)))
        start += len(line) + 1

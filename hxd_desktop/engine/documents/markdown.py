"""Markdown: the source is the text, so that offsets and quotations are those of the file.

One regular expression takes a block at a time; a syntax tree would cost ten times as much and give no more
than headings, paragraphs, list items, table rows and code.
"""

from __future__ import annotations

import re

from hxd_desktop.engine.documents.builder import clean, one_line
from hxd_desktop.engine.documents.encoding import decode
from hxd_desktop.engine.documents.model import Block, BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import damaged

# What ends a paragraph or a list item without a blank line before it.
_INTERRUPT = (
    r"(?=[ \t]*(?:$|\#{1,6}(?:[ \t]|$)|[-*+](?:[ \t]|$)|\d{1,9}[.)](?:[ \t]|$)|\||```|~~~)"
    r"|[ ]{0,3}(?:=+|-+)[ \t]*$)"
)
_BLOCK = re.compile(
    rf"""
      ^[ ]{{0,3}}(?P<atx>\#{{1,6}})(?=[ \t]|$).*
    | ^[ \t]*(?:[-*+][ \t]+|\d{{1,9}}[.)][ \t]+)?(?P<fence>`{{3,}}|~{{3,}}).*
      (?:\n(?![ \t]*(?P=fence)[`~]*[ \t]*$).*)*
      (?:\n.*)?                                             # the closing fence, if there is one
    | ^[ \t]*(?P<row>\|).*
    | ^[ \t]*(?P<item>[-*+]|\d{{1,9}}[.)])(?=[ \t]|$)(?![ \t]*(?:[-*][ \t]*){{2,}}$).*
      (?:\n(?!{_INTERRUPT}).+)*
    | ^[ ]{{0,3}}(?P<rule>[-*_])(?:[ \t]*(?P=rule)){{2,}}[ \t]*$
    | ^[^\S\n]*(?P<text>\S).*                               # full-width indentation is no code
      (?:\n(?!{_INTERRUPT}).+)*
      (?P<setext>\n[ ]{{0,3}}(?:=+|-+)[ \t]*$)?
    """,
    re.VERBOSE | re.MULTILINE,
)
_FRONT_MATTER = re.compile(r"\A(?:---\n(?:.*\n)*?(?:---|\.\.\.)|\+\+\+\n(?:.*\n)*?\+\+\+)[ \t]*(?:\n|\Z)")
_FRONT_TITLE = re.compile(r"""^title[ \t]*[:=][ \t]*["']?(.*?)["']?[ \t]*$""", re.MULTILINE)
_DELIMITER_ROW = re.compile(r"[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+$")
_HTML_HEADING = re.compile(r"\s*<h([1-6])[\s>]", re.IGNORECASE)

_TAG = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()\s]*(?:\s[^()]*)?\)|\[[^\[\]]*\])")
_ATTRIBUTES = re.compile(r"\s*\{[#.][^{}]*\}\s*$")
_CLOSING = re.compile(r"(?:^|[ \t])#+[ \t]*$")
_WORD = re.compile(r"\w")
_EMPHASIS = re.compile(r"[*`]+|(?<!\w)_+|_+(?!\w)|\\(?=[\W_]|$)")


def parse_markdown(data: bytes) -> ParsedDocument:
    """Parse Markdown of any encoding.

    Raises:
        Unreadable: it is not text.
    """
    text = decode(data)
    if text is None:
        raise damaged("a Markdown text")
    return markdown_document(clean(text))


def markdown_document(text: str, parser: str = "markdown") -> ParsedDocument:
    """Find the blocks of clean Markdown `text`; linear in its length."""
    blocks, title = _front_matter(text)
    position = blocks[0].end if blocks else 0
    _scan(text, position, blocks)
    if title is None:
        title = _first_title(text, blocks)
    return ParsedDocument(text, tuple(blocks), parser, title)


def heading_text(source: str) -> str:
    """Return the words of a heading without its markup (`## [Install](#x) {#y}` gives `Install`)."""
    if "\n" in source:  # setext, or a paragraph that begins with <h1>: leave out lines without a word
        source = " ".join(line for line in source.split("\n") if _WORD.search(line))
    source = source.strip()
    if source.startswith("#"):
        source = source.lstrip("#")
        if "#" in source:
            source = _CLOSING.sub("", source)
    if "<" in source:
        source = _TAG.sub("", source)
    if "[" in source:
        source = _LINK.sub(r"\1", source)
    if "{" in source:
        source = _ATTRIBUTES.sub("", source)
    if "*" in source or "`" in source or "_" in source or "\\" in source:
        source = _EMPHASIS.sub("", source)
    return one_line(source)


def _front_matter(text: str) -> tuple[list[Block], str | None]:
    match = _FRONT_MATTER.match(text) if text.startswith(("---\n", "+++\n")) else None
    if match is None:
        return [], None
    title = _FRONT_TITLE.search(match[0])
    end = len(match[0].rstrip())
    return [Block(BlockKind.CODE, 0, end)], (one_line(title[1])[:300] or None) if title else None


def _scan(text: str, position: int, blocks: list[Block]) -> None:
    """Append the blocks of `text` from `position` on."""
    in_list = False
    for match in _BLOCK.finditer(text, position):
        start, end = match.span()
        kind = match.lastgroup
        if kind == "text":
            first = match.start("text")
            if text[first] == "<" and (html := _HTML_HEADING.match(text, start)):
                blocks.append(Block(BlockKind.HEADING, start, end, None, int(html[1])))
                in_list = False
            elif not text[start:first].strip(" \t") and (first - start >= 4 or text.startswith("\t", start)):
                blocks.append(Block(BlockKind.PARAGRAPH if in_list else BlockKind.CODE, start, end))
            elif "|" in (piece := text[start:end]) and "\n" in piece and _is_table(piece):
                _append_rows(piece, start, blocks)
                in_list = False
            else:
                blocks.append(Block(BlockKind.PARAGRAPH, start, end))
                in_list = False
        elif kind == "item":
            blocks.append(Block(BlockKind.LIST_ITEM, start, end))
            in_list = True
        elif kind == "row":
            blocks.append(Block(BlockKind.TABLE_ROW, start, end))
        elif kind == "atx":
            blocks.append(Block(BlockKind.HEADING, start, end, None, match.end("atx") - match.start("atx")))
            in_list = False
        elif kind == "fence":
            blocks.append(Block(BlockKind.CODE, start, end))
        elif kind == "setext":
            level = 1 if text[end - 1] == "=" or text[start:end].rstrip().endswith("=") else 2
            blocks.append(Block(BlockKind.HEADING, start, end, None, level))
            in_list = False
        else:  # a rule
            blocks.append(Block(BlockKind.PARAGRAPH, start, end))
            in_list = False


def _is_table(piece: str) -> bool:
    """Whether the second line delimits columns: a table whose rows do not begin with a bar."""
    return _DELIMITER_ROW.match(piece.split("\n", 2)[1]) is not None


def _append_rows(piece: str, start: int, blocks: list[Block]) -> None:
    for line in piece.split("\n"):
        blocks.append(Block(BlockKind.TABLE_ROW, start, start + len(line)))
        start += len(line) + 1


def _first_title(text: str, blocks: list[Block]) -> str | None:
    """The first heading of the highest level among the first few."""
    headings = [block for block in blocks[:40] if block.kind is BlockKind.HEADING][:5]
    if not headings:
        return None
    best = min(headings, key=lambda block: block.level)
    return heading_text(text[best.start : best.end])[:300] or None

"""The pieces of a page of reStructuredText. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.ui.paper.markdown import code_piece
from hxd_desktop.ui.paper.model import BOLD, CODE, ITALIC, MUTED, Kind, Line, Piece, Run

_TOKEN = re.compile(
    r"""
      ``(?P<code>.+?)``
    | \*\*(?P<bold>\S(?:.*?\S)?)\*\*
    | (?<![\w*])\*(?P<italic>[^\s*](?:[^*]*?[^\s*])?)\*(?![\w*])
    | `(?P<words>[^`<>]+?)\s*<(?P<address>[^`<>]+)>`__?
    | :[\w:+-]+:`(?P<role>[^`<>]+?)(?:\s*<[^`<>]*>)?`
    | `(?P<named>[^`]+)`_?_?
    | (?P<url>https?://[^\s<>`]+[^\s<>`.,;:)\]])
    | (?P<end>[ \t]*\n[ \t]*)
    """,
    re.VERBOSE,
)
_CODE_HEAD = re.compile(r"\.\.\s+(?:code|code-block|sourcecode|prompt)::[ \t]*(\S*)[^\n]*(?:\n[ \t]+:[^\n]*)*\n*")
_ITEM = re.compile(r"[ \t]*([-*+•]|#\.|\(?(?:\d{1,4}|[a-zA-Z])[.)])[ \t]+")
_LOOKS = {"code": CODE, "bold": BOLD, "italic": ITALIC, "role": CODE, "named": ITALIC}


def restructured_pieces(text: str, blocks: Sequence[Block]) -> list[Piece]:
    """Return the pieces of a text in reStructuredText; a table stays as it is drawn there."""
    pieces: list[Piece] = []
    at = 0
    while at < len(blocks):
        block = blocks[at]
        source = text[block.start : block.end]
        if block.kind is BlockKind.TABLE_ROW:
            first = at
            while at + 1 < len(blocks) and blocks[at + 1].kind is BlockKind.TABLE_ROW:
                at += 1
            pieces.append(code_piece(text[block.start : blocks[at].end], blocks[first].start, ""))
        elif block.kind is BlockKind.HEADING:
            start, end = _title(source)
            pieces.append(Piece(Kind.HEADING, _inline(text, block.start + start, block.start + end), level=block.level))
        elif block.kind is BlockKind.CODE:
            head = _CODE_HEAD.match(source)
            cut = head.end() if head else 0
            pieces.append(code_piece(source[cut:], block.start + cut, head[1] if head else ""))
        elif source.startswith(".."):
            pieces.append(Piece(Kind.TEXT, (Run(block.start, source, MUTED),)))
        elif block.kind is BlockKind.LIST_ITEM and (item := _ITEM.match(source)):
            marker = item[1] if item[1][0].isalnum() or item[1][0] == "(" else "•"
            depth = 1 + (len(source) - len(source.lstrip())) // 2
            line = _inline(text, block.start + item.end(), block.end)
            pieces.append(Piece(Kind.ITEM, line, level=min(depth, 6), marker=marker))
        else:
            lead = len(source) - len(source.lstrip())
            pieces.append(Piece(Kind.TEXT, _inline(text, block.start + lead, block.end)))
        at += 1
    return [piece for piece in pieces if piece.line or piece.lines]


def _title(source: str) -> tuple[int, int]:
    """Where the words of a heading stand, between its lines of marks."""
    at = 0
    for line in source.split("\n"):
        if any(character.isalnum() for character in line):
            lead = len(line) - len(line.lstrip())
            return at + lead, at + len(line.rstrip())
        at += len(line) + 1
    return 0, len(source)


def _inline(text: str, start: int, end: int) -> Line:
    runs: list[Run] = []
    at = start
    for match in _TOKEN.finditer(text, start, end):
        if match.start() > at:
            runs.append(Run(at, text[at : match.start()]))
        at = match.end()
        if match["end"]:
            runs.append(Run(text.index("\n", match.start()), " "))
        elif match["url"]:
            runs.append(Run(match.start(), match[0], link=match[0]))
        elif match["words"]:
            runs.append(Run(match.start("words"), match["words"], link=match["address"]))
        else:
            name = next(name for name in _LOOKS if match[name])
            runs.append(Run(match.start(name), match[name], _LOOKS[name]))
    if at < end:
        runs.append(Run(at, text[at:end]))
    return tuple(runs)

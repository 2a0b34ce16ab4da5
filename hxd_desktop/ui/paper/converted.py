"""The pieces of a page of plain or converted text: Office files, web pages, mails, tables, code. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.ui.paper.model import BOLD, MUTED, NOWHERE, Kind, Line, Piece, Run
from hxd_desktop.ui.paper.tables import cells_of, table

SHEETS = frozenset({"xlsx", "xls", "ods", "csv"})
SLIDES = frozenset({"pptx", "ppt", "odp"})
MAILS = frozenset({"eml", "mbox", "msg"})
DATA = frozenset({"json", "jsonl"})
# Whose first row names the columns, as a rule.
_HEADED = frozenset({"docx", "doc", "odt", "html", "epub", "rtf", "pptx", "ppt", "odp"})
_FIELD = re.compile(r"(From|To|Cc|Date): (.*)")
_KEY = re.compile(r"^([ \t]*(?:- )?)([^:\n]{1,80}):(?= |$)", re.MULTILINE)
_BULLET = re.compile(r"[ \t]*([-*+•·●○▪]|\d{1,4}[.)、]|[(（]\d{1,4}[)）])[ \t]+")
_URL = re.compile(r"""https?://[^\s<>()"'`，。；、（）「」《》]+[^\s<>()"'`，。；、（）「」《》.,;:!?]""")


def converted_pieces(
    kind: str, text: str, blocks: Sequence[Block], above: str, turn: Callable[[int], str]
) -> list[Piece]:
    """Return the pieces of a text.

    Args:
        kind: Of the file.
        text: What is shown.
        blocks: How it is built.
        above: The names of the columns of a table in whose midst it begins.
        turn: Says which slide begins.
    """
    pieces: list[Piece] = []
    page: int | None = None
    at = 0
    while at < len(blocks):
        block = blocks[at]
        if kind in SLIDES and block.page is not None and block.page != page:
            pieces.append(Piece(Kind.TURN, (Run(NOWHERE, turn(block.page), MUTED),)))
        page = block.page
        rows = _rows(blocks, at)
        heads_table = block.kind is BlockKind.HEADING and (
            " | " in text[block.start : block.end] or (kind in SHEETS and block.level > 1)
        )
        names = _rows(blocks, at + 1) if heads_table else 0
        if names or rows:
            first = at + 1 if names else at
            last = first + (names or rows)
            cells = [cells_of(text[row.start : row.end], row.start) for row in blocks[first:last]]
            heads = int(kind in _HEADED and len(cells) > 1)
            if names:
                cells.insert(0, cells_of(text[block.start : block.end], block.start))
                heads = 1
            elif at == 0 and above:
                cells.insert(0, [tuple(run._replace(start=NOWHERE) for run in cell) for cell in cells_of(above, 0)])
                heads = 1
            pieces.append(table(cells, heads=heads))
            at = last
            continue
        pieces.append(_piece(kind, text, block))
        at += 1
    return pieces


def _rows(blocks: Sequence[Block], at: int) -> int:
    """How many rows of one sheet or table follow each other from `at` on."""
    first = at
    while at < len(blocks) and blocks[at].kind is BlockKind.TABLE_ROW and blocks[at].page == blocks[first].page:
        if at > first and blocks[at].start - blocks[at - 1].end > 1:
            break  # another table
        at += 1
    return at - first


def _heading(text: str, block: Block) -> Piece:
    return Piece(Kind.HEADING, (Run(block.start, text[block.start : block.end]),), level=block.level)


def _piece(kind: str, text: str, block: Block) -> Piece:
    source = text[block.start : block.end]
    if block.kind is BlockKind.HEADING:
        return _heading(text, block)
    if block.kind is BlockKind.CODE:
        return Piece(Kind.CODE, lines=_lines(source, block.start))
    if block.kind is BlockKind.LIST_ITEM:
        own = _BULLET.match(source)
        lead = own.end() if own else 0
        marker = own[1] if own and own[1][-1] in ".)、）" else "•"
        return Piece(Kind.ITEM, _flowing(source[lead:], block.start + lead), level=1, marker=marker)
    if kind in MAILS and all(_FIELD.fullmatch(line) for line in source.split("\n")):
        return _fields(source, block.start)
    if kind in MAILS and all(line.startswith(">") for line in source.split("\n")):
        return Piece(Kind.QUOTE, _linked(source, block.start), level=1)
    if kind in DATA:
        return Piece(Kind.TEXT, _keyed(source, block.start))
    return Piece(Kind.TEXT, _linked(source, block.start))


def _lines(source: str, at: int) -> tuple[Line, ...]:
    made: list[Line] = []
    for line in source.split("\n"):
        made.append((Run(at, line),))
        at += len(line) + 1
    return tuple(made)


def _fields(source: str, at: int) -> Piece:
    rows: list[tuple[Line, ...]] = []
    for line in source.split("\n"):
        name, _, value = line.partition(": ")
        rows.append(((Run(at, name, MUTED),), (Run(at + len(name) + 2, value),)))
        at += len(line) + 1
    return Piece(Kind.FIELDS, rows=tuple(rows))


def _keyed(source: str, at: int) -> Line:
    runs: list[Run] = []
    end = 0
    for match in _KEY.finditer(source):
        runs += _linked(source[end : match.start(2)], at + end)
        runs.append(Run(at + match.start(2), match[2], BOLD))
        end = match.end(2)
    return (*runs, *_linked(source[end:], at + end))


def _flowing(source: str, at: int) -> Line:
    """Lines that were broken for a terminal go on, one after the other."""
    runs: list[Run] = []
    for number, match in enumerate(re.finditer(r"[^\n]*\n?", source)):
        line = match[0].rstrip("\n")
        lead = len(line) - len(line.lstrip()) if number else 0
        runs += _linked(line[lead:], at + match.start() + lead)
        if match[0].endswith("\n"):
            runs.append(Run(at + match.end() - 1, " "))
    return tuple(runs)


def _linked(source: str, at: int) -> Line:
    """Line ends stay line ends; addresses lead where they say."""
    runs: list[Run] = []
    end = 0
    for match in _URL.finditer(source):
        runs.append(Run(at + end, source[end : match.start()]))
        runs.append(Run(at + match.start(), match[0], link=match[0]))
        end = match.end()
    runs.append(Run(at + end, source[end:]))
    return tuple(run._replace(text=run.text.replace("\n", "\u2028")) for run in runs if run.text)

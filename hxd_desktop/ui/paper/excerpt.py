"""A short passage out of a document, set like the document. `excerpt_pieces` and `in_words` know no Qt."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTextEdit, QWidget

from hxd_desktop.engine.documents.formats import detect
from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.engine.documents.structure import source_blocks
from hxd_desktop.engine.viewing import DocumentView, FileState, Passage
from hxd_desktop.ui.paper.converted import SHEETS
from hxd_desktop.ui.paper.model import NOWHERE, Kind, Line, Piece, Run
from hxd_desktop.ui.paper.pieces import pieces_of
from hxd_desktop.ui.paper.writer import Drawn, draw
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.theme import Theme

_SET = frozenset({"markdown", "rst"}) | SHEETS
_FENCE = re.compile(r"^[ \t]*```+[ \t]*([^`\n]*)$", re.MULTILINE)
_SMALL_HEADING = 4  # as large as the text


def excerpt_pieces(passage: str, path: str, start: int, end: int) -> list[Piece]:
    """Return the pieces of `passage` between two of its places; dots stand for what is left out.

    Links lead nowhere here, and headings are as large as the text.
    """
    pieces = [_plainer(piece) for piece in _set(passage, path, start, end)]
    pieces = [piece for piece in pieces if piece.kind is not Kind.CODE or any(run.text for run in _runs(piece))]
    if passage[:start].strip():
        pieces = _with(pieces, Run(NOWHERE, "… "), first=True)
    if passage[end:].strip():
        pieces = _with(pieces, Run(NOWHERE, " …"), first=False)
    return pieces


def in_words(text: str, path: str) -> str:
    """A passage on one line, without the marks that only set it."""
    return " ".join(" ".join(_lines(_set(text, path, 0, len(text)))).split())


def _lines(pieces: Sequence[Piece]) -> Iterator[str]:
    for piece in pieces:
        for line in (piece.line, *piece.lines, *(cell for row in piece.rows for cell in row)):
            yield "".join(run.text for run in line)


def _runs(piece: Piece) -> Iterator[Run]:
    for line in piece.lines:
        yield from line


def _plainer(piece: Piece) -> Piece:
    def unlinked(line: Line) -> Line:
        return tuple(run._replace(link="") for run in line)

    return replace(
        piece,
        level=_SMALL_HEADING if piece.kind is Kind.HEADING else piece.level,
        line=unlinked(piece.line),
        rows=tuple(tuple(map(unlinked, row)) for row in piece.rows),
    )


def _with(pieces: list[Piece], dots: Run, *, first: bool) -> list[Piece]:
    at = 0 if first else len(pieces) - 1
    if pieces and pieces[at].line:
        line = pieces[at].line
        pieces[at] = replace(pieces[at], line=(dots, *line) if first else (*line, dots))
    else:
        pieces.insert(0 if first else len(pieces), Piece(Kind.TEXT, (dots._replace(text=dots.text.strip()),)))
    return pieces


def _set(passage: str, path: str, start: int, end: int) -> list[Piece]:
    """The pieces of a passage from `start` to `end`; places are counted in the passage."""
    kind = _kind(os.path.basename(path))
    if kind in SHEETS or (kind == "text" and " | " in passage):
        blocks = _rows(passage)
    else:
        first = _end_of_code(passage) if kind == "markdown" else 0
        rest = source_blocks(kind, " " * first + passage[first:]) or ()
        blocks = (Block(BlockKind.CODE, 0, first), *rest) if first else rest
    inside = tuple(
        block._replace(start=max(block.start, start), end=min(block.end, end))
        for block in blocks
        if block.start < end and block.end > start
    )
    where = Passage("", path, 0, 0)
    return pieces_of(DocumentView(where, FileState.SAME, 1, 1, 1, passage[:end], kind=kind, blocks=inside))


def _end_of_code(passage: str) -> int:
    """Where the code ends in whose midst a passage begins; 0 for one that begins outside of code.

    Fences come in pairs, and only those that open name a language: an odd number, the first without a name.
    """
    fences = list(_FENCE.finditer(passage))
    if len(fences) % 2 and not fences[0][1] and passage[: fences[0].start()].strip():
        return fences[0].end()
    return 0


def _kind(name: str) -> str:
    """The format that a file's name stands for, where its passages are set; else plain text."""
    kind = detect(PurePath(name), b"")
    return str(kind) if kind is not None and kind in _SET else "text"


def _rows(text: str) -> tuple[Block, ...]:
    """The lines of a text with tables in it: those with bars are rows, the others paragraphs up to an empty line."""
    blocks: list[Block] = []
    at = 0
    for line in text.split("\n"):
        kind = BlockKind.TABLE_ROW if " | " in line else BlockKind.PARAGRAPH
        before = blocks[-1] if blocks else None
        if not line.strip():
            pass
        elif before is not None and before.kind is kind is BlockKind.PARAGRAPH and before.end + 1 == at:
            blocks[-1] = before._replace(end=at + len(line))
        else:
            blocks.append(Block(kind, at, at + len(line)))
        at += len(line) + 1
    return tuple(blocks)


class Excerpt(RichText):
    """Shows a passage at its full height, with words marked."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._pieces: list[Piece] = []
        self._marks: list[tuple[int, int]] = []
        self._drawn = Drawn()

    def show_excerpt(self, passage: str, path: str, marks: Sequence[tuple[int, int]], start: int, end: int) -> None:
        """Show what stands between two places of a passage of the file `path`, with its ranges `marks` marked."""
        self._pieces = excerpt_pieces(passage, path, start, end)
        self._marks = list(marks)
        self._render()

    def _render(self) -> None:
        self._drawn = draw(self.document(), self._pieces, self._theme.palette)
        chosen = []
        for mark in self._marks:
            for place in self._drawn.places(*mark):
                made = QTextEdit.ExtraSelection()
                made.cursor = self._range(*place)
                made.format.setBackground(QColor(self._theme.palette.mark))
                chosen.append(made)
        self.setExtraSelections(chosen)
        self._fit()

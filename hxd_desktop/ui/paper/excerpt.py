"""A short passage out of a document, set like the document. `excerpt_pieces` and `in_words` know no Qt."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QTextEdit, QWidget

from hxd_desktop.engine.documents.formats import detect
from hxd_desktop.engine.documents.model import Block, BlockKind
from hxd_desktop.engine.documents.structure import source_blocks
from hxd_desktop.engine.viewing import DocumentView, FileState, Passage
from hxd_desktop.ui.paper.converted import SHEETS
from hxd_desktop.ui.paper.model import NOWHERE, Kind, Piece, Run
from hxd_desktop.ui.paper.pieces import pieces_of
from hxd_desktop.ui.paper.writer import Drawn, draw
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.theme import Theme

_SET = frozenset({"markdown", "rst"}) | SHEETS
_SMALL_HEADING = 4  # as large as the text


def excerpt_pieces(text: str, path: str, *, lead: str = "", tail: str = "") -> list[Piece]:
    """Return the pieces of a passage; `lead` and `tail` stand for what is left out before and after it."""
    pieces = [
        replace(piece, level=_SMALL_HEADING) if piece.kind is Kind.HEADING else piece for piece in _set(text, path)
    ]
    if not pieces:
        return [Piece(Kind.TEXT, (Run(NOWHERE, lead + tail),))] if lead or tail else []
    if lead:
        pieces = _with(pieces, 0, Run(NOWHERE, lead), first=True)
    if tail:
        pieces = _with(pieces, len(pieces) - 1, Run(NOWHERE, tail), first=False)
    return pieces


def in_words(text: str, path: str) -> str:
    """A passage on one line, without the marks that only set it."""
    lines = [
        "".join(run.text for run in line)
        for piece in _set(text, path)
        for line in (piece.line, *piece.lines, *(cell for row in piece.rows for cell in row))
    ]
    return " ".join(" ".join(lines).split())


def _with(pieces: list[Piece], at: int, run: Run, *, first: bool) -> list[Piece]:
    piece = pieces[at]
    if piece.line:
        pieces[at] = replace(piece, line=(run, *piece.line) if first else (*piece.line, run))
    else:
        pieces.insert(at if first else at + 1, Piece(Kind.TEXT, (Run(NOWHERE, run.text.strip()),)))
    return pieces


def _set(text: str, path: str) -> list[Piece]:
    name = os.path.basename(path)
    kind = _kind(name)
    blocks = source_blocks(kind, text) if kind in _SET else None
    if blocks is None:
        blocks = _rows(text) if kind in SHEETS else source_blocks("text", text) or ()
    passage = Passage("", path, 0, 0)
    return pieces_of(DocumentView(passage, FileState.SAME, 1, 1, 1, text, kind=kind, blocks=blocks))


def _kind(name: str) -> str:
    """The format that a file's name stands for, where its passages are set; else plain text."""
    kind = detect(PurePath(name), b"")
    return str(kind) if kind is not None and kind in _SET else "text"


def _rows(text: str) -> tuple[Block, ...]:
    """The lines of a sheet: rows where there are bars in them."""
    blocks: list[Block] = []
    at = 0
    for line in text.split("\n"):
        if line.strip():
            kind = BlockKind.TABLE_ROW if " | " in line else BlockKind.PARAGRAPH
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

    def show_excerpt(
        self, text: str, path: str, marks: Sequence[tuple[int, int]], *, lead: str = "", tail: str = ""
    ) -> None:
        """Show a passage of the file `path` with the ranges `marks` of it marked."""
        self._pieces = excerpt_pieces(text, path, lead=lead, tail=tail)
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

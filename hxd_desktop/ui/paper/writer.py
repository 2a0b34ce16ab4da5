"""Draws the pieces of a page into a text document, and remembers where each letter of the source went."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextLength,
    QTextOption,
    QTextTableFormat,
)

from hxd_desktop.ui.fonts import fixed_families
from hxd_desktop.ui.markdown_look import HEADING_SIZES, CodeBlock, panel_look
from hxd_desktop.ui.palette import Palette
from hxd_desktop.ui.paper.model import BOLD, CODE, ITALIC, MUTED, NOWHERE, STRIKE, Kind, Line, Piece, Run
from hxd_desktop.ui.utf16 import units

_MOST_CELLS = 4000  # of one table; a larger one is drawn in several
_NARROW = 4  # columns that always find room
_WIDE = "\u2e80"  # scripts whose letters are twice as wide begin here
_LINE = 60  # letters that a line has room for
_UNBROKEN = 12  # letters of a cell that stay on a line
_WIDEST = 24  # letters in a column of a table with many


@dataclass(slots=True)
class Drawn:
    """Where the letters of the source stand in the document, and its code, to be coloured."""

    starts: list[int] = field(default_factory=list)
    runs: list[tuple[Run, int]] = field(default_factory=list)  # in order of the source, with their places
    code: list[CodeBlock] = field(default_factory=list)
    quotes: list[int] = field(default_factory=list)  # numbers of the blocks

    def places(self, start: int, end: int) -> list[tuple[int, int]]:
        """Return where letters `start` to `end` of the source are drawn: ranges of the document, none for nowhere."""
        found: list[tuple[int, int]] = []
        for run, place in self.runs[max(0, bisect_right(self.starts, start) - 1) :]:
            if run.start >= end:
                break
            a, b = max(start, run.start) - run.start, min(end, run.start + len(run.text)) - run.start
            if a < b:
                first = place + units(run.text[:a])
                found.append((first, first + units(run.text[a:b])))
        return found


def draw(document: QTextDocument, pieces: Sequence[Piece], colours: Palette) -> Drawn:
    """Fill `document` with `pieces`."""
    document.clear()
    writer = _Writer(document, colours)
    whole = QTextCursor(document)
    whole.beginEditBlock()  # or a table would be laid out anew with each of its cells
    for piece in pieces:
        writer.add(piece)
    whole.endEditBlock()
    drawn = writer.drawn
    drawn.runs.sort(key=lambda pair: pair[0].start)
    drawn.starts = [run.start for run, _ in drawn.runs]
    return drawn


class _Writer:
    def __init__(self, document: QTextDocument, colours: Palette) -> None:
        self.drawn = Drawn()
        self._document, self._colours = document, colours
        self._cursor = QTextCursor(document)
        self._fresh = True  # the block at the cursor is empty and not used yet
        font = document.defaultFont()
        self._points = font.pointSizeF()
        self._step = QFontMetricsF(font).height() / 4
        self._mono = fixed_families()
        self._cells: dict[tuple[bool, bool], QTextBlockFormat] = {}
        self._before: Kind | None = None  # the piece above
        self._after_list = 0
        self._looks: dict[tuple[int, bool], QTextCharFormat] = {}

    def add(self, piece: Piece) -> None:
        """Draw one piece below the others."""
        self._after_list = int(self._before is Kind.ITEM is not piece.kind)
        self._before = piece.kind
        match piece.kind:
            case Kind.HEADING:
                self._heading(piece)
            case Kind.ITEM:
                self._item(piece)
            case Kind.QUOTE:
                self._quote(piece)
            case Kind.CODE:
                self._code(piece)
            case Kind.TABLE | Kind.FIELDS:
                self._table(piece)
            case Kind.RULE | Kind.TURN:
                self._rule(piece)
            case _:
                look = self._block(top=0, bottom=2)
                look.setLeftMargin(self._step * 5 * piece.level)
                self._begin(look)
                self._line(piece.line)

    # -- blocks ----------------------------------------------------------------------------------------------
    def _block(self, top: float, bottom: float) -> QTextBlockFormat:
        look = QTextBlockFormat()
        look.setTopMargin(self._step * max(top, self._after_list) if self.drawn.runs else 0)
        look.setBottomMargin(self._step * bottom)
        return look

    def _begin(self, look: QTextBlockFormat) -> None:
        if self._fresh:
            self._cursor.setBlockFormat(look)
            self._cursor.setBlockCharFormat(QTextCharFormat())
            self._fresh = False
        else:
            self._cursor.insertBlock(look, QTextCharFormat())

    def _heading(self, piece: Piece) -> None:
        look = self._block(top=4 if piece.level < 3 else 3, bottom=1.5)
        look.setHeadingLevel(min(max(piece.level, 1), 6))
        self._begin(look)
        letters = QTextCharFormat()
        letters.setFontPointSize(self._points * HEADING_SIZES[min(max(piece.level, 1), 6) - 1])
        letters.setFontWeight(QFont.Weight.Bold)
        self._line(piece.line, letters)

    def _item(self, piece: Piece) -> None:
        look = self._block(top=0, bottom=1)
        wide = self._step * 5
        look.setLeftMargin(wide * piece.level)
        look.setTextIndent(-wide)
        look.setTabPositions([QTextOption.Tab(wide, QTextOption.TabType.LeftTab)])
        self._begin(look)
        self._cursor.insertText(f"{piece.marker}\t", self._look(MUTED))
        self._line(piece.line)

    def _quote(self, piece: Piece) -> None:
        look = self._block(top=1, bottom=3)
        look.setLeftMargin(self._step * 4 * piece.level)
        look.setProperty(QTextFormat.Property.BlockQuoteLevel, piece.level)
        self._begin(look)
        letters = QTextCharFormat()
        letters.setForeground(QColor(self._colours.muted))
        self.drawn.quotes.append(self._cursor.blockNumber())
        self._line(piece.line, letters)

    def _code(self, piece: Piece) -> None:
        self._tighten()
        self._cursor.insertFrame(panel_look(self._colours, self._step))
        first = self._cursor.blockNumber()
        for number, line in enumerate(piece.lines):
            if number:
                self._cursor.insertBlock()
            self._line(line, self._mono_look())
        texts = tuple("".join(run.text for run in line) for line in piece.lines)
        self.drawn.code.append(CodeBlock(first, texts, piece.language))
        self._leave()

    def _rule(self, piece: Piece) -> None:
        first = not self.drawn.runs
        look = self._block(top=4, bottom=1 if piece.line else 3)
        if not first or not piece.line:
            look.setProperty(
                QTextFormat.Property.BlockTrailingHorizontalRulerWidth,
                QTextLength(QTextLength.Type.PercentageLength, 100),
            )
            look.setProperty(QTextFormat.Property.BackgroundBrush, QBrush(QColor(self._colours.line)))
            self._begin(look)
        if piece.line:
            self._begin(self._block(top=0, bottom=2))
            self._line(piece.line, self._small())

    def _tighten(self) -> None:
        """Make the empty line before a table or panel as low as can be: Qt needs one."""
        if self._fresh:
            low = QTextBlockFormat()
            low.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            self._cursor.setBlockFormat(low)

    def _leave(self) -> None:
        """Go on below a table or panel."""
        self._cursor = QTextCursor(self._document)
        self._cursor.movePosition(QTextCursor.MoveOperation.End)
        self._fresh = True

    # -- tables ----------------------------------------------------------------------------------------------
    def _table(self, piece: Piece) -> None:
        width = len(piece.rows[0])
        most = max(1, _MOST_CELLS // max(width, 1))
        for first in range(0, len(piece.rows), most):
            self._grid(piece, first, piece.rows[first : first + most])

    def _grid(self, piece: Piece, first: int, rows: Sequence[tuple[Line, ...]]) -> None:
        fields = piece.kind is Kind.FIELDS
        self._tighten()
        table = self._cursor.insertTable(len(rows), len(rows[0]), self._table_look(piece, fields))
        for number, row in enumerate(rows):
            head = first + number < piece.heads
            for column, line in enumerate(row):
                cell = table.cellAt(number, column)
                self._cursor = cell.firstCursorPosition()
                if head:
                    look = cell.format()
                    look.setBackground(QColor(self._colours.side))
                    cell.setFormat(look)
                self._cursor.setBlockFormat(self._cell_look(_letters(line) <= _UNBROKEN, column in piece.right))
                self._line(line, self._look(BOLD) if head else None)
        self._leave()

    def _cell_look(self, unbroken: bool, right: bool) -> QTextBlockFormat:
        made = self._cells.get((unbroken, right))
        if made is None:
            made = self._cells[unbroken, right] = QTextBlockFormat()
            made.setNonBreakableLines(unbroken)
            if right:
                made.setAlignment(Qt.AlignmentFlag.AlignRight)
        return made

    def _table_look(self, piece: Piece, fields: bool) -> QTextTableFormat:
        look = QTextTableFormat()
        look.setColumnWidthConstraints(self._widths(piece))
        look.setCellSpacing(0)
        look.setTopMargin(self._step * (1 + self._after_list))
        look.setBottomMargin(self._step * 2)
        if fields:
            look.setBorder(0)
            look.setCellPadding(self._step * 0.5)
            return look
        look.setBorder(1)
        look.setBorderBrush(QColor(self._colours.line))
        look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        look.setBorderCollapse(True)
        look.setCellPadding(self._step)
        look.setHeaderRowCount(piece.heads)
        return look

    def _widths(self, piece: Piece) -> list[QTextLength]:
        """Columns of a table with few of them share the room; of one with many each is as wide as a text needs."""
        longest = [max(map(_letters, cells)) for cells in zip(*piece.rows, strict=True)]
        if len(longest) <= _NARROW or sum(longest) + 2 * len(longest) <= _LINE:
            return []
        letter = self._step * 1.6
        most = [letter * min(max(length, 3), _WIDEST) for length in longest]
        return [QTextLength(QTextLength.Type.FixedLength, width) for width in most]

    # -- letters -----------------------------------------------------------------------------------------------
    def _line(self, line: Line, base: QTextCharFormat | None = None) -> None:
        for run in line:
            if not run.text:
                continue
            if run.start != NOWHERE:
                self.drawn.runs.append((run, self._cursor.position()))
            self._cursor.insertText(run.text, self._format(run, base))

    def _format(self, run: Run, base: QTextCharFormat | None) -> QTextCharFormat:
        plain = self._look(run.look)
        if base is None and not run.link:
            return plain
        made = QTextCharFormat(base) if base is not None else QTextCharFormat()
        made.merge(plain)
        if run.link:
            made.setAnchor(True)
            made.setAnchorHref(run.link)
            made.setToolTip(run.link)
            made.setForeground(QColor(self._colours.accent))
            made.setFontUnderline(True)
        return made

    def _look(self, look: int) -> QTextCharFormat:
        made = self._looks.get((look, False))
        if made is None:
            made = self._mono_look() if look & CODE else QTextCharFormat()
            if look & CODE:
                made.setBackground(QColor(self._colours.raised))
            if look & BOLD:
                made.setFontWeight(QFont.Weight.Bold)
            if look & ITALIC:
                made.setFontItalic(True)
            if look & STRIKE:
                made.setFontStrikeOut(True)
            if look & MUTED:
                made.setForeground(QColor(self._colours.muted))
            self._looks[look, False] = made
        return made

    def _mono_look(self) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setFontFamilies(self._mono)
        made.setFontFixedPitch(True)
        made.setFontPointSize(self._points * 0.95)
        return made

    def _small(self) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setFontPointSize(self._points * 0.9)
        return made


def _letters(line: Line) -> int:
    """How wide a line is, in Latin letters."""
    return sum(2 if character >= _WIDE else 1 for run in line for character in run.text)

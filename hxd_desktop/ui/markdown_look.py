"""How Markdown looks once Qt has read it: code in its panel, tables with lines, headings in measure; and its blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
)

from hxd_desktop.ui.fonts import fixed_families
from hxd_desktop.ui.palette import Palette

HEADING_SIZES = (1.3, 1.18, 1.08, 1.0, 1.0, 1.0)
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])\s")


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines of code that stand together: the number of the first block in the document, the lines, the language."""

    first: int
    lines: tuple[str, ...]
    language: str


def settled_part(markdown: str) -> int:
    """Return how much of a text that still grows will not change its look: up to its last block.

    The last block begins after an empty line outside of fenced code, and is no part of a list that began before.
    """
    end = at = 0
    fence = ""
    after_blank = in_list = False
    for line in markdown.splitlines(keepends=True):
        blank = not line.strip()
        mark = _FENCE.match(line)
        if not fence and not blank:
            item = _ITEM.match(line) is not None
            continues = in_list and (item or line[:1].isspace())
            if after_blank and not continues and not line[:1].isspace():
                end = at
            in_list = item or (in_list and (continues or not after_blank))
        if mark:
            if not fence:
                fence = mark[1]
            elif mark[1].startswith(fence):
                fence = ""
        after_blank = blank and not fence
        at += len(line)
    return end


def dress(document: QTextDocument, colours: Palette, *, follows: bool = False) -> list[CodeBlock]:
    """Give code, tables and headings their look; return the code, to be coloured.

    `follows`: the text goes on below another one, so its first line keeps no distance.
    """
    found: list[tuple[int, list[str], str]] = []
    base = document.defaultFont()
    step = QFontMetricsF(base).height() / 4
    mono = fixed_families()
    document.setIndentWidth(step * 5)
    block = document.begin()
    while block.isValid():
        if _is_code(block):
            language = str(block.blockFormat().property(QTextFormat.Property.BlockCodeLanguage) or "")
            before = found[-1] if found else None
            if before is not None and before[0] + len(before[1]) == block.blockNumber() and before[2] == language:
                before[1].append(block.text())
            else:
                found.append((block.blockNumber(), [block.text()], language))
        elif level := block.blockFormat().headingLevel():
            _size(block, base.pointSizeF() * HEADING_SIZES[min(level, 6) - 1], step, first=not block.blockNumber())
        block = block.next()
    panels = [_panel(document, first, len(lines), colours, step, mono) for first, lines, _ in reversed(found)]
    for frame in document.rootFrame().childFrames():
        if isinstance(frame, QTextTable):
            _rule(frame, colours, step)
    if follows and document.begin().textList() is None:
        _set_top_margin(document.begin(), step * 2 if _is_code(document.begin()) else 0)
    # Only now: a panel's own lines move those below it on.
    firsts = [panel.firstCursorPosition().block().blockNumber() for panel in reversed(panels)]
    return [CodeBlock(at, tuple(lines), language) for at, (_, lines, language) in zip(firsts, found, strict=True)]


def _is_code(block: QTextBlock) -> bool:
    look = block.blockFormat()
    return look.hasProperty(QTextFormat.Property.BlockCodeLanguage) or look.hasProperty(
        QTextFormat.Property.BlockCodeFence
    )


def _size(block: QTextBlock, points: float, step: float, *, first: bool) -> None:
    at = block.begin()
    pieces = []
    while not at.atEnd():
        pieces.append(at.fragment())
        at += 1
    for piece in pieces:
        look = piece.charFormat()
        look.clearProperty(QTextFormat.Property.FontSizeAdjustment)
        look.setFontPointSize(points)
        look.setFontWeight(QFont.Weight.Bold)
        cursor = QTextCursor(block)
        cursor.setPosition(piece.position())
        cursor.setPosition(piece.position() + piece.length(), QTextCursor.MoveMode.KeepAnchor)
        cursor.setCharFormat(look)
    margins = block.blockFormat()
    margins.setTopMargin(0 if first else step * 3)
    margins.setBottomMargin(step)
    QTextCursor(block).setBlockFormat(margins)


def _set_top_margin(block: QTextBlock, margin: float) -> None:
    look = block.blockFormat()
    look.setTopMargin(margin)
    QTextCursor(block).setBlockFormat(look)


def _panel(
    document: QTextDocument, first: int, count: int, colours: Palette, step: float, families: list[str]
) -> QTextFrame:
    """Put lines of code into a panel."""
    for number in range(first, first + count):
        block = document.findBlockByNumber(number)
        look: QTextBlockFormat = block.blockFormat()
        look.setNonBreakableLines(False)
        look.setLeftMargin(0)
        look.setRightMargin(0)
        look.setTopMargin(0)
        look.setBottomMargin(0)
        cursor = QTextCursor(block)
        cursor.setBlockFormat(look)
        cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
        letters = cursor.charFormat()
        letters.setFontFamilies(families)
        letters.setFontFixedPitch(True)
        cursor.mergeCharFormat(letters)
    last = document.findBlockByNumber(first + count - 1)
    cursor = QTextCursor(document.findBlockByNumber(first))
    cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
    panel = cursor.insertFrame(panel_look(colours, step))
    inside = panel.firstCursorPosition().block()
    for rest in (inside.previous(), panel.lastCursorPosition().block().next()):
        if rest.isValid() and not rest.text():  # Qt leaves an empty line on either side
            low = QTextBlockFormat()
            low.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
            QTextCursor(rest).setBlockFormat(low)
    return panel


def panel_look(colours: Palette, step: float) -> QTextFrameFormat:
    """A panel for code, apart from what stands above and below it."""
    look = QTextFrameFormat()
    look.setBackground(QColor(colours.raised))
    look.setPadding(step * 2)
    look.setTopMargin(step * 2)
    look.setBottomMargin(step * 3)
    return look


def _rule(table: QTextTable, colours: Palette, step: float) -> None:
    look = table.format()
    look.setBorder(1)
    look.setBorderBrush(QColor(colours.line))
    look.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    look.setBorderCollapse(True)
    look.setCellPadding(step)
    look.setCellSpacing(0)
    look.setTopMargin(step)
    look.setBottomMargin(step)
    look.setWidth(QTextLength(QTextLength.Type.VariableLength, 0))
    table.setFormat(look)
    for row in range(table.rows()):
        for column in range(table.columns()):
            cell = table.cellAt(row, column)
            cursor = cell.firstCursorPosition()
            if not cursor.block().text() and cursor.block() != cell.lastCursorPosition().block():
                cursor.deleteChar()  # Qt leaves an empty line in the first cell
            tight = cursor.blockFormat()
            tight.setTopMargin(0)
            tight.setBottomMargin(0)
            cursor.setBlockFormat(tight)
            if row == 0:
                head = cell.format()
                head.setBackground(QColor(colours.side))
                cell.setFormat(head)
                cursor.setPosition(cell.lastCursorPosition().position(), QTextCursor.MoveMode.KeepAnchor)
                letters = QTextCharFormat()
                letters.setFontWeight(QFont.Weight.Bold)
                cursor.mergeCharFormat(letters)

"""A document's text, set or as it is in the source, with passages marked at their exact places."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QTextCharFormat, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QTextBrowser, QTextEdit, QWidget

from hxd_desktop.engine.viewing import DocumentView
from hxd_desktop.ui import layouts
from hxd_desktop.ui.fonts import fixed_families
from hxd_desktop.ui.paper.pieces import pieces_of
from hxd_desktop.ui.paper.writer import Drawn, draw
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.theme import Theme
from hxd_desktop.ui.utf16 import units

Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Marked:
    """Ranges of the document: of the passage, of what is looked for, and which of these is the one looked at."""

    passage: tuple[Range, ...] = ()
    hits: tuple[tuple[Range, ...], ...] = ()
    current: int = -1


class PaperText(RichText):
    """Shows a part of a document. What is not drawn is not marked: `marked` and `places_of_hit` tell."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._view: DocumentView | None = None
        self._as_source = False
        self._scale = 1.0
        self._current = -1
        self._drawn = Drawn()
        self._found = _Marked()
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or all is laid out twice
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.document().setDocumentMargin(layouts.unit(self) * 3)

    def show_view(self, view: DocumentView, *, source: bool, scale: float, current: int = -1) -> None:
        """Show a part of a document.

        Args:
            view: What the engine shows of it.
            source: Show its text as it is.
            scale: Of the letters, 1 for those of the window.
            current: Which of the hits is looked at, -1 for none.
        """
        wanted = (view, source, scale)
        self._current = current
        if wanted != (self._view, self._as_source, self._scale):
            self._view, self._as_source, self._scale = wanted
            self._render()
        else:
            self._mark_all()

    def go_to(self) -> None:
        """Bring the hit that is looked at into view, else the passage, a third down; else the beginning."""
        ranges = self._found.hits[self._found.current] if self.hit_is_seen else self._found.passage
        cursor = QTextCursor(self.document())
        cursor.setPosition(ranges[0][0] if ranges else 0)
        self.setTextCursor(cursor)  # from here a screen reader reads
        self.horizontalScrollBar().setValue(0)
        bar = self.verticalScrollBar()
        down = bar.value() + self.cursorRect(cursor).top() - self.viewport().height() // 3
        bar.setValue(down if ranges else 0)
        if ranges:
            self.ensureCursorVisible()

    @property
    def marked(self) -> bool:
        """Whether the passage is seen."""
        return bool(self._found.passage)

    @property
    def hit_is_seen(self) -> bool:
        """Whether the hit that is looked at is seen."""
        return 0 <= self._found.current < len(self._found.hits) and bool(self._found.hits[self._found.current])

    def _render(self) -> None:
        view = self._view
        if view is None:
            super()._render()
            return
        document = self.document()
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * self._scale)
        document.setDefaultFont(font)
        if self._as_source:
            document.clear()
            look = QTextCharFormat()
            look.setFontFamilies(fixed_families())
            QTextCursor(document).insertText(view.text, look)
        else:
            self._drawn = draw(document, pieces_of(view), self._theme.palette)
            self._tell_apart(self._drawn.code)
        self._mark_all()

    def _mark_all(self) -> None:
        view = self._view
        if view is None:
            return
        hits = tuple(tuple(self._places(hit)) for hit in view.hits)
        passage = tuple(place for mark in view.marks for place in self._places(mark))
        self._found = _Marked(passage, hits, self._current)
        colours = self._theme.palette
        chosen = [self._selection(place, colours.mark) for place in (() if hits else passage)]
        for number, ranges in enumerate(hits):
            current = number == self._found.current
            chosen += [
                self._selection(place, colours.accent if current else colours.mark, current=current) for place in ranges
            ]
        self.setExtraSelections(chosen)

    def _places(self, stretch: Range) -> Sequence[Range]:
        assert self._view is not None
        if not self._as_source:
            return self._drawn.places(*stretch)
        first = units(self._view.text[: stretch[0]])
        return [(first, first + units(self._view.text[slice(*stretch)]))]

    def _selection(self, place: Range, colour: str, *, current: bool = False) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        made.cursor = self._range(*place)
        made.format.setBackground(QColor(colour))
        if current:
            made.format.setForeground(QColor(self._theme.palette.on_accent))
        return made

    def _fit(self) -> None:
        """It scrolls, and is as high as its place."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._as_source or not self._drawn.quotes:
            return
        painter = QPainter(self.viewport())
        layout, step = self.document().documentLayout(), layouts.unit(self)
        across, down = self.horizontalScrollBar().value(), self.verticalScrollBar().value()
        for number in self._drawn.quotes:
            block = self.document().findBlockByNumber(number)
            box = layout.blockBoundingRect(block).translated(-across, -down)
            left = box.left() + block.blockFormat().leftMargin() - step * 3
            painter.fillRect(QRectF(left, box.top(), step * 0.75, box.height()), QColor(self._theme.palette.track))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll; with Ctrl the pane around it zooms."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            QTextBrowser.wheelEvent(self, event)

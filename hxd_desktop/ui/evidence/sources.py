"""The sources of an answer as numbered cards."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.elided import ElidedLabel
from hxd_desktop.ui.evidence.bars import Bars
from hxd_desktop.ui.evidence.reading import SourceReading
from hxd_desktop.ui.harmless import tip
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.paper.excerpt import Excerpt
from hxd_desktop.ui.theme import Theme


class SourceCard(QFrame):
    """One source: number, file, place, scores, passage with the matched words marked."""

    chosen = Signal(int)
    open_asked = Signal(str)
    document_asked = Signal(object)  # Passage
    link_asked = Signal(object)  # Passage

    def __init__(self, theme: Theme, reading: SourceReading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.reading = reading
        self.setProperty("role", "card")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(
            t(
                "Source {n}: {name}, {place}",
                n=reading.n,
                name=reading.file_name,
                place=reading.place or reading.library,
            )
        )
        step = layouts.unit(self)
        box = layouts.column(self, margin=3, spacing=2)
        head = QHBoxLayout()
        head.setSpacing(step * 2)
        number = layouts.label(str(reading.n), "number")
        show = layouts.tool(theme, "file-text", t("Show in the document"), name="show_document")
        show.clicked.connect(lambda: self.document_asked.emit(reading.target))
        link = layouts.tool(theme, "link", t("Copy a link to this passage"), name="copy_link")
        link.clicked.connect(lambda: self.link_asked.emit(reading.target))
        name = ElidedLabel(reading.file_name, "title", Qt.TextElideMode.ElideMiddle)
        name.setObjectName("source_name")
        name.setToolTip(tip(formats.short_path(reading.path)))
        open_button = layouts.tool(theme, "external-link", t("Open in its program"), name="open_document")
        open_button.clicked.connect(lambda: self.open_asked.emit(reading.path))
        head.addWidget(number)
        head.addWidget(name, 1)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        for button in (show, link, open_button):
            tools.addWidget(button)
        head.addLayout(tools)
        box.addLayout(head)
        place = " · ".join(part for part in (reading.place, reading.library) if part)
        box.addWidget(layouts.label(place, "small", wrap=True, name="source_place"))
        self._passage = Excerpt(theme)
        self._passage.setObjectName("passage")
        self._passage.setAccessibleName(t("Passage of source {n}", n=reading.n))
        box.addWidget(self._passage)
        if reading.excerpt != (0, len(reading.passage)):
            self._whole = layouts.push(t("Show the whole passage"), "link", name="whole_passage")
            self._whole.clicked.connect(self._show_whole)
            box.addWidget(self._whole, 0, Qt.AlignmentFlag.AlignLeft)
        self._show_passage(*reading.excerpt)
        if reading.bars:
            box.addWidget(Bars(theme, reading.bars))

    def _show_whole(self) -> None:
        self._whole.hide()
        self._show_passage(0, len(self.reading.passage))

    def _show_passage(self, start: int, end: int) -> None:
        marks = [(max(a, start), min(b, end)) for a, b in self.reading.marks if a < end and b > start]
        self._passage.show_excerpt(self.reading.passage, self.reading.path, marks, start, end)

    def set_chosen(self, chosen: bool) -> None:
        """Show the card as the chosen one, or not."""
        self.setProperty("chosen", chosen)
        self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.reading.n)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.document_asked.emit(self.reading.target)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.chosen.emit(self.reading.n)
        super().focusInEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.document_asked.emit(self.reading.target)
        else:
            super().keyPressEvent(event)


class SourceList(QScrollArea):
    """The cards, one below the other; Up and Down move between them, Enter opens the document."""

    open_asked = Signal(str)
    chosen = Signal(int)
    document_asked = Signal(object)  # Passage
    link_asked = Signal(object)  # Passage

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.readings: list[SourceReading] = []
        self._cards: list[SourceCard] = []
        self._waiting: list[str | SourceReading] = []  # what is still to be put up, the next one last
        self._next = QTimer(self, interval=0)
        self._next.timeout.connect(self._put_up)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(t("Sources"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        content = QWidget()
        self._column: QVBoxLayout = layouts.column(content, margin=3, spacing=2)
        content.setObjectName("content")
        self.setWidget(content)

    @property
    def cards(self) -> list[SourceCard]:
        """The cards, all of them: those that are still to come are put up now."""
        while self._waiting:
            self._put_up()
        return self._cards

    def show_groups(self, groups: Sequence[tuple[str, Sequence[SourceReading]]]) -> None:
        """Show cards, each group under a line that says what it is; one a turn, so that nobody waits for them."""
        layouts.clear(self._column)
        self._cards.clear()
        self.readings = [reading for _, readings in groups for reading in readings]
        self._waiting.clear()
        for lead, readings in groups:
            self._waiting += [lead, *readings]
        self._waiting.reverse()
        self.verticalScrollBar().setValue(0)
        self._next.start()

    def _put_up(self) -> None:
        """Put up the next card, with the line before it."""
        while self._waiting:
            item = self._waiting.pop()
            if isinstance(item, str):
                self._column.addWidget(layouts.label(item, "small", wrap=True, name="sources_lead"))
                continue
            self._column.addWidget(self._card(item))
            break
        if not self._waiting:
            self._next.stop()
            self._column.addStretch(1)

    def _card(self, reading: SourceReading) -> SourceCard:
        card = SourceCard(self._theme, reading)
        card.chosen.connect(self._mark_chosen)
        card.open_asked.connect(self.open_asked)
        card.chosen.connect(self.chosen)
        card.document_asked.connect(self.document_asked)
        card.link_asked.connect(self.link_asked)
        self._cards.append(card)
        return card

    def choose(self, n: int) -> None:
        """Mark source `n` and bring it into view."""
        self._mark_chosen(n)
        card = next((card for card in self.cards if card.reading.n == n), None)
        if card is not None:
            # The cards have their heights only after the layout has run.
            QTimer.singleShot(0, card, lambda: self._show_top(card))

    def _show_top(self, card: SourceCard) -> None:
        self.verticalScrollBar().setValue(card.y() - layouts.unit(self) * 2)

    def _mark_chosen(self, n: int) -> None:
        for card in self.cards:
            card.set_chosen(card.reading.n == n)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = next((i for i, card in enumerate(self.cards) if card.hasFocus()), None)
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if at is None or step is None or not 0 <= at + step < len(self.cards):
            super().keyPressEvent(event)
            return
        self.cards[at + step].setFocus(Qt.FocusReason.TabFocusReason)
        self.ensureWidgetVisible(self.cards[at + step])

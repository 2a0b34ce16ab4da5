"""The conversation: a column of exchanges, of which only those near what is seen have widgets."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QModelIndex, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.chat.exchange_view import ExchangeView
from hxd_desktop.ui.chat.model import ChatModel
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.rich_text import focus_inside
from hxd_desktop.ui.theme import Theme

_PAGE = 3  # exchanges made at a time
_MOST = 18  # that have widgets
_GAP_UNITS = 6
_PASSES = 5  # as deep as the layouts of an exchange are


class ChatView(QScrollArea):
    """Shows a `ChatModel`. A stretch of exchanges has widgets; above and below it, empty space stands for the others.

    Heights that were never seen are guessed from the text. What is looked at stays where it is when guesses turn out
    wrong.
    """

    citation_clicked = Signal(object, int)
    chosen = Signal(object)
    why_asked = Signal(object)
    retry_asked = Signal(object, bool)
    edited = Signal(object, str)
    branch_asked = Signal(object, int)
    judged = Signal(object, bool, bool)
    link_clicked = Signal(QUrl)
    went_below = Signal()  # by keys, from the last message

    def __init__(self, theme: Theme, model: ChatModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._first = 0  # row of the first exchange that has a widget
        self._views: list[ExchangeView] = []
        self._heights: dict[int, int] = {}  # by the exchange's key
        self._pinned = True
        self._moving = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setProperty("role", "stop")
        self.setAccessibleName(t("Conversation"))
        self._content = QWidget()
        self._content.setObjectName("content")
        self._across = across = QHBoxLayout(self._content)
        step = layouts.unit(self)
        self._gap = step * _GAP_UNITS
        across.setContentsMargins(step * 4, step * 4, step * 4, step * 4)
        across.addStretch(1)
        self._holder = QWidget()
        self._holder.setMaximumWidth(step * layouts.COLUMN)
        across.addWidget(self._holder, 1000)
        across.addStretch(1)
        self._column: QVBoxLayout = layouts.column(self._holder, spacing=_GAP_UNITS)
        self._above, self._below = QWidget(), QWidget()
        self._column.addWidget(self._above)
        self._column.addWidget(self._below)
        self._column.addStretch(1)
        self.setWidget(self._content)
        bar = self.verticalScrollBar()
        bar.setSingleStep(step * 5)
        for keys, rows in (("Ctrl+Up", -1), ("Ctrl+Down", 1)):  # whatever in a message has the keyboard
            shortcut = QShortcut(QKeySequence(keys), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda rows=rows: self._step(rows))
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._scrolled)
        model.modelReset.connect(self._rebuild)
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.dataChanged.connect(self._changed)
        self._rebuild()

    def exchange_views(self) -> list[ExchangeView]:
        """The widgets of the exchanges that have one, in order."""
        return list(self._views)

    def reveal(self, row: int) -> None:
        """Bring an exchange to the top of what is seen."""
        if not 0 <= row < self._model.rowCount():
            return
        self._pinned = False
        if not self._first <= row < self._first + len(self._views):
            self._clear()
            self._first = row
        self._settle(row, layouts.unit(self) * 4)
        self._fill(row, layouts.unit(self) * 4)

    # -- following the model -------------------------------------------------------------------------
    def _rebuild(self) -> None:
        self._clear()
        known = {exchange.key for exchange in self._model.exchanges}
        self._heights = {key: height for key, height in self._heights.items() if key in known}
        self._pinned = True
        self._first = max(0, self._model.rowCount() - _PAGE)
        for row in range(self._first, self._model.rowCount()):
            self._put(row)
        self._settle(self._model.rowCount() - 1, None)
        self._fill(self._model.rowCount() - 1, None)

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        if self._first + len(self._views) < first:  # the end has no widgets: go there
            self._rebuild()
            return
        for row in range(first, last + 1):
            self._put(row)
        self._pinned = True  # one's own question is always brought into view
        self._settle(last, None)
        self._trim(end=False)

    def _removed(self, parent: QModelIndex, first: int, last: int) -> None:
        while self._views and self._first + len(self._views) > first:
            self._remove(self._views.pop())
        if not self._views:
            self._rebuild()
        else:
            self._settle(None, None)

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        for row in range(max(first.row(), self._first), min(last.row() + 1, self._first + len(self._views))):
            self._views[row - self._first].refresh()

    # -- which exchanges have widgets ------------------------------------------------------------------
    def _put(self, row: int) -> ExchangeView:
        """Make the widget of the row before or after those that have one."""
        view = ExchangeView(self._theme, self._model.exchanges[row])
        view.citation_clicked.connect(self.citation_clicked)
        view.chosen.connect(self.chosen)
        view.why_asked.connect(self.why_asked)
        view.retry_asked.connect(self.retry_asked)
        view.edited.connect(self.edited)
        view.branch_asked.connect(self.branch_asked)
        view.judged.connect(self.judged)
        view.link_clicked.connect(self.link_clicked)
        if row < self._first:
            self._first = row
            self._column.insertWidget(1, view)
            if self._views:
                view.stackUnder(self._views[0])  # the order in which a screen reader goes
                last = view.findChildren(QWidget)[-1]
                QWidget.setTabOrder(last, self._views[0])
            self._views.insert(0, view)
        else:
            self._column.insertWidget(1 + len(self._views), view)
            self._views.append(view)
        view.show()
        return view

    def _remove(self, view: ExchangeView) -> None:
        if view.height() > 1:
            self._heights[view.exchange.key] = view.height()
        if focus_inside(view, QApplication.focusWidget()):
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()

    def _clear(self) -> None:
        for view in self._views:
            self._remove(view)
        self._views.clear()

    def _trim(self, *, end: bool) -> None:
        """Let widgets go that are far away, at the end or at the beginning."""
        while len(self._views) > _MOST:
            view = self._views.pop() if end else self._views.pop(0)
            self._first += 0 if end else 1
            self._remove(view)

    def _fill(self, anchor: int, at: int | None) -> None:
        """Make widgets until what is seen, and as much again on either side, has them."""
        if not self.isVisible():  # nothing has its place yet; `showEvent` goes on
            return
        for _ in range(_MOST // _PAGE):
            seen = self.viewport().height()
            value, top, bottom = self.verticalScrollBar().value(), self._top(), self._bottom()
            if self._first > 0 and top > value - seen // 2:
                for row in range(self._first - 1, max(-1, self._first - 1 - _PAGE), -1):
                    self._put(row)
            elif self._first + len(self._views) < self._model.rowCount() and bottom < value + seen + seen // 2:
                after = self._first + len(self._views)
                for row in range(after, min(after + _PAGE, self._model.rowCount())):
                    self._put(row)
            else:
                return
            self._settle(anchor, at)

    def _top(self) -> int:
        return self._y(self._views[0]) if self._views else 0

    def _bottom(self) -> int:
        return self._y(self._views[-1]) + self._views[-1].height() if self._views else 0

    def _y(self, view: QWidget) -> int:
        return view.mapTo(self._content, QPoint(0, 0)).y()

    def _guess(self, row: int) -> int:
        exchange = self._model.exchanges[row]
        if (known := self._heights.get(exchange.key)) is not None:
            return known
        line = self.fontMetrics().lineSpacing()
        text = exchange.text if exchange.message_id is not None else exchange.shown_text  # its record stays unread
        lines = 7 + text.count("\n") + len(text) // 90 + len(exchange.question) // 70
        return line * lines

    def _settle(self, anchor: int | None, at: int | None) -> None:
        """Lay out at once, with row `anchor` kept `at` pixels below the top of what is seen (None: at the end)."""
        before, after = range(self._first), range(self._first + len(self._views), self._model.rowCount())
        for spacer, rows in ((self._above, before), (self._below, after)):
            spacer.setFixedHeight(sum(self._guess(row) + self._gap for row in rows) - self._gap if rows else 0)
            spacer.setVisible(bool(rows))
        self._moving = True
        for _ in range(_PASSES):  # texts know their height when they have their width
            self._across.activate()
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self._moving = False
        bar = self.verticalScrollBar()
        if self._pinned:
            bar.setValue(bar.maximum())
        elif anchor is not None and at is not None and 0 <= anchor - self._first < len(self._views):
            self._moving = True
            bar.setValue(self._y(self._views[anchor - self._first]) - at)
            self._moving = False

    # -- scrolling ----------------------------------------------------------------------------------
    def _range_changed(self) -> None:
        if self._pinned:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _scrolled(self, value: int) -> None:
        if self._moving or not self._views:
            return
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        self._pinned = value >= bar.maximum() - layouts.unit(self) * 4
        top, bottom = self._top(), self._bottom()
        if value + seen < top or value > bottom:
            self._jump(value)
        elif value < top + seen // 2 and self._first > 0:
            self._grow(up=True)
        elif value + seen > bottom - seen // 2 and self._first + len(self._views) < self._model.rowCount():
            self._grow(up=False)

    def _grow(self, *, up: bool) -> None:
        """Make some more widgets in the direction of scrolling, let as many go on the other side."""
        anchor, at = self._seen()
        if up:
            for row in range(self._first - 1, max(-1, self._first - 1 - _PAGE), -1):
                self._put(row)
        else:
            after = self._first + len(self._views)
            for row in range(after, min(after + _PAGE, self._model.rowCount())):
                self._put(row)
        pinned, self._pinned = self._pinned, False
        self._trim(end=up)
        self._settle(anchor, at)
        self._pinned = pinned

    def _seen(self) -> tuple[int, int]:
        """The first row that is seen, and how far below the top it begins."""
        value = self.verticalScrollBar().value()
        for row, view in enumerate(self._views, self._first):
            y = self._y(view)
            if y + view.height() > value:
                return row, y - value
        return self._first + len(self._views) - 1, 0

    def _jump(self, value: int) -> None:
        """Show what the guesses place at `value`, far from every widget."""
        y, row = self.contentsMargins().top() + layouts.unit(self) * 4, 0
        while row < self._model.rowCount() - 1 and y + self._guess(row) < value:
            y += self._guess(row) + self._gap
            row += 1
        self._clear()
        self._first = row
        self._settle(None, None)
        self._put(row)
        self._settle(row, y - value)
        self._fill(row, y - value)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._pinned:
            self._settle(None, None)
            self._fill(self._model.rowCount() - 1, None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._heights.clear()

    # -- keys ---------------------------------------------------------------------------------------
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends; the rest as any scroll area."""
        bar, last = self.verticalScrollBar(), self._model.rowCount() - 1
        match event.key():
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
                if self._first + len(self._views) <= last:
                    self._rebuild()
            case Qt.Key.Key_Home:
                self.reveal(0)
            case _:
                super().keyPressEvent(event)

    def go_to_last(self) -> None:
        """Give the last message the keyboard."""
        self._go_to(self._model.rowCount() - 1)

    def _step(self, step: int) -> None:
        focused = QApplication.focusWidget()
        at = next((row for row, view in enumerate(self._views, self._first) if focus_inside(view, focused)), None)
        row = self._seen()[0] if at is None else at + step
        if row >= self._model.rowCount():
            self.went_below.emit()
        else:
            self._go_to(max(row, 0))

    def _go_to(self, row: int) -> None:
        if not self._views:
            return
        self.reveal(row)
        self._views[row - self._first].setFocus(Qt.FocusReason.ShortcutFocusReason)

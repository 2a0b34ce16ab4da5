"""The conversation: a column of exchanges that follows its end while it grows and makes earlier ones on the way up."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.chat.exchange import Exchange
from hxd_desktop.ui.chat.exchange_view import ExchangeView
from hxd_desktop.ui.chat.model import ChatModel
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme

_PAGE = 20  # exchanges made at a time
_COLUMN_UNITS = 190  # widest column, in steps of the grid: about 80 characters a line


class ChatView(QScrollArea):
    """Shows a `ChatModel`. Only the last exchanges have widgets; scrolling up makes earlier ones, a page at a time."""

    citation_clicked = Signal(object, int)
    chosen = Signal(object)
    why_asked = Signal(object)
    retry_asked = Signal(object, bool)
    judged = Signal(object, bool)
    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, model: ChatModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model
        self._first = 0  # row of the first exchange that has a widget
        self._views: list[ExchangeView] = []
        self._pinned = True
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(t("Conversation"))
        self._content = QWidget()
        self._content.setObjectName("content")
        self._across = across = QHBoxLayout(self._content)
        step = layouts.unit(self)
        across.setContentsMargins(step * 4, step * 4, step * 4, step * 4)
        across.addStretch(1)
        holder = QWidget()
        holder.setMaximumWidth(step * _COLUMN_UNITS)
        across.addWidget(holder, 1000)
        across.addStretch(1)
        self._column: QVBoxLayout = layouts.column(holder, spacing=6)
        self._column.addStretch(1)
        self.setWidget(self._content)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._range_changed)
        bar.valueChanged.connect(self._scrolled)
        model.modelReset.connect(self._rebuild)
        model.rowsInserted.connect(self._inserted)
        model.dataChanged.connect(self._changed)
        self._rebuild()

    def exchange_views(self) -> list[ExchangeView]:
        """The widgets of the exchanges that have one, in order."""
        return list(self._views)

    # -- following the model -------------------------------------------------------------------------
    def _rebuild(self) -> None:
        for view in self._views:
            self._remove(view)
        self._views.clear()
        self._pinned = True
        self._first = max(0, self._model.rowCount() - _PAGE)
        for exchange in self._model.exchanges[self._first :]:
            self._views.append(self._make(exchange, self._column.count() - 1))

    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            self._views.append(self._make(self._model.exchanges[row], self._column.count() - 1))
        self._pinned = True  # one's own question is always brought into view
        self._range_changed()

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        for row in range(max(first.row(), self._first), last.row() + 1):
            self._views[row - self._first].refresh()

    def _make(self, exchange: Exchange, at: int) -> ExchangeView:
        view = ExchangeView(self._theme, exchange)
        view.citation_clicked.connect(self.citation_clicked)
        view.chosen.connect(self.chosen)
        view.why_asked.connect(self.why_asked)
        view.retry_asked.connect(self.retry_asked)
        view.judged.connect(self.judged)
        view.link_clicked.connect(self.link_clicked)
        self._column.insertWidget(at, view)
        return view

    def _remove(self, view: ExchangeView) -> None:
        self._column.removeWidget(view)
        view.hide()
        view.deleteLater()

    # -- scrolling ----------------------------------------------------------------------------------
    def _range_changed(self) -> None:
        if self._pinned:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum())

    def _scrolled(self, value: int) -> None:
        bar = self.verticalScrollBar()
        self._pinned = value >= bar.maximum() - layouts.unit(self) * 4
        if value < self.viewport().height() // 2 and self._first and not self._pinned:
            self._earlier()

    def _earlier(self) -> None:
        bar = self.verticalScrollBar()
        from_end = bar.maximum() - bar.value()
        start = max(0, self._first - _PAGE)
        made = [self._make(exchange, at) for at, exchange in enumerate(self._model.exchanges[start : self._first])]
        self._views[:0] = made
        self._first = start
        self._across.activate()
        self._content.adjustSize()
        bar.setValue(bar.maximum() - from_end)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End go to the ends; the rest as any scroll area."""
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        elif event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        else:
            super().keyPressEvent(event)

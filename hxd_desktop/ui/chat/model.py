"""The Qt model of a conversation: one row an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hxd_desktop.engine.answering.model import Answer
from hxd_desktop.ui.chat.exchange import Exchange, Phase
from hxd_desktop.ui.mailbox import End

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
EXCHANGE_ROLE = Qt.ItemDataRole.UserRole


class ChatModel(QAbstractListModel):
    """The exchanges of the conversation on screen; views hear of every change."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.exchanges: list[Exchange] = []

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.exchanges)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.exchanges):
            return None
        exchange = self.exchanges[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{exchange.question}\n{exchange.shown_text}"
        if role == EXCHANGE_ROLE:
            return exchange
        return None

    def show(self, exchanges: Sequence[Exchange]) -> None:
        """Show another conversation."""
        self.beginResetModel()
        self.exchanges = list(exchanges)
        self.endResetModel()

    def append(self, exchange: Exchange) -> int:
        """Add an exchange at the end; return its row."""
        row = len(self.exchanges)
        self.beginInsertRows(QModelIndex(), row, row)
        self.exchanges.append(exchange)
        self.endInsertRows()
        return row

    def cut(self, row: int) -> None:
        """Take an exchange and all after it off the screen: another branch stands there now."""
        if row < len(self.exchanges):
            self.beginRemoveRows(QModelIndex(), row, len(self.exchanges) - 1)
            del self.exchanges[row:]
            self.endRemoveRows()

    def row_of(self, ticket: int) -> int | None:
        """The row of the exchange that runs under `ticket`."""
        for row in reversed(range(len(self.exchanges))):
            if self.exchanges[row].ticket == ticket:
                return row
        return None

    def set_stage(self, ticket: int, stage: str) -> None:
        """Name the stage that runs."""
        row = self.row_of(ticket)
        if row is not None:
            self.exchanges[row].stage = stage
            self.touch(row)

    def add_text(self, ticket: int, piece: str) -> None:
        """Add a piece of the answer."""
        row = self.row_of(ticket)
        if row is not None:
            exchange = self.exchanges[row]
            exchange.text += piece
            exchange.phase = Phase.WRITING
            self.touch(row)

    def finish(self, ticket: int, end: End) -> int | None:
        """Put the answer, the refusal or the problem in its place; return the row."""
        row = self.row_of(ticket)
        if row is None:
            return None
        exchange = self.exchanges[row]
        if isinstance(end, Answer):
            exchange.answer = end
        else:
            exchange.problem = end
        exchange.phase, exchange.ticket = Phase.DONE, None
        self.touch(row)
        return row

    def touch(self, row: int) -> None:
        """Tell the views that a row changed."""
        index = self.index(row)
        self.dataChanged.emit(index, index)

"""The Qt model of the conversations, pinned ones first, then the newest."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from hxd_desktop.engine.library.model import Conversation
from hxd_desktop.ui import formats
from hxd_desktop.ui.harmless import tip
from hxd_desktop.ui.i18n import t

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
ID_ROLE = Qt.ItemDataRole.UserRole
WHEN_ROLE = Qt.ItemDataRole.UserRole + 1
PINNED_ROLE = Qt.ItemDataRole.UserRole + 2


class ConversationModel(QAbstractListModel):
    """All kept conversations; editing a row is a wish to rename it, granted by `set_conversations`."""

    rename_asked = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.conversations: list[Conversation] = []

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.conversations)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.conversations):
            return None
        conversation = self.conversations[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return conversation.title or t("New chat")
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{conversation.title}\n{formats.when(conversation.updated_at)}")
        if role == ID_ROLE:
            return conversation.id
        if role == WHEN_ROLE:
            return formats.when(conversation.updated_at)
        if role == PINNED_ROLE:
            return conversation.pinned
        if role == Qt.ItemDataRole.AccessibleTextRole:
            title = conversation.title or t("New chat")
            return t("{title}, pinned", title=title) if conversation.pinned else title
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.isValid() else flags

    def setData(self, index: _Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        title = str(value).strip()
        if not index.isValid() or role != Qt.ItemDataRole.EditRole or not title:
            return False
        self.rename_asked.emit(self.conversations[index.row()].id, title)
        return True

    def set_conversations(self, conversations: list[Conversation]) -> None:
        """Take the present conversations."""
        newest_first = sorted(conversations, key=lambda item: (not item.pinned, -item.updated_at, -item.id))
        if [item.id for item in newest_first] == [item.id for item in self.conversations]:
            changed = [row for row, item in enumerate(newest_first) if item != self.conversations[row]]
            self.conversations = newest_first
            for row in changed:
                self.dataChanged.emit(self.index(row), self.index(row))
            return
        self.beginResetModel()
        self.conversations = newest_first
        self.endResetModel()

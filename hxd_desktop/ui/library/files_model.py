"""The Qt model of a library's files: the coverage table."""

from __future__ import annotations

import os
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.model import DocumentInfo
from hxd_desktop.ui import formats
from hxd_desktop.ui.i18n import mark, t

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SORT_ROLE = Qt.ItemDataRole.UserRole
PATH_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2

COLUMNS = (mark("File"), mark("State"), mark("Reason"), mark("Size"), mark("Passages"), mark("Folder"))
STATES = {
    DocumentState.INDEXED: mark("indexed"),
    DocumentState.QUEUED: mark("queued"),
    DocumentState.FAILED: mark("failed"),
    DocumentState.NEEDS_OCR: mark("scan without text"),
    DocumentState.EMPTY: mark("empty"),
    DocumentState.SKIPPED: mark("skipped"),
}

_NUMBERS = (3, 4)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FilesModel(QAbstractTableModel):
    """One row a file, each in exactly one state, with its reason."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.documents: list[DocumentInfo] = []

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.documents)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in _NUMBERS else _LEFT
        return t(COLUMNS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.documents):
            return None
        document, column = self.documents[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(document, column)
        if role == SORT_ROLE:
            numbers = {3: document.size_bytes, 4: document.chunks}
            return numbers.get(column, self._text(document, column).casefold())
        if role == Qt.ItemDataRole.ToolTipRole:
            return document.reason if column == 2 else document.path
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if column in _NUMBERS else _LEFT
        return {PATH_ROLE: document.path, STATE_ROLE: document.state}.get(role)

    def _text(self, document: DocumentInfo, column: int) -> str:
        match column:
            case 0:
                return os.path.basename(document.path) or document.path
            case 1:
                return t(STATES[document.state])
            case 2:
                return document.reason or ""
            case 3:
                return formats.size(document.size_bytes)
            case 4:
                return formats.count(document.chunks)
            case _:
                return formats.short_path(os.path.dirname(document.path))

    def set_documents(self, documents: list[DocumentInfo]) -> None:
        """Take the present files."""
        self.beginResetModel()
        self.documents = documents
        self.endResetModel()

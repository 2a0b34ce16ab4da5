"""The Qt model of a library's files: as many rows as there are files, of which it knows those that are looked at."""

from __future__ import annotations

import os
from array import array
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.coverage import Order
from hxd_desktop.engine.library.model import DocumentInfo
from hxd_desktop.ui import formats
from hxd_desktop.ui.harmless import file_name, shown, tip
from hxd_desktop.ui.i18n import mark, t

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
PATH_ROLE = Qt.ItemDataRole.UserRole + 1
STATE_ROLE = Qt.ItemDataRole.UserRole + 2

# Name, what the column is sorted by, whether it holds numbers.
COLUMNS = (
    (mark("File"), Order.NAME, False),
    (mark("State"), Order.STATE, False),
    (mark("Reason"), Order.REASON, False),
    (mark("Passages"), Order.CHUNKS, True),
    (mark("Size"), Order.SIZE, True),
    (mark("Read as"), Order.PARSER, False),
    (mark("Time"), Order.PARSE_MS, True),
    (mark("Changed"), Order.MODIFIED, False),
    (mark("Folder"), Order.PATH, False),
)
STATES = {
    DocumentState.INDEXED: mark("indexed"),
    DocumentState.QUEUED: mark("queued"),
    DocumentState.FAILED: mark("failed"),
    DocumentState.NEEDS_OCR: mark("scan without text"),
    DocumentState.EMPTY: mark("empty"),
    DocumentState.SKIPPED: mark("skipped"),
}
PAGE = 128  # rows that are read at a time
_KEPT = 40  # pages that are kept
_ROLES = frozenset(
    {
        Qt.ItemDataRole.DisplayRole,
        Qt.ItemDataRole.ToolTipRole,
        Qt.ItemDataRole.ForegroundRole,
        PATH_ROLE,
        STATE_ROLE,
    }
)
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class FilesModel(QAbstractTableModel):
    """One row a file, each in exactly one state, with its reason.

    Rows that are looked at and not known yet are asked for by `wanted` (their ids), once a turn of the event loop;
    `know` brings them. Sorting is asked for by `sort_asked`.
    """

    wanted = Signal(list)  # list[int]
    sort_asked = Signal(object, bool)  # Order, descending

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: array[int] = array("q")
        self._pages: OrderedDict[int, dict[int, DocumentInfo]] = OrderedDict()
        self._missing: set[int] = set()
        self._asked: set[int] = set()
        self._offline: list[str] = []  # folders
        self._ask = QTimer(self, singleShot=True, interval=0)
        self._ask.timeout.connect(self._ask_for_missing)

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.ids)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[section][2] else _LEFT
        return t(COLUMNS[section][0]) if role == Qt.ItemDataRole.DisplayRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(COLUMNS):
            self.sort_asked.emit(COLUMNS[column][1], order == Qt.SortOrder.DescendingOrder)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.ids):
            return None
        column = index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[column][2] else _LEFT
        if role not in _ROLES:
            return None
        document = self.document(index.row())
        if document is None:
            return "…" if role == Qt.ItemDataRole.DisplayRole and column == 0 else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(document, column)
            case Qt.ItemDataRole.ToolTipRole:
                if column == 2:
                    return tip(document.reason or "")
                note = t("Its folder is not reachable: its index is kept")
                path = shown(document.path)
                return tip(f"{path}\n{note}" if self._is_offline(document.path) else path)
            case Qt.ItemDataRole.ForegroundRole:
                offline = self._is_offline(document.path)
                return QGuiApplication.palette().placeholderText() if offline else None
        return document.path if role == PATH_ROLE else document.state

    def _is_offline(self, path: str) -> bool:
        return any(path == folder or path.startswith(folder + os.sep) for folder in self._offline)

    def document(self, row: int) -> DocumentInfo | None:
        """The file in a row; None where it is still to be read, which is asked for."""
        number = row // PAGE
        page = self._pages.get(number)
        if page is None:
            if number not in self._asked and number not in self._missing:
                self._missing.add(number)
                if not self._ask.isActive():
                    self._ask.start()
            return None
        self._pages.move_to_end(number)
        return page.get(self.ids[row])

    def show_ids(self, ids: array[int], *, offline: Sequence[str] = ()) -> None:
        """Show other rows, or the same ones read anew; what lies in the folders `offline` is grey."""
        self._offline = list(offline)
        if ids == self.ids:
            self._forget()
            if ids:
                self.dataChanged.emit(self.index(0, 0), self.index(len(ids) - 1, len(COLUMNS) - 1))
            return
        self.beginResetModel()
        self.ids = ids
        self._forget()
        self.endResetModel()

    def know(self, documents: Mapping[int, DocumentInfo]) -> None:
        """Take rows that were asked for; those that are gone stay empty."""
        for number in sorted(self._asked):
            first, last = number * PAGE, min(len(self.ids), (number + 1) * PAGE) - 1
            wanted = self.ids[first : last + 1]
            if last < first or not any(i in documents for i in wanted):
                continue
            self._pages[number] = {i: documents[i] for i in wanted if i in documents}
            self._asked.discard(number)
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(COLUMNS) - 1))
        while len(self._pages) > _KEPT:
            self._pages.popitem(last=False)

    def _forget(self) -> None:
        self._pages.clear()
        self._missing.clear()
        self._asked.clear()

    def _ask_for_missing(self) -> None:
        ids = [i for number in sorted(self._missing) for i in self.ids[number * PAGE : (number + 1) * PAGE]]
        self._asked |= self._missing
        self._missing.clear()
        if ids:
            self.wanted.emit(ids)


def _text(document: DocumentInfo, column: int) -> str:
    match column:
        case 0:
            return file_name(document.path)
        case 1:
            return t(STATES[document.state])
        case 2:
            return document.reason or ""
        case 3:
            return formats.count(document.chunks)
        case 4:
            return formats.size(document.size_bytes)
        case 5:
            return " · ".join(dict.fromkeys(part for part in (document.type, document.parser) if part))
        case 6:
            return "" if document.parse_ms is None else formats.milliseconds(document.parse_ms)
        case 7:
            return formats.when(document.modified) if document.modified else ""
        case _:
            return formats.short_path(os.path.dirname(document.path))

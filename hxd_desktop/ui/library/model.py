"""The Qt model of the libraries: one row each, with counts and progress."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hxd_desktop.engine.events import IndexProgress, Phase
from hxd_desktop.engine.library.model import LibraryInfo
from hxd_desktop.ui.library.summary import summarise

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SUMMARY_ROLE = Qt.ItemDataRole.UserRole


class LibraryModel(QAbstractListModel):
    """All libraries by name. Rows are inserted, removed and changed one by one, so that cards keep their state."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.libraries: list[LibraryInfo] = []
        self.progress: dict[str, IndexProgress] = {}

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.libraries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.libraries):
            return None
        library = self.libraries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return library.name
        if role == SUMMARY_ROLE:
            return summarise(library, self.progress.get(library.name))
        return None

    def set_libraries(self, libraries: list[LibraryInfo]) -> None:
        """Take the present state of all libraries."""
        wanted = {library.id for library in libraries}
        for row in reversed(range(len(self.libraries))):
            if self.libraries[row].id not in wanted:
                self.beginRemoveRows(QModelIndex(), row, row)
                self.progress.pop(self.libraries.pop(row).name, None)
                self.endRemoveRows()
        for row, library in enumerate(libraries):
            if row < len(self.libraries) and self.libraries[row].id == library.id:
                if self.libraries[row] != library:
                    self.libraries[row] = library
                    self._touch(row)
                continue
            self.beginInsertRows(QModelIndex(), row, row)
            self.libraries.insert(row, library)
            self.endInsertRows()
        # An order that changed leaves a moved library twice: the later one is the old row.
        for row in reversed(range(len(libraries), len(self.libraries))):
            self.beginRemoveRows(QModelIndex(), row, row)
            del self.libraries[row]
            self.endRemoveRows()

    def set_progress(self, news: list[IndexProgress]) -> None:
        """Take the latest progress of some libraries."""
        for progress in news:
            if progress.phase is Phase.IDLE:
                self.progress.pop(progress.library, None)
            else:
                self.progress[progress.library] = progress
            for row, library in enumerate(self.libraries):
                if library.name == progress.library:
                    self._touch(row)

    def _touch(self, row: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index)

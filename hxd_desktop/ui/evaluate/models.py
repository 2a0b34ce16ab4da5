"""The Qt models of the dialog: the runs, and plain tables of figures and questions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hxd_desktop.engine.evaluation.run import Run
from hxd_desktop.ui.evaluate import words
from hxd_desktop.ui.i18n import t

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
RUN_ROLE = Qt.ItemDataRole.UserRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class GridModel(QAbstractTableModel):
    """Texts in rows under a head; the columns in `numbers` stand at the right."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.head: tuple[str, ...] = ()
        self.rows: list[tuple[str, ...]] = []
        self._numbers: frozenset[int] = frozenset()

    def show(self, head: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> None:
        """Show another table."""
        self.beginResetModel()
        self.head, self.rows, self._numbers = tuple(head), [tuple(row) for row in rows], frozenset(numbers)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.head)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.head):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if section in self._numbers else _LEFT
        return self.head[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.rows):
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return self.rows[index.row()][index.column()]
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if index.column() in self._numbers else _LEFT
        return None


class RunsModel(GridModel):
    """One row a run, the latest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runs: list[Run] = []

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Show other runs."""
        self.runs = list(runs)
        head = ("#", t("Result"), t("Questions"), t("When"), t("Library"))
        self.show(head, [words.run_row(run) for run in runs])

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == RUN_ROLE:
            return self.runs[index.row()] if index.isValid() and index.row() < len(self.runs) else None
        if role == Qt.ItemDataRole.ToolTipRole and index.isValid() and index.row() < len(self.runs):
            return words.run_in_words(self.runs[index.row()])
        return super().data(index, role)

    def row_of(self, number: int) -> int | None:
        """The row of a run."""
        return next((row for row, run in enumerate(self.runs) if run.id == number), None)

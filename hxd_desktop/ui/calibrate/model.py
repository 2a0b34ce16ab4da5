"""The Qt model of a library's good and bad questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from hxd_desktop.engine.library.model import Example
from hxd_desktop.ui import formats
from hxd_desktop.ui.harmless import tip
from hxd_desktop.ui.i18n import mark, t

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
SORT_ROLE = Qt.ItemDataRole.UserRole
EXAMPLE_ROLE = Qt.ItemDataRole.UserRole + 1

COLUMNS = (mark("Question"), mark("Should be"), mark("From"), mark("Score"))
SIDES = {True: mark("answered"), False: mark("refused")}
_SOURCES = {"typed": mark("typed in"), "imported": mark("a file"), "chat": mark("a chat")}
_SCORE = 3


class ExamplesModel(QAbstractTableModel):
    """One row an example: question, side, where it comes from, its score by a gate that did not see it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.examples: list[Example] = []
        self._scores: dict[str, float] = {}

    def show_examples(self, examples: Sequence[Example], scores: Mapping[str, float]) -> None:
        """Show others; what stays where it is keeps its selection."""
        if [e.question for e in examples] == [e.question for e in self.examples]:
            self.examples, self._scores = list(examples), dict(scores)
            if self.examples:
                last = self.index(len(self.examples) - 1, len(COLUMNS) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.examples, self._scores = list(examples), dict(scores)
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.examples)

    def columnCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return t(COLUMNS[section]) if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.examples):
            return None
        example, column = self.examples[index.row()], index.column()
        score = self._scores.get(example.question)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                shown = "–" if score is None else formats.score(score)
                return (example.question, t(SIDES[example.answerable]), _source(example), shown)[column]
            case Qt.ItemDataRole.ToolTipRole:
                return tip(example.question) if column == 0 else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(column)
            case _ if role == SORT_ROLE:
                return (example.question, not example.answerable, _source(example), score or 0.0)[column]
            case _ if role == EXAMPLE_ROLE:
                return example
        return None


def _source(example: Example) -> str:
    return t(_SOURCES[example.source]) if example.source in _SOURCES else example.source


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column == _SCORE else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter

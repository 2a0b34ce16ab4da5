"""Two halves of a dialog: side by side, or one below the other where that is too narrow."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QWidget

from hxd_desktop.ui import layouts


class Halves(QSplitter):
    """Shares its width by `shares`; never asks for more width than its wider half needs."""

    def __init__(self, first: QWidget, second: QWidget, shares: tuple[int, int]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        step = layouts.unit(self)
        self.setChildrenCollapsible(False)
        self.setHandleWidth(step * 4)
        self.setProperty("role", "gap")
        self.addWidget(first)
        self.addWidget(second)
        self.setSizes([step * share for share in shares])
        self._parts = (first, second)

    def _beside(self) -> QSize:
        """The least size with the halves side by side."""
        first, second = (_least(part) for part in self._parts)
        return QSize(first.width() + self.handleWidth() + second.width(), max(first.height(), second.height()))

    def minimumSizeHint(self) -> QSize:
        first, second = (_least(part) for part in self._parts)
        beside = self._beside()
        width = max(first.width(), second.width())
        if self.orientation() == Qt.Orientation.Horizontal:
            return QSize(width, beside.height())
        return QSize(width, first.height() + self.handleWidth() + second.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        fits = self.width() >= self._beside().width()
        wanted = Qt.Orientation.Horizontal if fits else Qt.Orientation.Vertical
        if wanted != self.orientation():
            self.setOrientation(wanted)
            self.updateGeometry()
        super().resizeEvent(event)


def _least(widget: QWidget) -> QSize:
    return widget.minimumSizeHint().expandedTo(widget.minimumSize())

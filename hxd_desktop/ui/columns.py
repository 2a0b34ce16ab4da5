"""The window's three columns; where there is no room for three, one side gives way to the other."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QWidget

from hxd_desktop.ui import layouts

# In steps of the grid: the least widths of the sides, and of the middle between two of them or beside one.
_LEFT, _RIGHT, _BETWEEN, _BESIDE = 46, 54, 96, 56


class Columns(QSplitter):
    """A side, the pages, a side. Each side is shown and hidden by its action, which always says what is shown.

    In a narrow window the side that was asked for last takes the place of the other; a wider window brings that back.
    """

    def __init__(self, left: QWidget, middle: QWidget, right: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setHandleWidth(1)
        self._sides = (left, right)
        self._middle = middle
        self._actions: tuple[QAction, QAction] | None = None
        self._allowed = (True, True)
        self._last = 0  # the side that was asked for last
        self._yielded: int | None = None  # the side that gave way
        self._step = step = layouts.unit(self)
        for at, (widget, least) in enumerate(((left, _LEFT), (middle, _BESIDE), (right, _RIGHT))):
            widget.setMinimumWidth(step * least)
            self.addWidget(widget)
            self.setCollapsible(at, at != 1)
            self.setStretchFactor(at, 1 if at == 1 else 0)
        self.setMinimumWidth(step * (_BESIDE + max(_LEFT, _RIGHT)))

    def follow(self, left: QAction, right: QAction) -> None:
        """Show the sides whose actions are checked."""
        self._actions = (left, right)
        for side, action in enumerate(self._actions):
            action.setChecked(True)
            action.toggled.connect(lambda wanted, side=side: self._toggled(side, wanted))

    def allow(self, *, left: bool, right: bool) -> None:
        """Say which sides the page leaves room for."""
        self._allowed = (left, right)
        self._arrange()

    def wanted(self, side: int) -> bool:
        """Whether the left side, 0, or the right one, 1, is to be shown where there is room."""
        return self._actions is not None and (self._actions[side].isChecked() or self._yielded == side)

    def _toggled(self, side: int, wanted: bool) -> None:
        if self._yielded == side:
            self._yielded = None
        if wanted:
            self._last = side
        self._arrange()

    def _arrange(self) -> None:
        if self._actions is None:
            return
        three = self.width() >= self._step * (_LEFT + _BETWEEN + _RIGHT) or not self.isVisible()
        if three and self._yielded is not None:
            back, self._yielded = self._yielded, None
            self._check(back, shown=True)
        elif not three and all(self._allowed) and all(action.isChecked() for action in self._actions):
            self._yielded = 1 - self._last
            self._check(self._yielded, shown=False)
            self.setSizes([self._step * _LEFT, self.width(), self._step * _RIGHT])
        shown = [allowed and a.isChecked() for allowed, a in zip(self._allowed, self._actions, strict=True)]
        self._middle.setMinimumWidth(self._step * (_BETWEEN if all(shown) and three else _BESIDE))
        for side, visible in zip(self._sides, shown, strict=True):
            side.setVisible(visible)

    def _check(self, side: int, *, shown: bool) -> None:
        assert self._actions is not None
        action = self._actions[side]
        action.blockSignals(True)  # nobody asked for it
        action.setChecked(shown)
        action.blockSignals(False)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

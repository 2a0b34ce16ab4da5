"""Keeps what the window remembers on the disk while it is open: a kill loses what was changed in the last second."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

SAVE_MS = 1000

_CHANGES = frozenset({QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.WindowStateChange})


class Remembering(QObject):
    """Calls `remember` at most once in `SAVE_MS` while a window is moved, resized or `touch`ed; goes with the window.

    The first call comes `SAVE_MS` after the first change, so that one long drag is written while it lasts.
    """

    def __init__(self, window: QWidget, remember: Callable[[], object]) -> None:
        super().__init__(window)
        self._window = window
        self._timer = QTimer(self, singleShot=True, interval=SAVE_MS)
        self._timer.timeout.connect(remember)
        window.installEventFilter(self)

    def touch(self, *_: object) -> None:
        """Something that is remembered has changed."""
        if not self._timer.isActive() and self._window.isVisible():
            self._timer.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See what moves, and take nothing away."""
        if watched is self._window:
            if event.type() in _CHANGES:
                self.touch()
            elif event.type() in (QEvent.Type.Hide, QEvent.Type.Close):  # then the window remembers by itself
                self._timer.stop()
        return False

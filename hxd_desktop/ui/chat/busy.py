"""Three dots that breathe, and the name of what is being done."""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFontMetricsF, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.theme import Theme

_FRAME_MS = 66
_FRAMES = 18


class Busy(QWidget):
    """Shown while a question runs; moves only while it is on screen."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._dots = _Dots(theme)
        self._label = layouts.label("", "muted", name="running_stage")
        row = layouts.row(self, spacing=2)
        row.addWidget(self._dots)
        row.addWidget(self._label, 1)

    def show_text(self, text: str) -> None:
        """Name what is being done."""
        self._label.setText(f"{text}…")
        self.setAccessibleName(text)


class _Dots(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._frame = 0
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._step)
        line = QFontMetricsF(self.font()).height()
        self.setFixedSize(QSize(round(line * 1.6), round(line)))

    def showEvent(self, event: QShowEvent) -> None:
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()

    def _step(self) -> None:
        self._frame = (self._frame + 1) % _FRAMES
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        size = self.height() * 0.3
        for dot in range(3):
            colour = QColor(self._theme.palette.accent)
            phase = 2 * math.pi * (self._frame / _FRAMES - dot / 6)
            colour.setAlphaF(0.35 + 0.65 * (0.5 + 0.5 * math.cos(phase)))
            painter.setBrush(colour)
            painter.drawEllipse(int(dot * self.width() / 3), int((self.height() - size) / 2), int(size), int(size))

"""A drawn page with what is marked on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from hxd_desktop.engine.viewing import Picture
from hxd_desktop.ui.palette import LIGHT

Box = tuple[float, float, float, float]


class PageView(QWidget):
    """Shows a picture as wide as it is told; paper is white in every theme, and so are its marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._rgb = b""
        self._boxes: Sequence[Box] = ()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_picture(self, picture: Picture, boxes: Sequence[Box], width: int) -> None:
        """Show a page `width` logical pixels wide, with `boxes` (fractions of it) marked."""
        self._rgb = picture.rgb  # the image does not copy it
        row = 3 * picture.width
        self._image = QImage(self._rgb, picture.width, picture.height, row, QImage.Format.Format_RGB888)
        self._boxes = boxes
        self.set_width(width)
        self.update()

    def set_width(self, width: int) -> None:
        """Scale what is shown until it is drawn anew."""
        if not self._image.isNull():
            self.setFixedSize(QSize(width, round(width * self._image.height() / self._image.width())))

    def first_mark(self) -> int | None:
        """How far down the first mark is, in pixels; None where nothing is marked."""
        return round(min(box[1] for box in self._boxes) * self.height()) if self._boxes else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LIGHT.mark))
        for left, top, right, bottom in self._boxes:
            painter.drawRect(
                QRectF(
                    left * self.width(),
                    top * self.height(),
                    (right - left) * self.width(),
                    (bottom - top) * self.height(),
                )
            )

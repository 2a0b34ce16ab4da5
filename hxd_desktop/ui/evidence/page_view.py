"""A drawn page with what is marked on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from hxd_desktop.engine.viewing import Picture
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.palette import LIGHT

_CURRENT = "#8fb0ff"  # the accent, light enough to read through

Box = tuple[float, float, float, float]


class PageView(QWidget):
    """Shows a picture as wide as it is told; paper is white in every theme, and so are its marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._rgb = b""
        self._boxes: Sequence[Box] = ()
        self._hits: Sequence[Sequence[Box]] = ()
        self._current = -1
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_picture(
        self,
        picture: Picture,
        boxes: Sequence[Box],
        width: int,
        hits: Sequence[Sequence[Box]] = (),
        current: int = -1,
    ) -> None:
        """Show a page `width` logical pixels wide, with `boxes` (fractions of it) marked.

        Where something is looked for, its `hits` are marked instead, the `current` one more strongly.
        """
        self._rgb = picture.rgb  # the image does not copy it
        row = 3 * picture.width
        self._image = QImage(self._rgb, picture.width, picture.height, row, QImage.Format.Format_RGB888)
        self._boxes, self._hits, self._current = boxes, hits, current
        self.set_width(width)
        self.update()

    def set_width(self, width: int) -> None:
        """Scale what is shown until it is drawn anew."""
        if not self._image.isNull():
            self.setFixedSize(QSize(width, round(width * self._image.height() / self._image.width())))

    def first_mark(self) -> int | None:
        """How far down the current hit, else the first mark is, in pixels; None where nothing is marked."""
        boxes = self._hits[self._current] if 0 <= self._current < len(self._hits) else self._boxes
        return round(min(box[1] for box in boxes) * self.height()) if boxes else None

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.rect(), self._image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.setPen(Qt.PenStyle.NoPen)
        marked = [(box, LIGHT.mark) for box in self._boxes] if not self._hits else []
        for number, boxes in enumerate(self._hits):
            marked += [(box, _CURRENT if number == self._current else LIGHT.mark) for box in boxes]
        for (left, top, right, bottom), colour in marked:
            painter.setBrush(QColor(colour))
            painter.drawRect(
                QRectF(
                    left * self.width(),
                    top * self.height(),
                    (right - left) * self.width(),
                    (bottom - top) * self.height(),
                )
            )


def page_area(page: PageView) -> QScrollArea:
    """What a page is scrolled in, by keys as well."""
    area = QScrollArea()
    area.setWidget(page)
    area.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setProperty("role", "stop")
    area.setAccessibleName(t("Page"))
    return area

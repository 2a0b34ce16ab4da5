"""A plot that can be read with the mouse and the keyboard, heard, and saved as a picture or a table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QAction,
    QContextMenuEvent,
    QFontMetricsF,
    QGuiApplication,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QFileDialog, QMenu, QSizePolicy, QWidget

from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.plots.chart import Chart
from hxd_desktop.ui.plots.painting import Frame, draw
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.saving import save_picture, save_table
from hxd_desktop.ui.theme import Theme

_STEP, _BIG_STEP = 0.01, 0.05
_SHARP = 2.0  # pixels of a saved picture to one on the screen


class PlotWidget(QWidget):
    """Shows a chart. Left and Right move what is read from place to place, Home and End to the ends.

    A `movable` plot lets its first mark be dragged, and moved by the same keys (with Shift in larger steps).
    """

    moved = Signal(float)  # where the mark is now
    problem = Signal(object)  # Problem

    def __init__(self, theme: Theme, *, movable: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._movable = movable
        self._chart: Chart | None = None
        self._frame: Frame | None = None
        self._place: float | None = None
        self._dragging = False
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self.font()).height()
        return QSize(round(line * 26), round(line * 14))

    def minimumSizeHint(self) -> QSize:
        line = QFontMetricsF(self.font()).height()
        return QSize(round(line * 14), round(line * 9))

    @property
    def chart(self) -> Chart | None:
        """What is shown."""
        return self._chart

    def show_chart(self, chart: Chart | None) -> None:
        """Show another chart."""
        self._chart = chart
        if chart is None or self._place not in chart.places():
            self._place = None
        self.setAccessibleName(chart.title if chart else t("No plot"))
        self.setAccessibleDescription(f"{chart.words()} {chart.note}".strip() if chart else "")
        self.setToolTip(chart.note if chart else "")
        self.update()

    # -- painting ------------------------------------------------------------------------------------------
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._chart is None:
            return
        painter = QPainter(self)
        self._frame = self._draw(painter, self._place)
        if self.hasFocus():
            painter.setPen(QPen(self.palette().accent().color(), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _draw(self, painter: QPainter, place: float | None) -> Frame:
        assert self._chart is not None
        line = QFontMetricsF(self.font()).height()
        inside = QRectF(self.rect()).adjusted(line * 0.3, line * 0.2, -line * 0.3, -line * 0.2)
        return draw(painter, inside, self._chart, self._theme.palette, self.font(), place)

    def picture(self) -> QImage:
        """The plot as it is on the screen, without what is being read, in twice its size."""
        image = QImage(self.size() * _SHARP, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(_SHARP)
        image.fill(self._theme.palette.base)
        painter = QPainter(image)
        if self._chart is not None:
            self._draw(painter, None)
        painter.end()
        return image

    # -- reading --------------------------------------------------------------------------------------------
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._frame is None or self._chart is None:
            return
        x = self._frame.x_of(event.position().x())
        if self._dragging:
            self.moved.emit(round(x, 2))
            return
        near = self._near_mark(event.position().x())
        self.setCursor(Qt.CursorShape.SplitHCursor if near else Qt.CursorShape.ArrowCursor)
        self._read(None if near else self._chart.nearest(x))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._frame is not None and self._movable and event.button() == Qt.MouseButton.LeftButton:
            self._dragging = True
            self._read(None)
            self.moved.emit(round(self._frame.x_of(event.position().x()), 2))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragging = False

    def leaveEvent(self, event: QEvent) -> None:
        self._read(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -2, Qt.Key.Key_End: 2}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self._chart is None:
            super().keyPressEvent(event)
        elif self._movable and self._chart.marks:
            self._move_mark(step, event.modifiers())
        else:
            self._read_next(step)

    def _move_mark(self, step: int, modifiers: Qt.KeyboardModifier) -> None:
        assert self._chart is not None
        low, high = self._chart.x_range
        size = _BIG_STEP if modifiers & Qt.KeyboardModifier.ShiftModifier else _STEP
        to = {-2: low, 2: high}.get(step, self._chart.marks[0].x + step * size)
        self.moved.emit(round(min(high, max(low, to)), 2))

    def _read_next(self, step: int) -> None:
        assert self._chart is not None
        places = self._chart.places()
        if not places:
            return
        at = places.index(self._place) if self._place in places else -1 if step > 0 else len(places)
        at = {-2: 0, 2: len(places) - 1}.get(step, min(len(places) - 1, max(0, at + step)))
        self._read(places[at])
        self.setAccessibleDescription(self._chart.reading(places[at]))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))

    def _read(self, place: float | None) -> None:
        if place != self._place:
            self._place = place
            self.update()

    def _near_mark(self, pixel: float) -> bool:
        if not self._movable or self._frame is None or self._chart is None or not self._chart.marks:
            return False
        at = self._frame.at(self._chart.marks[0].x, 0).x()
        return abs(at - pixel) <= QFontMetricsF(self.font()).averageCharWidth()

    # -- saving ---------------------------------------------------------------------------------------------
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self._chart is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for action in self.save_actions(menu):
            menu.addAction(action)
        menu.popup(event.globalPos())

    def save_actions(self, parent: QWidget) -> list[QAction]:
        """What can be done with the plot: copy it, save it as a picture, save its numbers."""
        made = []
        for text, then in (
            (t("Copy the picture"), lambda: QGuiApplication.clipboard().setImage(self.picture())),
            (t("Save the picture…"), lambda: self._ask_and_save("plot.png", t("Pictures (*.png)"), self.save_png)),
            (t("Save the numbers…"), lambda: self._ask_and_save("plot.csv", t("Tables (*.csv)"), self.save_csv)),
        ):
            action = QAction(text, parent)
            action.triggered.connect(lambda _=False, then=then: then())
            made.append(action)
        return made

    def _ask_and_save(self, name: str, kinds: str, save: object) -> None:
        path, _ = QFileDialog.getSaveFileName(self, t("Save"), name, kinds)
        if path and not save(path):  # type: ignore[operator]
            text = t("{path} cannot be written.", path=path)
            self.problem.emit(Problem(t("The plot could not be saved"), text, t("Choose another place.")))

    def save_png(self, path: str) -> bool:
        """Save the picture; False where the file cannot be written."""
        try:
            save_picture(Path(path), self.picture())
        except OSError:
            return False
        return True

    def save_csv(self, path: str) -> bool:
        """Save the numbers; False where the file cannot be written."""
        if self._chart is None:
            return False
        try:
            save_table(Path(path), self._chart.rows())
        except OSError:
            return False
        return True

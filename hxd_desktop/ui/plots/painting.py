"""Draws a chart with QPainter, in the colours of a palette and in sizes of a font."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF

from hxd_desktop.ui.palette import Palette
from hxd_desktop.ui.plots.chart import Chart, Kind, Series, tick_words, ticks
from hxd_desktop.ui.theme import small_font

_STYLES = {
    Kind.LINE: Qt.PenStyle.SolidLine,
    Kind.DASHED: Qt.PenStyle.DashLine,
    Kind.DOTTED: Qt.PenStyle.DotLine,
}
_LEFT, _RIGHT, _CENTRE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the plot's area lies, in logical pixels, and how data are put into it."""

    area: QRectF
    chart: Chart

    def at(self, x: float, y: float) -> QPointF:
        """The pixel of a point of the data."""
        (x0, x1), (y0, y1) = self.chart.x_range, self.chart.y_range
        across, up = (x - x0) / (x1 - x0), (y - y0) / (y1 - y0)
        return QPointF(self.area.left() + across * self.area.width(), self.area.bottom() - up * self.area.height())

    def x_of(self, pixel: float) -> float:
        """The x of the data under a pixel, within the axis."""
        x0, x1 = self.chart.x_range
        return min(x1, max(x0, x0 + (pixel - self.area.left()) / max(1.0, self.area.width()) * (x1 - x0)))


def draw(painter: QPainter, size: QRectF, chart: Chart, palette: Palette, font: QFont, place: float | None) -> Frame:
    """Draw `chart` into `size`; `place` is the x that is being read. Returns where the data lie."""
    return _Drawing(painter, size, chart, palette, font).draw(place)


class _Drawing:
    def __init__(self, painter: QPainter, size: QRectF, chart: Chart, palette: Palette, font: QFont) -> None:
        self.painter, self.size, self.chart, self.palette = painter, size, chart, palette
        self.small = small_font(font)
        self.title_font = QFont(font)
        self.title_font.setWeight(QFont.Weight.DemiBold)
        self.metrics = QFontMetricsF(self.small)
        self.line = self.metrics.height()
        self.frame = Frame(QRectF(), chart)

    def draw(self, place: float | None) -> Frame:
        self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = self._head() + len(self.chart.marks) * self.line * 1.1
        most = max(2, int((self.size.height() - top - 2.6 * self.line) / (self.line * 1.5)))
        y_ticks = ticks(*self.chart.y_range, min(6, most))
        if self.chart.counts:
            y_ticks = [value for value in y_ticks if value == round(value)]
        y_words = tick_words(y_ticks, counts=self.chart.counts)
        left = max((self.metrics.horizontalAdvance(word) for word in y_words), default=0) + self.line * 0.5
        right = max(
            [self.metrics.horizontalAdvance(level.name) + self.line for level in self.chart.levels]
            + [self.metrics.averageCharWidth() * 2]
        )
        area = QRectF(self.size.left() + left, top, self.size.width() - left - right, 0)
        area.setBottom(self.size.bottom() - 2.5 * self.line)
        self.frame = Frame(area, self.chart)
        self._grid(y_ticks, y_words)
        for series in self.chart.series:
            self._series(series)
        self._levels()
        self._marks()
        if place is not None:
            self._place(place)
        return self.frame

    def _text(self, box: QRectF, words: str, ink: str, align: Qt.AlignmentFlag) -> None:
        self.painter.setPen(QColor(getattr(self.palette, ink)))
        self.painter.drawText(box, align | _MIDDLE | Qt.TextFlag.TextSingleLine, words)

    def _head(self) -> float:
        """Title, y axis and legend; returns where the area begins."""
        top = self.size.top() + self.line * 0.4
        self.painter.setFont(self.title_font)
        height = QFontMetricsF(self.title_font).height()
        title = QFontMetricsF(self.title_font).elidedText(
            self.chart.title, Qt.TextElideMode.ElideRight, self.size.width()
        )
        self._text(QRectF(self.size.left(), top, self.size.width(), height), title, "text", _LEFT)
        self.painter.setFont(self.small)
        return self._legend(top + height + self.line * 0.25) + self.line * 0.8

    def _legend(self, top: float) -> float:
        """The series by name, in as many lines as they need; returns where they end."""
        shown = [series for series in self.chart.series if series.name and series.legend]
        x, key = self.size.left(), self.line * 1.1
        for series in shown:
            width = key + self.line * 0.4 + self.metrics.horizontalAdvance(series.name)
            if x > self.size.left() and x + width > self.size.right():
                x, top = self.size.left(), top + self.line
            self._key(series, QRectF(x, top, key, self.line))
            self._text(QRectF(x + key + self.line * 0.4, top, width, self.line), series.name, "muted", _LEFT)
            x += width + self.line
        return top + self.line if shown else top

    def _key(self, series: Series, box: QRectF) -> None:
        colour = QColor(getattr(self.palette, series.ink))
        if series.kind in _STYLES:
            self.painter.setPen(QPen(colour, 2, _STYLES[series.kind]))
            self.painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))
            return
        side = self.line * 0.6
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        square = QRectF(box.right() - side, box.center().y() - side / 2, side, side)
        if series.kind is Kind.DOTS:
            self.painter.drawEllipse(square)
        else:
            self.painter.drawRoundedRect(square, 2, 2)

    def _grid(self, y_ticks: list[float], y_words: list[str]) -> None:
        area = self.frame.area
        faint, axis = QPen(QColor(self.palette.track), 1), QPen(QColor(self.palette.muted), 1)
        for value, word in zip(y_ticks, y_words, strict=True):
            y = self.frame.at(self.chart.x_range[0], value).y()
            self.painter.setPen(axis if value == 0 else faint)
            self.painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            box = QRectF(
                self.size.left(), y - self.line / 2, area.left() - self.size.left() - self.line * 0.4, self.line
            )
            self._text(box, word, "muted", _RIGHT)
        x_ticks = ticks(*self.chart.x_range, max(2, min(10, int(area.width() / (self.line * 3)))))
        for value, word in zip(x_ticks, tick_words(x_ticks, counts=False), strict=True):
            x = self.frame.at(value, 0).x()
            self.painter.setPen(axis)
            self.painter.drawLine(QPointF(x, area.bottom()), QPointF(x, area.bottom() + self.line * 0.25))
            box = QRectF(x - self.line * 2, area.bottom() + self.line * 0.25, self.line * 4, self.line)
            self._text(box, word, "muted", _CENTRE)
        self.painter.setPen(axis)
        self.painter.drawLine(area.bottomLeft(), area.bottomRight())
        names = f"{self.chart.x_name}  ·  ↑ {self.chart.y_name}"
        box = QRectF(self.size.left(), area.bottom() + self.line * 1.35, self.size.width(), self.line)
        shown = self.metrics.elidedText(f"→ {names}", Qt.TextElideMode.ElideRight, box.width())
        self._text(box, shown, "muted", _CENTRE)

    def _series(self, series: Series) -> None:
        colour = QColor(getattr(self.palette, series.ink))
        if series.kind in _STYLES:
            self.painter.setPen(QPen(colour, 2, _STYLES[series.kind]))
            self.painter.setBrush(Qt.BrushStyle.NoBrush)
            self.painter.drawPolyline(QPolygonF([self.frame.at(x, y) for x, y in series.points]))
            return
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(colour)
        for x, y in series.points:
            if series.kind is Kind.DOTS:
                self.painter.drawEllipse(self.frame.at(x, y), self.line * 0.25, self.line * 0.25)
            elif y:
                half = self.chart.bar_width / 2
                bar = QRectF(self.frame.at(x - half, y), self.frame.at(x + half, 0)).normalized()
                self.painter.drawRect(bar.adjusted(0.5, 0, -0.5, 0))

    def _levels(self) -> None:
        """Named lines across; where names would meet, the lower ones give way downwards."""
        area, free = self.frame.area, float("-inf")
        for level in sorted(self.chart.levels, key=lambda level: -level.y):
            at = self.frame.at(self.chart.x_range[1], level.y)
            self.painter.setPen(QPen(QColor(self.palette.muted), 1, Qt.PenStyle.DashLine))
            self.painter.drawLine(QPointF(area.left(), at.y()), at)
            middle = max(at.y(), free + self.line)
            free = middle
            self.painter.setPen(QPen(QColor(self.palette.muted), 1))
            self.painter.drawLine(at, QPointF(at.x() + self.line * 0.5, middle))
            box = QRectF(at.x() + self.line * 0.7, middle - self.line / 2, self.size.right() - at.x(), self.line)
            self._text(box, level.name, "muted", _LEFT)

    def _marks(self) -> None:
        """Named lines upright, each with its name above the data, in a line of its own."""
        area = self.frame.area
        for number, mark in enumerate(self.chart.marks):
            x = self.frame.at(mark.x, 0).x()
            top = area.top() - (len(self.chart.marks) - number) * self.line * 1.1
            self.painter.setPen(QPen(QColor(getattr(self.palette, mark.ink)), 2))
            self.painter.drawLine(QPointF(x, top), QPointF(x, area.bottom()))
            width = self.metrics.horizontalAdvance(mark.name) + self.line * 0.6
            to_left = x + width > self.size.right()
            box = QRectF(x - width if to_left else x, top, width, self.line)
            inside = box.adjusted(self.line * 0.3, 0, -self.line * 0.3, 0)
            self._text(inside, mark.name, mark.ink, _RIGHT if to_left else _LEFT)

    def _place(self, place: float) -> None:
        """A thin line at the place that is read, with its words beside it."""
        area = self.frame.area
        x = self.frame.at(place, 0).x()
        self.painter.setPen(QPen(QColor(self.palette.accent), 1, Qt.PenStyle.DotLine))
        self.painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
        words = self.metrics.elidedText(self.chart.reading(place), Qt.TextElideMode.ElideRight, self.size.width())
        width = self.metrics.horizontalAdvance(words) + self.line
        left = min(max(self.size.left(), x + self.line * 0.5), self.size.right() - width)
        box = QRectF(left, area.bottom() - self.line * 1.9, width, self.line * 1.5)
        self.painter.setPen(QPen(QColor(self.palette.line), 1))
        self.painter.setBrush(QColor(self.palette.raised))
        self.painter.drawRoundedRect(box, self.line * 0.25, self.line * 0.25)
        self._text(box, words, "text", _CENTRE)

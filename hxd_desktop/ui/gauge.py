"""The gauge on every answer and every refusal: the score that decided, its limit, the verdict."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from hxd_desktop.engine.answering.model import Answer
from hxd_desktop.ui import formats, layouts, wording
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme

_VISIBLE = 0.005  # less is written as 0.00


class GaugeBar(QProgressBar):
    """A bar from 0 (covered) to 1 (not covered), filled to `value`, with the limit as a tick.

    A screen reader is told its value in percent.
    """

    def __init__(self, theme: Theme, lines: float = 5.5, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines = lines  # its width, in lines of text
        self._value = 0.0
        self._limit: float | None = None
        self._tone = "good"
        self.setProperty("role", "gauge")
        self.setRange(0, 100)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def show_value(self, value: float, limit: float | None, tone: str) -> None:
        """Fill to `value` in the colour of `tone`; `limit` None draws no tick."""
        self._value, self._limit, self._tone = min(1.0, max(0.0, value)), limit, tone
        self.setValue(round(100 * self._value))
        self.update()

    def sizeHint(self) -> QSize:
        line = QFontMetricsF(self.font()).height()
        return QSize(round(line * self._lines), round(line))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width() * 2 // 5, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = self._theme.palette
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        thick = max(4.0, self.height() * 0.32)
        track = QRectF(0, (self.height() - thick) / 2, self.width(), thick)
        painter.setBrush(QColor(colours.track))
        painter.drawRoundedRect(track, thick / 2, thick / 2)
        if self._value >= _VISIBLE:
            filled = QRectF(track)
            filled.setWidth(max(thick, track.width() * self._value))
            painter.setBrush(QColor(getattr(colours, self._tone)))
            painter.drawRoundedRect(filled, thick / 2, thick / 2)
        if self._limit is not None:
            x = round(track.width() * self._limit)
            painter.setBrush(QColor(colours.text))
            painter.drawRect(QRectF(x - 1, track.top() - thick * 0.6, 2, thick * 2.2))


class Gauge(QWidget):
    """The bar with its reading in words: score, limit, verdict."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bar = GaugeBar(theme)
        self._reading = layouts.label("", "small", name="gauge_reading")
        self._verdict = layouts.label("", wrap=True, name="gauge_verdict")
        box = layouts.column(self, spacing=1)
        box.addWidget(self._verdict)
        line = QWidget()
        self._row = FlowLayout(line, round(layouts.unit(self) * 1.5))
        self._row.addWidget(self._bar)
        self._row.addWidget(self._reading)
        box.addWidget(line)

    def add_beside(self, widget: QWidget) -> None:
        """Put `widget` at the end of the reading's line."""
        self._row.addWidget(widget)
        self._row.last_at_end = True

    def show_answer(self, answer: Answer, *, verdict_too: bool = True) -> None:
        """Show the reading of an answer or a refusal, with the verdict unless that stands beside it already."""
        verdict = wording.verdict(answer)
        score, threshold = answer.refusal.score, answer.refusal.threshold
        if score is not None:
            # Before it is shown: a change of what is shown is read aloud.
            self._bar.show_value(score, threshold, "refuse" if score >= threshold else "good")
            self._bar.setAccessibleName(t("Refusal score"))
            reading = t("refusal {score} · limit {limit}", score=formats.score(score), limit=formats.score(threshold))
        else:
            reading = t("decided before the score")
        self._bar.setVisible(score is not None)
        self._reading.setText(reading)
        self._show_verdict(verdict if verdict_too else wording.Verdict("muted", ""))
        self.setToolTip(
            t(
                "Refusal score: how likely it is that the documents do not cover the question.\n"
                "0 is covered, 1 is not. At or above the limit it is refused."
            )
        )
        self.setAccessibleName(f"{reading}. {verdict.words}")

    def show_verdict(self, verdict: wording.Verdict) -> None:
        """Show a verdict that has no reading (a failure, a stop)."""
        self._bar.hide()
        self._reading.clear()
        self._reading.hide()
        self._show_verdict(verdict)
        self.setAccessibleName(verdict.words)

    def _show_verdict(self, verdict: wording.Verdict) -> None:
        self._verdict.setText(verdict.words)
        self._verdict.setVisible(bool(verdict.words))
        self._verdict.setProperty("ink", verdict.tone)
        self._verdict.style().polish(self._verdict)

"""The dialog's right half: the scores of the questions, the limit as a line to drag, and what it would do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QStackedWidget, QTabWidget, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.calibrate import words
from hxd_desktop.ui.calibrate.edits import at_limit
from hxd_desktop.ui.calibrate.session import CalibrateSession
from hxd_desktop.ui.empty_state import EmptyState
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.plots import kinds
from hxd_desktop.ui.plots.chart import Mark
from hxd_desktop.ui.plots.widget import PlotWidget
from hxd_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.calibration import Calibration


class LimitPane(QWidget):
    """Follows a session. `limit` is where the line stands; it is in force only once it is applied."""

    limit_moved = Signal(float)

    def __init__(self, theme: Theme, session: CalibrateSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._session = theme, session
        self._limit: float | None = None
        step = layouts.unit(self)
        self.histogram = PlotWidget(theme, movable=True)
        self.curves = PlotWidget(theme, movable=True)
        for plot in (self.histogram, self.curves):
            plot.moved.connect(self.move_limit)
            plot.problem.connect(session.problem)
        self.spin = QDoubleSpinBox(minimum=0.0, maximum=1.0, singleStep=0.01, decimals=2)
        self.spin.setFixedWidth(step * 18)
        layouts.pad(self.spin)
        self.spin.setAccessibleName(t("Limit"))
        self.spin.valueChanged.connect(self.move_limit)
        self._stack = QStackedWidget()
        box = layouts.column(self)
        box.addWidget(self._stack)
        content = QWidget()
        inside = layouts.column(content, spacing=2)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.tabBar().setAccessibleName(t("Plots"))
        self.tabs.setAccessibleName(t("Plots"))
        self.tabs.addTab(self.histogram, t("Scores"))
        self.tabs.addTab(self.curves, t("What the limit costs"))
        inside.addWidget(self.tabs, 1)
        row = QHBoxLayout()
        row.setSpacing(step * 2)
        row.addWidget(layouts.label(t("Limit"), "title"))
        row.addWidget(self.spin)
        self._state = layouts.label("", "small", wrap=True, name="limit_state")
        row.addWidget(self._state, 1)
        inside.addLayout(row)
        self._effect = layouts.label("", wrap=True, name="limit_effect")
        self._figures = layouts.label("", "title", name="limit_figures")
        self._honest = layouts.label("", "small", wrap=True, name="honest_figures")
        self._suggestion = layouts.label("", "small", wrap=True, name="suggestion")
        self._warning = layouts.label("", wrap=True, name="few_examples")
        self._warning.setProperty("ink", "refuse")
        for label in (self._figures, self._effect, self._suggestion, self._honest, self._warning):
            inside.addWidget(label)
        self._content = content
        self._stack.addWidget(content)
        self._empty: EmptyState | None = None
        session.changed.connect(self._show)
        self._show()

    @property
    def limit(self) -> float | None:
        """Where the line stands; None while nothing is known."""
        return self._limit

    @property
    def in_force(self) -> float | None:
        """The limit that decides now."""
        return self._session.calibration.threshold if self._session.calibration else None

    def is_moved(self) -> bool:
        """Whether the line stands elsewhere than the limit in force."""
        return self._limit is not None and self.in_force is not None and abs(self._limit - self.in_force) > 0.004

    def move_limit(self, limit: float) -> None:
        """Put the line somewhere else, without putting that in force."""
        if self._limit is None or limit == self._limit:
            return
        self._limit = limit
        self._show_limit()
        self.limit_moved.emit(limit)

    def revert(self) -> None:
        """Put the line back to the limit in force."""
        if self.in_force is not None:
            self.move_limit(self.in_force)

    # -- showing ---------------------------------------------------------------------------------------------
    def _show(self) -> None:
        session, calibration = self._session, self._session.calibration
        if session.failed is not None:
            problem = session.failed
            action = (t("Try again"), session.load)
            self._say(EmptyState(self._theme, "circle-alert", problem.title, problem.message, action))
        elif calibration is None:
            self._say(EmptyState(self._theme, "sliders-horizontal", t("Reading the questions"), t("A moment, please.")))
        elif not calibration.held_out:
            title, text = words.nothing_to_show(has_examples=bool(session.examples))
            self._say(EmptyState(self._theme, "sliders-horizontal", title, text))
        else:
            self._stack.setCurrentWidget(self._content)
        # A change of what is in force takes the line along.
        self._limit = calibration.threshold if calibration else None
        self._show_limit()

    def _say(self, empty: EmptyState) -> None:
        if self._empty is not None:
            layouts.drop(self._empty)
        self._empty = empty
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)

    def _show_limit(self) -> None:
        calibration, limit = self._session.calibration, self._limit
        if calibration is None or limit is None:
            return
        self.spin.blockSignals(True)
        self.spin.setValue(limit)
        self.spin.blockSignals(False)
        marks = self._marks(calibration, limit)
        scored = [(example.score, example.answerable) for example in calibration.held_out]
        names = (words.side_name(True, calibration.n_good), words.side_name(False, calibration.n_bad))
        self.histogram.show_chart(kinds.histograms(scored, names, marks))
        self.curves.show_chart(kinds.over_threshold(calibration.curve, marks) if calibration.curve else None)
        self.tabs.setTabEnabled(1, bool(calibration.curve))
        effect = at_limit(calibration.held_out, limit)
        self._figures.setText(words.figures(effect.precision, effect.recall, effect.f1))
        self._effect.setText(words.effect(effect, calibration))
        self._suggestion.setText(words.suggestion(calibration))
        self._honest.setText(words.honest(calibration))
        self._honest.setVisible(calibration.f1 is not None)
        self._warning.setText(words.few(calibration))
        self._warning.setVisible(not calibration.enough_examples)
        self._state.setText(words.state(calibration, moved=self.is_moved()))

    def _marks(self, calibration: Calibration, limit: float) -> list[Mark]:
        marks = [Mark(limit, t("limit {limit}", limit=formats.score(limit)))]
        if abs(calibration.suggested - limit) > 0.004:
            name = t("suggested {limit}", limit=formats.score(calibration.suggested))
            marks.append(Mark(calibration.suggested, name, "muted"))
        return marks

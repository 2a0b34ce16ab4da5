"""The dialog's lower right: figures, plots and questions of the runs that are looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStackedWidget, QTableView, QTabWidget, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.empty_state import EmptyState
from hxd_desktop.ui.evaluate import words
from hxd_desktop.ui.evaluate.charts import charts_of
from hxd_desktop.ui.evaluate.models import GridModel
from hxd_desktop.ui.evaluate.session import EvaluateSession
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.plots.widget import PlotWidget
from hxd_desktop.ui.theme import Theme


def table(model: GridModel, name: str) -> QTableView:
    """A table to read and select rows in."""
    view = QTableView()
    view.setModel(model)
    view.setAccessibleName(name)
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.verticalHeader().hide()
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setMinimumSectionSize(layouts.unit(view) * 8)
    return view


class Results(QStackedWidget):
    """Follows a session; `chart_tabs` are the plots that are shown."""

    def __init__(self, theme: Theme, session: EvaluateSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._session = theme, session
        self.figures, self.questions = GridModel(self), GridModel(self)
        self.tabs = QTabWidget()
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.tabs.setUsesScrollButtons(False)  # it asks for the room that its names need
        self.tabs.setElideMode(Qt.TextElideMode.ElideNone)
        for part in (self.tabs, self.tabs.tabBar()):
            part.setAccessibleName(t("Results"))
        figures = QWidget()
        box = layouts.column(figures, spacing=2)
        self._figures_view = table(self.figures, t("Figures"))
        self._remark = layouts.label("", "small", wrap=True, name="remark")
        box.addWidget(self._figures_view, 1)
        box.addWidget(self._remark)
        self._questions_view = table(self.questions, t("Questions"))
        self.tabs.addTab(figures, t("Figures"))
        self.tabs.addTab(self._questions_view, t("Questions"))
        self.plots: list[PlotWidget] = []
        self._nothing = EmptyState(
            theme,
            "chart-column",
            t("Choose a run"),
            t("Choose one to see its figures, or two and more (with Ctrl or Shift) to compare them."),
        )
        self.addWidget(self._nothing)
        self.addWidget(self.tabs)
        session.shown_changed.connect(self._show)

    @property
    def current_plot(self) -> PlotWidget | None:
        """The plot whose tab is open."""
        widget = self.tabs.currentWidget()
        return widget if isinstance(widget, PlotWidget) else None

    def _show(self) -> None:
        shown = self._session.shown
        if not shown.runs:
            self.setCurrentWidget(self._nothing)
            return
        head, rows = words.figures_table(shown)
        self.figures.show(head, rows, range(1, len(head)))
        self._fit(self._figures_view, 0)
        self._remark.setText(words.remark(shown))
        self._remark.setVisible(bool(words.remark(shown)))
        head, rows = words.questions_table(shown)
        self.questions.show(head, rows, [2] if len(shown.runs) == 1 else [])
        self._fit(self._questions_view, 0)
        self._show_plots()
        self.setCurrentWidget(self.tabs)

    def _fit(self, view: QTableView, wide: int) -> None:
        view.resizeColumnsToContents()
        header = view.horizontalHeader()
        for column in range(view.model().columnCount()):
            stretch = column == wide
            header.setSectionResizeMode(
                column, QHeaderView.ResizeMode.Stretch if stretch else QHeaderView.ResizeMode.Interactive
            )

    def _show_plots(self) -> None:
        charts = charts_of(self._session.shown)
        while len(self.plots) > len(charts):
            plot = self.plots.pop()
            self.tabs.removeTab(self.tabs.indexOf(plot))
            plot.deleteLater()
        while len(self.plots) < len(charts):
            plot = PlotWidget(self._theme)
            plot.problem.connect(self._session.problem)
            self.plots.append(plot)
            self.tabs.insertTab(len(self.plots), plot, "")
        for plot, (name, chart) in zip(self.plots, charts, strict=True):
            self.tabs.setTabText(self.tabs.indexOf(plot), name)
            plot.show_chart(chart)

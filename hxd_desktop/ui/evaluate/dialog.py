"""The evaluate dialog: measure, keep, look at, compare, export."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QWidget,
)

from hxd_desktop.ui import layouts
from hxd_desktop.ui.banner import Banners
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.confirm import confirm
from hxd_desktop.ui.empty_state import EmptyState
from hxd_desktop.ui.evaluate import export
from hxd_desktop.ui.evaluate.models import RUN_ROLE, RunsModel
from hxd_desktop.ui.evaluate.results import Results, table
from hxd_desktop.ui.evaluate.run_bar import RunBar
from hxd_desktop.ui.evaluate.session import EvaluateSession
from hxd_desktop.ui.halves import Halves
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.room import Dialog
from hxd_desktop.ui.theme import Theme


class EvaluateDialog(Dialog):
    """The bench in the window; a run goes on only while the dialog is open."""

    def __init__(
        self, theme: Theme, bridge: Bridge, libraries: list[str], library: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Evaluate"))
        self._theme = theme
        self.session = EvaluateSession(bridge, self)
        step = layouts.unit(self)
        self.banners = Banners(theme)
        self.session.problem.connect(self.banners.show_problem)
        self.run_bar = RunBar(self.session, libraries, library)
        self.results = Results(theme, self.session)
        outer = layouts.column(self)
        outer.addWidget(self.banners)
        content = QWidget()
        box = layouts.column(content, margin=4, spacing=3)
        box.addWidget(self.run_bar)
        box.addWidget(layouts.line())
        halves = Halves(self._runs_side(), self.results, (104, 136))
        box.addWidget(layouts.scroll(halves), 1)
        box.addLayout(self._foot(step))
        outer.addWidget(content, 1)
        self.resize(step * 250, step * 160)
        self.session.runs_changed.connect(self._show_runs)
        self.session.finished.connect(self._choose)
        self.session.shown_changed.connect(self._refresh)
        self._new: int | None = None
        self.session.load()
        self._refresh()

    def _runs_side(self) -> QStackedWidget:
        self.model = RunsModel(self)
        self.table = table(self.model, t("Runs"))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._selected())
        remove = QShortcut(QKeySequence(QKeySequence.StandardKey.Delete), self.table)
        remove.setContext(Qt.ShortcutContext.WidgetShortcut)
        remove.activated.connect(self.remove_runs)
        self._side = QStackedWidget()
        self._side.addWidget(self.table)
        self._none: EmptyState | None = None
        self._say(EmptyState(self._theme, "chart-column", t("Reading the runs"), t("A moment, please.")))
        return self._side

    def _foot(self, step: int) -> QHBoxLayout:
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        self.remove = layouts.push(t("Remove"), name="remove_runs")
        self.remove.clicked.connect(lambda: self.remove_runs())
        self.export = layouts.push(t("Export"), name="export")
        self.export.setProperty("menu", True)
        menu = QMenu(self)
        wishes: tuple[tuple[str, Callable[[], object]], ...] = (
            (t("Report in a folder…"), lambda: self.save_report()),
            (t("Figures as a table…"), lambda: self.save_figures()),
            (t("Questions as a table…"), lambda: self.save_questions()),
        )
        for text, then in wishes:
            menu.addAction(text).triggered.connect(lambda _=False, then=then: then())
        self._plot_menu = menu.addMenu(t("The plot that is shown"))
        menu.aboutToShow.connect(self._offer_plot)
        self.export.setMenu(menu)
        foot = QHBoxLayout()
        foot.setSpacing(step * 2)
        foot.addWidget(close)
        foot.addStretch(1)
        foot.addWidget(self.remove)
        foot.addWidget(self.export)
        return foot

    # -- the runs -------------------------------------------------------------------------------------------
    def _show_runs(self) -> None:
        if self.session.failed is not None:
            problem = self.session.failed
            action = (t("Try again"), self.session.load)
            self._say(EmptyState(self._theme, "circle-alert", problem.title, problem.message, action))
            return
        runs = self.session.runs or []
        before = self.chosen()
        self.model.show_runs(runs)
        self.table.setColumnHidden(4, len({run.library for run in runs}) < 2)
        self._fit_columns()
        if not runs:
            text = t("Measure on the library's own questions, or on a file. Runs are kept here and can be compared.")
            self._say(EmptyState(self._theme, "chart-column", t("Nothing measured yet"), text))
            self.session.show([])
            return
        self._side.setCurrentWidget(self.table)
        wanted, self._new = ([self._new] if self._new is not None else before), None
        rows = [row for number in wanted if (row := self.model.row_of(number)) is not None]
        for row in rows or [0]:
            self.table.selectRow(row)
            break

    def _fit_columns(self) -> None:
        """All as wide as they need; the questions' name takes what is left, and is cut there."""
        self.table.resizeColumnsToContents()
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)

    def _say(self, empty: EmptyState) -> None:
        if self._none is not None:
            layouts.drop(self._none)
        self._none = empty
        self._side.addWidget(empty)
        self._side.setCurrentWidget(empty)

    def _choose(self, number: int) -> None:
        self._new = number

    def chosen(self) -> list[int]:
        """The numbers of the runs that are selected, the oldest first."""
        rows = self.table.selectionModel().selectedRows()
        return sorted(run.id for index in rows if (run := index.data(RUN_ROLE)) is not None)

    def _selected(self) -> None:
        self.session.show(self.chosen())
        self._refresh()

    def _refresh(self) -> None:
        self.remove.setEnabled(bool(self.chosen()))
        self.export.setEnabled(bool(self.session.shown.runs))

    def remove_runs(self) -> None:
        """Forget the chosen runs, after asking."""
        chosen = self.chosen()
        question = plural(len(chosen), "Remove {n} run?", "Remove {n} runs?")
        if chosen and confirm(self, question, t("Its figures are forgotten; it can be measured again."), t("Remove")):
            self.session.remove(chosen)

    # -- export ---------------------------------------------------------------------------------------------
    def _offer_plot(self) -> None:
        self._plot_menu.clear()
        plot = self.results.current_plot
        self._plot_menu.setEnabled(plot is not None)
        for action in plot.save_actions(self._plot_menu) if plot is not None else ():
            self._plot_menu.addAction(action)

    def save_report(self) -> None:
        """Write Markdown, JSON, tables and pictures of the first chosen run into a folder."""
        shown = self.session.shown
        folder = QFileDialog.getExistingDirectory(self, t("Report in a folder"))
        if not folder or not shown.runs:
            return

        def add_tables() -> None:
            self._write(lambda: export.write_questions(Path(folder, "questions.csv"), shown.runs[0]))
            self._write(lambda: export.write_pictures(Path(folder), self._theme, shown))

        self.session.report(shown.runs[0], folder, add_tables)

    def save_figures(self) -> None:
        """Write the table of figures."""
        self._save("figures.csv", lambda p: export.write_csv(p, self.results.figures.head, self.results.figures.rows))

    def save_questions(self) -> None:
        """Write what every question of the first chosen run gave."""
        self._save("questions.csv", lambda p: export.write_questions(p, self.session.shown.runs[0]))

    def _save(self, name: str, write: Callable[[Path], object]) -> None:
        path, _ = QFileDialog.getSaveFileName(self, t("Save"), name, t("Tables (*.csv)"))
        if path:
            self._write(lambda: write(Path(path)))

    def _write(self, write: Callable[[], object]) -> None:
        try:
            write()
        except OSError as error:
            title, text = t("The file could not be saved"), error.strerror or str(error)
            self.banners.show_problem(Problem(title, text, t("Choose another place.")))

    def closeEvent(self, event: QCloseEvent) -> None:
        self.session.stop()
        super().closeEvent(event)

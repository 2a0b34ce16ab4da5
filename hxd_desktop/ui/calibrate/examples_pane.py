"""The dialog's left half: the good and bad questions, added, imported, turned, removed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QPushButton,
    QTableView,
    QWidget,
)

from hxd_desktop.engine.library.model import Example
from hxd_desktop.ui import layouts
from hxd_desktop.ui.calibrate.edits import adding, removing, turning
from hxd_desktop.ui.calibrate.model import EXAMPLE_ROLE, SORT_ROLE, ExamplesModel
from hxd_desktop.ui.calibrate.session import CalibrateSession
from hxd_desktop.ui.conversations.panel import SearchEdit
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.theme import Theme


class ExamplesPane(QWidget):
    """Filter, table, a line to add a question, import and export."""

    def __init__(self, theme: Theme, session: CalibrateSession, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.model = ExamplesModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._sorted.setSourceModel(self.model)
        step = layouts.unit(self)
        box = layouts.column(self, spacing=2)
        self.table = QTableView()
        self.search = SearchEdit(self.table)
        self.search.setPlaceholderText(t("Search questions"))
        self.search.setAccessibleName(t("Search questions"))
        layouts.magnifier(theme, self.search)
        self.search.textChanged.connect(self._sorted.setFilterFixedString)
        self._files = layouts.push(t("Import and export"), name="examples_files")
        self._files.setProperty("menu", True)
        self._files.setMenu(self._files_menu())
        head = QHBoxLayout()
        head.setSpacing(step * 2)
        head.addWidget(self.search, 1)
        head.addWidget(self._files)
        box.addLayout(head)
        self._set_up_table()
        box.addWidget(self.table, 1)
        box.addLayout(self._chosen_row(theme, step))
        box.addWidget(layouts.line())
        self.question = QLineEdit()
        self.question.setObjectName("new_example")
        self.question.setPlaceholderText(t("A question of your own"))
        self.question.setAccessibleName(t("A question of your own"))
        self.question.textChanged.connect(self._refresh)
        self.question.returnPressed.connect(lambda: self._add(True))
        box.addWidget(self.question)
        add = QHBoxLayout()
        add.setSpacing(step * 2)
        add.addWidget(layouts.label(t("The documents"), "muted"))
        self._add_good = self._button(t("cover it"), "add_good", lambda: self._add(True))
        self._add_bad = self._button(t("do not cover it"), "add_bad", lambda: self._add(False))
        add.addWidget(self._add_good)
        add.addWidget(self._add_bad)
        add.addStretch(1)
        box.addLayout(add)
        session.changed.connect(self._show)
        self._refresh()

    def _button(self, text: str, name: str, then: Callable[[], object]) -> QPushButton:
        button = layouts.push(text, name=name)
        button.clicked.connect(lambda _=False: then())
        return button

    def _set_up_table(self) -> None:
        table = self.table
        table.setMinimumHeight(layouts.unit(self) * 36)
        table.setModel(self._sorted)
        table.setAccessibleName(t("Questions"))
        table.setSortingEnabled(True)
        table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        header, width = table.horizontalHeader(), layouts.unit(self)
        header.setMinimumSectionSize(width * 12)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column, units in ((1, 22), (2, 21), (3, 17)):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            header.resizeSection(column, width * units)
        table.selectionModel().selectionChanged.connect(self._refresh)
        remove = QAction(t("Remove"), table)
        remove.setShortcut(QKeySequence(QKeySequence.StandardKey.Delete))
        remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        remove.triggered.connect(self._remove)
        table.addAction(remove)

    def _chosen_row(self, theme: Theme, step: int) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(step * 2)
        self._counts = layouts.label("", "small", wrap=True, name="example_counts")
        self._to_answer = self._button(t("To answer"), "to_answer", lambda: self._turn(True))
        self._to_refuse = self._button(t("To refuse"), "to_refuse", lambda: self._turn(False))
        self._bin = layouts.tool(theme, "trash-2", t("Remove the chosen questions (Del)"), name="remove_examples")
        self._bin.clicked.connect(lambda: self._remove())
        row.addWidget(self._counts, 1)
        for widget in (self._to_answer, self._to_refuse, self._bin):
            row.addWidget(widget)
        return row

    def _files_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, answerable in (
            (t("Import questions…"), None),
            (t("Import questions to answer…"), True),
            (t("Import questions to refuse…"), False),
        ):
            action = menu.addAction(text)
            action.triggered.connect(lambda _=False, answerable=answerable: self.import_file(answerable))
        menu.addSeparator()
        self._export = menu.addAction(t("Export…"))
        self._export.triggered.connect(lambda: self.export_file())
        return menu

    def _show_menu(self, position: QPoint) -> None:
        if not self.chosen():
            return
        menu = QMenu(self.table)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(t("To answer")).triggered.connect(lambda: self._turn(True))
        menu.addAction(t("To refuse")).triggered.connect(lambda: self._turn(False))
        menu.addActions(self.table.actions())
        menu.popup(self.table.viewport().mapToGlobal(position))

    # -- what is shown ------------------------------------------------------------------------------------
    def _show(self) -> None:
        calibration = self._session.calibration
        scores = {e.question: e.score for e in calibration.held_out} if calibration else {}
        self.model.show_examples(self._session.examples, scores)
        good = sum(example.answerable for example in self.model.examples)
        bad = len(self.model.examples) - good
        self._counts.setText(
            f"{plural(good, '{n} to answer', '{n} to answer')} · {plural(bad, '{n} to refuse', '{n} to refuse')}"
        )
        self._refresh()

    def chosen(self) -> list[Example]:
        """The examples that are selected."""
        rows: list[QModelIndex] = self.table.selectionModel().selectedRows()
        return [row.data(EXAMPLE_ROLE) for row in rows]

    def _refresh(self) -> None:
        chosen = self.chosen()
        self._to_answer.setEnabled(any(not example.answerable for example in chosen))
        self._to_refuse.setEnabled(any(example.answerable for example in chosen))
        self._bin.setEnabled(bool(chosen))
        written = bool(self.question.text().strip())
        self._add_good.setEnabled(written)
        self._add_bad.setEnabled(written)
        self._export.setEnabled(bool(self._session.examples))

    # -- wishes -------------------------------------------------------------------------------------------
    def _add(self, answerable: bool) -> None:
        pairs = [(self.question.text(), answerable)]
        if self.question.text().strip():
            self._session.do(t("Add a question"), adding(pairs, "typed", self._session.examples))
            self.question.clear()
            self.question.setFocus()

    def _turn(self, answerable: bool) -> None:
        self._session.do(t("Change the side"), turning(self.chosen(), answerable))

    def _remove(self) -> None:
        self._session.do(t("Remove questions"), removing(self.chosen()))

    def import_file(self, answerable: bool | None) -> None:
        """Ask for a file of questions and take them up."""
        path, _ = QFileDialog.getOpenFileName(self, t("Import questions"), "", t("Questions (*.json *.jsonl)"))
        if path:
            self._session.import_file(t("Import questions"), path, answerable)

    def export_file(self) -> None:
        """Ask for a place and write the questions there."""
        path, _ = QFileDialog.getSaveFileName(self, t("Export"), "questions.json", t("Questions (*.json *.jsonl)"))
        if path:
            self._session.export_file(path)

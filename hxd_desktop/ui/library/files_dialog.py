"""Every file of a library with its state and its reason."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QMenu,
    QStackedWidget,
    QTableView,
    QWidget,
)

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.ui import layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.conversations.panel import SearchEdit
from hxd_desktop.ui.empty_state import EmptyState
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.library.files_model import PATH_ROLE, STATES
from hxd_desktop.ui.library.files_session import FilesSession, View
from hxd_desktop.ui.room import Dialog
from hxd_desktop.ui.theme import Theme

_WIDTHS = (45, 22, 24, 22, 22, 34, 22, 22)  # in steps of the grid; the folder takes what is left


class FilesDialog(Dialog):
    """The coverage table: sort, filter, open, read again. Follows the library while it is open."""

    open_asked = Signal(str)
    folder_asked = Signal(str)

    def __init__(
        self, theme: Theme, bridge: Bridge, library: str, *, failed_only: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Files of {name}", name=library))
        self._theme = theme
        state = DocumentState.FAILED if failed_only else None
        self.session = FilesSession(bridge, library, View(state=state), self)
        self.model = self.session.model
        step = layouts.unit(self)
        box = layouts.column(self, margin=4, spacing=3)
        self.table = QTableView()
        self.search = SearchEdit(self.table)
        self.search.setPlaceholderText(t("Search files and reasons"))
        self.search.setAccessibleName(t("Search files and reasons"))
        layouts.magnifier(theme, self.search)
        self.states = QComboBox()
        self.states.setAccessibleName(t("State"))
        self.states.addItem(t("All states"), None)
        for each, text in STATES.items():
            self.states.addItem(t(text), each)
        self.states.setCurrentIndex(max(0, self.states.findData(state)))
        head = QHBoxLayout()
        head.setSpacing(step * 2)
        head.addWidget(self.search, 1)
        head.addWidget(self.states)
        box.addLayout(head)
        self._set_up_table()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._empty: EmptyState | None = None
        box.addWidget(self._stack, 1)
        self._shown = layouts.label("", "small", name="files_shown")
        box.addWidget(self._shown)
        box.addWidget(self._foot(step))
        self.resize(step * 248, step * 150)
        self.search.textChanged.connect(self.session.type)
        self.states.currentIndexChanged.connect(lambda: self._show_state())
        self.session.changed.connect(self._show)
        self.table.selectionModel().selectionChanged.connect(self._refresh)
        self._refresh()
        self.session.load()

    def _set_up_table(self) -> None:
        table = self.table
        table.setModel(self.model)
        table.setAccessibleName(t("Files"))
        header = table.horizontalHeader()
        header.setSortIndicator(self.model.columnCount() - 1, Qt.SortOrder.AscendingOrder)  # as the folders lie
        table.setSortingEnabled(True)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        # All rows are equally high, or Qt would ask each of them.
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setHighlightSections(False)
        header.setStretchLastSection(True)
        width = layouts.unit(self)
        for column, units in enumerate(_WIDTHS):
            header.resizeSection(column, width * units)
        table.activated.connect(lambda index: self._open(index.data(PATH_ROLE)))
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        table.customContextMenuRequested.connect(self._show_menu)
        wishes: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (t("Open"), "", lambda: self._open(self._first())),
            (t("Show in folder"), "Ctrl+Return", lambda: self.folder_asked.emit(self._first())),
            (t("Copy path"), "Ctrl+C", lambda: self._copy()),
            (t("Read again"), "Ctrl+R", lambda: self.session.retry(self.chosen())),
        )
        self._wishes = []
        for text, keys, then in wishes:
            action = QAction(text, table)
            if keys:
                action.setShortcut(QKeySequence(keys))
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda _=False, then=then: then())
            table.addAction(action)
            self._wishes.append(action)

    def _foot(self, step: int) -> QWidget:
        holder = QWidget()
        foot = FlowLayout(holder, step * 2, Qt.AlignmentFlag.AlignRight)
        self._buttons = []
        for action, name in zip(self._wishes, ("open_file", "show_file", "copy_path", "read_again"), strict=True):
            button = layouts.push(action.text(), name=name)
            button.clicked.connect(action.trigger)
            foot.addWidget(button)
            self._buttons.append(button)
        self._retry = layouts.push(t("Read failed files again"), name="retry_failed")
        self._retry.clicked.connect(lambda: self.session.retry(None))
        foot.addWidget(self._retry)
        close = layouts.push(t("Close"))
        close.clicked.connect(self.close)
        foot.addWidget(close)
        return holder

    def _show_state(self) -> None:
        data = self.states.currentData()  # Qt gives back a text
        self.session.show_state(DocumentState(data) if data else None)

    # -- showing -----------------------------------------------------------------------------------------------
    def _show(self) -> None:
        failed, view = self.session.failed, self.session.view
        if failed is not None:
            self._say(EmptyState(self._theme, "circle-alert", failed.title, failed.message, self._again()))
        elif not self.model.rowCount():
            if view.text or view.state is not None:
                self._say(EmptyState(self._theme, "search", t("No such file"), t("Nothing fits what you chose.")))
            else:
                text = t("Add a folder to this library, and its files appear here.")
                self._say(EmptyState(self._theme, "folder", t("No files yet"), text))
        else:
            self._stack.setCurrentWidget(self.table)
        self._shown.setText(plural(self.model.rowCount(), "{n} file", "{n} files"))
        self._refresh()

    def _again(self) -> tuple[str, Callable[[], object]]:
        return t("Try again"), self.session.load

    def _say(self, empty: EmptyState) -> None:
        if self._empty is not None:
            layouts.drop(self._empty)
        self._empty = empty
        self._stack.addWidget(empty)
        self._stack.setCurrentWidget(empty)

    def _refresh(self) -> None:
        chosen = self.table.selectionModel().hasSelection()
        for action, button in zip(self._wishes, self._buttons, strict=True):
            action.setEnabled(chosen)
            button.setEnabled(chosen)

    # -- wishes ------------------------------------------------------------------------------------------------
    def chosen(self) -> list[str]:
        """The paths of the rows that are selected."""
        rows = self.table.selectionModel().selectedRows()
        return [path for index in rows if (path := index.data(PATH_ROLE))]

    def _first(self) -> str:
        return next(iter(self.chosen()), "")

    def _open(self, path: str | None) -> None:
        if path:
            self.open_asked.emit(path)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("\n".join(self.chosen()))

    def _show_menu(self, position: QPoint) -> None:
        if self.chosen():
            menu = QMenu(self.table)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.addActions(self._wishes)
            menu.popup(self.table.viewport().mapToGlobal(position))

"""Every file of a library with its state and its reason."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QDialog, QHBoxLayout, QHeaderView, QTableView, QWidget

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.model import DocumentInfo
from hxd_desktop.ui import layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.conversations.panel import SearchEdit
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.library.files_model import PATH_ROLE, SORT_ROLE, STATE_ROLE, STATES, FilesModel


class _Filter(QSortFilterProxyModel):
    """Files of one state whose path holds a text."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.state: DocumentState | None = None
        self.setSortRole(SORT_ROLE)
        self.setFilterRole(PATH_ROLE)
        self.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)

    def show_state(self, state: DocumentState | None) -> None:
        self.beginResetModel()
        self.state = state
        self.endResetModel()

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        index = self.sourceModel().index(row, 0, parent)
        return (self.state is None or index.data(STATE_ROLE) == self.state) and super().filterAcceptsRow(row, parent)


class FilesDialog(QDialog):
    """The coverage table: sort, filter, open, read again. Follows the library while it is open."""

    open_asked = Signal(str)

    def __init__(self, bridge: Bridge, library: str, *, failed_only: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("Files of {name}", name=library))
        self._bridge, self._library = bridge, library
        self.model = FilesModel(self)
        self._filter = _Filter(self)
        self._filter.setSourceModel(self.model)
        step = layouts.unit(self)
        box = layouts.column(self, margin=4, spacing=3)
        self.table = QTableView()
        self.search = SearchEdit(self.table)
        self.search.setPlaceholderText(t("Search files"))
        self.search.setAccessibleName(t("Search files"))
        self.search.textChanged.connect(self._filter.setFilterFixedString)
        self.states = QComboBox()
        self.states.setAccessibleName(t("State"))
        self.states.addItem(t("All states"), None)
        for state, text in STATES.items():
            self.states.addItem(t(text), state)
        self.states.currentIndexChanged.connect(lambda: self._filter.show_state(self.states.currentData()))
        self.states.currentIndexChanged.connect(self._count)
        self._shown = layouts.label("", "small", name="files_shown")
        head = QHBoxLayout()
        head.setSpacing(step * 2)
        head.addWidget(self.search, 1)
        head.addWidget(self.states)
        box.addLayout(head)
        self._set_up_table()
        box.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.setSpacing(step * 2)
        self._retry = layouts.push(t("Read failed files again"), name="retry_failed")
        self._retry.clicked.connect(self._retry_failed)
        close = layouts.push(t("Close"))
        close.clicked.connect(self.close)
        foot.addWidget(self._shown, 1)
        foot.addWidget(self._retry)
        foot.addWidget(close)
        box.addLayout(foot)
        self.resize(step * 220, step * 130)
        if failed_only:
            self.states.setCurrentIndex(self.states.findData(DocumentState.FAILED))
        bridge.documents_changed.connect(self._changed)
        self.search.textChanged.connect(self._count)
        self._load()

    def _set_up_table(self) -> None:
        self.table.setModel(self._filter)
        self.table.setAccessibleName(t("Files"))
        self.table.setSortingEnabled(True)
        self.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.verticalHeader().hide()
        header = self.table.horizontalHeader()
        header.setStretchLastSection(True)
        width = layouts.unit(self)
        for column, units in enumerate((60, 30, 50, 20, 18)):
            header.resizeSection(column, width * units)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.table.activated.connect(lambda index: self.open_asked.emit(index.data(PATH_ROLE)))

    def _load(self) -> None:
        library = self._library
        self._bridge.call(lambda assistant: assistant.documents(library), self._loaded)

    def _loaded(self, documents: list[DocumentInfo]) -> None:
        self.model.set_documents(documents)
        self._retry.setEnabled(any(document.state is DocumentState.FAILED for document in documents))
        self._count()

    def _count(self) -> None:
        self._shown.setText(plural(self._filter.rowCount(), "{n} file", "{n} files"))

    def _changed(self, library: str) -> None:
        if library == self._library:
            self._load()

    def _retry_failed(self) -> None:
        library = self._library
        self._bridge.change(lambda assistant: assistant.retry(library))

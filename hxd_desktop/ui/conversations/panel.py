"""The list of conversations with its filter."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QListView, QMenu, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.chat.session import ChatSession
from hxd_desktop.ui.confirm import confirm
from hxd_desktop.ui.conversations.delegate import ConversationDelegate
from hxd_desktop.ui.conversations.model import ID_ROLE, ConversationModel
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme


class SearchEdit(QLineEdit):
    """A filter that Escape empties; Down goes to the list."""

    def __init__(self, target: QWidget) -> None:
        super().__init__()
        self._target = target

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            self._target.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


class ConversationPanel(QWidget):
    """New, filter, open, rename (F2), delete (Del)."""

    def __init__(
        self, theme: Theme, session: ChatSession, model: ConversationModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._model = model
        step = layouts.unit(self)
        box = layouts.column(self, spacing=2)
        box.setContentsMargins(step * 2, step * 2, step * 2, step)
        self.list = QListView()
        self.list.setAccessibleName(t("Conversations"))
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setItemDelegate(ConversationDelegate(theme, self.list))
        new = layouts.push(f" {t('New chat')}", name="new_chat")
        new.setAccessibleName(t("New chat"))
        layouts.set_icon(theme, new, "message-square-plus")
        new.setToolTip(t("New chat (Ctrl+N)"))
        new.clicked.connect(session.new)
        self.search = SearchEdit(self.list)
        self.search.setObjectName("search_chats")
        self.search.setPlaceholderText(t("Search chats"))
        self.search.setAccessibleName(t("Search chats"))
        self.search.setClearButtonEnabled(True)
        self.search.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self._filter = QSortFilterProxyModel(self)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filter.setSourceModel(model)
        self.list.setModel(self._filter)
        self.search.textChanged.connect(self._filter.setFilterFixedString)
        self.search.returnPressed.connect(self._open_first)
        for widget in (new, self.search):
            box.addWidget(widget)
        self._none = layouts.label(t("Your chats appear here."), "small", wrap=True, name="no_chats")
        self._none.setContentsMargins(step * 2, step, step * 2, 0)
        box.addWidget(self._none)
        box.addWidget(self.list, 1)
        self._add_action(t("Rename"), QKeySequence(Qt.Key.Key_F2), self._rename)
        self._add_action(t("Delete"), QKeySequence(QKeySequence.StandardKey.Delete), self._delete)
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.customContextMenuRequested.connect(self._show_menu)
        session.conversation_changed.connect(self._mark_current)
        self._filter.modelReset.connect(self._mark_current)
        self._mark_current()

    def _add_action(self, text: str, keys: QKeySequence, then: object) -> None:
        action = QAction(text, self.list)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(then)
        self.list.addAction(action)

    def _open(self, index: QModelIndex) -> None:
        conversation = index.data(ID_ROLE)
        if conversation is not None and conversation != self._session.current:
            self._session.open(conversation)

    def _open_first(self) -> None:
        if self._filter.rowCount():
            self._open(self._filter.index(0, 0))

    def _mark_current(self) -> None:
        self._none.setVisible(not self._model.rowCount())
        for row in range(self._filter.rowCount()):
            index = self._filter.index(row, 0)
            if index.data(ID_ROLE) == self._session.current:
                self.list.setCurrentIndex(index)
                return
        self.list.clearSelection()
        self.list.setCurrentIndex(QModelIndex())

    def _show_menu(self, position: QPoint) -> None:
        if not self.list.indexAt(position).isValid():
            return
        menu = QMenu(self.list)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.list.actions())
        menu.popup(self.list.viewport().mapToGlobal(position))

    def _rename(self) -> None:
        if self.list.currentIndex().isValid():
            self.list.edit(self.list.currentIndex())

    def _delete(self) -> None:
        index = self.list.currentIndex()
        if index.isValid() and confirm(
            self,
            t("Delete “{title}”?", title=index.data()),
            t("Its questions and answers are deleted for good."),
            t("Delete"),
        ):
            self._session.delete(index.data(ID_ROLE))

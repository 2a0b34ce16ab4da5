"""The list of conversations, and what a search in them finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, QSortFilterProxyModel, Qt, QTimer
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QHBoxLayout, QLineEdit, QListView, QMenu, QWidget

from hxd_desktop.engine.library.model import MessageHit
from hxd_desktop.ui import layouts
from hxd_desktop.ui.chat.session import ChatSession
from hxd_desktop.ui.conversations.delegate import ConversationDelegate
from hxd_desktop.ui.conversations.export import SUFFIXES, as_meant, file_name
from hxd_desktop.ui.conversations.hits import HIT_ROLE, HitDelegate, HitModel
from hxd_desktop.ui.conversations.model import ID_ROLE, PINNED_ROLE, ConversationModel
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme

_NO_LIMIT = 16_777_215  # Qt's
_TITLES_FOUND = 3  # that are shown above the messages
_REST_MS = 150  # how long the hands have to rest until chats are searched


class SearchEdit(QLineEdit):
    """A filter that Escape empties; Down goes to the list that is shown."""

    def __init__(self, target: QWidget | Callable[[], QWidget]) -> None:
        super().__init__()
        self._target = target

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Down:
            target = self._target if isinstance(self._target, QWidget) else self._target()
            target.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            super().keyPressEvent(event)


class ConversationPanel(QWidget):
    """New, search, open, rename (F2), pin (P), save (Ctrl+S), delete (Del) with undo.

    The titles that hold what is searched come first, then the messages whose words do.
    """

    def __init__(
        self, theme: Theme, session: ChatSession, model: ConversationModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._model = model
        step = layouts.unit(self)
        box = layouts.column(self, spacing=2)
        box.setContentsMargins(step * 2, step * 2, step * 2, step)
        self.list = _list(t("Conversations"))
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        self.list.setItemDelegate(ConversationDelegate(theme, self.list))
        self.hits = _list(t("Messages found"))
        self.hits.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._found = HitModel(self)
        self.hits.setModel(self._found)
        self.hits.setItemDelegate(HitDelegate(theme, self.hits))
        new = layouts.push(f" {t('New chat')}", name="new_chat")
        new.setAccessibleName(t("New chat"))
        layouts.set_icon(theme, new, "message-square-plus")
        new.setToolTip(t("New chat (Ctrl+N)"))
        new.clicked.connect(session.new)
        self.search = SearchEdit(lambda: self.hits if self._found.hits and not self._filter.rowCount() else self.list)
        self.search.setObjectName("search_chats")
        self.search.setPlaceholderText(t("Search chats"))
        self.search.setAccessibleName(t("Search chats"))
        layouts.magnifier(theme, self.search, clear=True)
        self._filter = QSortFilterProxyModel(self)
        self._filter.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._filter.setSourceModel(model)
        self.list.setModel(self._filter)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._search)
        self.search.textChanged.connect(self._filter.setFilterFixedString)
        self.search.textChanged.connect(self._typed)
        self.search.returnPressed.connect(self._open_first)
        for widget in (new, self.search):
            box.addWidget(widget)
        self._none = layouts.label(t("Your chats appear here."), "small", wrap=True, name="no_chats")
        self._none.setContentsMargins(step * 2, step, step * 2, 0)
        box.addWidget(self._none)
        box.addWidget(self.list, 1)
        self._hits_lead = layouts.label("", "section", name="hits_lead")
        self._hits_lead.setContentsMargins(step * 2, step, 0, 0)
        box.addWidget(self._hits_lead)
        box.addWidget(self.hits, 2)
        box.addWidget(self._make_undo())
        self._add_action(t("Rename"), QKeySequence(Qt.Key.Key_F2), self._rename)
        self._pin = self._add_action(t("Pin"), QKeySequence(Qt.Key.Key_P), self._toggle_pin)
        self._pin.setObjectName("pin_chat")
        self._add_action(t("Save as…"), QKeySequence(QKeySequence.StandardKey.Save), self._save)
        self._add_action(t("Delete"), QKeySequence(QKeySequence.StandardKey.Delete), self._delete)
        self.hits.clicked.connect(self._open_hit)
        self.hits.activated.connect(self._open_hit)
        session.trash.changed.connect(self._show_undo)
        self._show_undo()
        self._show_hits([])
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.customContextMenuRequested.connect(self._show_menu)
        session.conversation_changed.connect(self._mark_current)
        self._filter.modelReset.connect(self._mark_current)
        self._mark_current()

    def _add_action(self, text: str, keys: QKeySequence, then: object) -> QAction:
        action = QAction(text, self.list)
        action.setShortcut(keys)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(then)
        self.list.addAction(action)
        return action

    def _open(self, index: QModelIndex) -> None:
        conversation = index.data(ID_ROLE)
        if conversation is not None and conversation != self._session.current:
            self._session.open(conversation)

    def _open_first(self) -> None:
        if self._filter.rowCount():
            self._open(self._filter.index(0, 0))
        elif self._found.hits:
            self._open_hit(self._found.index(0, 0))

    # -- searching ---------------------------------------------------------------------------------------
    def _typed(self, text: str) -> None:
        if text.strip():
            self._rest.start()
        else:
            self._rest.stop()
            self._show_hits([])

    def _search(self) -> None:
        query = self.search.text()
        self._session.search(query, lambda hits: self._show_hits(hits) if query == self.search.text() else None)

    def _show_hits(self, hits: list[MessageHit]) -> None:
        searching = bool(self.search.text().strip())
        self._found.show(hits)
        self.hits.setVisible(bool(hits))
        self._hits_lead.setText(t("In the messages") if hits else t("No message holds these words."))
        self._hits_lead.setVisible(searching)
        rows = self._filter.rowCount()
        self.list.setVisible(not searching or rows > 0)
        tallest = min(rows, _TITLES_FOUND) * self.list.sizeHintForRow(0) if searching else _NO_LIMIT
        self.list.setMaximumHeight(max(tallest, 1))
        self._mark_current()

    def _open_hit(self, index: QModelIndex) -> None:
        hit = index.data(HIT_ROLE)
        if hit is not None:
            self._session.open(hit.conversation_id, hit.message_id)

    # -- undoing ------------------------------------------------------------------------------------------
    def _make_undo(self) -> QWidget:
        self._undo = layouts.frame("banner")
        row: QHBoxLayout = layouts.row(self._undo, margin=2, spacing=2)
        self._undo_text = layouts.label("", wrap=True, name="deleted")
        undo = layouts.push(t("Undo"), "link", name="undo_delete")
        undo.clicked.connect(self._session.undo_delete)
        row.addWidget(self._undo_text, 1)
        row.addWidget(undo)
        return self._undo

    def _show_undo(self) -> None:
        trash = self._session.trash
        self._undo.setVisible(trash.conversation is not None)
        self._undo_text.setText(t("“{title}” is deleted.", title=trash.title) if trash.title else t("Deleted."))

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
        pinned = self.list.currentIndex().data(PINNED_ROLE)
        self._pin.setText(t("Unpin") if pinned else t("Pin"))
        menu = QMenu(self.list)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.list.actions())
        menu.popup(self.list.viewport().mapToGlobal(position))

    def _rename(self) -> None:
        if self.list.currentIndex().isValid():
            self.list.edit(self.list.currentIndex())

    def _toggle_pin(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self._session.pin(index.data(ID_ROLE), not index.data(PINNED_ROLE))

    def _save(self) -> None:
        index = self.list.currentIndex()
        if not index.isValid():
            return
        kinds = (t("Markdown"), t("Web page"), "PDF", "JSON")
        filters = [f"{kind} (*{suffix})" for kind, suffix in zip(kinds, SUFFIXES, strict=True)]
        name, chosen = QFileDialog.getSaveFileName(
            self, t("Save the chat"), str(Path.home() / file_name(index.data(), SUFFIXES[0])), ";;".join(filters)
        )
        if name:
            suffix = SUFFIXES[filters.index(chosen)] if chosen in filters else SUFFIXES[0]
            self._session.export(index.data(ID_ROLE), index.data(), as_meant(Path(name), suffix))

    def _delete(self) -> None:
        index = self.list.currentIndex()
        if index.isValid():
            self._session.delete(index.data(ID_ROLE), index.data())


def _list(name: str) -> QListView:
    made = QListView()
    made.setAccessibleName(name)
    made.setMouseTracking(True)
    made.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return made

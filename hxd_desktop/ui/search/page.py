"""Search: a line to type in, filters, passages as they are found, and what can be done with each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from hxd_desktop.engine.library.model import LibraryInfo
from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.conversations.panel import SearchEdit
from hxd_desktop.ui.empty_state import EmptyState
from hxd_desktop.ui.evidence.reading import SourceReading
from hxd_desktop.ui.evidence.sources import SourceCard
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.library.model import LibraryModel
from hxd_desktop.ui.search.filters import FilterBar
from hxd_desktop.ui.search.session import Found, SearchSession
from hxd_desktop.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class SearchWishes:
    """What the page hands on.

    A question to ask about a document's path, a file to open or to show in its folder, a folder to add, a passage to
    show or to link to.
    """

    ask: Callable[[str, str], object]
    open: Callable[[str], object]
    show_in_folder: Callable[[str], object]
    add_folder: Callable[[], object]
    show_passage: Callable[[Passage], object]
    copy_link: Callable[[Passage], object]


class QueryEdit(SearchEdit):
    """Where the query is typed; Down goes to the first passage."""

    went_down = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.went_down.emit()
        else:
            super().keyPressEvent(event)


class ResultCard(SourceCard):
    """A passage that was found, with what can be done with it."""

    ask_asked = Signal(str)  # path
    folder_asked = Signal(str)  # path

    def __init__(self, theme: Theme, reading: SourceReading, parent: QWidget | None = None) -> None:
        super().__init__(theme, reading, parent)
        actions = QHBoxLayout()
        actions.setSpacing(layouts.unit(self) * 4)
        for text, name, then in (
            (t("Ask about it"), "ask_about", lambda: self.ask_asked.emit(reading.path)),
            (t("Show in folder"), "show_result", lambda: self.folder_asked.emit(reading.path)),
        ):
            button = layouts.push(text, "link", name=name)
            button.setAccessibleName(f"{text}: {reading.file_name}")
            button.clicked.connect(lambda _=False, then=then: then())
            actions.addWidget(button)
        actions.addStretch(1)
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.addLayout(actions)


class SearchPage(QWidget):
    """Follows a `SearchSession`."""

    def __init__(
        self, theme: Theme, bridge: Bridge, libraries: LibraryModel, wishes: SearchWishes, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._bridge, self._wishes, self._libraries = theme, bridge, wishes, libraries
        self.session = SearchSession(bridge, self)
        self.cards: list[ResultCard] = []
        self._shown: Found | None = None
        step = layouts.unit(self)
        box = layouts.column(self, spacing=2)
        box.setContentsMargins(step * 4, step * 4, step * 4, 0)
        content = QWidget()
        self._column = layouts.column(content, spacing=2)
        self._column.setContentsMargins(0, 0, step * 2, step * 4)
        self.area = layouts.scroll(content)
        self.area.setAccessibleName(t("Passages found"))
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.edit = QueryEdit(self.area)
        self.area.installEventFilter(self)  # it would take Up and Down to scroll
        self.edit.setObjectName("search_documents")
        self.edit.setPlaceholderText(t("Search your documents"))
        self.edit.setAccessibleName(t("Search your documents"))
        layouts.magnifier(theme, self.edit, clear=True)
        self.edit.textChanged.connect(self.session.type)
        self.edit.returnPressed.connect(self.session.go)
        self.edit.went_down.connect(lambda: self._focus_card(0))
        self.filters = FilterBar()
        self.filters.narrowed.connect(self._narrow)
        self._busy = QProgressBar(textVisible=False)
        self._busy.setRange(0, 0)
        self._busy.setAccessibleName(t("Searching the documents"))
        policy = self._busy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(policy)
        self._lead = layouts.label("", "small", name="found_lead")
        for widget in (self.edit, self.filters, self._busy, self._lead):
            box.addWidget(widget)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.area)
        self._said: tuple[str, ...] = ()
        self._empty: EmptyState | None = None
        box.addWidget(self._stack, 1)
        self.session.changed.connect(self._show)
        self.session.facets_changed.connect(lambda: self.filters.show_facets(self.session.facets))
        bridge.libraries.connect(self._libraries_known)
        if libraries.libraries:
            self.session.know_libraries(libraries.libraries)
            self._libraries_known(libraries.libraries)
        self._show()

    def focus_search(self) -> None:
        """Go to the line to type in."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def _libraries_known(self, libraries: list[LibraryInfo]) -> None:
        self.filters.show_libraries(libraries)
        self._show()

    def _narrow(self) -> None:
        self.filters.show_libraries(self._libraries.libraries)  # the folders are those of the library
        self.session.narrow(self.filters.libraries, self.filters.filters)

    # -- showing -----------------------------------------------------------------------------------------------
    def _show(self) -> None:
        session = self.session
        self._busy.setVisible(session.busy and bool(session.wish.query))
        found = session.found
        if session.failed is not None and session.wish.query:
            problem = session.failed
            self._say("circle-alert", problem.title, problem.message, (t("Try again"), session.go))
        elif not session.wish.query or found is None:
            self._say_nothing_yet()
        elif not found.readings:
            self._say_nothing_found(found)
        else:
            if found is not self._shown:
                self._show_found(found)
            self._lead.setText(self._count(found))
            self._stack.setCurrentWidget(self.area)
            return
        self._lead.clear()

    def _count(self, found: Found) -> str:
        n = plural(len(found.readings), "{n} passage", "{n} passages")
        files = plural(len({r.path for r in found.readings}), "{n} file", "{n} files")
        return t("{passages} in {files} · {time}", passages=n, files=files, time=formats.milliseconds(found.ms))

    def _say_nothing_yet(self) -> None:
        if not self._bridge.ready:
            self._say("search", t("Opening your library"), t("A moment, please."))
        elif self._libraries.libraries and not any(library.folders for library in self._libraries.libraries):
            text = t("Add a folder, and search it here.")
            self._say("folder-plus", t("Nothing to search yet"), text, (t("Add a folder"), self._wishes.add_folder))
        else:
            text = t("Passages that fit best appear as you type, whatever the limit for answers is.")
            self._say("search", t("Search without a chat"), text)

    def _say_nothing_found(self, found: Found) -> None:
        text = t("No passage fits “{query}”.", query=found.wish.query)
        if found.wish.narrowed:
            self._say("search", t("Nothing found"), text, (t("Clear filters"), self.filters.clear))
        else:
            self._say("search", t("Nothing found"), text)

    def _say(self, icon: str, title: str, text: str, action: tuple[str, Callable[[], object]] | None = None) -> None:
        said = (icon, title, text)
        if said != self._said or self._empty is None:
            if self._empty is not None:
                layouts.drop(self._empty)
            self._empty, self._said = EmptyState(self._theme, icon, title, text, action), said
            self._stack.addWidget(self._empty)
        self._stack.setCurrentWidget(self._empty)

    def _show_found(self, found: Found) -> None:
        longer = self._shown is not None and found.wish.query == self._shown.wish.query
        at = self.area.verticalScrollBar().value() if longer else 0
        self._shown = found
        layouts.clear(self._column)
        self.cards.clear()
        for reading in found.readings:
            card = ResultCard(self._theme, reading)
            card.chosen.connect(self._mark)
            card.open_asked.connect(self._wishes.open)
            card.document_asked.connect(self._wishes.show_passage)
            card.link_asked.connect(self._wishes.copy_link)
            card.folder_asked.connect(self._wishes.show_in_folder)
            card.ask_asked.connect(lambda path: self._wishes.ask(found.wish.query, path))
            self._column.addWidget(card)
            self.cards.append(card)
        if found.more:
            more = layouts.push(t("Show more"), name="more_results")
            more.clicked.connect(lambda: self.session.more())
            self._column.addWidget(more, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)
        self.area.verticalScrollBar().setValue(at)

    def _mark(self, n: int) -> None:
        for card in self.cards:
            card.set_chosen(card.reading.n == n)

    # -- keys ---------------------------------------------------------------------------------------------------
    def _focus_card(self, at: int) -> None:
        if 0 <= at < len(self.cards):
            self.cards[at].setFocus(Qt.FocusReason.TabFocusReason)
            self.area.ensureWidgetVisible(self.cards[at])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.area and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            at = next((i for i, card in enumerate(self.cards) if card.hasFocus()), None)
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if at is not None and step is not None:
                if at + step < 0:
                    self.focus_search()
                else:
                    self._focus_card(at + step)
                return True
        return super().eventFilter(watched, event)

"""The chat: the conversation or what stands in its place, the composer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QStackedWidget, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.announcing import announce
from hxd_desktop.ui.chat.composer import Composer
from hxd_desktop.ui.chat.session import ChatSession
from hxd_desktop.ui.chat.view import ChatView
from hxd_desktop.ui.empty_state import EmptyState
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.theme import Theme
from hxd_desktop.ui.welcome import Welcome


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the empty states offer to do."""

    add_folder: Callable[[], object]
    add_samples: Callable[[], object]
    try_again: Callable[[], object]


class ChatPage(QWidget):
    """Shows one of: opening, could not be opened, no documents, nothing asked yet, the conversation."""

    def __init__(
        self,
        theme: Theme,
        session: ChatSession,
        wishes: Wishes,
        welcome: Callable[[], Welcome] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._make_welcome = welcome
        self.welcome: Welcome | None = None
        self._theme = theme
        self._session = session
        self._wishes = wishes
        self._state = ""
        self.view = ChatView(theme, session.model)
        self.composer = Composer(theme, session)
        self._stack = QStackedWidget()
        self._stack.setAccessibleName(t("Chat"))
        self._stack.addWidget(self.view)
        self._empty: EmptyState | None = None
        box = layouts.column(self)
        box.addWidget(self._stack, 1)
        box.addWidget(self.composer)
        self.composer.edit.went_up.connect(self.view.go_to_last)
        self.view.went_below.connect(self.composer.edit.setFocus)
        session.finished.connect(lambda row: announce(self.view, session.model.exchanges[row].news))
        session.model.modelReset.connect(self._choose)
        session.model.rowsInserted.connect(self.end_welcome)
        self.show_opening()

    def show_opening(self) -> None:
        """Say that the library is being opened."""
        self._show("opening", EmptyState(self._theme, "library", t("Opening your library"), t("A moment, please.")))

    def show_open_failed(self, problem: Problem) -> None:
        """Say why the library could not be opened."""
        text = f"{problem.message}\n{problem.remedy}"
        action = (t("Try again"), self._wishes.try_again)
        self._show("failed", EmptyState(self._theme, "circle-alert", problem.title, text, action))

    def show_ready(self, *, has_folders: bool) -> None:
        """Let questions be asked, or folders be added where there are none."""
        self.composer.set_ready(True)
        make, self._make_welcome = self._make_welcome, None
        if make is not None and not has_folders:
            self.welcome = make()
            self._stack.addWidget(self.welcome)
        self._state = "ready" if has_folders else "no documents"
        self._choose()

    def end_welcome(self) -> None:
        """Take the page of the first run away: something was asked, or it was left."""
        welcome, self.welcome = self.welcome, None
        if welcome is not None:
            layouts.drop(welcome)
        self._choose()

    def _choose(self) -> None:
        if self._session.model.rowCount():
            self._stack.setCurrentWidget(self.view)
        elif self.welcome is not None:
            self._stack.setCurrentWidget(self.welcome)
        elif self._state == "no documents":
            self._show(
                self._state,
                EmptyState(
                    self._theme,
                    "folder-plus",
                    t("Which documents may I read?"),
                    t("Drop a folder anywhere on this window, or choose one. Nothing leaves this computer."),
                    (t("Add a folder"), self._wishes.add_folder),
                    (t("Try the sample documents"), self._wishes.add_samples),
                ),
            )
        elif self._state == "ready":
            self._show(
                self._state,
                EmptyState(
                    self._theme,
                    "messages-square",
                    t("Ask your documents"),
                    t("Answers name their sources. What your documents do not cover is refused, and you see why."),
                ),
            )

    def _show(self, state: str, empty: EmptyState) -> None:
        self._state = state
        if self._empty is not None:
            layouts.drop(self._empty)
        self._empty = empty
        self._stack.addWidget(empty)
        if not self._session.model.rowCount():
            self._stack.setCurrentWidget(empty)

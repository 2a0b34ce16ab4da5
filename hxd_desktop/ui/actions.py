"""The window's commands: menus and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow

from hxd_desktop.ui.i18n import t


@dataclass(frozen=True, slots=True)
class Commands:
    """What the menus call."""

    new_chat: Callable[[], object]
    search_documents: Callable[[], object]
    search_chats: Callable[[], object]
    add_folder: Callable[[], object]
    new_library: Callable[[], object]
    calibrate: Callable[[], object]
    evaluate: Callable[[], object]
    settings: Callable[[], object]
    quit: Callable[[], object]
    focus_question: Callable[[], object]
    stop: Callable[[], object]
    copy_answer: Callable[[], object]
    ask_again: Callable[[], object]
    pages: Sequence[tuple[str, Callable[[], object]]]
    show_sources: Callable[[], object]
    show_why: Callable[[], object]
    find: Callable[[], object]
    log: Callable[[], object]
    keys: Callable[[], object]
    about: Callable[[], object]


class Actions:
    """The menus of a window. `all` in reading order; `left` and `right` show and hide the side columns."""

    def __init__(self, window: QMainWindow, commands: Commands) -> None:
        self._window = window
        self.all: list[QAction] = []
        bar = window.menuBar()
        file, chat, view, help_ = (bar.addMenu(text) for text in (t("&File"), t("&Chat"), t("&View"), t("&Help")))
        self._add(file, t("New chat"), "Ctrl+N", commands.new_chat)
        self._add(file, t("Add folder…"), "Ctrl+O", commands.add_folder)
        self._add(file, t("New library…"), "", commands.new_library)
        self._add(file, t("Calibrate…"), "Ctrl+Shift+K", commands.calibrate)
        self._add(file, t("Evaluate…"), "Ctrl+Shift+E", commands.evaluate)
        file.addSeparator()
        settings = self._add(file, t("Settings…"), "Ctrl+,", commands.settings)
        settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        quit_action = self._add(file, t("Quit"), "Ctrl+Q", commands.quit)
        quit_action.setMenuRole(QAction.MenuRole.QuitRole)
        self._add(chat, t("Write a question"), "Ctrl+L", commands.focus_question)
        self._add(chat, t("Search documents"), "Ctrl+F", commands.search_documents)
        self._add(chat, t("Search chats"), "Ctrl+K", commands.search_chats)
        chat.addSeparator()
        self.stop = self._add(chat, t("Stop"), "Esc", commands.stop)
        self._add(chat, t("Ask again"), "Ctrl+R", commands.ask_again)
        self._add(chat, t("Copy answer"), "Ctrl+Shift+C", commands.copy_answer)
        for at, (title, show) in enumerate(commands.pages, 1):
            self._add(view, title, f"Ctrl+{at}", show)
        view.addSeparator()
        self.left = self._toggle(view, t("Conversations and libraries"), "Ctrl+B")
        self.right = self._toggle(view, t("Evidence"), "Ctrl+E")
        view.addSeparator()
        self._add(view, t("Sources"), "Alt+1", commands.show_sources)
        self._add(view, t("Why"), "Alt+2", commands.show_why)
        self._add(help_, t("Do something…"), "Ctrl+Shift+P", commands.find)
        self._add(help_, t("Keys"), "F1", commands.keys)
        self._add(help_, t("Log"), "", commands.log)
        about = self._add(help_, t("About HXD Desktop"), "", commands.about)
        about.setMenuRole(QAction.MenuRole.AboutRole)

    def _add(self, menu: object, text: str, keys: str, then: Callable[[], object]) -> QAction:
        action = QAction(text, self._window)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False: then())
        menu.addAction(action)  # type: ignore[attr-defined]
        self.all.append(action)
        return action

    def _toggle(self, menu: object, text: str, keys: str) -> QAction:
        action = self._add(menu, text, keys, lambda: None)
        action.setCheckable(True)
        return action

"""Everything that a window can do, for the command palette."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from hxd_desktop.ui.finder.dialog import Command
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.preferences.fields import TOPICS

if TYPE_CHECKING:
    from hxd_desktop.ui.main_window import MainWindow


def commands_of(window: MainWindow) -> list[Command]:
    """The menus' actions that can be done now, then libraries, conversations and the pages of the settings."""
    found = [
        Command(
            action.text().replace("&", "").rstrip("…"),
            action.trigger,
            keys=action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
        )
        for action in window.menus.all
        if action.isEnabled()
    ]
    services = window.services
    found += [
        Command(library.name, partial(window.dialogs.files, library.name), t("Files of the library"))
        for library in services.libraries.libraries
    ]
    found += [Command(chat.title, _opener(window, chat.id), t("Chat")) for chat in services.conversations.conversations]
    found += [Command(t(topic.title), partial(window.dialogs.settings, topic.key), t("Settings")) for topic in TOPICS]
    return found


def _opener(window: MainWindow, conversation: int) -> Callable[[], object]:
    return lambda: window.services.session.open(conversation)

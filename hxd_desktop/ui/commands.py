"""What the menus of a window call."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hxd_desktop.ui.actions import Commands

if TYPE_CHECKING:
    from hxd_desktop.ui.main_window import MainWindow


def commands_of(window: MainWindow) -> Commands:
    """Return the commands of `window`."""
    dialogs = window.dialogs
    return Commands(
        new_chat=window.new_chat,
        search_documents=window.search_documents,
        search_chats=lambda: window.focus_column(window.conversations.search, 0),
        add_folder=window.libraries.choose_folder,
        new_library=window.libraries.create_library,
        calibrate=dialogs.calibrate,
        evaluate=dialogs.evaluate,
        settings=dialogs.settings,
        quit=window.leave,
        focus_question=window.write_question,
        stop=window.services.session.stop,
        copy_answer=window.copy_answer,
        ask_again=lambda: window.ask_again(window.evidence.exchange, False),
        pages=[(page.title, partial(window.pages.show_page, page.key)) for page in window.pages.specs],
        show_sources=lambda: window.show_evidence(window.evidence.exchange, None),
        show_why=lambda: window.show_why(window.evidence.exchange),
        find=dialogs.find,
        log=dialogs.log,
        keys=dialogs.keys,
        about=dialogs.about,
    )

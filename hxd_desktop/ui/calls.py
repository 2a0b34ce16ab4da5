"""What another start of the application asks of the window that is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt

from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.links import passage_of
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.single import Call


def answer_call(window: MainWindow, call: Call) -> None:
    """Bring the window forward and do what `call` asks for, in front of the user's eyes."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
    window.show()
    window.raise_()
    window.activateWindow()
    for link in call.links:
        passage = passage_of(link)
        if passage is None:
            told = t("It does not lead to a passage of your documents.")
            window.tell(Problem(t("The link could not be opened"), told, severity="warning"))
        else:
            window.show_passage(passage)
    # Another process's working directory means nothing here.
    if paths := [path for path in call.paths if Path(path).is_absolute()]:
        window.libraries.add_paths(paths)
    if call.question:
        window.pages.show_page("chat")
        session = window.services.session
        if session.running:
            window.page.composer.edit.setPlainText(call.question)
        else:
            session.ask(call.question)

"""Moves the data directory between two windows: the engine is closed, the small window shows how far it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication

from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import WindowSettings
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.moving.session import MoveSession
from hxd_desktop.ui.moving.window import MoveWindow
from hxd_desktop.ui.moving.wish import MoveWish
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.theme import Theme


def run_move(app: QApplication, data_dir: Path | str | None, wish: MoveWish, look: WindowSettings) -> Problem | None:
    """Move, and return what the next window is to tell; None where the application is to end instead (Ctrl-C)."""
    told: list[Problem] = []

    def ended(problem: Problem) -> None:
        told.append(problem)
        app.exit()

    language = Language()
    language.use(look.language)
    theme = Theme(app, look.theme)
    session = MoveSession(DataDirectory.resolve(data_dir), wish)
    window = MoveWindow(session, wish)
    session.ended.connect(ended)
    window.show()
    session.start()
    app.exec()
    session.close()
    window.hide()
    window.deleteLater()
    session.deleteLater()
    theme.detach()
    language.remove()
    return told[0] if told else None

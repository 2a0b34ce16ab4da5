"""The first run: documents, a suggested question, an answer; it can be skipped and never comes again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.services import make_services
from hxd_desktop.ui.theme import Theme
from tests.ui.small_library import WAIT_MS


@pytest.fixture
def new_window(qtbot: QtBot, theme: Theme, language: Language, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on a data directory in which nothing is."""
    assistant = Assistant.open(tmp_path / "new")
    assistant.start_watching()
    services = make_services(theme, language, tmp_path / "new")
    window = MainWindow(services)
    window.resize(1200, 800)
    window.show()
    services.bridge.adopt(assistant)
    qtbot.waitUntil(lambda: window.page.welcome is not None and services.bridge.idle, timeout=WAIT_MS)
    yield window
    services.bridge.close()
    assistant.close()
    window.hide()
    window.deleteLater()


def click(qtbot: QtBot, window: MainWindow, name: str) -> None:
    assert window.page.welcome is not None
    button = window.page.welcome.findChild(QPushButton, name)
    assert button is not None and button.isVisible() and button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_samples_are_taken_and_a_suggested_question_answered(qtbot: QtBot, new_window: MainWindow) -> None:
    welcome = new_window.page.welcome
    assert welcome is not None and welcome.findChild(QPushButton, "welcome_ask") is None
    click(qtbot, new_window, "welcome_samples")
    told = welcome.findChild(QLabel, "welcome_told")
    assert told is not None
    qtbot.waitUntil(lambda: told.text()[0].isdigit() and told.text()[0] != "0", timeout=WAIT_MS)
    assert not welcome.samples.isEnabled()
    with qtbot.waitSignal(new_window.services.session.finished, timeout=WAIT_MS):
        click(qtbot, new_window, "welcome_ask")
    assert new_window.page.welcome is None and new_window.page.view.isVisible()
    qtbot.waitUntil(lambda: new_window.services.bridge.idle, timeout=WAIT_MS)


def test_it_is_skipped_and_never_comes_again(qtbot: QtBot, new_window: MainWindow) -> None:
    click(qtbot, new_window, "welcome_model")
    assert new_window.pages.current.key == "models"
    new_window.pages.show_page("chat")
    click(qtbot, new_window, "welcome_quotes")
    assert new_window.page.composer.edit.hasFocus()
    click(qtbot, new_window, "welcome_skip")
    assert new_window.page.welcome is None
    assert new_window.page._empty is not None
    title = new_window.page._empty.findChild(QLabel, "empty_title")
    assert title is not None and title.text() == "Which documents may I read?"
    again = MainWindow(new_window.services)
    again.page.show_ready(has_folders=False)
    assert again.page.welcome is None
    again.deleteLater()
    qtbot.waitUntil(lambda: new_window.services.bridge.idle, timeout=WAIT_MS)


def test_who_has_documents_is_not_welcomed(window: MainWindow) -> None:
    assert window.page.welcome is None

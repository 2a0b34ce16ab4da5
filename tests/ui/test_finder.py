"""A few letters find commands, libraries, conversations, settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.finder.dialog import FinderDialog
from hxd_desktop.ui.finder.fuzzy import best, fit
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.preferences.dialog import SettingsDialog

SHIFT_CTRL = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def test_letters_in_their_order_fit_and_beginnings_of_words_fit_better() -> None:
    assert fit("xyz", "New chat") is None and fit("tah", "chat") is None
    assert fit("nc", "New chat") > fit("nc", "Funnel cache")  # type: ignore[operator]
    assert fit("设置", "打开设置") is not None
    assert fit("", "anything") is not None and fit("new chat", "New chat") is not None


@pytest.mark.parametrize(("letters", "first"), [("nc", "New chat"), ("lib", "New library"), ("set", "Settings")])
def test_the_best_comes_first(letters: str, first: str) -> None:
    texts = ["Evidence", "New library", "New chat", "Conversations and libraries", "Settings"]
    assert best(letters, [(text, text) for text in texts], 9)[0] == first
    assert best("", [(text, text) for text in texts], 2) == texts[:2]


def test_keys_find_and_do(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_P, SHIFT_CTRL)
    finder = window.findChild(FinderDialog)
    assert finder is not None and "New chat" in finder.texts() and "default" in finder.texts()
    qtbot.keyClicks(finder.field, "evid")
    assert finder.texts()[0] == "Evidence"
    qtbot.keyClick(finder.field, Qt.Key.Key_Down)
    assert finder.list.currentRow() == min(1, len(finder.texts()) - 1)
    qtbot.keyClick(finder.field, Qt.Key.Key_Up)
    shown = window.evidence.isVisible()
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert window.evidence.isVisible() is not shown


def test_the_pages_of_the_settings_are_found(qtbot: QtBot, window: MainWindow) -> None:
    finder = window.dialogs.find()
    assert isinstance(finder, FinderDialog)
    qtbot.keyClicks(finder.field, "network")
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    settings = window.findChild(SettingsDialog)
    assert settings is not None and settings.topics.currentItem().text() == "Network"
    qtbot.waitUntil(lambda: window.services.bridge.idle)


def test_what_fits_nothing_says_so_and_escape_leaves(qtbot: QtBot, window: MainWindow) -> None:
    finder = window.dialogs.find()
    assert isinstance(finder, FinderDialog)
    qtbot.keyClicks(finder.field, "qqqq")
    label = finder.findChild(QLabel, "finder_none")
    assert label is not None and label.isVisible()
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    qtbot.keyClick(finder.field, Qt.Key.Key_Escape)
    assert not [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]

"""The columns of a window that is too narrow for three."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.ui import layouts
from hxd_desktop.ui.main_window import MainWindow


@pytest.fixture
def narrow(window: MainWindow) -> MainWindow:
    window.resize(layouts.unit(window) * 150, window.height())
    QApplication.processEvents()
    return window


def shown(window: MainWindow) -> tuple[bool, bool]:
    return window.conversations.isVisible(), window.evidence.isVisible()


def test_evidence_gives_way_and_comes_back(window: MainWindow, narrow: MainWindow) -> None:
    assert shown(window) == (True, False)
    assert not window.menus.right.isChecked()  # the menu says what is shown
    window.resize(layouts.unit(window) * 260, window.height())
    QApplication.processEvents()
    assert shown(window) == (True, True) and window.menus.right.isChecked()


def test_what_is_asked_for_takes_the_place_of_the_other_side(qtbot: QtBot, narrow: MainWindow) -> None:
    qtbot.keyClick(narrow, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert shown(narrow) == (False, True)
    qtbot.keyClick(narrow, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert shown(narrow) == (True, False)
    qtbot.keyClick(narrow, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert shown(narrow) == (False, False)


def test_a_side_that_gave_way_is_remembered_as_wanted(narrow: MainWindow) -> None:
    narrow.remember()
    assert narrow.services.state.flag("right_shown", default=False)


def test_nothing_is_laid_over_anything(narrow: MainWindow) -> None:
    columns = narrow.columns
    seen = [columns.widget(at).geometry() for at in range(3) if columns.widget(at).isVisible()]
    assert all(first.right() < second.left() for first, second in itertools.pairwise(seen))
    assert seen[-1].right() <= columns.width()

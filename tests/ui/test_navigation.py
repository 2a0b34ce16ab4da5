"""The rail and the pages that it chooses."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.navigation import Page, Pages, Rail
from hxd_desktop.ui.theme import Theme


def test_a_page_is_built_once_when_it_is_first_shown(qtbot: QtBot, theme: Theme) -> None:
    built: list[str] = []

    def make(key: str) -> QWidget:
        built.append(key)
        return QLabel(key)

    specs = [Page(key, key.title(), "search", lambda key=key: make(key)) for key in ("one", "two")]
    pages, rail = Pages(theme, specs), Rail(theme, specs)
    qtbot.addWidget(pages)
    qtbot.addWidget(rail)
    rail.chosen.connect(pages.show_page)
    pages.changed.connect(lambda page: rail.show_chosen(page.key))
    pages.show_page("one")
    assert built == ["one"]
    two = rail.findChild(QWidget, "page_two")
    qtbot.mouseClick(two, Qt.MouseButton.LeftButton)
    pages.show_page("one")
    qtbot.mouseClick(two, Qt.MouseButton.LeftButton)
    assert built == ["one", "two"]
    assert pages.current.key == "two" and two.isChecked()


def test_a_wide_page_takes_the_place_of_the_side_columns(window: MainWindow) -> None:
    window.pages.specs = (*window.pages.specs, Page("wide", "Wide", "search", QWidget, wide=True))
    window.rail.show_chosen = lambda key: None  # it has no button
    window.menus.right.setChecked(False)
    window.pages.show_page("wide")
    assert not window.conversations.isVisible() and not window.evidence.isVisible()
    window.write_question()
    assert window.conversations.isVisible() and not window.evidence.isVisible()
    assert window.page.isVisible()

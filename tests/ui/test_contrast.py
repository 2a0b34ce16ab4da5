"""What is drawn can be read, measured on the pixels, in both themes."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QAbstractButton, QDialog, QHBoxLayout, QLabel, QListWidget, QTableView, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.scenes import SCENES, Engines
from hxd_desktop.ui.studio import studio
from tests.ui.seeing import faint, pixels, stands_out

DRAWN = ["first-run", "refused", "written", "failed", "search", "models-busy", "files", "calibrate-moved"]
DRAWN += ["settings-wrong", "find", "settings-answers"]
READABLE = 4.5 * 0.97  # thin strokes do not quite reach their colour
DISABLED = 3.0


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DRAWN)
def test_every_text_that_is_drawn_can_be_read(qtbot: QtBot, engines: Engines, name: str, theme: str) -> None:
    with studio(theme, "en", (1300, 900)) as made:
        given = SCENES[name](made, engines)
        shown: QWidget = given if isinstance(given, QDialog) else made.window
        made.settle()
        assert faint(shown, READABLE, DISABLED) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_pointed_at_pressed_or_chosen_can_be_read(qtbot: QtBot, engines: Engines, theme: str) -> None:
    with studio(theme, "en", (1300, 900)) as made:
        dialog = SCENES["files"](made, engines)
        assert isinstance(dialog, QDialog)
        table = dialog.findChild(QTableView)
        assert table is not None
        table.selectRow(1)
        rows = pixels(table.viewport().grab().toImage())
        cells = [table.visualRect(table.model().index(1, column)) for column in (0, 1)]
        assert min(stands_out(rows, cell) for cell in cells) >= READABLE
        for button in dialog.findChildren(QAbstractButton):
            if button.isVisible() and button.text() and button.isEnabled():
                button.setDown(True)
        assert faint(dialog, READABLE, DISABLED) == []
        dialog.close()
        found = SCENES["find"](made, engines)
        assert isinstance(found, QDialog)
        list_ = found.findChild(QListWidget)
        assert list_ is not None
        chosen = list_.visualItemRect(list_.currentItem())
        assert stands_out(pixels(list_.viewport().grab().toImage()), chosen) >= READABLE


def test_a_faint_text_is_found(qtbot: QtBot) -> None:
    panel = QWidget(styleSheet="background: #ffffff")
    qtbot.addWidget(panel)
    clear, pale = QLabel("clear", styleSheet="color: #000000"), QLabel("pale", styleSheet="color: #aaaaaa")
    box = QHBoxLayout(panel)
    box.addWidget(clear)
    box.addWidget(pale)
    panel.show()
    assert [text.split()[0] for text in faint(panel, READABLE, DISABLED)] == ["'pale'"]

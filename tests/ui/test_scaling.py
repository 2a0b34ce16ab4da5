"""Dialogs stay on the screen, halves stack, icons are sharp: whatever the font and the scale."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.ui import layouts
from hxd_desktop.ui.banner import Banners
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.halves import Halves
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.room import ROOM, open_dialog
from hxd_desktop.ui.theme import Theme

SHARP = """
import os, sys
os.environ.update(QT_QPA_PLATFORM="offscreen", QT_SCALE_FACTOR="2")
from PySide6.QtWidgets import QApplication
from PySide6.QtCore import QSize
app = QApplication([])
from hxd_desktop.ui import layouts
from hxd_desktop.ui.theme import Theme
theme = Theme(app, "light")
button = layouts.tool(theme, "search", "Search")
side = button.iconSize().width()
for shown in (theme.pixmap("search", side, "#000000"), button.icon().pixmap(QSize(side, side), 2.0)):
    assert shown.devicePixelRatio() == 2.0 and shown.width() == 2 * side, (shown.width(), side)
"""


def test_icons_have_a_pixel_for_each_of_the_screen_s() -> None:
    done = subprocess.run([sys.executable, "-c", SHARP], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_is_cut_at_twice_the_scale(tmp_path: Path) -> None:
    """On a small laptop at 200 %, where a window has 683 x 384 logical pixels."""
    options = ["--scale", "200", "--size", "683x384", "--only", "refused-light-en", "settings-answers-dark-zh"]
    command = [sys.executable, "-m", "hxd_desktop.ui.gallery", str(tmp_path), *options]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2


def test_a_dialog_is_no_larger_than_its_room(qtbot: QtBot, window: MainWindow) -> None:
    window.setProperty(ROOM, QSize(300, 200))
    dialog = QDialog(window)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(900, 700)
    open_dialog(dialog, window)
    assert dialog.size() == QSize(300, 200)
    dialog.close()


def test_halves_stand_one_below_the_other_where_it_is_narrow(qtbot: QtBot) -> None:
    first, second = QLabel("a"), QLabel("b")
    for half in (first, second):
        half.setMinimumSize(300, 100)
    halves = Halves(first, second, (1, 1))
    area = layouts.scroll(halves)
    qtbot.addWidget(area)
    area.resize(800, 200)
    area.show()
    assert halves.orientation() == Qt.Orientation.Horizontal
    area.resize(400, 200)
    QApplication.processEvents()
    assert halves.orientation() == Qt.Orientation.Vertical
    assert second.y() > first.y() + 99 and halves.width() <= area.viewport().width()
    area.resize(800, 200)
    QApplication.processEvents()
    assert halves.orientation() == Qt.Orientation.Horizontal


def test_messages_leave_most_of_the_window_free(qtbot: QtBot, theme: Theme) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    banners, rest = Banners(theme), QWidget()
    box = layouts.column(panel)
    box.addWidget(banners)
    box.addWidget(rest, 1)
    panel.resize(400, 300)
    panel.show()
    for at in range(3):
        banners.show_problem(Problem(f"Problem {at}", "What happened. " * 20, "What to do. " * 20))
    QApplication.processEvents()
    assert rest.height() >= 150 and banners.verticalScrollBar().maximum() > 0
    for banner in banners.banners():
        banner.dismiss()
    assert not banners.isVisible()


def test_one_message_is_seen_whole(qtbot: QtBot, theme: Theme) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    banners, rest = Banners(theme), QWidget()
    box = layouts.column(holder)
    box.addWidget(banners)
    box.addWidget(rest, 1)
    holder.resize(480, 700)
    holder.show()
    message = "There is nothing at /nowhere/reports."
    banners.show_problem(Problem("The folder does not exist", message, "Check its name.", details="trace"))
    qtbot.waitUntil(banners.isVisible)
    QApplication.processEvents()
    assert banners.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize(("align", "x"), [(Qt.AlignmentFlag.AlignLeft, 0), (Qt.AlignmentFlag.AlignRight, 100)])
def test_words_flow_from_their_side(qtbot: QtBot, align: Qt.AlignmentFlag, x: int) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    flow = FlowLayout(panel, 10, align)
    words = [QLabel() for _ in range(3)]
    for word in words:
        word.setFixedSize(95, 20)
        flow.addWidget(word)
    panel.resize(300 - 100 + 0, 60)
    panel.show()
    assert [word.y() for word in words] == [0, 0, 30]
    assert words[0].x() == 0 and words[2].x() == (0 if x == 0 else 105)
    flow.last_at_end = True
    flow.invalidate()
    panel.resize(201, 60)
    QApplication.processEvents()
    assert words[2].x() == 106

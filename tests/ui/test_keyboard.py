"""Everything is reached without a mouse, in the order in which it is read, and the place is always seen."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.navigation import RailButton
from hxd_desktop.ui.scenes import SCENES, Engines
from hxd_desktop.ui.studio import studio
from tests.ui.walking import follows, name_of, walk

PLACES = ["first-run", "refused", "written", "editing", "failed", "search", "page", "models-remote", "models-download"]
PLACES += ["files", "ignore", "keys", "calibrate-moved", "evaluate", "find", "about", "log", "problem"]
PLACES += ["settings-general", "settings-answers", "settings-data", "settings-network"]


@pytest.mark.parametrize("name", PLACES)
def test_tab_goes_through_everything_as_it_is_read(qtbot: QtBot, engines: Engines, name: str) -> None:
    QApplication.setCursorFlashTime(0)  # or a caret would look like a change
    with studio("light", "en", (1300, 900)) as made:
        given = SCENES[name](made, engines)
        shown: QWidget = given if isinstance(given, QDialog) else made.window
        made.settle()
        shown.activateWindow()
        unseen: list[str] = []
        order: list[QWidget] = []
        pictures: dict[QWidget, tuple[QImage, QImage]] = {}
        for stop in walk(shown):
            order.append(stop)
            pictures[stop] = _look(stop)
        jumps = [
            f"{name_of(before)} -> {name_of(after)}" for before, after in pairwise(order) if not follows(before, after)
        ]
        assert jumps == []
        for stop, elsewhere in pairwise([*order, order[0]]):
            if len(order) > 1:
                elsewhere.setFocus(Qt.FocusReason.TabFocusReason)
                QApplication.processEvents()
                now = _look(stop)
                if all(same for same in (now[0] == pictures[stop][0], now[1] == pictures[stop][1])):
                    unseen.append(name_of(stop))
        assert unseen == []
        left_out = [
            name_of(button)
            for button in shown.findChildren(QAbstractButton)
            if button.isVisible() and button.isEnabled() and button not in order and not _reached_otherwise(button)
        ]
        assert left_out == []


def _look(widget: QWidget) -> tuple[QImage, QImage]:
    """What is seen of a widget, and of what it stands in, which may wear its ring."""
    around = widget.parentWidget()
    assert around is not None
    return widget.grab().toImage(), around.grab().toImage() if around.height() < 300 else QImage()


def _reached_otherwise(button: QAbstractButton) -> bool:
    """The arrows go through the rail; a field's button does what Esc does there; a list opens with Alt and Down."""
    return isinstance(button, RailButton) or isinstance(button.parentWidget(), QLineEdit | QComboBox)


def test_the_arrows_go_through_the_rail(qtbot: QtBot, engines: Engines) -> None:
    with studio("light", "en", (1024, 700)) as made:
        made.show_engine(engines.full)
        chat = made.window.findChild(RailButton, "page_chat")
        assert chat is not None
        chat.setFocus()
        qtbot.keyClick(chat, Qt.Key.Key_Down)
        focused = QApplication.focusWidget()
        assert isinstance(focused, RailButton) and focused.objectName() == "page_search"


def test_tab_goes_back_as_it_came(qtbot: QtBot, engines: Engines) -> None:
    with studio("light", "en", (1300, 900)) as made:
        SCENES["ready"](made, engines)
        made.window.activateWindow()
        order = list(walk(made.window))
        back: list[QWidget] = []
        for _ in order:
            focused = QApplication.focusWidget()
            assert focused is not None
            qtbot.keyClick(focused, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
            back.append(QApplication.focusWidget())  # type: ignore[arg-type]
        assert back == order[::-1]


@pytest.mark.parametrize("name", ["settings", "keys", "about", "log", "find", "calibrate", "evaluate"])
def test_esc_closes_a_dialog_and_the_keyboard_is_where_it_was(qtbot: QtBot, engines: Engines, name: str) -> None:
    with studio("light", "en", (1300, 900)) as made:
        made.show_engine(engines.full)
        made.window.activateWindow()
        made.window.conversations.search.setFocus()
        dialog = getattr(made.window.dialogs, name)()
        made.settle()
        dialog.activateWindow()
        QApplication.processEvents()
        assert made.window.focusWidget() is made.window.conversations.search
        qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_Escape)
        made.settle()
        assert not [left for left in made.window.findChildren(QDialog) if left.isVisible()]
        made.window.activateWindow()
        QApplication.processEvents()
        assert QApplication.focusWidget() is made.window.conversations.search

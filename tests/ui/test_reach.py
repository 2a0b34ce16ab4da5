"""Every control of the window and its dialogs says what it is; nothing in an answer reaches for the network."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.chat.exchange import Exchange, Phase
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.small_library import COVERED, WAIT_MS

_tried: list[str] = []
_watching = False


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if _watching and event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        _tried.append(f"{event} {arguments[-1]!r}")


@pytest.fixture(scope="module", autouse=True)
def hooked() -> None:
    """Listen for sockets; a hook cannot be taken off, so it is told when to listen."""
    sys.addaudithook(_hook)


@pytest.fixture
def listening() -> Iterator[list[str]]:
    global _watching
    _tried.clear()
    _watching = True
    yield _tried
    _watching = False


def silent(widget: QWidget) -> list[str]:
    return [
        f"{type(one).__name__} {one.objectName()}"
        for one in widget.findChildren(QWidget)
        if one.isVisible()
        and one.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (one.accessibleName() or (one.text() if isinstance(one, QAbstractButton | QLabel) else ""))
        and not (one.parent() and isinstance(one.parent(), QComboBox | QSpinBox))
    ]


@pytest.mark.parametrize("name", ["settings", "keys", "about", "log", "find", "calibrate", "evaluate"])
def test_every_control_of_a_dialog_says_what_it_is(qtbot: QtBot, window: MainWindow, name: str) -> None:
    dialog = getattr(window.dialogs, name)()
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    assert silent(dialog) == []
    dialog.close()


@pytest.mark.parametrize("page", ["chat", "search", "models"])
def test_every_control_of_a_page_says_what_it_is(qtbot: QtBot, window: MainWindow, page: str) -> None:
    shown = window.pages.show_page(page)
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    assert silent(shown) == []


def test_pictures_and_links_in_an_answer_open_no_connection(
    qtbot: QtBot, window: MainWindow, listening: list[str]
) -> None:
    answer = window.services.bridge._assistant.ask(COVERED)  # type: ignore[union-attr]
    written = replace(
        answer,
        answer="![a picture](http://127.0.0.1:9/pixel.png) <img src='http://127.0.0.1:9/b.png'> [a link](http://127.0.0.1:9/)",
    )
    window.services.session.model.show([Exchange(COVERED, ("default",), phase=Phase.DONE, answer=written)])
    QApplication.processEvents()
    window.page.grab()
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    assert listening == []
    with suppress(OSError):
        socket.create_connection(("127.0.0.1", 9), timeout=0.1)
    assert listening  # the ear works

"""A real small library, a window on it, and a watch for whatever a test leaves behind."""

from __future__ import annotations

import gc
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, Qt, QTimer
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.scenes import Engines
from hxd_desktop.ui.services import Services, make_services
from hxd_desktop.ui.theme import Theme
from tests.ui.small_library import DOCUMENTS, WAIT_MS


@pytest.fixture(scope="session")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a few documents."""
    folder = tmp_path_factory.mktemp("documents")
    for name, text in DOCUMENTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory, documents: Path) -> Path:
    """A data directory in which the documents are indexed; tests work on copies."""
    folder = tmp_path_factory.mktemp("indexed") / "data"
    assistant = Assistant.open(folder)
    assistant.add_folder(documents)
    assistant.index()
    # A limit set by hand, so that these tests judge the window and not the gate's weights.
    assistant.calibrate(threshold=0.95)
    assistant.close()
    return folder


@pytest.fixture(scope="module")
def engines(indexed: Path) -> Iterator[Engines]:
    """What the gallery's scenes are drawn on, with the small library and without one."""
    made = Assistant.open(indexed)
    empty = Assistant.open(indexed.parent / "empty")
    yield Engines(made, empty, made)
    made.close()
    empty.close()


@pytest.fixture
def data_dir(tmp_path: Path, indexed: Path) -> Path:
    """A copy of the indexed data directory."""
    return Path(shutil.copytree(indexed, tmp_path / "data"))


@pytest.fixture
def assistant(data_dir: Path) -> Iterator[Assistant]:
    """The engine, open on the small library."""
    opened = Assistant.open(data_dir)
    yield opened
    opened.close()


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(qapp, "light")
    yield made
    made.detach()


@pytest.fixture
def language() -> Iterator[Language]:
    made = Language()
    made.use("en")
    yield made
    made.remove()


@pytest.fixture
def services(theme: Theme, language: Language, data_dir: Path) -> Iterator[Services]:
    """Bridge and models, not connected to an engine yet."""
    made = make_services(theme, language, data_dir)
    yield made
    made.bridge.close()


@pytest.fixture
def empty_window(qtbot: QtBot, services: Services) -> Iterator[MainWindow]:
    """The window before an engine is open."""
    window = MainWindow(services)
    window.resize(1280, 900)
    window.show()
    yield window
    services.bridge.close()
    window.hide()
    window.deleteLater()


@pytest.fixture
def window(qtbot: QtBot, empty_window: MainWindow, assistant: Assistant) -> MainWindow:
    """The window on the small library, with libraries and conversations shown."""
    services = empty_window.services
    services.bridge.adopt(assistant)
    qtbot.waitUntil(lambda: services.session.asked == ("default",) and services.bridge.idle, timeout=WAIT_MS)
    return empty_window


@pytest.fixture
def ask(qtbot: QtBot, window: MainWindow) -> Callable[[str], None]:
    """Type a question, press Enter, wait until it is answered."""

    def type_and_wait(question: str) -> None:
        edit = window.page.composer.edit
        with qtbot.waitSignal(window.services.session.finished, timeout=WAIT_MS):
            if question.isascii():
                qtbot.keyClicks(edit, question)
            else:
                composed = QInputMethodEvent()
                composed.setCommitString(question)
                QCoreApplication.sendEvent(edit, composed)
            qtbot.keyClick(edit, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)

    return type_and_wait


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a thread, a running timer or a window behind."""
    threads = set(threading.enumerate())
    timers = set(map(id, _running_timers()))
    windows = set(map(id, qapp.topLevelWidgets()))
    yield
    for _ in range(3):
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qapp.processEvents()
    left = [thread.name for thread in threading.enumerate() if thread not in threads]
    assert not left, f"threads left behind: {left}"
    widgets = [repr(widget) for widget in qapp.topLevelWidgets() if id(widget) not in windows]
    assert not widgets, f"widgets left behind: {widgets}"
    running = [repr(timer.parent()) for timer in _running_timers() if id(timer) not in timers]
    assert not running, f"timers left running: {running}"


def _running_timers() -> list[QTimer]:
    return [
        thing
        for thing in gc.get_objects()
        if isinstance(thing, QTimer) and shiboken6.isValid(thing) and thing.isActive()
    ]

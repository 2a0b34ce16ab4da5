"""Opening and closing leaves nothing behind: no widget, no thread, no timer, no process, no file."""

from __future__ import annotations

import gc
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThreadPool, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.app import Application
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.small_library import COVERED, UNCOVERED, WAIT_MS

DIALOGS = ["settings", "keys", "about", "log", "find", "calibrate", "evaluate"]
ROUNDS = 3


def settle(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    QThreadPool.globalInstance().waitForDone()
    for _ in range(4):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


def below(window: QObject) -> Counter[str]:
    """How many objects of each class the window holds."""
    return Counter(each.metaObject().className() for each in window.findChildren(QObject))


def alive() -> Counter[str]:
    """How many Qt objects of ours are alive that Python knows, by class."""
    things = (thing for thing in gc.get_objects() if isinstance(thing, QObject) and shiboken6.isValid(thing))
    return Counter(type(thing).__name__ for thing in things if type(thing).__module__.startswith("hxd_desktop."))


@pytest.mark.parametrize("name", DIALOGS)
def test_a_dialog_that_is_closed_is_gone(qtbot: QtBot, window: MainWindow, name: str) -> None:
    def once() -> None:
        dialog = getattr(window.dialogs, name)()
        settle(window, qtbot)
        dialog.close()
        del dialog
        settle(window, qtbot)

    once()  # what is made at the first time stays
    before = below(window), alive()
    for _ in range(ROUNDS):
        once()
    assert below(window) - before[0] == Counter()
    assert alive() - before[1] == Counter()


def test_switching_conversations_keeps_nothing(qtbot: QtBot, window: MainWindow, ask: Callable[[str], None]) -> None:
    session = window.services.session
    ask(COVERED)
    first = session.current
    window.new_chat()
    ask(UNCOVERED)
    second = session.current
    assert first is not None and second is not None and first != second

    def switch() -> None:
        for conversation in (first, second):
            session.open(conversation)
            settle(window, qtbot)

    switch()
    switch()
    before = below(window), alive()
    for _ in range(5):
        switch()
    assert below(window) - before[0] == Counter()
    assert alive() - before[1] == Counter()


def test_the_application_takes_everything_apart(qtbot: QtBot, qapp: QApplication, data_dir: Path) -> None:
    """The real one, through the composition root: pages, dialogs, a question, then closed."""
    process = psutil.Process()
    before = _kept(process)
    _use(Application(qapp, data_dir), qtbot)
    for _ in range(4):
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert [widget for widget in qapp.topLevelWidgets() if widget.isVisible()] == []
    left = {kind: sorted(now - before[kind]) for kind, now in _kept(process).items()}
    assert {kind: names for kind, names in left.items() if names} == {}


def _use(application: Application, qtbot: QtBot) -> None:
    application.start()
    window, session = application.window, application.services.session
    qtbot.waitUntil(lambda: session.asked == ("default",) and application.services.bridge.idle, timeout=WAIT_MS)
    for page in ("search", "models", "chat"):
        window.pages.show_page(page)
    for name in DIALOGS:
        getattr(window.dialogs, name)()
    with qtbot.waitSignal(session.finished, timeout=WAIT_MS):
        session.ask(COVERED)
    settle(window, qtbot)
    application.close()
    application.deleteLater()


def _kept(process: psutil.Process) -> dict[str, set[str]]:
    timers = (t for t in gc.get_objects() if isinstance(t, QTimer) and shiboken6.isValid(t) and t.isActive())
    return {
        "threads": {thread.name for thread in threading.enumerate()},
        "timers": {f"{type(timer.parent()).__name__} {id(timer)}" for timer in timers},
        "processes": {f"{child.pid}" for child in process.children(recursive=True)},
        "files": {file.path for file in process.open_files()},
        "widgets": {f"{type(widget).__name__} {id(widget)}" for widget in QApplication.topLevelWidgets()},
    }

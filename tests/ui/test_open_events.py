"""What is dropped on the dock's icon or opened with this program: folders, files, links, also while it starts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui.app import Application
from hxd_desktop.ui.links import link_to
from hxd_desktop.ui.single import NOTHING, Call
from hxd_desktop.ui.system.open_events import call_of
from tests.ui.small_library import WAIT_MS


@pytest.fixture
def application(qtbot: QtBot, qapp: QApplication, data_dir: Path) -> Iterator[Application]:
    made = Application(qapp, data_dir)
    yield made
    made.close()


def opened(url: QUrl) -> None:
    QCoreApplication.sendEvent(QCoreApplication.instance(), QFileOpenEvent(url))


def folders(application: Application) -> set[str]:
    return {folder.path for library in application.services.libraries.libraries for folder in library.folders}


def wait_idle(qtbot: QtBot, application: Application) -> None:
    qtbot.waitUntil(lambda: application.services.bridge.idle, timeout=WAIT_MS)


def test_several_things_dropped_while_it_starts_are_all_added(
    qtbot: QtBot, application: Application, tmp_path: Path
) -> None:
    folder, file = tmp_path / "a folder", tmp_path / "手册.txt"
    folder.mkdir()
    (folder / "mill.txt").write_text("A windmill stands on the hill.", encoding="utf-8")
    file.write_text("The brass bell rings at noon.", encoding="utf-8")
    application.start()
    for path in (folder, file):
        opened(QUrl.fromLocalFile(str(path)))
    qtbot.waitUntil(lambda: {str(folder), str(file)} <= folders(application), timeout=WAIT_MS)
    wait_idle(qtbot, application)


def test_a_file_opened_later_is_added_and_the_window_comes_forward(
    qtbot: QtBot, application: Application, tmp_path: Path
) -> None:
    application.start()
    qtbot.waitUntil(lambda: application.services.session.asked == ("default",), timeout=WAIT_MS)
    (tmp_path / "new.txt").write_text("A windmill stands on the hill.", encoding="utf-8")
    application.window.showMinimized()
    opened(QUrl.fromLocalFile(str(tmp_path / "new.txt")))
    assert not application.window.isMinimized()
    qtbot.waitUntil(lambda: str(tmp_path / "new.txt") in folders(application), timeout=WAIT_MS)
    wait_idle(qtbot, application)


def test_a_link_shows_its_passage(qtbot: QtBot, application: Application, documents: Path) -> None:
    application.start()
    qtbot.waitUntil(lambda: application.services.session.asked == ("default",), timeout=WAIT_MS)
    file = next(iter(sorted(documents.iterdir())))
    opened(QUrl(link_to(Passage("default", str(file), 0, 5, None))))
    pane = application.window.evidence.document
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    wait_idle(qtbot, application)


def test_what_is_none_of_these_asks_for_nothing() -> None:
    assert call_of(QUrl("https://example.org/a.pdf")) == NOTHING == call_of(QUrl())
    link = "hxd://passage?library=a%20b&document=%2Fx%2F%E6%89%8B%E5%86%8C.pdf"
    assert call_of(QUrl(link)) == Call(links=(link,))


def test_calls_are_joined() -> None:
    assert Call("a", ("x",)).joined(Call("", ("y",), ("z",))) == Call("a", ("x", "y"), ("z",))
    assert Call("a").joined(Call("b")).question == "b"

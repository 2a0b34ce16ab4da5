"""A second start on the same data directory: it raises the first and hands over what it was given."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtNetwork import QLocalSocket
from PySide6.QtWidgets import QApplication, QToolButton
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.app import Application
from hxd_desktop.ui.calls import answer_call
from hxd_desktop.ui.links import link_to, passage_of
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.single import NOTHING, Call, Doorbell, door_of, ring
from tests.ui.small_library import COVERED, WAIT_MS

RING = """
import sys
from pathlib import Path
from hxd_desktop.ui.single import Call, ring
sys.exit(0 if ring(Path(sys.argv[1]), Call.from_json(sys.argv[2].encode())) else 1)
"""


def ring_apart(qtbot: QtBot, folder: Path, call: Call) -> bool:
    """Ring from another process, while this one goes on."""
    process = subprocess.Popen([sys.executable, "-c", RING, str(folder), call.to_json().decode()])
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=WAIT_MS)
    return process.returncode == 0


def test_a_call_arrives_whole(qtbot: QtBot, tmp_path: Path) -> None:
    bell = Doorbell(tmp_path)
    call = Call("住宿费?", ("/a b/c.pdf",), ("hxd://passage?library=a&document=b",))
    heard: list[Call] = []
    bell.rung.connect(heard.append)
    assert ring_apart(qtbot, tmp_path, call)
    assert heard == [call]
    bell.close()
    bell.deleteLater()


def test_nobody_at_home_and_a_door_left_by_a_crash(qtbot: QtBot, tmp_path: Path) -> None:
    assert not ring(tmp_path, NOTHING)
    Path(door_of(tmp_path)).write_bytes(b"")
    assert not ring(tmp_path, NOTHING)
    bell = Doorbell(tmp_path)
    assert ring_apart(qtbot, tmp_path, NOTHING)
    bell.close()
    bell.deleteLater()
    assert not ring(tmp_path, NOTHING)


@pytest.mark.parametrize(
    "sent",
    [b"nonsense\n", b"[]\n", b'{"question": 1}\n', b'{"question": "", "paths": [1], "links": []}\n', b"x" * (2 << 20)],
)
def test_nonsense_at_the_door_is_sent_away(qtbot: QtBot, tmp_path: Path, sent: bytes) -> None:
    bell = Doorbell(tmp_path)
    heard: list[Call] = []
    bell.rung.connect(heard.append)
    socket = QLocalSocket()
    socket.connectToServer(door_of(tmp_path))
    socket.write(sent)
    qtbot.waitUntil(lambda: socket.state() == QLocalSocket.LocalSocketState.UnconnectedState, timeout=WAIT_MS)
    assert heard == []
    bell.close()
    bell.deleteLater()
    socket.deleteLater()


def test_a_long_data_directory_has_a_short_door(tmp_path: Path) -> None:
    assert len(door_of(tmp_path / ("x" * 200))) < 60
    assert door_of(tmp_path / ("x" * 200)) != door_of(tmp_path / ("y" * 200))


def test_calls_read_back() -> None:
    call = Call("q", ("a",), ("b",))
    assert Call.from_json(call.to_json()) == call
    assert json.loads(NOTHING.to_json()) == {"question": "", "paths": [], "links": []}


@pytest.mark.parametrize(
    "sent", [b"[" * 200_000, b'{"question":' * 90_000, b"\xff", b"9" * 6_000, b"null", b'{"question":1}']
)
def test_what_is_no_call_is_nothing(sent: bytes) -> None:
    assert Call.from_json(sent) is None


def test_a_second_start_asks_in_the_first_window(qtbot: QtBot, qapp: QApplication, data_dir: Path) -> None:
    application = Application(qapp, data_dir)
    application.start()
    qtbot.waitUntil(lambda: application.services.session.asked == ("default",), timeout=WAIT_MS)
    application.window.showMinimized()
    with qtbot.waitSignal(application.services.session.finished, timeout=WAIT_MS):
        assert ring_apart(qtbot, data_dir, Call(COVERED))
    assert not application.window.isMinimized()
    assert application.services.session.model.exchanges[0].question == COVERED
    qtbot.waitUntil(lambda: application.services.bridge.idle, timeout=WAIT_MS)
    application.close()


def test_a_link_of_a_source_is_copied_and_leads_back(qtbot: QtBot, window: MainWindow, ask: object) -> None:
    ask(COVERED)  # type: ignore[operator]
    card = window.evidence.sources.cards[0]
    qtbot.mouseClick(card.findChild(QToolButton, "copy_link"), Qt.MouseButton.LeftButton)
    link = QGuiApplication.clipboard().text()
    passage = passage_of(link)
    assert passage == card.reading.target and link_to(passage) == link
    window.services.session.new()
    answer_call(window, Call(links=(link,)))
    pane = window.evidence.document
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    assert "six weeks" in pane.shown.text[slice(*pane.shown.marks[0])]
    answer_call(window, Call(links=("hxd://passage?library=x",)))
    assert window.pages.banners.banners()[0].problem.title == "The link could not be opened"
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def test_files_of_a_second_start_are_added(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("A windmill stands on the hill.", encoding="utf-8")
    answer_call(window, Call(paths=(str(tmp_path / "new.txt"), "relative.txt")))
    qtbot.waitUntil(
        lambda: any(f.path.endswith("new.txt") for lib in window.services.libraries.libraries for f in lib.folders),
        timeout=WAIT_MS,
    )
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)

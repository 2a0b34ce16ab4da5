"""Moving the data folder from the window: checked, agreed to, moved with a window of its own, and open again."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.moved import POINTER
from hxd_desktop.engine.moving import move
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.ui.app import Application
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.moving import session as session_module
from hxd_desktop.ui.moving.session import MoveSession
from hxd_desktop.ui.moving.window import MoveWindow
from hxd_desktop.ui.moving.wish import MoveWish, wish_to
from hxd_desktop.ui.preferences import move_box
from hxd_desktop.ui.preferences.dialog import SettingsDialog
from hxd_desktop.ui.problems import Problem
from tests.ui.small_library import COVERED, WAIT_MS


@pytest.fixture
def wish(data_dir: Path, tmp_path: Path) -> MoveWish:
    """To a folder that is not there yet."""
    assistant = Assistant.open(data_dir, writable=False)
    made = wish_to(assistant, tmp_path / "new")
    assistant.close()
    return made


def test_a_folder_that_holds_something_gets_one_of_ours(assistant: Assistant, tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    assert wish_to(assistant, tmp_path / "disk").plan.target == tmp_path / "disk"
    (tmp_path / "disk" / "mine.txt").touch()
    made = wish_to(assistant, tmp_path / "disk")
    assert made.plan.target == tmp_path / "disk" / "hxd-desktop"
    assert made.watched == tuple(Path(f.path) for library in assistant.libraries() for f in library.folders)


def test_what_stands_against_it_is_said_and_nothing_moves_unasked(
    qtbot: QtBot, window: MainWindow, documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    answer = [False]

    def confirm(_: object, question: str, cost: str, __: str) -> bool:
        asked.append((question, cost))
        return answer[0]

    monkeypatch.setattr(move_box, "confirm", confirm)
    wishes: list[MoveWish] = []
    window.move_asked.connect(wishes.append)
    dialog = window.dialogs.settings("data")
    assert isinstance(dialog, SettingsDialog)
    mover = dialog.data.mover
    mover.check(documents / "deeper")
    qtbot.waitUntil(mover.told.isVisible, timeout=WAIT_MS)
    assert "whose files are indexed" in mover.told.text() and mover.move_data.isEnabled() and not asked
    for _ in range(2):
        mover.check(tmp_path / "new")
        count = len(asked)
        qtbot.waitUntil(lambda count=count: len(asked) > count, timeout=WAIT_MS)
        answer[0] = True
    assert str(tmp_path / "new") in asked[0][0] and "are free there" in asked[0][1]
    assert [wish.plan.target for wish in wishes] == [tmp_path / "new"] and not mover.told.isVisible()
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def held(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let a move begin and not go on before it is cancelled."""
    seen: list[str] = []

    def hold(*_: object, progress: Callable[[str, int, int], None], cancel: session_module.CancelToken, **__: object):
        progress("copy", 40, 100)
        assert cancel.wait(WAIT_MS / 1000)
        seen.append("cancelled")
        cancel.check()

    monkeypatch.setattr(session_module, "move", hold)
    return seen


@pytest.mark.parametrize("way", ["button", "escape", "close"])
def test_it_is_cancelled(
    qtbot: QtBot, language: Language, data_dir: Path, wish: MoveWish, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    held(monkeypatch)
    session = MoveSession(DataDirectory.resolve(data_dir), wish)
    window = MoveWindow(session, wish)
    qtbot.addWidget(window)
    window.show()
    told: list[Problem] = []
    session.ended.connect(told.append)
    session.start()
    label = window.findChild(QLabel, "move_told")
    qtbot.waitUntil(lambda: window.bar.value() == 240, timeout=WAIT_MS)
    assert label.text().startswith("Copying: ")
    if way == "button":
        qtbot.mouseClick(window.stop, Qt.MouseButton.LeftButton)
    elif way == "escape":
        qtbot.keyClick(window, Qt.Key.Key_Escape)
    else:
        window.close()
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert told[0].title == "The data folder was not moved" and str(data_dir) in told[0].message
    window.show_progress("check", 100, 100)
    assert window.bar.value() == 1000 and window.stop.isEnabled()
    window.show_progress("switch", 100, 100)
    assert not window.stop.isEnabled()
    session.close()
    session.deleteLater()


def test_a_drive_that_is_away_is_told_and_tried_again(
    qtbot: QtBot, qapp: QApplication, data_dir: Path, wish: MoveWish
) -> None:
    move(DataDirectory.resolve(data_dir), wish.plan.target)
    Assistant.open(data_dir).close()
    new = wish.plan.target
    away = new.rename(new.with_name("unplugged"))
    application = Application(qapp, data_dir)
    application.start()
    page = application.window.page
    qtbot.waitUntil(lambda: bool(page._empty and page._empty.buttons), timeout=WAIT_MS)
    assert page._empty.findChild(QLabel, "empty_title").text() == "The data directory is not there"
    application.window.remember()
    assert not new.exists()
    away.rename(new)
    qtbot.mouseClick(page._empty.buttons[0], Qt.MouseButton.LeftButton)
    bridge = application.services.bridge
    qtbot.waitUntil(lambda: bridge.ready and bridge.idle, timeout=WAIT_MS)
    application.close()


WHOLE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from hxd_desktop.ui import app
from hxd_desktop.ui.preferences import move_box

old, new, question = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
move_box.confirm = lambda *_: True
windows = []
start = app.Application.start

def started(application):
    windows.append(application)
    start(application)
    beat = QTimer(application, interval=20)
    beat.timeout.connect(lambda: step(application, beat))
    beat.start()

def step(application, beat):
    services = application.services
    if not (services.bridge.ready and services.bridge.idle and services.session.asked):
        return
    beat.stop()
    if len(windows) == 1:
        dialog = application.window.dialogs.settings("data")
        dialog.data.mover.check(new)
        return
    print(services.data_dir, [banner.problem.title for banner in application.window.pages.banners.banners()])
    services.session.finished.connect(lambda row: answered(application, row))
    services.session.ask(question)

def answered(application, row):
    print(services_answer(application, row), sorted(path.name for path in old.iterdir()))
    application.window.leave()

def services_answer(application, row):
    return application.services.session.model.exchanges[row].answer.outcome.value

app.Application.start = started
print(app.main(old))
"""


def test_the_window_comes_back_on_the_new_place(data_dir: Path, tmp_path: Path) -> None:
    new = tmp_path / "new"
    (data_dir / "settings.toml").write_text('[window]\nlanguage = "en"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WHOLE, str(data_dir), str(new), COVERED],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        f"{new} ['The data folder was moved']",
        f"answered {[POINTER]}",
        "0",
    ], done.stderr

"""What a library's menu does: left out, paused, read again, removed with its cost; on the real engine."""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.ui.calibrate.dialog import CalibrateDialog
from hxd_desktop.ui.evaluate.dialog import EvaluateDialog
from hxd_desktop.ui.library.ignore_dialog import IgnoreDialog
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.small_library import COVERED, WAIT_MS


def choose(window: MainWindow, text: str) -> None:
    menu = window.libraries.cards[0]._menu.menu()
    action = next(action for action in menu.actions() if action.text() == text)
    assert isinstance(action, QAction)
    action.trigger()


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the window asks before it destroys something; every question is answered with yes."""
    questions: list[str] = []

    def agree(box: QMessageBox) -> int:
        questions.append(f"{box.text()} {box.informativeText()}")
        box.show()
        yes = next(b for b in box.buttons() if box.buttonRole(b) == QMessageBox.ButtonRole.DestructiveRole)
        yes.click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", agree)
    return questions


def test_patterns_of_a_folder_are_written_checked_and_kept(
    qtbot: QtBot, window: MainWindow, assistant: Assistant
) -> None:
    choose(window, "Ignore patterns…")
    dialog = window.findChild(IgnoreDialog)
    edit = dialog.findChild(QPlainTextEdit, "patterns")
    assert not dialog.apply.isEnabled()
    qtbot.keyClicks(edit, "!")
    qtbot.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(dialog.banners.banners()), timeout=WAIT_MS)
    assert dialog.banners.banners()[0].problem.title == "An ignore pattern is not valid"
    edit.setPlainText("*.txt\n\n")
    qtbot.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert dialog.findChild(QLabel, "ignore_state").text().startswith("Kept") and not dialog.apply.isEnabled()
    assert assistant.libraries()[0].folders[0].ignore == ("*.txt",)
    dialog.close()


def test_a_library_is_removed_after_saying_what_is_lost(
    qtbot: QtBot, window: MainWindow, assistant: Assistant, asked: list[str]
) -> None:
    assistant.add_example(COVERED, True)
    settle(qtbot, window)
    choose(window, "Remove library…")
    qtbot.waitUntil(lambda: window.libraries.cards == [], timeout=WAIT_MS)
    settle(qtbot, window)
    [question] = asked
    assert "3 documents with" in question and "1 good or bad question is deleted too." in question


def test_everything_is_read_again_after_saying_how_much_that_is(
    qtbot: QtBot, window: MainWindow, asked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    called: list[str] = []
    monkeypatch.setattr(Assistant, "reindex", lambda self, library: called.append(library))
    choose(window, "Read everything again…")
    settle(qtbot, window)
    assert called == ["default"] and asked[0].startswith("Read all of default again? 3 documents are read again")


def test_a_library_is_paused_and_resumed_from_its_menu(qtbot: QtBot, window: MainWindow, assistant: Assistant) -> None:
    choose(window, "Pause")
    qtbot.waitUntil(lambda: window.libraries.cards[0].summary.paused, timeout=WAIT_MS)
    assert assistant.libraries()[0].paused
    choose(window, "Resume")
    qtbot.waitUntil(lambda: not window.libraries.cards[0].summary.paused, timeout=WAIT_MS)
    settle(qtbot, window)


@pytest.mark.parametrize(("text", "kind"), [("Calibrate…", CalibrateDialog), ("Evaluate…", EvaluateDialog)])
def test_the_bench_is_opened_on_the_library(qtbot: QtBot, window: MainWindow, text: str, kind: type[QDialog]) -> None:
    choose(window, text)
    dialog = window.findChild(kind)
    settle(qtbot, window)
    assert dialog.isVisible() and dialog.findChild(QPushButton, "close") is not None
    dialog.close()


def test_a_folder_that_is_away_stays_and_says_so(
    qtbot: QtBot, window: MainWindow, assistant: Assistant, tmp_path: Path
) -> None:
    folder = tmp_path / "drive"
    folder.mkdir()
    (folder / "note.txt").write_text("The lamp is green.", encoding="utf-8")
    assistant.add_folder(folder)
    assistant.index()
    folder.rename(tmp_path / "away")
    assistant.index()
    card = window.libraries.cards[0]
    qtbot.waitUntil(lambda: "offline" in [label.text() for label in card.findChildren(QLabel)], timeout=WAIT_MS)
    assert assistant.libraries()[0].documents == 4
    settle(qtbot, window)


def test_a_renamed_library_is_still_where_kept_answers_lead(
    qtbot: QtBot, window: MainWindow, ask: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("How often is the kettle descaled?")
    session = window.services.session
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("Kitchen", True))
    window.libraries.rename_library("default")
    settle(qtbot, window)
    qtbot.waitUntil(lambda: session.asked == ("Kitchen",), timeout=WAIT_MS)
    answer = session.model.exchanges[0].answer
    assert answer is not None and {source.library for source in answer.sources} == {"Kitchen"}


def test_a_folder_that_is_elsewhere_is_pointed_to_its_place(
    qtbot: QtBot,
    window: MainWindow,
    assistant: Assistant,
    documents: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved = Path(shutil.copytree(documents, tmp_path / "elsewhere"))
    [folder] = assistant.libraries()[0].folders
    away = dataclasses.replace(folder, state=FolderState.OFFLINE)
    panel = window.libraries
    panel.cards[0]._show_folders((folder, away))
    [find] = panel.cards[0].findChildren(QToolButton, "find_folder")
    assert "now" in find.accessibleName()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(moved))
    qtbot.mouseClick(find, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: assistant.libraries()[0].folders[0].path == str(moved), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)

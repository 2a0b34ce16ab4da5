"""The coverage table as a person uses it, on the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.ui.library.files_dialog import FilesDialog
from hxd_desktop.ui.library.files_model import COLUMNS
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.controls import unnamed
from tests.ui.small_library import WAIT_MS


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> Iterator[FilesDialog]:
    opened = window.dialogs.files("default")
    assert isinstance(opened, FilesDialog)
    qtbot.waitUntil(lambda: len(names(opened)) == 3, timeout=WAIT_MS)
    yield opened
    opened.close()
    settle(qtbot, opened)


def settle(qtbot: QtBot, dialog: FilesDialog) -> None:
    session = dialog.session
    qtbot.waitUntil(lambda: not session.busy and session._bridge.idle, timeout=WAIT_MS)


def names(dialog: FilesDialog) -> list[str]:
    shown = [dialog.model.index(row, 0).data() for row in range(dialog.model.rowCount())]
    return [] if "…" in shown else shown


def test_every_column_sorts_both_ways(qtbot: QtBot, dialog: FilesDialog, assistant: Assistant) -> None:
    rows = {Path(document.path).name: document for document in assistant.documents("default")}
    keys = {
        "File": lambda d: Path(d.path).name, "State": lambda d: d.state, "Passages": lambda d: d.chunks,
        "Size": lambda d: d.size_bytes, "Time": lambda d: d.parse_ms, "Folder": lambda d: d.path,
    }  # fmt: skip
    header = [title for title, _, _ in COLUMNS]
    for title, key in keys.items():
        for order in (Qt.SortOrder.DescendingOrder, Qt.SortOrder.AscendingOrder):
            dialog.table.sortByColumn(header.index(title), order)
            settle(qtbot, dialog)
            qtbot.waitUntil(lambda: len(names(dialog)) == 3, timeout=WAIT_MS)
            values = [key(rows[name]) for name in names(dialog)]
            assert values == sorted(values, reverse=order is Qt.SortOrder.DescendingOrder), title


def test_a_file_is_opened_shown_copied_and_read_again(
    qtbot: QtBot, dialog: FilesDialog, documents: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[str] = []
    dialog.open_asked.connect(lambda path: heard.append(f"open {Path(path).name}"))
    dialog.folder_asked.connect(lambda path: heard.append(f"folder {Path(path).name}"))
    dialog.open_asked.disconnect(dialog.parent().open_document)
    dialog.folder_asked.disconnect(dialog.parent().show_in_folder)
    retried: list[object] = []
    monkeypatch.setattr(Assistant, "retry", lambda self, library, paths=None: retried.append((library, paths)))
    assert not dialog.findChild(QPushButton, "open_file").isEnabled()
    dialog.table.selectRow(0)
    path = str(documents / "bicycle.txt")
    for name in ("open_file", "show_file", "copy_path", "read_again", "retry_failed"):
        qtbot.mouseClick(dialog.findChild(QPushButton, name), Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    assert heard == ["open bicycle.txt", "folder bicycle.txt"]
    assert QGuiApplication.clipboard().text() == path
    assert retried == [("default", [path]), ("default", None)]


def test_the_table_follows_the_library(
    qtbot: QtBot, dialog: FilesDialog, window: MainWindow, assistant: Assistant, tmp_path: Path
) -> None:
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "lamp.txt").write_text("The lamp has a bulb of forty watts.", encoding="utf-8")
    assistant.add_folder(tmp_path / "more")
    assistant.index()
    qtbot.waitUntil(lambda: "lamp.txt" in names(dialog), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: not dialog.session._follow.isActive(), timeout=WAIT_MS)


def test_a_library_that_is_gone_is_said(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.dialogs.files("gone")
    assert isinstance(dialog, FilesDialog)
    settle(qtbot, dialog)
    assert dialog.findChild(QLabel, "empty_title").text() == "There is no such library"
    assert dialog.findChild(QPushButton, "empty_action").text() == "Try again"
    dialog.close()


def test_every_control_of_the_dialog_says_what_it_is(dialog: FilesDialog) -> None:
    assert unnamed(dialog) == []

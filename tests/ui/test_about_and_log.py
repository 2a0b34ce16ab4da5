"""What the application is made of, its log, and a failure in full."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.dialogs.about import AboutDialog
from hxd_desktop.ui.dialogs.log import LogDialog
from hxd_desktop.ui.dialogs.problem import ProblemDialog
from hxd_desktop.ui.licences import components, full_text
from hxd_desktop.ui.log_lines import at_least, read_log
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.problems import Problem
from tests.ui.small_library import WAIT_MS

LOG = """2026-01-02 03:04:05,678 12 WARNING hxd.one: a folder is slow
2026-01-02 03:04:06,678 12 ERROR hxd.two: it broke
Traceback (most recent call last):
ValueError: no
2026-01-02 03:04:07,678 12 INFO hxd.three: went on
"""


def test_every_needed_package_is_named_with_its_licence() -> None:
    found = {component.name.lower().replace("_", "-"): component for component in components()}
    assert {"pyside6-essentials", "usearch", "httpx", "lucide"} <= set(found)
    assert "pytest" not in found  # no part of what people get
    assert [name for name, component in found.items() if not component.licence and not component.texts] == []
    assert "Permission to use, copy, modify" in full_text(found["lucide"])


def test_in_a_bundle_the_list_of_its_build_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "licences"
    (folder / "Qt").mkdir(parents=True)
    (folder / "Qt" / "LGPL.txt").write_text("the text")
    (folder / "icons-LICENSE").write_text("Permission")
    (folder / "parts.json").write_text('[{"name": "Qt", "version": "6", "licence": "LGPL-3.0"}]')
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    lucide, qt = components()
    assert (qt.name, qt.version, qt.licence, full_text(qt)) == ("Qt", "6", "LGPL-3.0", "the text")
    assert full_text(lucide) == "Permission"


def test_about_shows_the_text_of_what_is_chosen(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.dialogs.about()
    assert isinstance(dialog, AboutDialog)
    qtbot.waitUntil(lambda: dialog.names.count() > 5, timeout=WAIT_MS)
    names = [dialog.names.item(row).text() for row in range(dialog.names.count())]
    dialog.names.setCurrentRow(next(row for row, name in enumerate(names) if name.startswith("httpx")))
    assert "BSD" in dialog.text.toPlainText() and "Redistribution" in dialog.text.toPlainText()


def test_a_traceback_belongs_to_its_entry(tmp_path: Path) -> None:
    assert read_log(tmp_path) == []
    (tmp_path / "hxd.log").write_text(LOG)
    entries = read_log(tmp_path)
    assert [(entry.level, entry.text.count("\n")) for entry in entries] == [("WARNING", 0), ("ERROR", 2), ("INFO", 0)]
    assert [entry.level for entry in at_least(entries, "ERROR")] == ["ERROR"]
    (tmp_path / "hxd.log.1").write_text("half a line\n")
    assert read_log(tmp_path)[0].text == "half a line"


def test_the_log_is_filtered_and_copied(qtbot: QtBot, window: MainWindow, data_dir: Path) -> None:
    (data_dir / "logs").mkdir(exist_ok=True)
    (data_dir / "logs" / "hxd.log").write_text(LOG)
    dialog = window.dialogs.log()
    assert isinstance(dialog, LogDialog)
    assert "a folder is slow" in dialog.text.toPlainText()
    dialog.level.setCurrentIndex(dialog.level.findData("ERROR"))
    copy = dialog.findChild(QPushButton, "log_copy")
    assert copy is not None
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("2026-01-02 03:04:06")
    assert "ValueError: no" in QGuiApplication.clipboard().text()


def test_a_failure_is_shown_in_full_without_holding_anything_up(qtbot: QtBot, window: MainWindow) -> None:
    window.pages.banners.show_problem(Problem("It broke", "The file is odd.", "Mend it.", "Traceback: here"))
    banner = window.pages.banners.banners()[0]
    details = banner.findChild(QPushButton, "details")
    assert details is not None
    qtbot.mouseClick(details, Qt.MouseButton.LeftButton)
    dialog = window.findChild(ProblemDialog)
    assert dialog is not None and not dialog.isModal() and "Traceback: here" in dialog.details.toPlainText()
    copy = dialog.findChild(QPushButton, "copy_details")
    assert copy is not None
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It broke\nThe file is odd.\nMend it.\nTraceback: here"

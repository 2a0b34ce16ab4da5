"""The settings: every key has a place, nothing is in force before "Apply", and nothing that is not valid is applied."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QPlainTextEdit, QPushButton, QSpinBox
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.settings import Settings
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.preferences.dialog import SettingsDialog
from hxd_desktop.ui.preferences.fields import TOPICS, effect, fault, read, replaced
from tests.ui.small_library import WAIT_MS

ELSEWHERE = {  # on the page of models
    "models.embedder", "models.generator", "models.reranker", "remote.url", "remote.model", "remote.when",
}  # fmt: skip
FIELDS = [field for topic in TOPICS for field in topic.fields]


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> SettingsDialog:
    made = window.dialogs.settings("answers")
    assert isinstance(made, SettingsDialog)
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    return made


def click(qtbot: QtBot, dialog: SettingsDialog, name: str) -> None:
    button = dialog.findChild(QPushButton, name)
    assert button is not None and button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def told(dialog: SettingsDialog, name: str = "settings_told") -> str:
    label = dialog.findChild(QLabel, name)
    assert label is not None
    return label.text()


def test_every_setting_has_one_place() -> None:
    keys = {
        f"{page.name}.{field.name}"
        for page in dataclasses.fields(Settings)
        for field in dataclasses.fields(getattr(Settings(), page.name))
    }
    shown = [field.path for field in FIELDS]
    assert len(shown) == len(set(shown))
    assert set(shown) == keys - ELSEWHERE


def test_every_default_is_shown_as_it_is(dialog: SettingsDialog) -> None:
    assert {path: editor.value for path, editor in dialog.editors.items()} == {
        field.path: read(Settings(), field.path) for field in FIELDS
    }
    assert dialog.chosen() == Settings() and not dialog.apply.isEnabled() and not dialog.revert.isEnabled()


def test_a_change_is_kept_by_the_button_and_can_be_taken_back_before(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog
) -> None:
    applied: list[Settings] = []
    window.settings_applied.connect(applied.append)
    spin = dialog.editors["answers.top_k"].widget
    assert isinstance(spin, QSpinBox)
    spin.selectAll()
    qtbot.keyClicks(spin, "9")
    click(qtbot, dialog, "revert")
    assert spin.value() == 5 and not dialog.apply.isEnabled()
    spin.selectAll()
    qtbot.keyClicks(spin, "9")
    click(qtbot, dialog, "apply")
    assert [settings.answers.top_k for settings in applied] == [9]
    click(qtbot, dialog, "defaults")
    assert spin.value() == 5 and dialog.apply.isEnabled()


def test_what_is_not_valid_is_said_and_cannot_be_applied(qtbot: QtBot, dialog: SettingsDialog) -> None:
    dialog.show_topic("safety")
    edit = dialog.editors["safety.questions"].widget
    assert isinstance(edit, QPlainTextEdit)
    qtbot.keyClicks(edit, "/(/")
    assert "is not a regular expression" in told(dialog) and not dialog.apply.isEnabled()
    edit.setPlainText("/(a)/")
    assert told(dialog) == "" and dialog.apply.isEnabled()


def test_what_makes_work_says_so_first(dialog: SettingsDialog) -> None:
    dialog.editors["chunks.max_tokens"].value = 300
    assert told(dialog).startswith("Every document is cut anew")


def test_settings_that_change_elsewhere_are_shown_unless_something_is_being_changed(
    qtbot: QtBot, window: MainWindow, dialog: SettingsDialog, assistant: Assistant
) -> None:
    assistant.update_settings(replaced(assistant.settings, {"answers.top_k": 7}))
    qtbot.waitUntil(lambda: dialog.editors["answers.top_k"].value == 7, timeout=WAIT_MS)
    dialog.editors["answers.quote_chars"].value = 300
    assistant.update_settings(replaced(assistant.settings, {"models.embedder": "builtin", "answers.top_k": 8}))
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    assert dialog.editors["answers.top_k"].value == 7 and dialog.chosen().answers.quote_chars == 300


@pytest.mark.parametrize(
    ("path", "value", "valid"),
    [
        ("downloads.huggingface", ("https://hub.example",), True),
        ("downloads.huggingface", ("hub.example",), False),
        ("safety.answers", ("plain (words",), True),
        ("safety.answers", ("/[/",), False),
    ],
)
def test_faults(language: Language, path: str, value: tuple[str, ...], valid: bool) -> None:
    field = next(field for field in FIELDS if field.path == path)
    assert (fault(field, value) == "") is valid


def test_effects(language: Language) -> None:
    before = Settings()
    assert effect(before, replaced(before, {"answers.top_k": 9})) == ""
    assert "looked at once more" in effect(before, replaced(before, {"index.ignore": ("*.log",)}))
    assert "loaded anew" in effect(before, replaced(before, {"models.threads": 2}))


def test_data_is_backed_up_and_restored(qtbot: QtBot, dialog: SettingsDialog, tmp_path: Path) -> None:
    dialog.show_topic("data")
    assert told(dialog, "data_size").endswith("B")
    dialog.data.back_up(tmp_path / "b.zip")
    assert not dialog.data.save.isEnabled() and dialog.data.stop.isVisible()
    qtbot.waitUntil(lambda: told(dialog, "data_told").startswith("Backed up to"), timeout=WAIT_MS)
    dialog.data.restore(tmp_path / "b.zip", tmp_path / "new")
    qtbot.waitUntil(lambda: told(dialog, "data_told").startswith("Restored into"), timeout=WAIT_MS)
    assert (tmp_path / "new" / "library.sqlite3").exists() and dialog.data.copy.isVisible()
    dialog.data.restore(tmp_path / "b.zip", tmp_path / "new")
    qtbot.waitUntil(lambda: "not empty" in told(dialog, "data_told"), timeout=WAIT_MS)


def test_the_network_is_off_and_each_use_has_its_switch(dialog: SettingsDialog) -> None:
    for path in ("window.downloads", "remote.allowed"):
        switch = dialog.editors[path].widget
        assert isinstance(switch, QCheckBox) and not switch.isChecked()

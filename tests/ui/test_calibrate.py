"""The calibrate dialog as a person uses it, on the real engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.answering import calibration as engine_calibration
from hxd_desktop.engine.answering.calibration import HeldOut
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.library.model import Example
from hxd_desktop.ui.calibrate import words
from hxd_desktop.ui.calibrate.dialog import CalibrateDialog
from hxd_desktop.ui.calibrate.edits import Edit, adding, at_limit, inverse, removing, turning
from hxd_desktop.ui.calibrate.model import ExamplesModel
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.controls import opening, unnamed
from tests.ui.small_library import COVERED, COVERED_ZH, UNCOVERED, WAIT_MS

GOOD, BAD = Example(1, "default", "good", True, "typed"), Example(2, "default", "bad", False, "chat")


def text_of(widget: QWidget, name: str) -> str:
    label = widget.findChild(QLabel, name)
    assert label is not None, name
    return label.text()


def click(qtbot: QtBot, widget: QWidget, name: str) -> None:
    found = widget.findChild(QPushButton, name) or widget.findChild(QToolButton, name)
    assert found is not None and found.isEnabled(), name
    qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


Open = Callable[[], CalibrateDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot, window: MainWindow) -> Iterator[Open]:
    def open_one() -> CalibrateDialog:
        dialog = window.dialogs.calibrate()
        assert isinstance(dialog, CalibrateDialog)
        return dialog

    with opening(open_one, lambda dialog: settle(qtbot, dialog)) as opened:
        yield opened


def settle(qtbot: QtBot, dialog: CalibrateDialog) -> None:
    bridge = dialog.session._bridge
    qtbot.waitUntil(lambda: not dialog.session.busy and bridge.idle, timeout=WAIT_MS)


def questions(assistant: Assistant) -> dict[str, bool]:
    return {example.question: example.answerable for example in assistant.examples()}


# -- the logic ---------------------------------------------------------------------------------------------


def test_what_changes_nothing_is_no_edit() -> None:
    assert not adding([("good", True), ("  ", True)], "typed", [GOOD])
    assert adding([("good", False), (" new ", True)], "typed", [GOOD]).keep == (
        ("good", False, "typed"),
        ("new", True, "typed"),
    )
    assert not turning([GOOD], True) and turning([GOOD, BAD], True).keep == (("bad", True, "chat"),)


def test_an_edit_is_taken_back_by_its_inverse() -> None:
    assert inverse(Edit(keep=(("good", False, "typed"), ("new", True, "typed"))), [GOOD, BAD], None) == Edit(
        keep=(("good", True, "typed"),), drop=("new",)
    )
    assert inverse(removing([BAD]), [GOOD, BAD], None) == Edit(keep=(("bad", False, "chat"),))


def test_a_limit_counts_what_passes() -> None:
    held_out = [HeldOut("a", True, 0.1, True), HeldOut("b", True, 0.6, False), HeldOut("c", False, 0.3, True)]
    at = at_limit(held_out, 0.5)
    assert (at.right, at.wrong, at.missed) == (1, 1, 1)
    assert (at.precision, at.recall, at.f1) == (0.5, 0.5, 0.5)
    assert at_limit(held_out, 0.0).precision is None and at_limit([], 0.5).f1 is None


def test_the_model_keeps_the_rules_of_models(qtbot: QtBot) -> None:
    model = ExamplesModel()
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show_examples([GOOD, BAD], {"good": 0.12})
    model.show_examples([GOOD, Example(2, "default", "bad", True, "chat")], {})
    model.show_examples([BAD], {})
    assert model.rowCount() == 1
    assert [model.index(0, column).data() for column in range(4)] == ["bad", "refused", "a chat", "–"]


def test_enough_means_the_same_as_in_the_engine() -> None:
    assert words._ENOUGH == engine_calibration.ENOUGH


# -- the dialog --------------------------------------------------------------------------------------------


def test_questions_are_added_turned_removed_and_taken_back(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant
) -> None:
    dialog = open_dialog()
    assert text_of(dialog, "empty_title") == "Teach it with questions of your own"
    pane = dialog.examples
    qtbot.keyClicks(pane.question, COVERED)
    qtbot.keyClick(pane.question, Qt.Key.Key_Return)
    settle(qtbot, dialog)
    qtbot.keyClicks(pane.question, UNCOVERED)
    click(qtbot, dialog, "add_bad")
    settle(qtbot, dialog)
    assert questions(assistant) == {COVERED: True, UNCOVERED: False}
    assert text_of(dialog, "example_counts") == "1 to answer · 1 to refuse"
    assert "14 more to answer, 14 more to refuse" in text_of(dialog, "few_examples")

    pane.table.selectRow(0)
    click(qtbot, dialog, "to_refuse")
    settle(qtbot, dialog)
    assert questions(assistant) == {COVERED: False, UNCOVERED: False}
    pane.table.setFocus()
    pane.table.selectAll()
    qtbot.keyClick(pane.table, Qt.Key.Key_Delete)
    settle(qtbot, dialog)
    assert questions(assistant) == {} and pane.model.rowCount() == 0

    control = Qt.KeyboardModifier.ControlModifier
    for wanted in ({COVERED: False, UNCOVERED: False}, {COVERED: True, UNCOVERED: False}, {COVERED: True}):
        qtbot.keyClick(dialog, Qt.Key.Key_Z, control)
        settle(qtbot, dialog)
        assert questions(assistant) == wanted
    qtbot.keyClick(dialog, Qt.Key.Key_Z, control | Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, dialog)
    assert questions(assistant) == {COVERED: True, UNCOVERED: False}


def test_the_limit_is_moved_shown_applied_and_taken_back(qtbot: QtBot, open_dialog: Open, assistant: Assistant) -> None:
    assistant.change_examples(
        "default", keep=[(COVERED, True, "typed"), (COVERED_ZH, True, "typed"), (UNCOVERED, False, "typed")]
    )
    dialog = open_dialog()
    pane = dialog.limit
    assert pane.limit == pytest.approx(0.95) and text_of(dialog, "limit_state") == "in force, set by hand"
    for _ in range(5):
        qtbot.keyClick(pane.histogram, Qt.Key.Key_Left)
    assert pane.limit == pytest.approx(0.90) and "in force: 0.95" in text_of(dialog, "limit_state")
    qtbot.keyClick(pane.histogram, Qt.Key.Key_Home)
    assert text_of(dialog, "limit_figures") == "Precision – · recall 0.00 · F1 0.00"
    assert assistant.calibration().threshold == 0.95
    click(qtbot, dialog, "revert")
    assert pane.limit == pytest.approx(0.95) and not dialog.apply.isEnabled()

    pane.spin.setValue(0.5)
    click(qtbot, dialog, "apply")
    settle(qtbot, dialog)
    assert assistant.calibration().threshold == 0.5
    click(qtbot, dialog, "use_suggested")
    settle(qtbot, dialog)
    calibration = assistant.calibration()
    assert not calibration.by_hand and calibration.threshold == calibration.suggested
    assert text_of(dialog, "limit_state") == "in force, follows the questions"
    dialog.session.steps.undo()
    dialog.session.steps.undo()
    settle(qtbot, dialog)
    assert assistant.calibration().threshold == 0.95


def test_questions_are_imported_and_exported(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, out = tmp_path / "bad_questions.json", tmp_path / "out.json"
    file.write_text(json.dumps(["first?", "second?"]), encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    dialog = open_dialog()
    dialog.examples.import_file(None)
    qtbot.waitUntil(lambda: dialog.examples.model.rowCount() == 2, timeout=WAIT_MS)
    settle(qtbot, dialog)
    assert questions(assistant) == {"first?": False, "second?": False}
    dialog.examples.export_file()
    settle(qtbot, dialog)
    assert json.loads(out.read_text(encoding="utf-8"))[0] == {"question": "first?", "answerable": False}
    dialog.session.steps.undo()
    settle(qtbot, dialog)
    assert questions(assistant) == {}
    file.write_text("{", encoding="utf-8")
    dialog.examples.import_file(None)
    qtbot.waitUntil(lambda: bool(dialog.banners.banners()), timeout=WAIT_MS)
    assert dialog.banners.banners()[0].problem.title == "The file has another form"


def test_an_example_from_a_chat_appears_in_the_open_dialog(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant
) -> None:
    dialog = open_dialog()
    assistant.add_example(UNCOVERED, False, source="chat")
    qtbot.waitUntil(lambda: dialog.examples.model.rowCount() == 1, timeout=WAIT_MS)
    assert dialog.examples.model.index(0, 2).data() == "a chat"


def test_a_library_that_is_gone_is_said_and_tried_again(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.dialogs.calibrate("gone")
    assert isinstance(dialog, CalibrateDialog)
    settle(qtbot, dialog)
    assert dialog.findChild(QPushButton, "empty_action").text() == "Try again"
    assert not dialog.apply.isEnabled()
    dialog.library.setCurrentText("default")
    settle(qtbot, dialog)
    dialog.close()


def test_every_control_of_the_dialog_says_what_it_is(open_dialog: Open, assistant: Assistant) -> None:
    assistant.change_examples("default", keep=[(COVERED, True, "typed"), (UNCOVERED, False, "typed")])
    dialog = open_dialog()
    assert unnamed(dialog) == []

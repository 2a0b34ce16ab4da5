"""The evaluate dialog as a person uses it, on the real engine."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation.run import QA, REFUSAL, Run
from hxd_desktop.ui.evaluate import words
from hxd_desktop.ui.evaluate.dialog import EvaluateDialog
from hxd_desktop.ui.evaluate.models import GridModel, RunsModel
from hxd_desktop.ui.evaluate.session import Shown
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.controls import opening, unnamed
from tests.ui.small_library import COVERED, COVERED_ZH, UNCOVERED, WAIT_MS

LABELLED = [(COVERED, True), (COVERED_ZH, True), (UNCOVERED, False)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "labelled.jsonl"
    path.write_text("\n".join(json.dumps({"question": q, "answerable": a}) for q, a in LABELLED), encoding="utf-8")
    return path


Open = Callable[[], EvaluateDialog]


@pytest.fixture
def open_dialog(qtbot: QtBot, window: MainWindow) -> Iterator[Open]:
    def open_one() -> EvaluateDialog:
        dialog = window.dialogs.evaluate()
        assert isinstance(dialog, EvaluateDialog)
        return dialog

    with opening(open_one, lambda dialog: settle(qtbot, dialog)) as opened:
        yield opened


def settle(qtbot: QtBot, dialog: EvaluateDialog) -> None:
    bridge = dialog.session._bridge
    qtbot.waitUntil(lambda: not dialog.session.running and bridge.idle, timeout=WAIT_MS)


def measure(qtbot: QtBot, dialog: EvaluateDialog) -> None:
    qtbot.mouseClick(dialog.findChild(QPushButton, "measure"), Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)


def select(qtbot: QtBot, dialog: EvaluateDialog, *rows: int) -> None:
    dialog.table.clearSelection()
    for row in rows:
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        dialog.table.selectionModel().select(dialog.model.index(row, 0), flags)
    settle(qtbot, dialog)


def figures(dialog: EvaluateDialog) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in dialog.results.figures.rows}


def test_a_file_is_measured_kept_and_its_figures_shown(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = open_dialog()
    titles = [label.text() for label in dialog.findChildren(QLabel, "empty_title")]
    assert "Nothing measured yet" in titles and not dialog.export.isEnabled()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(file), ""))
    dialog.run_bar.choose_file()
    assert dialog.run_bar.questions.currentText() == "labelled.jsonl"
    seen: list[tuple[int, int]] = []
    dialog.session.progressed.connect(lambda done, of: seen.append((done, of)))
    measure(qtbot, dialog)
    assert seen[-1] == (3, 3)
    [run] = assistant.evaluations.all()
    assert dialog.model.rowCount() == 1 and dialog.chosen() == [run.id]
    assert figures(dialog)["F1"] == (f"{run.figures['f1']:.3f}",)
    assert [dialog.results.tabs.tabText(n) for n in range(dialog.results.tabs.count())] == [
        "Figures", "Scores", "F1", "Precision and recall", "Reliability", "Questions",
    ]  # fmt: skip
    assert dialog.results.questions.rowCount() == 3


def test_runs_are_compared_and_removed(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluations = assistant.evaluations
    first = evaluations.keep(evaluations.refusal(file))
    assistant.calibrate(threshold=0.0)
    second = evaluations.keep(evaluations.refusal(file))
    dialog = open_dialog()
    select(qtbot, dialog, 0, 1)
    assert dialog.results.figures.head == ("Figure", f"run {first.id}", f"run {second.id}", "difference")
    recall = figures(dialog)["recall"]
    assert recall[:2] == ("1.000", "0.000") and recall[2].startswith("−1.000")
    assert [row[0] for row in dialog.results.questions.rows] == [COVERED, COVERED_ZH]
    plot = dialog.results.plots[1]
    assert [series.name for series in plot.chart.series if series.legend] == [f"run {first.id}", f"run {second.id}"]

    def agree(box: QMessageBox) -> int:
        box.show()
        wanted = next(button for button in box.buttons() if button.text() == "Remove")
        qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", agree)
    select(qtbot, dialog, 1)
    dialog.table.setFocus()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Delete)
    settle(qtbot, dialog)
    assert [run.id for run in evaluations.all()] == [second.id] and dialog.model.rowCount() == 1


def test_the_librarys_own_questions_are_judged_by_a_gate_that_has_not_seen_them(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant
) -> None:
    dialog = open_dialog()
    measure(qtbot, dialog)
    [banner] = dialog.banners.banners()
    assert banner.problem.title == "There is nothing to evaluate"
    assistant.change_examples("default", keep=[(q, a, "typed") for q, a in LABELLED])
    measure(qtbot, dialog)
    [run] = assistant.evaluations.all()
    held_out = {example.question: example.score for example in assistant.calibration().held_out}
    full = assistant.evaluations.get(run.id)
    assert {row["question"]: row["score"] for row in full.rows} == held_out
    assert dialog.model.index(0, 2).data() == "its own (3)"


def test_stopping_keeps_nothing(qtbot: QtBot, open_dialog: Open, assistant: Assistant, tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    rows = [{"question": f"{COVERED} {n}", "answerable": True} for n in range(20_000)]
    many.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    dialog = open_dialog()
    dialog.run_bar._file = str(many)
    dialog.run_bar._offer_questions()
    button = dialog.findChild(QPushButton, "measure")
    with qtbot.waitSignal(dialog.session.progressed, timeout=WAIT_MS):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.text() == "Stop" and not dialog.run_bar.kind.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    settle(qtbot, dialog)
    assert assistant.evaluations.all() == [] and dialog.banners.banners() == []
    assert button.text() == "Measure"


def test_answers_are_measured_on_passages_of_the_file(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant, tmp_path: Path
) -> None:
    answered = tmp_path / "answered.jsonl"
    row = {"question": COVERED, "answers": [["six weeks"]], "positive": ["Descale the brass kettle every six weeks."]}
    answered.write_text(json.dumps(row), encoding="utf-8")
    dialog = open_dialog()
    dialog.run_bar.kind.setCurrentIndex(dialog.run_bar.kind.findData(QA))
    dialog.run_bar._file = str(answered)
    dialog.run_bar._offer_questions()
    dialog.run_bar.passages.setCurrentIndex(dialog.run_bar.passages.findData("positive"))
    measure(qtbot, dialog)
    assert figures(dialog)["answer in the best passage"] == ("1.000",)
    assert dialog.model.index(0, 4).data() == "passages: positive"
    assert [dialog.results.tabs.tabText(n) for n in range(dialog.results.tabs.count())] == [
        "Figures", "Places", "Scores", "Questions",
    ]  # fmt: skip


def test_a_run_is_exported(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant.evaluations.keep(assistant.evaluations.refusal(file))
    dialog = open_dialog()
    out = tmp_path / "report"
    out.mkdir()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(out))
    dialog.save_report()
    settle(qtbot, dialog)
    names = {path.name for path in out.iterdir()}
    assert {"report.md", "report.json", "questions.csv", "plot-1.png", "plot-4.png"} <= names
    with open(out / "questions.csv", encoding="utf-8-sig", newline="") as table:
        assert [row["question"] for row in csv.DictReader(table)] == [question for question, _ in LABELLED]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "f.csv"), ""))
    dialog.save_figures()
    assert "F1" in (tmp_path / "f.csv").read_text(encoding="utf-8-sig")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "nowhere" / "f.csv"), ""))
    dialog.save_figures()
    assert dialog.banners.banners()[0].problem.title == "The file could not be saved"


def test_every_control_of_the_dialog_says_what_it_is(
    qtbot: QtBot, open_dialog: Open, assistant: Assistant, file: Path
) -> None:
    assistant.evaluations.keep(assistant.evaluations.refusal(file))
    dialog = open_dialog()
    for tab in range(dialog.results.tabs.count()):
        dialog.results.tabs.setCurrentIndex(tab)
        assert unnamed(dialog) == []


def test_the_models_keep_the_rules_of_models(language: Language) -> None:
    runs, grid = RunsModel(), GridModel()
    for model in (runs, grid):
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    runs.show_runs([Run(REFUSAL, "default", "q.jsonl", "", 0.0, {}, {"n": 3, "f1": 0.5}, id=7)])
    grid.show(["a", "b"], [["1", "2"], ["3", "4"]], [1])
    grid.show([], [])
    assert runs.index(0, 1).data() == "F1 0.500" and runs.row_of(7) == 0 and runs.row_of(8) is None


def test_a_difference_says_whether_it_is_more_than_chance(language: Language) -> None:
    assert words.difference({"difference": 0.05, "low": 0.01, "high": 0.09}) == "+0.050 (+0.010 … +0.090) *"
    assert words.difference({"difference": -0.05, "low": -0.11, "high": 0.01}) == "−0.050 (−0.110 … +0.010)"
    run = Run(REFUSAL, "default", "q.jsonl", "", 0.0, {}, {"n": 3}, id=1)
    assert words.remark(Shown((run, run), (None,), "Runs differ.")) == "Runs differ."

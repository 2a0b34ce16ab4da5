"""The states of the dialogs that calibrate and evaluate, for the gallery."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel

from hxd_desktop.engine import samples
from hxd_desktop.ui.calibrate.dialog import CalibrateDialog
from hxd_desktop.ui.evaluate.dialog import EvaluateDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.ui.scenes import Engines
    from hxd_desktop.ui.studio import Studio

_GOOD = (
    "一线城市出差的住宿费每晚上限是多少？", "台灯的电池保修多久？", "电源适配器 QD-P24 多少钱？",
    "报销单要附哪些材料？", "出差补贴每天多少？", "二线城市住宿标准是多少？", "台灯怎么充电？",
    "台灯的防水等级是多少？",
    "What should I do when the VPN handshake did not complete?", "How often are home folders backed up?",
    "Which port does the VPN use?", "How long does the VPN tunnel stay up?", "How long are backup versions kept?",
    "Where do I download my VPN profile?", "What does the lantern weigh?", "How long is the warranty of the battery?",
)  # fmt: skip
_BAD = (
    "去年的诺贝尔物理学奖颁给了谁？", "明天北京会下雨吗？", "怎样做红烧肉？", "火星离地球有多远？",
    "谁写了《红楼梦》？", "股票今天涨了吗？", "How do I bake sourdough bread?", "Who won the football world cup?",
    "What is the capital of Peru?", "How do I change the tyre of a car?", "Which volcano erupted in Iceland?",
    "Can you write me a poem about the sea?", "How tall is Mount Everest?",
)  # fmt: skip


def teach(assistant: Assistant) -> None:
    """Give the library of the sample documents good and bad questions."""
    assistant.change_examples(
        "default", keep=[(q, True, "typed") for q in _GOOD] + [(q, False, "imported") for q in _BAD]
    )


def evaluate(assistant: Assistant, folder: Path) -> None:
    """Keep three runs: with the examples learnt, with the limit moved, and on questions with answers."""
    file = folder / "questions.jsonl"
    rows = [{"question": q, "answerable": True} for q in _GOOD] + [{"question": q, "answerable": False} for q in _BAD]
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    answered = folder / "answers.jsonl"
    fitting = [question for question in samples.questions() if question.contains]
    answered.write_text(
        "\n".join(json.dumps({"question": q.question, "answers": [[q.contains]]}) for q in fitting), encoding="utf-8"
    )
    evaluations = assistant.evaluations
    evaluations.keep(evaluations.refusal(file))
    evaluations.keep(evaluations.own_examples())
    evaluations.keep(evaluations.qa(answered))
    assistant.calibrate(threshold=0.02)
    evaluations.keep(evaluations.refusal(file))
    assistant.calibrate(reset=True)


def _calibrate(made: Studio, engines: Engines) -> QDialog:
    made.show_engine(engines.taught)
    dialog = made.window.dialogs.calibrate()
    made.settle()
    return dialog


def _calibrate_moved(made: Studio, engines: Engines) -> QDialog:
    dialog = _calibrate(made, engines)
    assert isinstance(dialog, CalibrateDialog)
    dialog.limit.move_limit(0.8)
    dialog.limit.tabs.setCurrentIndex(1)
    dialog.examples.table.selectRow(1)
    return dialog


def _calibrate_empty(made: Studio, engines: Engines) -> QDialog:
    made.show_engine(engines.full)
    dialog = made.window.dialogs.calibrate()
    made.settle()
    return dialog


def _calibrate_failed(made: Studio, engines: Engines) -> QDialog:
    made.show_engine(engines.full)
    dialog = made.window.dialogs.calibrate("gone")
    made.settle()
    return dialog


def _calibrate_opening(made: Studio, engines: Engines) -> QDialog:
    """Before the engine is open."""
    return made.window.dialogs.calibrate()


def _evaluate(made: Studio, engines: Engines, rows: tuple[int, ...] = (0,), tab: int = 0) -> EvaluateDialog:
    made.show_engine(engines.taught)
    dialog = made.window.dialogs.evaluate()
    assert isinstance(dialog, EvaluateDialog)
    made.settle()
    dialog.table.clearSelection()
    for row in rows:
        chosen = dialog.model.index(row, 0)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        dialog.table.selectionModel().select(chosen, flags)
    made.settle()
    dialog.results.tabs.setCurrentIndex(tab)
    return dialog


def _evaluate_compare(made: Studio, engines: Engines) -> QDialog:
    return _evaluate(made, engines, (0, 3))


def _evaluate_f1(made: Studio, engines: Engines) -> QDialog:
    return _evaluate(made, engines, (0,), 2)


def _evaluate_reliability(made: Studio, engines: Engines) -> QDialog:
    return _evaluate(made, engines, (0, 3), 4)


def _evaluate_questions(made: Studio, engines: Engines) -> QDialog:
    return _evaluate(made, engines, (0,), 5)


def _evaluate_qa(made: Studio, engines: Engines) -> QDialog:
    return _evaluate(made, engines, (1,), 1)


def _evaluate_empty(made: Studio, engines: Engines) -> QDialog:
    made.show_engine(engines.full)
    dialog = made.window.dialogs.evaluate()
    made.settle()
    return dialog


def _evaluate_busy(made: Studio, engines: Engines) -> QDialog:
    dialog = _evaluate(made, engines)
    dialog.session._ticket = -1  # as if one were under way
    dialog.session.running_changed.emit(True)
    dialog.session.progressed.emit(412, 1200)
    return dialog


def _evaluate_failed(made: Studio, engines: Engines) -> QDialog:
    """A library without examples is measured on its own."""
    dialog = _evaluate_empty(made, engines)
    assert isinstance(dialog, EvaluateDialog)
    dialog.session.start(dialog.run_bar.plan)
    made.settle()
    return dialog


BENCH: dict[str, Callable[[Studio, Engines], object]] = {
    "evaluate": _evaluate,
    "evaluate-compare": _evaluate_compare,
    "evaluate-f1": _evaluate_f1,
    "evaluate-reliability": _evaluate_reliability,
    "evaluate-questions": _evaluate_questions,
    "evaluate-qa": _evaluate_qa,
    "evaluate-empty": _evaluate_empty,
    "evaluate-busy": _evaluate_busy,
    "evaluate-failed": _evaluate_failed,
    "calibrate": _calibrate,
    "calibrate-moved": _calibrate_moved,
    "calibrate-empty": _calibrate_empty,
    "calibrate-failed": _calibrate_failed,
    "calibrate-opening": _calibrate_opening,
}

"""The states of the dialogs that calibrate and evaluate, for the gallery."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hxd_desktop.ui.calibrate.dialog import CalibrateDialog

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


BENCH = {
    "calibrate": _calibrate,
    "calibrate-moved": _calibrate_moved,
    "calibrate-empty": _calibrate_empty,
    "calibrate-failed": _calibrate_failed,
    "calibrate-opening": _calibrate_opening,
}

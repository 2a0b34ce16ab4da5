"""Choosing where the data folder is to be moved: checked first, and agreed to with figures."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.confirm import confirm
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.moving.wish import MoveWish, wish_to
from hxd_desktop.ui.problems import Problem


class MoveBox(QWidget):
    """A button, and below it what stands against a move."""

    move_asked = Signal(object)  # MoveWish

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self._bridge = bridge
        box = layouts.column(self, spacing=2)
        row = QHBoxLayout()
        self.move_data = layouts.push(t("Move…"), name="move_data")
        self.move_data.clicked.connect(self._choose)
        self.move_data.setEnabled(bridge.ready)
        row.addWidget(self.move_data)
        row.addStretch(1)
        box.addLayout(row)
        hint = t("To another folder or disk of this machine. The window closes meanwhile and comes back by itself.")
        box.addWidget(layouts.label(hint, "small", wrap=True))
        self.told = layouts.label("", wrap=True, name="move_refused")
        self.told.setProperty("ink", "bad")
        self.told.hide()
        box.addWidget(self.told)
        bridge.opened.connect(lambda: self.move_data.setEnabled(True))

    def check(self, chosen: Path) -> None:
        """Look whether the data folder can be moved there, and ask."""
        self.move_data.setEnabled(False)
        self.told.hide()
        self._bridge.call(lambda assistant: wish_to(assistant, chosen), self._ask, self._refuse)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, t("Move the data folder to"), str(Path.home()))
        if folder:
            self.check(Path(folder))

    def _ask(self, wish: MoveWish) -> None:
        self.move_data.setEnabled(True)
        plan = wish.plan
        cost = t(
            "{size} are copied and compared, and then removed from {source}. {free} are free there.",
            size=formats.size(plan.bytes),
            source=plan.source,
            free=formats.size(plan.free_bytes),
        )
        if confirm(self, t("Move the data folder to {path}?", path=plan.target), cost, t("Move")):
            self.move_asked.emit(wish)

    def _refuse(self, problem: Problem) -> None:
        self.move_data.setEnabled(True)
        parts = {"title": problem.title, "message": problem.message, "remedy": problem.remedy}
        self.told.setText(t("{title}. {message} {remedy}", **parts))
        self.told.show()

"""What went wrong, in full, with its details; it holds nothing up."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.fonts import fixed_font
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.room import Dialog


class ProblemDialog(Dialog):
    """Title, what happened, what to do, details to copy."""

    def __init__(self, problem: Problem, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(problem.title)
        step = layouts.unit(self)
        box = layouts.column(self, margin=5, spacing=3)
        box.addWidget(layouts.label(problem.title, "heading", wrap=True))
        for part in (problem.message, problem.remedy):
            if part:
                box.addWidget(layouts.label(part, wrap=True))
        self.details = QPlainTextEdit(problem.details, readOnly=True)
        self.details.setFont(fixed_font())
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(t("Details"))
        box.addWidget(self.details, 1)
        foot = QHBoxLayout()
        foot.setSpacing(step * 2)
        foot.addStretch(1)
        copy = layouts.push(t("Copy details"), name="copy_details")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._all(problem)))
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        foot.addWidget(copy)
        foot.addWidget(close)
        box.addLayout(foot)
        self.resize(step * 180, step * 100)

    @staticmethod
    def _all(problem: Problem) -> str:
        return "\n".join(part for part in (problem.title, problem.message, problem.remedy, problem.details) if part)

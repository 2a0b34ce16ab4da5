"""A question inside a card, with what it costs; nothing else is held up by it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import t


class Question(QFrame):
    """What is asked, what it costs, and two buttons; `more` stands between them."""

    def __init__(
        self,
        text: str,
        action: str,
        then: Callable[[], object],
        leave: Callable[[], object],
        *,
        more: QWidget | None = None,
        primary: bool = True,
    ) -> None:
        super().__init__()
        self.setProperty("role", "question")
        self.setAccessibleName(text)
        box = layouts.column(self, margin=2, spacing=2)
        box.addWidget(layouts.label(text, wrap=True, name="question_text"))
        if more is not None:
            box.addWidget(more)
        row = QWidget()
        across = layouts.row(row, spacing=2)
        across.addStretch(1)
        self.no = layouts.push(t("Cancel"), name="question_no")
        self.yes = layouts.push(action, "primary" if primary else "", name="question_yes")
        self.no.clicked.connect(lambda: leave())
        self.yes.clicked.connect(lambda: then())
        across.addWidget(self.no)
        across.addWidget(self.yes)
        box.addWidget(row)

    def showEvent(self, event: object) -> None:
        self.no.setFocus(Qt.FocusReason.OtherFocusReason)  # the safe answer

"""A prompt to try the language model with: the reply as it comes, what ran where, and how fast."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QLineEdit, QPlainTextEdit, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.manage.session import ModelsSession
from hxd_desktop.ui.problems import Problem

if TYPE_CHECKING:
    from hxd_desktop.engine.models.tryout import Tryout


class TrialBox(QFrame):
    """Shown while a language model is in use."""

    def __init__(self, session: ModelsSession) -> None:
        super().__init__()
        self._session = session
        self.setProperty("role", "card")
        step = layouts.unit(self)
        box = layouts.column(self, margin=3, spacing=2)
        box.addWidget(layouts.label(t("Try it"), "title"))
        row = QWidget()
        across = layouts.row(row, spacing=2)
        self.prompt = QLineEdit(t("Say in one sentence what you can do."))
        self.prompt.setAccessibleName(t("Prompt"))
        self.prompt.returnPressed.connect(self._clicked)
        self.button = layouts.push(t("Send"), name="trial_button")
        self.button.clicked.connect(self._clicked)
        across.addWidget(self.prompt, 1)
        across.addWidget(self.button)
        box.addWidget(row)
        self.reply = QPlainTextEdit(readOnly=True)
        self.reply.setAccessibleName(t("Reply"))
        self.reply.setTabChangesFocus(True)
        self.reply.setFixedHeight(step * 18)
        self.reply.hide()
        box.addWidget(self.reply)
        self.told = layouts.label("", "small", wrap=True, name="trial_told")
        self.told.hide()
        box.addWidget(self.told)
        session.trial_text.connect(self._add)
        session.trial_ended.connect(self.show_end)

    def _clicked(self) -> None:
        if self._session.trying:
            self._session.stop_prompt()
            return
        self.reply.clear()
        self.reply.show()
        self._tell(t("Loading the model…"), "")
        self._session.try_prompt(self.prompt.text())
        self._refresh()

    def _add(self, piece: str) -> None:
        cursor = self.reply.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText(piece)
        self.reply.setTextCursor(cursor)
        self._tell(t("Writing…"), "")

    def show_end(self, end: Tryout | Problem) -> None:
        """Say how it went."""
        self._refresh()
        if isinstance(end, Problem):
            text = " ".join(part for part in (f"{end.title}.", end.message, end.remedy) if part)
            self._tell(text, "bad" if end.severity == "error" else "")
        else:
            self._tell(run_text(end), "")

    def _refresh(self) -> None:
        self.button.setText(t("Stop") if self._session.trying else t("Send"))

    def _tell(self, text: str, ink: str) -> None:
        self.told.setText(text)
        self.told.setVisible(bool(text))
        if self.told.property("ink") != ink:
            self.told.setProperty("ink", ink)
            self.told.style().polish(self.told)


def run_text(run: Tryout) -> str:
    """What ran where, and how fast."""
    info = run.info
    device = info.device.upper()
    if info.layers and info.device != "cpu":
        device = t("{device}, {n} of {all} layers", device=device, n=info.gpu_layers, all=info.layers)
    parts = [device]
    if info.context_tokens:
        parts.append(t("context of {n} tokens", n=formats.count(info.context_tokens)))
    parts.append(t("first word after {time}", time=formats.milliseconds(run.first_s * 1000)))
    if run.tokens_per_s is not None:
        parts.append(t("{n} tokens a second", n=formats.decimal(run.tokens_per_s, 1)))
    return " · ".join(parts)

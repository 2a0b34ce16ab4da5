"""What can be done with an answer: copy it, ask again, say what it was worth."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, Signal
from PySide6.QtGui import QGuiApplication, QTextDocument
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.ui import layouts, wording
from hxd_desktop.ui.chat.exchange import Exchange, answer_markdown
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.rich_text import DIALECT
from hxd_desktop.ui.theme import Theme


class AnswerActions(QWidget):
    """A row of buttons for one exchange."""

    retry_asked = Signal(bool)  # force
    judged = Signal(bool, bool)  # answerable, wrong source

    def __init__(self, theme: Theme, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._exchange = exchange
        row = self._row = FlowLayout(self, layouts.unit(self))
        self._copy = layouts.tool(theme, "copy", t("Copy answer"), name="copy")
        self._copy.clicked.connect(self.copy)
        self._retry = layouts.tool(theme, "refresh-cw", t("Ask again"), name="retry")
        self._retry.clicked.connect(lambda: self.retry_asked.emit(False))
        self._good = layouts.tool(theme, "thumbs-up", "", name="good", checkable=True)
        self._bad = layouts.tool(theme, "thumbs-down", "", name="bad", checkable=True)
        self._good.clicked.connect(lambda: self._judge(right=True))
        self._bad.clicked.connect(self._judge_bad)
        self._more = layouts.tool(theme, "ellipsis", t("More"), name="more")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._more)
        menu.addAction(t("Copy as Markdown"), self.copy)
        menu.addAction(t("Copy as plain text"), self.copy_plain)
        menu.addAction(t("Copy with sources"), self.copy_with_sources)
        menu.addAction(t("Copy question"), lambda: _to_clipboard(exchange.question))
        self._more.setMenu(menu)
        self._kept = layouts.label("", "small", name="kept")
        self._anyway = layouts.push(t("Answer anyway"), "link", name="answer_anyway")
        self._anyway.clicked.connect(lambda: self.retry_asked.emit(True))
        for widget in (self._copy, self._retry, self._good, self._bad, self._more, self._kept):
            row.addWidget(widget)
        row.addWidget(self._anyway)

    @property
    def _answered(self) -> bool:
        answer = self._exchange.answer
        return answer is not None and answer.outcome is Outcome.ANSWERED

    def refresh(self) -> None:
        """Show what can be done with the exchange as it stands."""
        exchange, answer, answered = self._exchange, self._exchange.answer, self._answered
        judgeable = answer is not None and (answered or wording.is_refusal(answer))
        refused = answer is not None and wording.is_refusal(answer)
        self._anyway.setVisible(refused)
        self._row.last_at_end = refused
        self._copy.setVisible(bool(exchange.shown_text))
        good = t("Good answer") if answered else t("Right to refuse")
        bad = t("Not a good answer") if answered else t("Should have been answered")
        for button, text, answerable in ((self._good, good, answered), (self._bad, bad, not answered)):
            button.setVisible(judgeable)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setEnabled(not exchange.learning)
            button.setChecked(answerable in exchange.examples and not exchange.wrong_source)
        if answered and exchange.wrong_source:
            self._bad.setChecked(True)
        texts = {True: t("Kept as a question to answer"), False: t("Kept as a question to refuse"), None: ""}
        kept = texts[next(iter(exchange.examples), None)]
        if exchange.wrong_source:
            kept = t("Kept: answerable, but from another source")
        self._kept.setText(t("Learning from it…") if exchange.learning else kept)
        self._kept.setVisible(bool(self._kept.text()))

    # -- judging ---------------------------------------------------------------------------------------
    def _judge(self, *, right: bool) -> None:
        self.judged.emit(self._answered if right else not self._answered, False)

    def _judge_bad(self) -> None:
        """A refusal was wrong in one way only; an answer in two, of which one is chosen."""
        exchange = self._exchange
        if not self._answered:
            self._judge(right=False)
        elif exchange.wrong_source:
            self.judged.emit(True, True)
        elif False in exchange.examples:
            self.judged.emit(False, False)
        else:
            self._bad.setChecked(False)
            menu = QMenu(self._bad)
            menu.setObjectName("what_was_bad")
            menu.aboutToHide.connect(menu.deleteLater)
            menu.addAction(t("Should have been refused"), lambda: self.judged.emit(False, False))
            menu.addAction(t("Wrong source"), lambda: self.judged.emit(True, True))
            menu.popup(self._bad.mapToGlobal(self._bad.rect().bottomLeft()))

    # -- copying ---------------------------------------------------------------------------------------
    def copy(self) -> None:
        """Put the answer on the clipboard as it was written."""
        _to_clipboard(self._exchange.shown_text)

    def copy_plain(self) -> None:
        """Put the answer on the clipboard without marks of Markdown."""
        document = QTextDocument()
        document.setMarkdown(answer_markdown(self._exchange), DIALECT)
        _to_clipboard(document.toPlainText())

    def copy_with_sources(self) -> None:
        """Put question, answer, scores and sources on the clipboard as Markdown."""
        from hxd_desktop.ui.conversations.export import exchange_markdown

        _to_clipboard(exchange_markdown(self._exchange))


def _to_clipboard(text: str) -> None:
    data = QMimeData()
    data.setText(text)
    QGuiApplication.clipboard().setMimeData(data)

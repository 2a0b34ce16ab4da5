"""One question and its answer on screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QWidget

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.answering.trace import also_searched, remote_host, searched_instead
from hxd_desktop.ui import layouts, wording
from hxd_desktop.ui.chat.answer_actions import AnswerActions
from hxd_desktop.ui.chat.busy import Busy
from hxd_desktop.ui.chat.exchange import Exchange, Phase, answer_markdown
from hxd_desktop.ui.chat.question_row import QuestionRow
from hxd_desktop.ui.gauge import Gauge
from hxd_desktop.ui.harmless import shown, tip
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.markdown_look import settled_part
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.theme import Theme


class ExchangeView(QFrame):
    """Shows an `Exchange`: the question, the answer as it streams, its gauge and what can be done with it.

    While an answer streams, its last block alone is laid out anew with each frame: it stands in a text of its own.
    """

    citation_clicked = Signal(object, int)  # Exchange, n
    chosen = Signal(object)  # Exchange: show its evidence
    why_asked = Signal(object)
    retry_asked = Signal(object, bool)  # Exchange, force
    edited = Signal(object, str)  # Exchange, question
    branch_asked = Signal(object, int)  # Exchange, step
    judged = Signal(object, bool, bool)  # Exchange, answerable, wrong source
    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exchange = exchange
        self._theme = theme
        self._shown: tuple[str, Phase] | None = None
        self.setProperty("role", "exchange")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # the keys of the conversation go from one to the next
        step = layouts.unit(self)
        box = layouts.column(self, spacing=3)
        self.question = QuestionRow(theme, exchange)
        self.question.edited.connect(lambda text: self.edited.emit(self.exchange, text))
        self.question.branch_asked.connect(lambda step: self.branch_asked.emit(self.exchange, step))
        box.addWidget(self.question)

        self._card = layouts.frame("answer")
        self._card.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = layouts.column(self._card, spacing=2)
        inside.setContentsMargins(step * 4, step * 3, step * 4, step * 2)
        self._busy = Busy(theme)
        self._remote = layouts.label("", "badge", name="remote_badge")
        self._text, self._tail = self._make_text(), self._make_text()
        self._text.setObjectName("answer_text")
        self._tail.hide()
        texts = QWidget()
        written = layouts.column(texts)
        written.addWidget(self._text)
        written.addWidget(self._tail)
        self._note = layouts.label("", "small", wrap=True, name="answer_note")
        self._gauge = Gauge(theme)
        self._gauge.setObjectName("gauge")
        self._why = layouts.push(t("Why?"), "link", name="why")
        self._why.setAccessibleName(t("Why this was answered or refused"))
        self._why.clicked.connect(lambda: self.why_asked.emit(self.exchange))
        self._gauge.add_beside(self._why)
        self._actions = AnswerActions(theme, exchange)
        self._actions.retry_asked.connect(lambda force: self.retry_asked.emit(self.exchange, force))
        self._actions.judged.connect(lambda right, wrong: self.judged.emit(self.exchange, right, wrong))
        self._line = layouts.line()
        inside.addWidget(self._remote, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._busy, texts, self._note, self._line, self._gauge, self._actions):
            inside.addWidget(widget)
        box.addWidget(self._card)
        self.refresh()

    def _make_text(self) -> RichText:
        text = RichText(self._theme)
        text.citation_clicked.connect(lambda n: self.citation_clicked.emit(self.exchange, n))
        text.citation_hovered.connect(self._preview)
        text.link_clicked.connect(self.link_clicked)
        return text

    # -- what is shown -------------------------------------------------------------------------------------
    def refresh(self) -> None:
        """Show the exchange as it stands now."""
        exchange = self.exchange
        done = exchange.phase is Phase.DONE
        self._busy.setVisible(not done)
        if not done:
            self._busy.show_text(t("Stopping") if exchange.stopping else wording.running(exchange.stage))
        if self._shown != (exchange.shown_text, exchange.phase):
            self._shown = (exchange.shown_text, exchange.phase)
            self._show_text()
        verdict = exchange.verdict
        tone = verdict.tone if verdict is not None else ""
        if self._card.property("verdict") != tone:
            self._card.setProperty("verdict", tone)
            self._card.style().polish(self._card)
        self._line.setVisible(verdict is not None)
        self._actions.setVisible(done)
        if exchange.answer is not None:
            self._gauge.show_answer(exchange.answer)
        elif verdict is not None:
            self._gauge.show_verdict(verdict)
        self._gauge.setVisible(verdict is not None)  # now: a change of what is seen would be read aloud
        self._refresh_remote()
        self._refresh_note()
        self._why.setVisible(exchange.answer is not None)
        self._actions.refresh()
        self.question.refresh()

    def _show_text(self) -> None:
        exchange = self.exchange
        text = exchange.shown_text
        answered = exchange.answer is not None and exchange.answer.outcome is Outcome.ANSWERED
        doubtful = exchange.answer.grounding.unsupported if answered and exchange.answer is not None else ()
        markdown = answer_markdown(exchange)
        settled = settled_part(markdown) if exchange.phase is Phase.WRITING else len(markdown)
        self._text.show_markdown(markdown[:settled], doubtful)
        self._text.setVisible(bool(markdown[:settled]))
        self._tail.setVisible(settled < len(markdown))
        if settled < len(markdown):
            self._tail.show_markdown(markdown[settled:], follows=settled > 0)
        if exchange.phase is not Phase.WRITING:  # nobody wants to hear each word of it again
            self._text.setAccessibleName(t("Answer: {text}", text=text))
            self.setAccessibleName(exchange.spoken)

    def _refresh_remote(self) -> None:
        answer = self.exchange.answer
        host = remote_host(answer.trace) if answer is not None else None
        if host is not None:
            self._remote.setText(t("Answered by a remote model: {host}", host=host or "?"))
            self._remote.setToolTip(t("The question and the chosen passages were sent there."))
        self._remote.setVisible(host is not None)

    def _refresh_note(self) -> None:
        answer, notes = self.exchange.answer, []
        if answer is not None:
            if any(library.get("indexing") for library in answer.libraries):
                notes.append(t("Asked while documents were still being indexed: more may be found later."))
            notes += [
                t("Searched for “{known}” instead of “{typed}”.", known=known, typed=typed)
                for typed, known in searched_instead(answer.trace).items()
            ]
            notes += [
                t("Searched for “{other}” as well as “{typed}”.", typed=typed, other=other)
                for typed, other in also_searched(answer.trace).items()
            ]
            if answer.outcome is Outcome.ANSWERED and answer.grounding.unsupported:
                notes.append(t("What is underlined is not supported by the sources."))
            notes += [wording.conflict_text(conflict) for conflict in answer.grounding.conflicts]
        elif self.exchange.phase is Phase.DONE and self.exchange.problem is None:
            notes.append(t("This question was not finished."))
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))

    # -- what is done ------------------------------------------------------------------------------------
    def copy(self) -> None:
        """Put the answer on the clipboard."""
        self._actions.copy()

    def _preview(self, n: int) -> None:
        answer = self.exchange.answer
        source = next((s for s in answer.sources if s.n == n), None) if answer is not None else None
        self._text.setToolTip(tip(f"{shown(source.document)}\n{' '.join(source.text.split())[:200]}") if source else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.exchange)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.chosen.emit(self.exchange)
        super().focusInEvent(event)

"""One question and its answer on screen."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QFocusEvent, QGuiApplication, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.answering.trace import also_searched, remote_host, searched_instead
from hxd_desktop.ui import layouts, wording
from hxd_desktop.ui.chat.busy import Busy
from hxd_desktop.ui.chat.exchange import Exchange, Phase, answer_markdown
from hxd_desktop.ui.gauge import Gauge
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.theme import Theme


class ExchangeView(QWidget):
    """Shows an `Exchange`: the question, the answer as it streams, its gauge and what can be done with it."""

    citation_clicked = Signal(object, int)  # Exchange, n
    chosen = Signal(object)  # Exchange: show its evidence
    why_asked = Signal(object)
    retry_asked = Signal(object, bool)  # Exchange, force
    judged = Signal(object, bool)  # Exchange, answerable
    link_clicked = Signal(QUrl)

    def __init__(self, theme: Theme, exchange: Exchange, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.exchange = exchange
        self._theme = theme
        self._shown: tuple[str, Phase] | None = None
        step = layouts.unit(self)
        box = layouts.column(self, spacing=3)
        box.addLayout(self._question_row(exchange.question))

        self._card = layouts.frame("answer")
        self._card.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = layouts.column(self._card, spacing=2)
        inside.setContentsMargins(step * 4, step * 3, step * 4, step * 2)
        self._busy = Busy(theme)
        self._remote = layouts.label("", "badge", name="remote_badge")
        self._text = RichText(theme)
        self._text.setObjectName("answer_text")
        self._text.citation_clicked.connect(lambda n: self.citation_clicked.emit(self.exchange, n))
        self._text.citation_hovered.connect(self._preview)
        self._text.link_clicked.connect(self.link_clicked)
        self._note = layouts.label("", "small", wrap=True, name="answer_note")
        self._gauge = Gauge(theme)
        self._gauge.setObjectName("gauge")
        self._actions = QWidget()
        self._action_row = layouts.row(self._actions, spacing=1)
        self._line = layouts.line()
        inside.addWidget(self._remote, 0, Qt.AlignmentFlag.AlignLeft)
        for widget in (self._busy, self._text, self._note, self._line, self._gauge, self._actions):
            inside.addWidget(widget)
        box.addWidget(self._card)
        self._make_actions()
        self.refresh()

    # -- parts ------------------------------------------------------------------------------------------
    def _question_row(self, question: str) -> QHBoxLayout:
        step = layouts.unit(self)
        bubble = layouts.frame("question")
        inside = layouts.column(bubble)
        inside.setContentsMargins(step * 3, step * 2, step * 3, step * 2)
        self._question = layouts.label(question, wrap=True, name="question_text")
        self._question.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._question.setAccessibleName(t("You asked: {question}", question=question))
        self._question_margin = step * 20
        inside.addWidget(self._question)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(bubble)
        return row

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A wrapping label would ask for a narrow column: give it one line, or what there is room for."""
        super().resizeEvent(event)
        metrics, step = self._question.fontMetrics(), layouts.unit(self)
        longest = max(metrics.horizontalAdvance(line) for line in self._question.text().split("\n"))
        self._question.setFixedWidth(max(step, min(longest + step, self.width() - self._question_margin)))

    def _make_actions(self) -> None:
        theme, row = self._theme, self._action_row
        self._why = layouts.push(t("Why?"), "link", name="why")
        self._why.setAccessibleName(t("Why this was answered or refused"))
        self._why.clicked.connect(lambda: self.why_asked.emit(self.exchange))
        self._anyway = layouts.push(t("Answer anyway"), "link", name="answer_anyway")
        self._anyway.clicked.connect(lambda: self.retry_asked.emit(self.exchange, True))
        self._copy = layouts.tool(theme, "copy", t("Copy answer"), name="copy")
        self._copy.clicked.connect(self.copy)
        self._retry = layouts.tool(theme, "refresh-cw", t("Ask again"), name="retry")
        self._retry.clicked.connect(lambda: self.retry_asked.emit(self.exchange, False))
        self._good = layouts.tool(theme, "thumbs-up", "", name="good", checkable=True)
        self._bad = layouts.tool(theme, "thumbs-down", "", name="bad", checkable=True)
        self._good.clicked.connect(lambda: self._judge(right=True))
        self._bad.clicked.connect(lambda: self._judge(right=False))
        self._kept = layouts.label("", "small", name="kept")
        for widget in (self._copy, self._retry, self._good, self._bad):
            row.addWidget(widget)
        row.addWidget(self._kept)
        row.addStretch(1)
        row.addWidget(self._anyway)
        self._gauge.add_beside(self._why)

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
        self._card.setProperty("verdict", verdict.tone if verdict is not None else "")
        self._card.style().polish(self._card)
        self._gauge.setVisible(verdict is not None)
        self._line.setVisible(verdict is not None)
        self._actions.setVisible(done)
        if exchange.answer is not None:
            self._gauge.show_answer(exchange.answer)
        elif verdict is not None:
            self._gauge.show_verdict(verdict)
        self._refresh_remote()
        self._refresh_note()
        self._refresh_actions()

    def _show_text(self) -> None:
        exchange = self.exchange
        text = exchange.shown_text
        self._text.setVisible(bool(text))
        answered = exchange.answer is not None and exchange.answer.outcome is Outcome.ANSWERED
        doubtful = exchange.answer.grounding.unsupported if answered and exchange.answer is not None else ()
        self._text.show_markdown(answer_markdown(exchange), doubtful)
        self._text.setAccessibleName(t("Answer: {text}", text=text))

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

    def _refresh_actions(self) -> None:
        exchange, answer = self.exchange, self.exchange.answer
        judgeable = answer is not None and (answer.outcome is Outcome.ANSWERED or wording.is_refusal(answer))
        answered = answer is not None and answer.outcome is Outcome.ANSWERED
        self._why.setVisible(answer is not None)
        self._anyway.setVisible(answer is not None and wording.is_refusal(answer))
        self._copy.setVisible(bool(exchange.shown_text))
        good = t("Good answer") if answered else t("Right to refuse")
        bad = t("Should have been refused") if answered else t("Should have been answered")
        for button, text, answerable in ((self._good, good, answered), (self._bad, bad, not answered)):
            button.setVisible(judgeable)
            button.setToolTip(text)
            button.setAccessibleName(text)
            button.setChecked(answerable in exchange.examples)
        kept = next(iter(exchange.examples), None)
        texts = {True: t("Kept as a question to answer"), False: t("Kept as a question to refuse"), None: ""}
        self._kept.setText(t("Learning from it…") if exchange.learning else texts[kept])
        for button in (self._good, self._bad):
            button.setEnabled(not exchange.learning)

    # -- what is done ------------------------------------------------------------------------------------
    def copy(self) -> None:
        """Put the answer on the clipboard."""
        QGuiApplication.clipboard().setText(self.exchange.shown_text)

    def _judge(self, *, right: bool) -> None:
        answer = self.exchange.answer
        answered = answer is not None and answer.outcome is Outcome.ANSWERED
        self.judged.emit(self.exchange, answered if right else not answered)

    def _preview(self, n: int) -> None:
        answer = self.exchange.answer
        source = next((s for s in answer.sources if s.n == n), None) if answer is not None else None
        self._text.setToolTip(f"{source.document}\n{' '.join(source.text.split())[:200]}" if source else "")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.chosen.emit(self.exchange)
        super().mousePressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.chosen.emit(self.exchange)
        super().focusInEvent(event)

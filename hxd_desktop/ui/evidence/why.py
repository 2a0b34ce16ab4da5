"""The decision record: why a question was answered or refused."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from hxd_desktop.engine.answering.model import Answer, Outcome
from hxd_desktop.ui import layouts, wording
from hxd_desktop.ui.evidence import reading
from hxd_desktop.ui.evidence.bars import Bars
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.gauge import Gauge
from hxd_desktop.ui.harmless import shown, tip
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.paper.excerpt import in_words
from hxd_desktop.ui.theme import Theme


class WhyPane(QScrollArea):
    """Verdict, gauge, reason, what to do, nearest passages, signals, stages."""

    anyway_asked = Signal()
    folder_asked = Signal()
    calibrate_asked = Signal(str)  # library
    source_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setProperty("role", "stop")
        self.setAccessibleName(t("Why"))
        content = QWidget()
        self._column: QVBoxLayout = layouts.column(content, margin=3, spacing=3)
        content.setObjectName("content")
        self.setWidget(content)

    def show_nothing(self, text: str) -> None:
        """Show that there is no decision to explain."""
        layouts.clear(self._column)
        self._column.addWidget(layouts.label(text, "small", wrap=True))
        self._column.addStretch(1)

    def show_answer(self, answer: Answer) -> None:
        """Explain an answer or a refusal."""
        layouts.clear(self._column)
        add = self._column.addWidget
        gauge = Gauge(self._theme)
        gauge.setObjectName("why_gauge")
        add(self._headline(answer))
        add(gauge)
        gauge.show_answer(answer, verdict_too=False)
        text = answer.refusal.reason or reading.explanation(answer)
        if text:
            add(layouts.label(text, wrap=True, name="explanation"))
        if grounds := reading.grounds(answer):
            add(self._section(t("What decided")))
            add(self._list(grounds))
        if answer.refusal.missing_terms:
            missing = t(", ").join(answer.refusal.missing_terms)
            add(self._section(t("Words that no document holds")))
            add(layouts.label(missing, wrap=True, name="missing_terms"))
        if answer.grounding.unsupported:
            add(self._section(t("Sentences that no source supports")))
            add(self._list(answer.grounding.unsupported))
        if answer.grounding.conflicts:
            add(self._section(t("Sources that disagree")))
            add(self._list([wording.conflict_text(conflict) for conflict in answer.grounding.conflicts]))
        self._add_advice(answer)
        if answer.sources and answer.outcome is not Outcome.ANSWERED:
            add(self._section(t("Nearest passages")))
            self._add_nearest(answer)
        if answer.refusal.signals:
            add(self._section(t("What the score is made of")))
            usual = reading.usual_signals(answer.trace)
            add(Bars(self._theme, reading.signal_bars(answer.refusal.signals, usual)))
            if usual:
                add(layouts.label(t("The ticks are what is usual when this library answers."), "small", wrap=True))
        if answer.trace:
            add(self._section(t("Stage by stage")))
            add(self._stages(reading.stage_readings(answer.trace)))
        add(layouts.label(reading.footer(answer), "small", wrap=True))
        self._column.addStretch(1)
        self.verticalScrollBar().setValue(0)

    # -- parts -----------------------------------------------------------------------------------------
    def _headline(self, answer: Answer) -> QWidget:
        verdict = wording.verdict(answer)
        headline = layouts.label(verdict.words, "title", wrap=True, name="why_verdict")
        headline.setProperty("ink", verdict.tone)
        return headline

    def _section(self, text: str) -> QWidget:
        holder = QWidget()
        box = layouts.column(holder, spacing=2)
        box.addWidget(layouts.line())
        box.addWidget(layouts.label(text, "section"))
        return holder

    def _add_advice(self, answer: Answer) -> None:
        tips = reading.advice(answer)
        if not tips:
            return
        self._column.addWidget(self._section(t("What would change it")))
        self._column.addWidget(self._list(tips))
        buttons = QWidget()
        row = FlowLayout(buttons, layouts.unit(self) * 2)
        if wording.is_refusal(answer):
            anyway = layouts.push(t("Answer anyway"), name="why_anyway")
            anyway.clicked.connect(self.anyway_asked)
            row.addWidget(anyway)
        folder = layouts.push(t("Add a folder"), name="why_add_folder")
        folder.clicked.connect(self.folder_asked)
        row.addWidget(folder)
        if answer.refusal.score is not None and answer.refusal.library:
            calibrate = layouts.push(t("Calibrate…"), name="why_calibrate")
            calibrate.clicked.connect(lambda: self.calibrate_asked.emit(answer.refusal.library))
            row.addWidget(calibrate)
        self._column.addWidget(buttons)

    def _list(self, items: Sequence[str]) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(layouts.unit(self) * 2)
        grid.setVerticalSpacing(layouts.unit(self))
        grid.setColumnStretch(1, 1)
        for row, item in enumerate(items):
            grid.addWidget(layouts.label("•"), row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(layouts.label(item, wrap=True), row, 1)
        return holder

    def _add_nearest(self, answer: Answer) -> None:
        for source in reading.source_readings(answer, lambda *_: []):
            link = layouts.push(f"{source.n}  {source.file_name}", "link", name="nearest")
            link.setToolTip(tip(shown(source.path)))
            link.clicked.connect(lambda _=False, n=source.n: self.source_clicked.emit(n))
            excerpt = in_words(source.passage, source.path)
            text = excerpt if len(excerpt) <= 120 else excerpt[:119] + "…"
            holder = QWidget()
            box = layouts.column(holder, spacing=0.5)
            box.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            box.addWidget(layouts.label(text, "small", wrap=True))
            self._column.addWidget(holder)

    def _stages(self, stages: Sequence[reading.StageReading]) -> QWidget:
        holder = QWidget()
        step = layouts.unit(self)
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(step * 3)
        grid.setVerticalSpacing(step)
        grid.setColumnStretch(0, 1)
        for row, stage in enumerate(stages):
            name = layouts.label(stage.name, wrap=True, name="stage")
            name.setToolTip(tip(stage.detail))
            verdict = layouts.label(stage.verdict.words)
            verdict.setProperty("ink", stage.verdict.tone)
            if stage.verdict.tone == "muted":
                verdict.setProperty("role", "muted")
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            grid.addWidget(name, row, 0)
            grid.addWidget(layouts.label(stage.reading, "small"), row, 1, right)
            grid.addWidget(verdict, row, 2)
            grid.addWidget(layouts.label(stage.time, "small"), row, 3, right)
        return holder

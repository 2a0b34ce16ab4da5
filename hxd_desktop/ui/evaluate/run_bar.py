"""What is to be measured, the button that starts it, and how far it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QProgressBar, QWidget

from hxd_desktop.engine.evaluation.run import QA, REFUSAL
from hxd_desktop.ui import layouts
from hxd_desktop.ui.evaluate import words
from hxd_desktop.ui.evaluate.session import EvaluateSession, Plan
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.i18n import mark, t

_PASSAGES = {
    "": mark("as it is"),
    "all": mark("of the file's passages"),
    "positive": mark("of its passages with answers"),
    "negative": mark("of its passages without"),
}
_CHOOSE = "…"


class RunBar(QWidget):
    """Kind, questions and library; Measure becomes Stop while it runs."""

    def __init__(
        self, session: EvaluateSession, libraries: list[str], library: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._file = ""
        step = layouts.unit(self)
        box = layouts.column(self, spacing=2)
        fields = QWidget()
        flow = FlowLayout(fields, step * 2)
        self.kind = self._choices(t("Measured"), [(t(text), kind) for kind, text in words.KINDS.items()])
        self.questions = self._choices(t("Questions"), [])
        self.library = self._choices(t("Library"), [(name, name) for name in libraries])
        self.library.setCurrentText(library)
        self.passages = self._choices(t("Library made"), [(t(text), value) for value, text in _PASSAGES.items()])
        self.button = layouts.push(t("Measure"), "primary", name="measure")
        self.button.clicked.connect(lambda: self._clicked())
        for widget in (self.kind, self.questions, self.library, self.passages, self.button):
            flow.addWidget(widget)
        box.addWidget(fields)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName(t("Measuring"))
        self._reading = layouts.label("", "small", name="measuring")
        self._under_way = QWidget()
        row = QHBoxLayout(self._under_way)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(step * 2)
        row.addWidget(self._bar, 1)
        row.addWidget(self._reading)
        box.addWidget(self._under_way)
        self.kind.currentIndexChanged.connect(self._offer_questions)
        self.questions.activated.connect(self._questions_chosen)
        session.running_changed.connect(self._refresh)
        session.progressed.connect(self._show_progress)
        self._offer_questions()

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> QComboBox:
        combo = QComboBox()
        combo.setAccessibleName(name)
        combo.setToolTip(name)
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        for text, value in choices:
            combo.addItem(text, value)
        return combo

    @property
    def plan(self) -> Plan:
        """What is chosen."""
        kind = self.kind.currentData()
        passages = self.passages.currentData() if kind == QA else ""
        return Plan(kind, self.library.currentText(), self.questions.currentData() or "", passages)

    def choose_file(self) -> None:
        """Ask for a file of questions."""
        path, _ = QFileDialog.getOpenFileName(
            self, t("Choose a file of questions"), "", t("Questions (*.jsonl *.json *.txt)")
        )
        if path:
            self._file = path
        self._offer_questions()

    def _offer_questions(self) -> None:
        """The library's own examples judge refusals alone; a file can do both."""
        refusal = self.kind.currentData() == REFUSAL
        own = not self._file
        self.questions.clear()
        if refusal:
            self.questions.addItem(t("its own questions"), "")
        if self._file:
            self.questions.addItem(Path(self._file).name, self._file)
        self.questions.addItem(t("a file…"), _CHOOSE)
        self.questions.setCurrentIndex(0 if own or not refusal else 1)
        self.passages.setVisible(not refusal)
        self._refresh()

    def _questions_chosen(self) -> None:
        if self.questions.currentData() == _CHOOSE:
            self.choose_file()

    def _clicked(self) -> None:
        if self._session.running:
            self._session.stop()
        elif self.plan.file == _CHOOSE:
            self.choose_file()
        else:
            self._session.start(self.plan)

    def _refresh(self) -> None:
        running = self._session.running
        self.button.setText(t("Stop") if running else t("Measure"))
        for combo in (self.kind, self.questions, self.library, self.passages):
            combo.setEnabled(not running)
        self._under_way.setVisible(running)
        if running:
            self._bar.setRange(0, 0)
            self._reading.setText(t("Reading the questions"))

    def _show_progress(self, done: int, of: int) -> None:
        self._bar.setRange(0, of)
        self._bar.setValue(done)
        self._reading.setText(words.progress(done, of))

"""The first run on one page: how answers are written, which documents are read, a first question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from hxd_desktop.engine import samples
from hxd_desktop.engine.library.model import LibraryInfo
from hxd_desktop.ui import layouts
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.i18n import plural, t

_SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What the page offers to do."""

    choose_model: Callable[[], object]
    add_folder: Callable[[], object]
    add_samples: Callable[[], object]
    ask: Callable[[str], object]
    write: Callable[[], object]


class Welcome(QWidget):
    """Three steps, none of them required; `skipped` when it is left without a question."""

    skipped = Signal()

    def __init__(self, steps: FirstSteps, language: str) -> None:
        super().__init__()
        self._steps = steps
        self._language = language
        self._suggested: tuple[bool, bool] | None = None  # for what suggestions are shown
        self.setAccessibleName(t("First steps"))
        step = layouts.unit(self)
        content, middle = QWidget(), QWidget()
        across = layouts.row(content)
        across.setContentsMargins(step * 4, step * 6, step * 4, step * 6)
        across.addStretch(1)
        across.addWidget(middle, 1000)
        across.addStretch(1)
        middle.setMaximumWidth(step * layouts.COLUMN)
        box = layouts.column(middle, spacing=4)
        box.addStretch(1)
        box.addWidget(layouts.label(t("Welcome"), "heading"))
        box.addWidget(
            layouts.label(
                t("Three steps; each can be taken later as well. Nothing leaves this computer."), "muted", wrap=True
            )
        )
        first = self._card(box, "1", t("How shall answers be written?"))
        first.addWidget(
            layouts.label(
                t("Without a language model, answers are quotations from your documents. That needs nothing further."),
                wrap=True,
            )
        )
        self._row(
            first,
            self._button(t("Start without one"), "welcome_quotes", self._begin),
            self._button(t("Choose or import a model…"), "welcome_model", steps.choose_model),
        )
        second = self._card(box, "2", t("Which documents may I read?"))
        self.told = layouts.label(
            t("Drop a folder anywhere on this window, or choose one."), wrap=True, name="welcome_told"
        )
        second.addWidget(self.told)
        self.folder = self._button(t("Add a folder"), "welcome_folder", steps.add_folder)
        self.folder.setProperty("kind", "primary")
        self.samples = self._button(t("Try the sample documents"), "welcome_samples", steps.add_samples)
        self._row(second, self.folder, self.samples)
        third = self._card(box, "3", t("Ask something"))
        self._asking = layouts.label("", "muted", wrap=True)
        third.addWidget(self._asking)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, step * 2)
        third.addWidget(self._chips)
        skip = layouts.push(t("Skip this page"), "link", name="welcome_skip")
        skip.clicked.connect(self.skipped)
        box.addWidget(skip, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(2)
        outer = layouts.column(self)
        area = layouts.scroll(content)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(area)
        self.show_libraries([])

    def show_libraries(self, libraries: Sequence[LibraryInfo]) -> None:
        """Say what is being read, and suggest questions once there is something."""
        folders = [folder for library in libraries for folder in library.folders]
        documents = sum(library.documents for library in libraries)
        if folders:
            self.told.setText(
                plural(documents, "{n} document can be asked by now.", "{n} documents can be asked by now.")
            )
        self.folder.setProperty("kind", "" if folders else "primary")
        self.folder.style().polish(self.folder)
        sampled = any(str(folder.path) == str(samples.documents()) for folder in folders)
        self.samples.setEnabled(not sampled)
        self._suggest(sampled, bool(folders))

    def _suggest(self, sampled: bool, any_folder: bool) -> None:
        if self._suggested == (sampled, any_folder):
            return  # nobody's click is to miss a button that is made anew
        self._suggested = (sampled, any_folder)
        layouts.clear(self._flow)
        if not any_folder:
            self._asking.setText(t("First, documents are needed."))
        elif sampled:
            self._asking.setText(t("One of these, for instance; the last is not covered and shows how that looks."))
            for question in self._questions():
                self._flow.addWidget(self._button(question, "welcome_ask", partial(self._steps.ask, question)))
        else:
            self._asking.setText(t("Ask about something that stands in your documents."))
            self._flow.addWidget(self._button(t("Write a question"), "welcome_write", self._begin))
        self._chips.setVisible(any_folder)

    def _questions(self) -> list[str]:
        mine = [question for question in samples.questions() if question.language == self._language[:2]]
        covered = [question.question for question in mine if question.covered][: _SUGGESTED - 1]
        return covered + [question.question for question in mine if not question.covered][:1]

    def _begin(self) -> None:
        self._steps.write()

    def _card(self, box: QVBoxLayout, number: str, title: str) -> QVBoxLayout:
        card = layouts.frame("card")
        inside = layouts.column(card, margin=4, spacing=2)
        head = QWidget()
        across = layouts.row(head, spacing=2)
        across.addWidget(layouts.label(number, "number"))
        across.addWidget(layouts.label(title, "title", wrap=True), 1)
        inside.addWidget(head)
        box.addWidget(card)
        return inside

    def _row(self, box: QVBoxLayout, *buttons: QPushButton) -> None:
        row = QWidget()
        flow = FlowLayout(row, layouts.unit(self) * 2)
        for button in buttons:
            flow.addWidget(button)
        box.addWidget(row)

    def _button(self, text: str, name: str, then: Callable[[], object]) -> QPushButton:
        button = layouts.push(text, name=name)
        button.clicked.connect(lambda: then())
        return button

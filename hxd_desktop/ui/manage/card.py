"""One model on the page: what it is, whether it fits, and what can be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QComboBox, QFrame, QPushButton, QVBoxLayout, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.manage import rows
from hxd_desktop.ui.manage.progress import JobProgress
from hxd_desktop.ui.manage.question import Question
from hxd_desktop.ui.manage.rows import ModelRow
from hxd_desktop.ui.manage.session import ModelsSession
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.reading_order import insert

if TYPE_CHECKING:
    from hxd_desktop.engine.switching import EmbedderCost


class ModelCard(QFrame):
    """Shows a row; asks in itself before it does what costs something."""

    def __init__(
        self, session: ModelsSession, row: ModelRow, device: Mapping[str, Any], network: Callable[[], object]
    ) -> None:
        super().__init__()
        self.row = row
        self._session = session
        self._network = network  # opens the settings of the network
        self._asked: QWidget | None = None
        self.setProperty("role", "card")
        self.setObjectName(f"model_{row.id}")
        state, state_ink = rows.state_text(row)
        needs, needs_ink = rows.fit_text(row, device)
        self.setAccessibleName(", ".join(part for part in (row.name, state, rows.facts(row), needs) if part))
        self._box = layouts.column(self, margin=3, spacing=2)
        head = QWidget()
        across = layouts.row(head, spacing=3)
        texts = QVBoxLayout()
        texts.setSpacing(layouts.unit(self) // 2)
        texts.addWidget(layouts.label(row.name, "title", wrap=True))
        if facts := rows.facts(row):
            texts.addWidget(layouts.label(facts, "small", wrap=True))
        texts.addWidget(_inked(needs, needs_ink))
        across.addLayout(texts, 1)
        if state:
            across.addWidget(_inked(state, state_ink, name="model_state"), 0, Qt.AlignmentFlag.AlignVCenter)
        self.buttons = self._make_buttons()
        for button in self.buttons:
            across.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._box.addWidget(head)
        self._progress: JobProgress | None = None
        self._failure: QWidget | None = None
        self.show_job()

    def _make_buttons(self) -> list[QPushButton]:
        row, buttons = self.row, []

        def add(text: str, name: str, then: Callable[[], object]) -> None:
            button = layouts.push(text, name=name)
            button.setAccessibleName(f"{text}: {row.name}")
            button.clicked.connect(lambda: then())
            buttons.append(button)

        if row.state == "ready" and not row.in_use:
            add(t("Use"), "model_use", self.ask_use)
        if row.in_use and row.kind == "reranker":
            add(t("Stop using"), "model_unuse", self._session.without_reranker)
        if row.state == "available":
            add(t("Download…"), "model_download", self.ask_download)
        if row.state == "partial":
            add(t("Go on…"), "model_download", self.ask_download)
        if row.removable and not row.in_use:
            add(t("Remove…"), "model_remove", self.ask_remove)
        return buttons

    # -- questions ---------------------------------------------------------------------------------------------
    def ask_use(self) -> None:
        """Use it; where it is an embedder, say the cost first."""
        if self.row.kind != "embedder":
            self._session.use(self.row.id)
            return
        self._ask(layouts.label(t("Measuring what the change takes…"), "muted", name="question_text"))
        self._session.ask_cost(self.row.id)

    def show_cost(self, cost: EmbedderCost) -> None:
        """Ask whether the embedder is changed at this cost."""
        self._ask_question(cost_text(cost), t("Change"), lambda: self._session.use(self.row.id))

    def ask_download(self) -> None:
        """Ask before the network is used, or say that it may not be."""
        session, row = self._session, self.row
        if not session.may_download:
            text = t("Downloads are off, so nothing is fetched. Turn them on in the settings of the network first.")
            self._ask_question(text, t("Network settings…"), self._network)
            return
        mirrors = QComboBox()
        mirrors.setEditable(True)
        mirrors.addItems(session.mirrors)
        mirrors.setAccessibleName(t("Fetch from"))
        text = t("This uses the network: about {size} are fetched. It can be stopped and gone on with.").format(
            size=formats.size(row.bytes)
        )
        first = session.mirrors[0] if session.mirrors else ""

        def start() -> None:
            chosen = mirrors.currentText().strip()
            session.download(row.id, "" if chosen == first else chosen)

        self._ask_question(text, t("Download"), start, more=mirrors)

    def ask_remove(self) -> None:
        """Ask before its files are deleted."""
        row = self.row
        text = t("This deletes its files: {size}. To have it again, it must be fetched or imported once more.").format(
            size=formats.size(row.bytes)
        )
        if row.state == "partial":
            text = t("This deletes what was fetched so far.")
        self._ask_question(text, t("Remove"), lambda: self._session.remove(row.id), primary=False)

    def _ask_question(
        self, text: str, action: str, then: Callable[[], object], *, more: QWidget | None = None, primary: bool = True
    ) -> None:
        def agreed() -> None:
            self.leave_question()
            then()

        self._ask(Question(text, action, agreed, self.leave_question, more=more, primary=primary))

    def _ask(self, widget: QWidget) -> None:
        self.leave_question()
        self._asked = widget
        insert(self._box, 1, widget)

    def leave_question(self) -> None:
        """Take a question away."""
        if self._asked is not None:
            _drop(self._asked)
            self._asked = None

    # -- work and failures -------------------------------------------------------------------------------------
    def show_job(self) -> None:
        """Show the work on this model, or how it failed."""
        job, problem = self._session.jobs.get(self.row.id), self._session.failures.get(self.row.id)
        for button in self.buttons:
            button.setEnabled(job is None)
        if job is not None:
            if self._progress is None:
                self._progress = JobProgress()
                self._progress.cancelled.connect(lambda: self._session.cancel(self.row.id))
                self._box.addWidget(self._progress)
            self._progress.show_job(job)
        elif self._progress is not None:
            _drop(self._progress)
            self._progress = None
        if self._failure is not None:
            _drop(self._failure)
            self._failure = None
        if problem is not None:
            self.show_failure(problem)

    def show_failure(self, problem: Problem) -> None:
        """Say what went wrong with this model."""
        self.leave_question()
        self._failure = failure(problem)
        self._box.addWidget(self._failure)


def failure(problem: Problem) -> QWidget:
    """What went wrong, with details to copy."""
    widget = QWidget()
    across = layouts.row(widget, spacing=2)
    text = " ".join(part for part in (f"{problem.title}.", problem.message, problem.remedy) if part)
    across.addWidget(_inked(text, "bad", name="model_failure"), 1)
    if problem.details:
        copy = layouts.push(t("Copy details"), name="copy_details")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(problem.details))
        across.addWidget(copy, 0, Qt.AlignmentFlag.AlignTop)
    return widget


def cost_text(cost: EmbedderCost) -> str:
    """What another embedder takes, in words."""
    if not cost.to_embed:
        return plural(
            cost.chunks, "The vector of the one passage is there already.", "The vectors of all {n} passages are there."
        )
    parts = [plural(cost.to_embed, "{n} passage gets a new vector", "{n} passages get new vectors")]
    if cost.cached:
        parts.append(plural(cost.cached, "{n} is known", "{n} are known"))
    if cost.seconds:
        parts.append(t("it takes about {time}", time=formats.duration(cost.seconds)))
    parts.append(
        t(
            "about {size} on the disk, {free} are free",
            size=formats.size(cost.disk_bytes),
            free=formats.size(cost.disk_free_bytes),
        )
    )
    return t("{costs}. Until it is done, the embedder in use answers.", costs="; ".join(parts))


def _inked(text: str, ink: str, name: str = "") -> QWidget:
    label = layouts.label(text, "small", wrap=not name.endswith("state"), name=name)
    if ink:
        label.setProperty("ink", ink)
    return label


def _drop(widget: QWidget) -> None:
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()

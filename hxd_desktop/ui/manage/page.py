"""The page of models: what is here, what can be had, what runs where, and a model on another machine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.drop import dropped_paths
from hxd_desktop.ui.empty_state import EmptyState
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.manage import rows
from hxd_desktop.ui.manage.card import ModelCard, failure
from hxd_desktop.ui.manage.progress import JobProgress
from hxd_desktop.ui.manage.remote_box import RemoteBox
from hxd_desktop.ui.manage.rows import Fit, ModelRow
from hxd_desktop.ui.manage.session import ModelsSession
from hxd_desktop.ui.manage.trial_box import TrialBox
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.reading_order import follow_layout
from hxd_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from hxd_desktop.engine.switching import EmbedderCost


class Section(QWidget):
    """The models of one kind: those that are here, and on demand those that can be had."""

    def __init__(self, page: ModelsPage, kind: str) -> None:
        super().__init__()
        self._page, self._kind = page, kind
        self.cards: dict[str, ModelCard] = {}
        title, purpose = rows.title_of(kind)
        box = layouts.column(self, spacing=2)
        box.addWidget(layouts.label(title, "heading"))
        box.addWidget(layouts.label(purpose, "muted", wrap=True))
        self._here, self._offered = QVBoxLayout(), QVBoxLayout()
        for inner in (self._here, self._offered):
            inner.setSpacing(layouts.unit(self) * 2)
        box.addLayout(self._here)
        self.more = layouts.push("", "link", name=f"more_{kind}")
        self.more.setCheckable(True)
        self.more.toggled.connect(lambda _: self.fill())
        self._fitting = QCheckBox(t("Only what fits into this machine's memory"))
        self._fitting.setChecked(True)
        self._fitting.toggled.connect(lambda _: self.fill())
        across = QHBoxLayout()
        across.addWidget(self.more)
        across.addStretch(1)
        across.addWidget(self._fitting)
        box.addLayout(across)
        box.addLayout(self._offered)

    def fill(self) -> None:
        """Show the rows anew; a card that shows the same keeps its question."""
        session = self._page.session
        mine = [row for row in session.rows if row.kind == self._kind or (row.kind == "unknown" and self._first)]
        busy = [row for row in mine if row.here or row.state == "partial" or row.id in session.jobs]
        offered = [row for row in mine if row not in busy]
        fitting = [row for row in offered if rows.fit(row.memory_bytes, session.device) != Fit.NO]
        self._fitting.setVisible(self.more.isChecked() and len(fitting) != len(offered))
        self.more.setVisible(bool(offered))
        self.more.setText(
            t("Hide what can be downloaded")
            if self.more.isChecked()
            else plural(len(offered), "{n} model can be downloaded…", "{n} models can be downloaded…")
        )
        shown = (fitting if self._fitting.isChecked() else offered) if self.more.isChecked() else []
        kept = {row.id: self.cards.get(row.id) for row in (*busy, *shown)}
        for card in set(self.cards.values()) - set(kept.values()):
            card.hide()
            card.setParent(None)
            card.deleteLater()
        self.cards = {}
        for inner, list_ in ((self._here, busy), (self._offered, shown)):
            for at, row in enumerate(list_):
                self._place(inner, at, row, kept[row.id])
        follow_layout(self)

    @property
    def _first(self) -> bool:
        return self._kind == rows.KINDS[0]

    def _place(self, inner: QVBoxLayout, at: int, row: ModelRow, card: ModelCard | None) -> None:
        session = self._page.session
        if card is None or card.row != row:
            if card is not None:
                card.hide()
                card.setParent(None)
                card.deleteLater()
            card = ModelCard(session, row, session.device, self._page.open_network)
        self.cards[row.id] = card
        inner.insertWidget(at, card)


class ModelsPage(QWidget):
    """Shows what the session knows; a file or folder dropped on it is imported.

    Args:
        open_network: opens the settings where downloads are allowed.
    """

    def __init__(self, theme: Theme, session: ModelsSession, open_network: Callable[[], object]) -> None:
        super().__init__()
        self.session = session
        self.open_network = open_network
        self.setAcceptDrops(True)
        self.setAccessibleName(t("Models"))
        step = layouts.unit(self)
        outer = layouts.column(self)
        head = QWidget()
        across = layouts.row(head, spacing=2)
        across.setContentsMargins(step * 5, step * 4, step * 5, step * 2)
        title = layouts.label(t("Models"), "heading")
        self.hint = layouts.label(t("or drop a model here"), "muted")
        self.file = layouts.push(t("Import file…"), name="import_file")
        self.folder = layouts.push(t("Import folder…"), name="import_folder")
        self.file.clicked.connect(self._choose_file)
        self.folder.clicked.connect(self._choose_folder)
        across.addWidget(title)
        across.addStretch(1)
        for widget in (self.hint, self.folder, self.file):
            across.addWidget(widget)
        outer.addWidget(head)
        self.waiting = EmptyState(theme, "box", t("Looking at your models"), t("The library is being opened."))
        outer.addWidget(self.waiting, 1)
        content = QWidget()
        box = layouts.column(content, spacing=5)
        box.setContentsMargins(step * 5, 0, step * 5, step * 5)
        self.device = layouts.label("", "small", wrap=True, name="device")
        box.addWidget(self.device)
        self._imports = QVBoxLayout()
        self._imports.setSpacing(step * 2)
        box.addLayout(self._imports)
        self.sections = {kind: Section(self, kind) for kind in rows.KINDS}
        self.trial = TrialBox(session)
        for kind, section in self.sections.items():
            box.addWidget(section)
            if kind == "generator":
                box.addWidget(self.trial)
        box.addWidget(layouts.label(t("Remote model"), "heading"))
        self.remote = RemoteBox(session)
        box.addWidget(self.remote)
        box.addStretch(1)
        self.area = layouts.scroll(content)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        outer.addWidget(self.area, 1)
        session.changed.connect(self.refresh)
        session.job_changed.connect(self._job_changed)
        session.cost_known.connect(self._show_cost)
        session.cost_failed.connect(self._show_failure)
        self.refresh()
        session.follow()

    def card(self, model: str) -> ModelCard | None:
        """The card of a model, if it is shown."""
        found = (section.cards.get(model) for section in self.sections.values())
        return next((card for card in found if card is not None), None)

    def refresh(self) -> None:
        """Show the models anew."""
        known = bool(self.session.rows)
        self.waiting.setVisible(not known)
        self.area.setVisible(known)
        self.device.setText(rows.device_text(self.session.device))
        for section in self.sections.values():
            section.fill()
        self.trial.setVisible(
            any(row.in_use and row.kind == "generator" and row.id != "extractive" for row in self.session.rows)
        )
        for button in (self.file, self.folder):
            button.setEnabled(known)

    # -- imports -----------------------------------------------------------------------------------------------
    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, t("Import a model"), "", t("Models (*.gguf *.onnx);;All files (*)"))
        if path:
            self.session.import_path(path)

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, t("Import a folder with a model"))
        if path:
            self.session.import_path(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()) and self.session.bridge.ready:
            event.acceptProposedAction()
            self.hint.setText(t("let go to import it as a model"))

    def dragLeaveEvent(self, event: object) -> None:
        self.hint.setText(t("or drop a model here"))

    def dropEvent(self, event: QDropEvent) -> None:
        self.hint.setText(t("or drop a model here"))
        event.acceptProposedAction()
        for path in dropped_paths(event.mimeData()):
            self.session.import_path(path)

    # -- work --------------------------------------------------------------------------------------------------
    def _show_cost(self, cost: EmbedderCost) -> None:
        card = self.card(cost.model)
        if card is not None:
            card.show_cost(cost)

    def _show_failure(self, model: str, problem: Problem) -> None:
        card = self.card(model)
        if card is not None:
            card.show_failure(problem)

    def _job_changed(self, model: str) -> None:
        card = self.card(model)
        if card is not None:
            card.show_job()
        self._show_imports()

    def _show_imports(self) -> None:
        """What is being imported has no card yet: it stands above all."""
        session = self.session
        running = [job for job in session.jobs.values() if job.job == "import"]
        failed = {name: problem for name, problem in session.failures.items() if self.card(name) is None}
        if self._imports.count() == len(running) and not failed:
            for at, job in enumerate(running):
                item = self._imports.itemAt(at)
                card = item.widget() if item is not None else None
                bar = card.findChild(JobProgress) if card is not None else None
                if bar is not None:
                    bar.show_job(job)
            return
        layouts.clear(self._imports)
        for job in running:
            progress = JobProgress()
            progress.cancelled.connect(lambda model=job.model: session.cancel(model))
            progress.show_job(job)
            self._imports.addWidget(_in_card(Path(job.model).name, progress))
        for name, problem in failed.items():
            self._imports.addWidget(_in_card(Path(name).name, failure(problem)))


def _in_card(title: str, widget: QWidget) -> QWidget:
    card = layouts.frame("card")
    box = layouts.column(card, margin=3, spacing=2)
    box.addWidget(layouts.label(title, "title", wrap=True))
    box.addWidget(widget)
    return card

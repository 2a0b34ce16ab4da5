"""The runs that are kept, one that is under way, and those that are looked at."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from hxd_desktop.engine.evaluation.run import QA, Run
from hxd_desktop.ui.bridge import FRAME_MS, Bridge
from hxd_desktop.ui.problems import Problem


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be measured: REFUSAL or QA on `library`, by the questions of `file`; "" is its own examples.

    `passages`: "", or "all", "positive", "negative": a throw-away library is made of the file's own passages.
    """

    kind: str
    library: str
    file: str = ""
    passages: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """The runs that are looked at, with their rows, and how each differs from the first (None: not comparable)."""

    runs: tuple[Run, ...] = ()
    comparisons: tuple[dict[str, Any] | None, ...] = ()
    remark: str = ""


class EvaluateSession(QObject):
    """Measures one thing at a time; what is kept is read anew after each."""

    runs_changed = Signal()
    running_changed = Signal(bool)
    progressed = Signal(int, int)  # questions done, of how many
    shown_changed = Signal()
    finished = Signal(int)  # the new run's number
    problem = Signal(object)  # Problem

    _told = Signal(int, int)  # the same from the worker thread

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._ticket: int | None = None
        self._wanted: tuple[int, ...] = ()
        self.runs: list[Run] | None = None
        self.failed: Problem | None = None
        self.shown = Shown()
        self._told.connect(self.progressed)

    @property
    def running(self) -> bool:
        """Whether something is being measured."""
        return self._ticket is not None

    # -- runs that are kept ---------------------------------------------------------------------------------
    def load(self) -> None:
        """Read which runs are kept."""

        def done(runs: list[Run]) -> None:
            self.runs, self.failed = runs, None
            self.runs_changed.emit()

        def failed(problem: Problem) -> None:
            self.failed = problem
            self.runs_changed.emit()

        self._bridge.call(lambda assistant: assistant.evaluations.all(), done, failed)

    def show(self, numbers: Sequence[int]) -> None:
        """Look at runs; each is compared with the first of them."""
        self._wanted = wanted = tuple(numbers)
        if not wanted:
            self.shown = Shown()
            self.shown_changed.emit()
            return

        def work(assistant: Any) -> Shown:
            return looked_at(assistant.evaluations, wanted)

        def done(shown: Shown) -> None:
            if wanted == self._wanted:
                self.shown = shown
                self.shown_changed.emit()

        self._bridge.call(work, done, self.problem.emit)

    def remove(self, numbers: Sequence[int]) -> None:
        """Forget runs."""

        def work(assistant: Any) -> None:
            for number in numbers:
                assistant.evaluations.remove(number)

        self._bridge.call(work, lambda _: self.load(), self.problem.emit)

    # -- measuring --------------------------------------------------------------------------------------------
    def start(self, plan: Plan) -> None:
        """Measure, and keep the run."""
        if self.running:
            return
        told = 0.0

        def progress(done: int, of: int) -> None:
            nonlocal told
            now = time.monotonic()
            if done == of or now - told > FRAME_MS / 1000:
                told = now
                self._told.emit(done, of)

        def work(assistant: Any, cancel: Any) -> Run:
            evaluations = assistant.evaluations
            watched = {"progress": progress, "cancel": cancel}
            if plan.kind == QA:
                run = evaluations.qa(plan.file, plan.library, passages=plan.passages or None, **watched)
            elif plan.file:
                run = evaluations.refusal(plan.file, plan.library, **watched)
            else:
                run = evaluations.own_examples(plan.library, **watched)
            return evaluations.keep(run)

        self._ticket = 0
        self.running_changed.emit(True)
        ticket = self._bridge.start(work, self._done, self._failed)
        if self._ticket == 0:  # it has not failed already
            self._ticket = ticket

    def stop(self) -> None:
        """Stop measuring; nothing is kept of it."""
        if self._ticket:
            self._bridge.stop(self._ticket)

    def _done(self, run: Run) -> None:
        self._ticket = None
        self.running_changed.emit(False)
        self.load()
        self.finished.emit(run.id)

    def _failed(self, problem: Problem) -> None:
        self._ticket = None
        self.running_changed.emit(False)
        if problem.severity != "info" or not self._bridge.ready:
            self.problem.emit(problem)

    # -- saving -------------------------------------------------------------------------------------------------
    def report(self, run: Run, folder: str, then: Any) -> None:
        """Write a run's report (Markdown, JSON, vector pictures) into a folder, then call `then`."""

        def work(_: Any) -> None:
            from hxd_desktop.engine.evaluation import report

            report.write(run, Path(folder))

        self._bridge.call(work, lambda _: then(), self.problem.emit)


def looked_at(evaluations: Any, numbers: Sequence[int]) -> Shown:
    """Read runs and compare each with the first."""
    from hxd_desktop.engine.errors import SettingsError
    from hxd_desktop.engine.evaluation.comparison import compare

    runs = tuple(evaluations.get(number) for number in numbers)
    comparisons: list[dict[str, Any] | None] = []
    remark = ""
    for run in runs[1:]:
        try:
            comparisons.append(compare(runs[0], run))
        except SettingsError as error:
            comparisons.append(None)
            remark = f"{error.message} {error.remedy}"
    return Shown(runs, tuple(comparisons), remark)

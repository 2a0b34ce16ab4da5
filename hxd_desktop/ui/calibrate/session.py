"""One library's examples and gate, as the dialog works on them: loads, changes one after another, takes back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from hxd_desktop.engine.library.examples import read_file
from hxd_desktop.engine.library.model import Example
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.calibrate.edits import Edit, adding, inverse
from hxd_desktop.ui.problems import Problem

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.calibration import Calibration


class _Step(QUndoCommand):
    def __init__(self, session: CalibrateSession, text: str, forward: Edit, back: Edit) -> None:
        super().__init__(text)
        self._session, self._forward, self._back = session, forward, back

    def redo(self) -> None:
        self._session.run(self._forward)

    def undo(self) -> None:
        self._session.run(self._back)


class CalibrateSession(QObject):
    """`examples` and `calibration` (None until they are known) of `library`; `failed` where they could not be read."""

    changed = Signal()
    busy_changed = Signal(bool)
    problem = Signal(object)  # Problem

    def __init__(self, bridge: Bridge, library: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.library = library
        self.examples: list[Example] = []
        self.calibration: Calibration | None = None
        self.failed: Problem | None = None
        self.steps = QUndoStack()  # nobody's child: as it goes it tells of steps that widgets no longer can show
        self._queue: list[Edit] = []
        self._running = False
        self._stale = False
        bridge.examples_changed.connect(self._changed_elsewhere)

    @property
    def busy(self) -> bool:
        """Whether something is being read or learned."""
        return self._running

    def show_library(self, library: str) -> None:
        """Work on another library; steps of the one before can no longer be taken back."""
        self.library = library
        self.steps.clear()
        self.examples, self.calibration, self.failed = [], None, None
        self.load()

    def load(self) -> None:
        """Read examples and gate anew."""
        self._start(Edit())

    def do(self, text: str, edit: Edit) -> bool:
        """Make a change that can be taken back under the name `text`; False where it would change nothing."""
        if not edit:
            return False
        self.steps.push(_Step(self, text, edit, inverse(edit, self.examples, self.calibration)))
        return True

    def run(self, edit: Edit) -> None:
        """Make a change once those before it are made."""
        self._queue.append(edit)
        self._next()

    def import_file(self, text: str, path: str, answerable: bool | None) -> None:
        """Add the questions of a file; `answerable` None leaves it to the file to say which they are."""
        self._bridge.call(
            lambda _: read_file(Path(path), answerable),
            lambda pairs: self.do(text, adding(pairs, "imported", self.examples)),
            self.problem.emit,
        )

    def export_file(self, path: str) -> None:
        """Write the examples into a file."""
        library = self.library
        self._bridge.call(lambda assistant: assistant.export_examples(path, library), None, self.problem.emit)

    def _changed_elsewhere(self, library: str) -> None:
        if library == self.library:
            self._stale = True
            self._next()

    def _next(self) -> None:
        if self._running:
            return
        if self._queue:
            self._start(self._queue.pop(0))
        elif self._stale:
            self.load()

    def _start(self, edit: Edit) -> None:
        library = self.library
        self._running, self._stale = True, False
        self.busy_changed.emit(True)

        def work(assistant: Any) -> tuple[list[Example], Calibration]:
            if edit.keep or edit.drop:
                assistant.change_examples(library, keep=edit.keep, drop=edit.drop)
            if edit.limit is not None:
                value = edit.limit.value
                assistant.calibrate(library, threshold=value, reset=value is None)
            return assistant.examples(library), assistant.calibration(library)

        def done(result: tuple[list[Example], Calibration]) -> None:
            if library == self.library:
                self.examples, self.calibration = result
                self.failed = None
            self._ended()

        def failed(problem: Problem) -> None:
            if self.calibration is None:
                self.failed = problem
            else:
                self.problem.emit(problem)
            self._ended()

        self._bridge.call(work, done, failed)

    def _ended(self) -> None:
        self._running = False
        self.changed.emit()
        self._next()
        if not self._running:
            self.busy_changed.emit(False)

"""Evaluations of one data directory: measured on the path that answers, kept, compared."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.evaluation import history
from hxd_desktop.engine.evaluation.run import OWN_EXAMPLES, QA, REFUSAL, Measured, Run, names_of, sha256_of
from hxd_desktop.engine.library.database import Database, translated

if TYPE_CHECKING:
    from hxd_desktop.engine.asking import Answering
    from hxd_desktop.engine.cancel import CancelToken
    from hxd_desktop.engine.evaluation.runner import Progress
    from hxd_desktop.engine.library.lock import WriterLock
    from hxd_desktop.engine.paths import DataDirectory


Files = Path | str | Sequence[Path | str]

_PATIENCE_S = 1.5
_LOOK_UP_S = 0.05


class Evaluations:
    """Measures and remembers; any thread may call any method.

    Args:
        directory, database: of the data directory, which may be open for reading only.
        answering: makes the pipelines that are measured.
    """

    def __init__(self, directory: DataDirectory, database: Database, answering: Answering) -> None:
        self._directory = directory
        self._database = database
        self._answering = answering

    def refusal(
        self,
        questions: Files,
        library: str = "default",
        *,
        calibrate: Files = (),
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> Run:
        """Score every question of a file, or of several together; the library's own examples stay as they are.

        With `calibrate` the gate first learns from those questions, for this run alone; see `evaluation.runner`.
        """
        from hxd_desktop.engine.evaluation.runner import evaluate_refusal

        files, learnt_from = _paths(questions), _paths(calibrate)
        own, plain = self._answering.pipeline([library]), self._answering.pipeline([library], own_gates=False)
        measured = evaluate_refusal(own, plain, files, learnt_from, progress=progress, cancel=cancel)
        return self._run(REFUSAL, library, files, measured, learnt_from)

    def own_examples(
        self, library: str = "default", *, progress: Progress | None = None, cancel: CancelToken | None = None
    ) -> Run:
        """Judge a library's own good and bad questions, each by a gate that has not seen it."""
        from hxd_desktop.engine.evaluation.runner import measure_examples

        pairs, state = self._answering.examples(library)
        plain = self._answering.pipeline([library], own_gates=False)
        measured = measure_examples(plain, pairs, state, progress=progress, cancel=cancel)
        text = json.dumps(pairs, ensure_ascii=False).encode("utf-8", "backslashreplace")
        setup = self._answering.setup(library)
        sha256 = hashlib.sha256(text).hexdigest()
        return Run(REFUSAL, library, OWN_EXAMPLES, sha256, time.time(), setup, measured.figures, measured.rows)

    def qa(
        self,
        questions: Path | str,
        library: str = "default",
        *,
        passages: str | None = None,
        judge: bool = False,
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> Run:
        """Ask every question of a file and compare; with `passages`, of a temporary library made of them.

        With `judge` the language model in use marks the answers as well.
        """
        file = Path(questions)
        if passages is not None:
            from hxd_desktop.engine.trial import trial_library

            with trial_library(self._directory, file, passages) as trial:
                run = trial.evaluations.qa(file, judge=judge, progress=progress, cancel=cancel)
            return dataclasses.replace(run, library=f"passages: {passages}")
        from hxd_desktop.engine.evaluation.runner import evaluate_qa

        pipeline = self._answering.pipeline([library])
        measured = evaluate_qa(pipeline, file, judge=judge, progress=progress, cancel=cancel)
        return self._run(QA, library, [file], measured)

    def _run(
        self, kind: str, library: str, files: Sequence[Path], measured: Measured, calibrate_on: Sequence[Path] = ()
    ) -> Run:
        setup = self._answering.setup(library, calibrate_on)
        return Run(
            kind, library, names_of(files), sha256_of(files), time.time(), setup, measured.figures, measured.rows
        )

    def keep(self, run: Run) -> Run:
        """Keep a run in the database; return it with its number.

        Opened for reading, the writer lock is taken for this moment only, and waited for while another evaluation
        may be doing the same.

        Raises:
            StorageError: another copy writes; its process is named.
        """
        with self._writing() as database:
            return database.write(lambda connection: history.keep(connection, run))

    def all(self) -> list[Run]:
        """Return every run that is kept, without its rows, the latest first."""
        with translated(self._database.path):
            return history.all_runs(self._database.reader)

    def get(self, run_id: int) -> Run:
        """Return a run with what its single questions gave."""
        with translated(self._database.path):
            return history.get(self._database.reader, run_id)

    def remove(self, run_id: int) -> None:
        """Forget a run."""
        with self._writing() as database:
            database.write(lambda connection: history.remove(connection, run_id))

    def compare(self, first: int, second: int) -> dict[str, Any]:
        """Compare two runs question by question; see `evaluation.comparison`."""
        from hxd_desktop.engine.evaluation.comparison import compare

        return compare(self.get(first), self.get(second))

    @contextlib.contextmanager
    def _writing(self) -> Iterator[Database]:
        if self._database.writable:
            yield self._database
            return
        database, lock = self._open_for_a_moment()
        try:
            yield database
        finally:
            database.close()
            if lock is not None:
                lock.release()

    def _open_for_a_moment(self) -> tuple[Database, WriterLock | None]:
        from hxd_desktop.engine.opening import open_database

        deadline = time.monotonic() + _PATIENCE_S
        while True:
            try:
                return open_database(self._directory, writable=True)
            except StorageError:
                if time.monotonic() >= deadline:
                    raise
                time.sleep(_LOOK_UP_S)


def _paths(files: Files) -> list[Path]:
    return [Path(file) for file in ([files] if isinstance(files, Path | str) else files)]

"""A library whose indexer thread runs, with hands on what it reads and embeds."""

from __future__ import annotations

import os
import threading
from pathlib import Path

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.events import IndexProgress, Phase
from hxd_desktop.engine.library import catalog
from hxd_desktop.engine.library.parsing import ParseJob
from hxd_desktop.engine.library.service import IndexService
from hxd_desktop.engine.library.tasks import Run
from tests.support.library import LONG_AGO, PATIENCE_S, Workbench


class Busy:
    """A workbench whose indexer thread runs, with hands on what it reads and embeds."""

    def __init__(self, bench: Workbench, root: Path) -> None:
        self.bench = bench
        self.root = root
        self.service = IndexService(bench.database, bench.indexer, bench.filler, bench.bus)
        self.reading = threading.Event()
        self.go_on = threading.Event()

    def write(self, name: str, text: str, age: float = LONG_AGO, library: str = "default") -> Path:
        path = self.root / library / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        os.utime(path, (age, age))
        return path

    def add(self, library: str = "default") -> None:
        (self.root / library).mkdir(parents=True, exist_ok=True)
        self.bench.add(self.root / library, library)

    def hold_at(self, name: str) -> None:
        """Stop the reading at a file until `go_on` is set."""

        def before(job: ParseJob) -> None:
            if Path(job.path).name == name and not self.go_on.is_set():
                self.reading.set()
                assert self.go_on.wait(PATIENCE_S)

        self.bench.pool.before = before

    def update(self, library: str = "default", cancel: CancelToken | None = None) -> Run:
        return self.service.update(library, cancel).result(PATIENCE_S)

    def vectors(self, library: str = "default") -> None:
        self.service.wait_for_vectors(library, CancelToken()).result(PATIENCE_S)

    def pause(self, library: str = "default") -> None:
        self.bench.database.write(lambda c: catalog.set_paused(c, library, True))
        self.service.pause(library)

    def resume(self, library: str = "default") -> None:
        self.bench.database.write(lambda c: catalog.set_paused(c, library, False))
        self.service.wake()

    def states(self, library: str = "default") -> dict[str, DocumentState]:
        return {Path(path).name: d.state for path, d in self.bench.documents(library).items()}

    def progress(self, *phases: Phase) -> list[IndexProgress]:
        return [e for e in self.bench.events if isinstance(e, IndexProgress) and e.phase in phases]

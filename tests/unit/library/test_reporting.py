from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.events import DocumentsChanged, Phase
from hxd_desktop.engine.library import reporting, storing
from tests.support.busy import Busy
from tests.support.library import PATIENCE_S, wait_for


def test_progress_tells_files_bytes_and_the_end(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "_EVENT_SECONDS", 0.0)
    monkeypatch.setattr(storing, "_BATCH_FILES", 1)
    busy.update()
    busy.vectors()
    size = len("Alpha is the first.Beta is the second.")
    assert busy.progress(Phase.SCANNING)[0].current == str(busy.root / "default")
    words = busy.progress(Phase.WORDS)
    assert [event.files_done for event in words] == [0, 1, 2]
    assert {(event.files_total, event.bytes_total) for event in words} == {(2, size)}
    assert words[-1].bytes_done == size
    assert words[-1].rate_bytes_per_s > 0
    assert words[-1].current in {str(busy.root / "default" / name) for name in ("a.txt", "b.txt")}
    vectors = busy.progress(Phase.VECTORS)
    assert (vectors[-1].chunks_done, vectors[-1].chunks_total) == (2, 2)
    wait_for(lambda: busy.progress(Phase.VECTORS, Phase.WORDS, Phase.IDLE)[-1].phase is Phase.IDLE)
    assert all(event.library == "default" for event in busy.progress(*Phase))


def test_changes_are_told_when_they_are_committed_and_no_later(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 1)
    busy.hold_at("z.txt")
    busy.write("z.txt", "Omega is the last.")
    told: list[tuple[set[str], set[str]]] = []

    def listen(event: object) -> None:
        if isinstance(event, DocumentsChanged):
            indexed = {path for path, d in busy.bench.documents().items() if d.state is DocumentState.INDEXED}
            told.append((set(event.paths), indexed))

    busy.bench.bus.subscribe(listen)
    future = busy.service.update("default")
    assert busy.reading.wait(PATIENCE_S)
    before = set().union(*(paths for paths, _ in told))
    busy.go_on.set()
    future.result(PATIENCE_S)
    assert all(paths <= indexed for paths, indexed in told)
    everything = {str(busy.root / "default" / name) for name in ("a.txt", "b.txt", "z.txt")}
    assert set().union(*(paths for paths, _ in told)) == everything
    assert before < everything
    told.clear()
    (busy.root / "default" / "a.txt").unlink()
    busy.update()
    assert [paths for paths, _ in told] == [{str(busy.root / "default" / "a.txt")}]


def test_very_many_changes_are_told_without_their_names(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporting, "_MANY_PATHS", 1)
    busy.update()
    assert DocumentsChanged("default", ()) in busy.bench.events

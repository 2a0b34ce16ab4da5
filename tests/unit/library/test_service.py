from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from typing import Any

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import Cancelled, ModelError, StorageError
from hxd_desktop.engine.events import LibrariesChanged, Notice, Phase
from hxd_desktop.engine.library import catalog, documents, service, setbacks, store, storing
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.updating import update_library
from tests.support.busy import Busy
from tests.support.library import LONG_AGO, PATIENCE_S, wait_for


def test_words_come_before_vectors_and_both_come(busy: Busy) -> None:
    run = busy.update()
    assert (run.indexed, run.removed, run.offline) == (2, 0, 0)
    assert run.bytes == len("Alpha is the first.Beta is the second.")
    assert busy.bench.found("alpha") == {"a.txt"}
    busy.vectors()
    assert busy.bench.near("second beta", limit=1) == ["b.txt"]
    assert busy.bench.one("SELECT count(*) FROM vector_queue") == 0
    assert list(busy.bench.directory.vectors.glob("*.usearch"))
    busy.bench.assert_consistent()


def test_a_saved_file_does_not_wait_for_vectors(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hxd_desktop.engine.library.embedding._BATCH_LEXICAL", 1)
    embedding, go_on = threading.Event(), threading.Event()
    embed = busy.bench.embedder.embed_passages

    def slow(texts: Any) -> Any:
        embedding.set()
        assert go_on.wait(PATIENCE_S)
        return embed(texts)

    for n in range(20):
        busy.write(f"{n}.txt", f"Number {n} has a text of its own.")
    monkeypatch.setattr(busy.bench.embedder, "embed_passages", slow)
    busy.update()
    assert embedding.wait(PATIENCE_S)
    busy.write("saved.txt", "Gamma was saved just now.")
    future = busy.service.update("default")
    go_on.set()
    future.result(PATIENCE_S)
    waiting = busy.bench.one("SELECT count(*) FROM vector_queue")
    assert busy.bench.found("gamma") == {"saved.txt"}
    assert waiting > 10
    busy.vectors()
    busy.bench.assert_consistent()


def test_a_stop_keeps_what_was_read(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 1)
    busy.hold_at("z.txt")
    busy.write("z.txt", "Omega is the last.")
    cancel = CancelToken()
    future = busy.service.update("default", cancel)
    assert busy.reading.wait(PATIENCE_S)
    cancel.cancel()
    busy.go_on.set()
    with pytest.raises(Cancelled):
        future.result(PATIENCE_S)
    read = {name for name, state in busy.states().items() if state is DocumentState.INDEXED}
    assert read < {"a.txt", "b.txt", "z.txt"}
    assert busy.states()["z.txt"] is DocumentState.QUEUED
    assert busy.update().indexed == 3 - len(read)
    busy.vectors()
    busy.bench.assert_consistent()


def test_a_stop_does_not_lose_what_the_watcher_told(busy: Busy) -> None:
    busy.update()
    busy.hold_at("c.txt")
    busy.write("c.txt", "Gamma is being read.")
    first = busy.service.update("default")
    assert busy.reading.wait(PATIENCE_S)
    cancel = CancelToken()
    asked = busy.service.update("default", cancel)
    busy.write("d.txt", "Delta was saved meanwhile.")
    (folder,) = catalog.folders(busy.bench.database.reader)
    told = busy.service.update_parts(folder, {str(busy.root / "default" / "d.txt")})
    cancel.cancel()
    busy.go_on.set()
    first.result(PATIENCE_S)
    with pytest.raises(Cancelled):
        asked.result(PATIENCE_S)
    told.result(PATIENCE_S)
    assert busy.states()["d.txt"] is DocumentState.INDEXED


def test_changes_that_come_while_one_is_read_become_one_task(busy: Busy) -> None:
    busy.hold_at("a.txt")
    first = busy.service.update("default")
    assert busy.reading.wait(PATIENCE_S)
    (folder,) = catalog.folders(busy.bench.database.reader)
    paths = [busy.write(f"{n}.txt", f"Number {n}.") for n in range(5)]
    futures = [busy.service.update_parts(folder, {str(path)}) for path in paths]
    assert busy.service.busy("default")
    busy.go_on.set()
    first.result(PATIENCE_S)
    runs = [future.result(PATIENCE_S) for future in futures]
    assert len({id(run) for run in runs}) == 1
    assert set(busy.states().values()) == {DocumentState.INDEXED}
    wait_for(lambda: not busy.service.busy("default"))


def test_pausing_stops_reading_and_resuming_goes_on(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 1)
    for n in range(10):
        busy.write(f"{n}.txt", f"Number {n}.")
    busy.hold_at("5.txt")
    future = busy.service.update("default")
    assert busy.reading.wait(PATIENCE_S)
    busy.pause()
    busy.go_on.set()
    wait_for(lambda: busy.progress(Phase.PAUSED))
    assert not future.done()
    assert busy.service.busy("default")
    assert DocumentState.QUEUED in busy.states().values()
    read = len(busy.bench.pool.read)
    busy.add("other")
    busy.write("x.txt", "In another library.", library="other")
    assert busy.update("other").indexed == 1  # which does not rest
    assert len(busy.bench.pool.read) == read + 1
    busy.resume()
    future.result(PATIENCE_S)
    assert set(busy.states().values()) == {DocumentState.INDEXED}
    busy.vectors()
    busy.bench.assert_consistent()


def test_nothing_of_a_resting_library_is_embedded(busy: Busy) -> None:
    busy.bench.database.write(lambda c: catalog.set_paused(c, "default", True))
    busy.bench.scan()
    busy.add("other")
    busy.write("x.txt", "In another library.", library="other")
    busy.update("other")
    busy.vectors("other")
    assert busy.bench.embedder.texts == ["In another library."]
    busy.resume()
    wait_for(lambda: len(busy.bench.embedder.texts) == 3, "vectors go on")


def test_a_failing_embedder_leaves_words_working_and_is_reported(busy: Busy) -> None:
    busy.bench.embedder.failure = ModelError("The model failed", "It ran out of memory.", "Choose a smaller one.")
    busy.update()
    assert busy.bench.found("alpha") == {"a.txt"}
    with pytest.raises(ModelError, match="out of memory"):
        busy.vectors()
    busy.write("c.txt", "Gamma is read all the same.")
    busy.update()
    assert busy.bench.found("gamma") == {"c.txt"}
    busy.bench.embedder.failure = None
    busy.service.wake()
    busy.vectors()
    assert busy.bench.near("gamma", limit=1) == ["c.txt"]
    busy.bench.assert_consistent()


def test_a_failure_is_handed_to_whoever_waits_and_the_next_task_runs(
    busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(storing.store, "store_documents", fail)
        with pytest.raises(StorageError, match="disk is full"):
            busy.update()
    assert busy.update().indexed == 2
    assert busy.progress(Phase.IDLE)


def test_an_offline_folder_is_told_and_comes_back(busy: Busy) -> None:
    busy.update()
    folder = busy.root / "default"
    folder.rename(busy.root / "away")
    assert busy.update().offline == 1
    assert busy.bench.events.count(LibrariesChanged()) == 1
    assert busy.bench.found("alpha") == {"a.txt"}
    assert busy.update().offline == 1
    assert busy.bench.events.count(LibrariesChanged()) == 1
    (busy.root / "away").rename(folder)
    busy.write("c.txt", "Gamma came with it.")
    run = busy.update()
    assert (run.offline, run.indexed) == (0, 1)
    assert busy.bench.events.count(LibrariesChanged()) == 2
    assert catalog.folders(busy.bench.database.reader)[0].state is FolderState.ONLINE


def test_closing_while_busy_loses_nothing(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 1)
    for n in range(10):
        busy.write(f"{n}.txt", f"Number {n}.")
    busy.hold_at("5.txt")
    under_way = busy.service.update("default")
    assert busy.reading.wait(PATIENCE_S)
    waiting = busy.service.update("default", CancelToken())
    vectors = busy.service.wait_for_vectors("default", CancelToken())
    closing = threading.Thread(target=busy.service.close)
    closing.start()
    wait_for(lambda: busy.service._closing.cancelled)
    busy.go_on.set()
    closing.join(PATIENCE_S)
    assert not closing.is_alive()
    for future in (under_way, waiting, vectors):
        with pytest.raises(Cancelled):
            future.result(0)
    for late in (busy.service.update("default"), busy.service.wait_for_vectors("default", CancelToken())):
        with pytest.raises(Cancelled):
            late.result(0)
    read = {name for name, state in busy.states().items() if state is DocumentState.INDEXED}
    bench = busy.bench.reopened()
    again = Busy(bench, busy.root)
    assert again.update().indexed == 12 - len(read)
    again.vectors()
    bench.assert_consistent()
    again.service.close()
    bench.close()


def test_closing_saves_the_vectors(busy: Busy) -> None:
    busy.update()
    wait_for(lambda: busy.bench.one("SELECT count(*) FROM vector_queue") == 0)
    busy.service.close()
    assert busy.bench.one("SELECT count(*) FROM vector_changes") == 0
    assert list(busy.bench.directory.vectors.glob("*.usearch"))


def test_vectors_are_saved_when_there_is_nothing_else_to_do(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "_SAVE_AFTER_SECONDS", 0.05)
    busy.update()
    wait_for(lambda: list(busy.bench.directory.vectors.glob("*.json")), "the index is saved")
    wait_for(lambda: busy.bench.one("SELECT count(*) FROM vector_changes") == 0)


def test_where_files_change_all_the_time_vectors_are_saved_and_words_purged_without_a_quiet_time(
    busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.write("a.txt", "The old text.")
    busy.update()
    busy.vectors()
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore._MANY_CHANGES", 0)
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore._MUCH_CHANGED", 0)
    busy.write("a.txt", "Another text, which is new.", age=LONG_AGO + 60)
    busy.update()
    wait_for(lambda: busy.bench.one("SELECT count(*) FROM vector_queue") == 0)
    wait_for(lambda: busy.bench.one("SELECT count(*) FROM vector_changes") == 0)
    wait_for(lambda: busy.bench.one("SELECT count(*) FROM purges") == 0)


def test_a_stop_of_waiting_for_vectors(busy: Busy, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hxd_desktop.engine.library.embedding._BATCH_LEXICAL", 1)
    for n in range(10):
        busy.write(f"{n}.txt", f"Number {n}.")
    cancel = CancelToken()
    embed = busy.bench.embedder.embed_passages

    def stop(texts: Any) -> Any:
        cancel.cancel()
        return embed(texts)

    monkeypatch.setattr(busy.bench.embedder, "embed_passages", stop)
    future = busy.service.wait_for_vectors("default", cancel)
    busy.update()
    with pytest.raises(Cancelled):
        busy.service.wait_for_vectors("default", cancel).result(PATIENCE_S)
    future.exception(PATIENCE_S)
    busy.vectors()
    assert busy.bench.one("SELECT count(*) FROM vector_queue") == 0


@pytest.mark.parametrize(
    "remove", [lambda c: catalog.remove_library(c, "default"), lambda c: catalog.remove_folder(c, 1)]
)
def test_what_is_removed_while_it_is_read_stays_removed(
    busy: Busy, remove: Callable[[sqlite3.Connection], None]
) -> None:
    busy.hold_at("b.txt")
    future = busy.service.update("default")
    assert busy.reading.wait(PATIENCE_S)
    busy.bench.database.write(remove)
    busy.go_on.set()
    assert future.result(PATIENCE_S).indexed == 0
    busy.add("other")
    busy.write("x.txt", "In another library.", library="other")
    busy.update("other")
    busy.vectors("other")
    assert busy.bench.one("SELECT count(*) FROM documents") == 1
    busy.bench.assert_consistent()


def test_a_library_removed_while_it_is_embedded_does_not_stop_the_others(
    busy: Busy, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.add("other")
    busy.write("x.txt", "In another library.", library="other")
    embed = busy.bench.embedder.embed_passages

    def remove(texts: Any) -> Any:
        if "Alpha is the first." in texts:
            busy.bench.database.write(lambda c: catalog.remove_library(c, "default"))
        return embed(texts)

    monkeypatch.setattr(busy.bench.embedder, "embed_passages", remove)
    busy.bench.scan("default")
    busy.update("other")
    busy.vectors("other")
    assert busy.bench.near("library", "other", limit=1) == ["x.txt"]
    busy.bench.assert_consistent()


def test_the_report_of_an_update(busy: Busy) -> None:
    busy.write("empty.txt", "")
    busy.bench.pool.before = lambda job: (
        {"state": "failed", "reason": "Broken.", "hash": None} if job.path.endswith("b.txt") else None
    )
    report = update_library(busy.bench.database, busy.service, "default", CancelToken(), vectors=True)
    assert report.documents == {
        "indexed": 1,
        "unchanged": 0,
        "removed": 0,
        "empty": 1,
        "failed": 1,
        "skipped": 0,
        "needs_ocr": 0,
    }
    assert report.failures == ({"path": str(busy.root / "default" / "b.txt"), "reason": "Broken."},)
    assert report.chunks == 1
    assert report.bytes == len("Alpha is the first.Beta is the second.")
    assert 0 < report.seconds_words <= report.seconds
    busy.bench.pool.before = lambda job: None
    busy.bench.database.write(lambda c: documents.mark_for_retry(c, "default", None))
    (busy.root / "default" / "empty.txt").unlink()
    report = update_library(busy.bench.database, busy.service, "default", CancelToken(), vectors=False)
    assert (report.documents["indexed"], report.documents["unchanged"], report.documents["removed"]) == (1, 1, 1)
    assert report.failures == ()


@pytest.fixture
def notices(busy: Busy) -> list[Notice]:
    told: list[Notice] = []
    busy.bench.bus.subscribe(lambda event: told.append(event) if isinstance(event, Notice) else None)
    return told


def test_a_full_disk_in_the_background_is_told_once_and_the_files_are_read_later(
    busy: Busy, monkeypatch: pytest.MonkeyPatch, notices: list[Notice]
) -> None:
    busy.update()
    monkeypatch.setattr(service, "_SAVE_AFTER_SECONDS", 0.02)
    monkeypatch.setattr(setbacks, "_AGAIN_SECONDS", 0.05)
    full = threading.Event()
    full.set()
    real = store.store_documents

    def fail(*arguments: Any, **named: Any) -> Any:
        if full.is_set():
            raise sqlite3.OperationalError("database or disk is full")
        return real(*arguments, **named)

    monkeypatch.setattr(store, "store_documents", fail)
    busy.write("late.txt", "Delta came while the disk was full.")
    with pytest.raises(StorageError):
        busy.service.update("default").result(PATIENCE_S)
    with pytest.raises(StorageError):
        busy.service.update("default").result(PATIENCE_S)
    wait_for(lambda: notices)
    assert [(notice.title, bool(notice.remedy)) for notice in notices] == [("The disk is full", True)]
    full.clear()
    wait_for(lambda: busy.states().get("late.txt") is DocumentState.INDEXED, "read without being asked for")
    busy.vectors()
    busy.bench.assert_consistent()


def test_vectors_that_fail_in_the_background_are_told(busy: Busy, notices: list[Notice]) -> None:
    busy.bench.embedder.failure = ModelError("The embedding model stopped", "It did.", "Try again.")
    busy.update()
    wait_for(lambda: notices)
    assert [notice.title for notice in notices] == ["The embedding model stopped"]
    busy.bench.embedder.failure = None
    busy.service.wake()
    busy.vectors()
    busy.bench.assert_consistent()


def test_a_fault_of_ours_is_told_as_one(busy: Busy, monkeypatch: pytest.MonkeyPatch, notices: list[Notice]) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a slip")

    monkeypatch.setattr(store, "store_documents", broken)
    with pytest.raises(RuntimeError):
        busy.service.update("default").result(PATIENCE_S)
    wait_for(lambda: notices)
    assert "fault of the application" in notices[0].title
    assert "a slip" in notices[0].message

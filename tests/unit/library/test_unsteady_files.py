"""Files and folders that change, fail or go away while they are read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog, documents, storing
from hxd_desktop.engine.library.indexing import FolderIndexer, FolderRun
from hxd_desktop.engine.library.parsing import ParseJob
from tests.support.library import LONG_AGO, Workbench, names, write


def reply(state: str, reason: str = "") -> dict[str, Any]:
    return {"state": state, "reason": reason, "size": 0, "mtime_ns": 0, "hash": None, "ms": 1.0}


@pytest.mark.parametrize("age", [LONG_AGO, 0])
def test_failed_documents_are_read_again_only_on_demand(bench: Workbench, folder: Path, age: float) -> None:
    write(folder / "bad.txt", "It could be read.", age)
    bench.pool.before = lambda job: reply("failed", "Broken.") if job.path.endswith("bad.txt") else None
    bench.scan()
    assert bench.documents()[str(folder / "bad.txt")].reason == "Broken."
    bench.pool.before = lambda job: None
    bench.pool.read.clear()
    bench.scan()
    assert bench.pool.read == []
    assert bench.database.write(lambda c: documents.mark_for_retry(c, "default", None)) == 1
    bench.scan()
    assert bench.pool.read == [str(folder / "bad.txt")]
    assert names(bench, DocumentState.FAILED) == set()
    assert bench.found("could") == {"bad.txt"}


def test_chosen_documents_are_read_again_on_demand(bench: Workbench, folder: Path) -> None:
    bench.index()
    bench.pool.read.clear()
    paths = [str(folder / "a.txt"), str(folder / "unknown.txt")]
    assert bench.database.write(lambda c: documents.mark_for_retry(c, "default", paths)) == 1
    bench.scan()
    assert bench.pool.read == [str(folder / "a.txt")]
    assert bench.embed() == 0
    bench.pool.read.clear()
    bench.scan()
    assert bench.pool.read == []


def test_a_file_that_goes_away_while_it_is_read_is_forgotten(bench: Workbench, folder: Path) -> None:
    bench.index()
    write(folder / "a.txt", "other", LONG_AGO + 5)
    bench.pool.before = lambda job: reply("missing")
    (run,) = bench.scan()
    assert run.paths == [str(folder / "a.txt")]
    assert names(bench) == {"b.txt"}
    bench.assert_consistent()


def test_a_file_that_is_being_written_is_tried_again(bench: Workbench, folder: Path) -> None:
    tries: list[str] = []

    def before(job: ParseJob) -> dict[str, Any] | None:
        tries.append(job.path)
        return reply("changed") if tries.count(job.path) < 3 else None

    bench.pool.before = before
    (run,) = bench.scan()
    assert len(tries) == 6
    assert run.indexed == 2
    assert names(bench, DocumentState.INDEXED) == {"a.txt", "b.txt"}


def test_a_file_that_never_rests_fails_and_is_tried_by_the_next_run(bench: Workbench, folder: Path) -> None:
    bench.pool.before = lambda job: reply("changed") if job.path.endswith("a.txt") else None
    bench.scan()
    assert "keeps changing" in (bench.documents()[str(folder / "a.txt")].reason or "")
    write(folder / "a.txt", "At rest.", LONG_AGO + 9)
    bench.pool.before = lambda job: None
    bench.scan()
    assert names(bench, DocumentState.INDEXED) == {"a.txt", "b.txt"}


def test_a_file_that_cannot_be_read_any_more_is_not_found_by_its_old_words(bench: Workbench, folder: Path) -> None:
    bench.index()
    write(folder / "a.txt", "x", LONG_AGO + 5)
    bench.pool.before = lambda job: reply("failed", "Broken.")
    bench.scan()
    assert bench.found("alpha") == set()
    bench.assert_consistent()


def remove_folder(bench: Workbench) -> None:
    bench.database.write(lambda c: catalog.remove_folder(c, 1))


def remove_library(bench: Workbench) -> None:
    bench.database.write(lambda c: catalog.remove_library(c, "default"))


@pytest.mark.parametrize("remove", [remove_folder, remove_library])
def test_a_folder_removed_while_it_is_read_does_not_come_back_and_is_read_no_further(
    bench: Workbench, folder: Path, remove: Callable[[Workbench], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 1)
    for n in range(20):
        write(folder / f"{n}.txt", f"Number {n}.")
    bench.pool.before = lambda job: remove(bench) if len(bench.pool.read) == 5 else None
    (run,) = bench.scan()
    assert len(bench.pool.read) == 6  # one is read while the one before it is refused
    assert run.indexed == 4
    assert bench.one("SELECT count(*) FROM documents") == 0
    assert all(check.ok for check in bench.checks())


def test_a_folder_removed_while_it_is_scanned(bench: Workbench, folder: Path) -> None:
    (info,) = catalog.folders(bench.database.reader)
    rules = bench.indexer.rules

    class Late(FolderIndexer):
        def rules(self, folder: Any) -> Any:
            remove_folder(bench)
            return rules(folder)

    late = Late(bench.database, bench.pool, bench.settings, ())  # type: ignore[arg-type]
    run = late.update(info, CancelToken(), lambda run, current: None)
    assert (run.indexed, bench.pool.read) == (0, [])
    assert bench.indexer.update(info, CancelToken(), lambda run, current: None) == FolderRun()

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.library import catalog, documents, storing
from hxd_desktop.engine.library.indexing import FolderIndexer, FolderRun, fingerprint
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.parsing import ParseJob
from hxd_desktop.engine.settings import ChunkSettings, IndexSettings, Settings
from tests.support.library import Workbench, wait_for

LONG_AGO = 1_600_000_000


def write(path: Path, text: str, age: float = LONG_AGO) -> Path:
    """Write a file that is old enough for its time to be trusted."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    os.utime(path, (age, age))
    return path


@pytest.fixture
def folder(tmp_path: Path, bench: Workbench) -> Path:
    found = tmp_path / "folder"
    write(found / "a.txt", "Alpha is the first letter.")
    write(found / "sub" / "b.txt", "Beta is the second letter.")
    bench.add(found)
    return found


def names(bench: Workbench, state: DocumentState | None = None, library: str = "default") -> set[str]:
    return {Path(path).name for path in bench.documents(library, state)}


def test_a_folder_is_read_once_and_found_by_words_and_vectors(bench: Workbench, folder: Path) -> None:
    (run,) = bench.scan()
    assert (run.indexed, run.files_done, run.files_total) == (2, 2, 2)
    assert run.bytes == run.bytes_total == sum(path.stat().st_size for path in folder.rglob("*.txt"))
    assert sorted(run.paths) == [str(folder / "a.txt"), str(folder / "sub" / "b.txt")]
    assert bench.found("beta") == {"b.txt"}
    bench.embed()
    assert bench.near("alpha first", limit=1) == ["a.txt"]
    bench.pool.read.clear()
    (run,) = bench.scan()
    assert (run.indexed, run.files_total, run.paths, bench.pool.read) == (0, 0, [], [])
    bench.assert_consistent()


def test_a_changed_file_is_read_again_and_no_other(bench: Workbench, folder: Path) -> None:
    bench.index()
    bench.pool.read.clear()
    write(folder / "a.txt", "Aleph is the first letter.", LONG_AGO + 100)
    (run,) = bench.scan()
    assert bench.pool.read == run.paths == [str(folder / "a.txt")]
    assert (bench.found("alpha"), bench.found("aleph")) == (set(), {"a.txt"})
    assert bench.text(folder / "a.txt") == "Aleph is the first letter."


def test_a_file_saved_again_with_the_same_content_is_not_parsed_or_embedded(bench: Workbench, folder: Path) -> None:
    bench.index()
    before = bench.chunk_ids(folder / "a.txt")
    write(folder / "a.txt", "Alpha is the first letter.", LONG_AGO + 100)
    (run,) = bench.scan()
    assert (run.indexed, run.paths) == (0, [])
    assert bench.chunk_ids(folder / "a.txt") == before
    assert bench.embed() == 0
    bench.pool.read.clear()
    bench.scan()
    assert bench.pool.read == []


def test_a_copy_embeds_nothing(bench: Workbench, folder: Path) -> None:
    bench.index()
    write(folder / "copy.txt", "Alpha is the first letter.")
    bench.scan()
    assert bench.embed() == 0
    assert bench.found("alpha") == {"a.txt", "copy.txt"}
    assert set(bench.near("alpha first letter", limit=2)) == {"a.txt", "copy.txt"}
    bench.assert_consistent()


def test_a_move_reads_and_embeds_nothing(bench: Workbench, folder: Path) -> None:
    bench.index()
    before = bench.documents()[str(folder / "a.txt")]
    bench.pool.read.clear()
    (folder / "a.txt").rename(folder / "sub" / "renamed.txt")
    (run,) = bench.scan()
    assert sorted(run.paths) == sorted([str(folder / "a.txt"), str(folder / "sub" / "renamed.txt")])
    assert (bench.pool.read, run.removed, bench.embed()) == ([], 0, 0)
    assert bench.documents()[str(folder / "sub" / "renamed.txt")].id == before.id
    assert bench.found("renamed") == bench.found("alpha") == {"renamed.txt"}
    bench.assert_consistent()


def test_a_move_told_in_parts(bench: Workbench, folder: Path) -> None:
    bench.index()
    (folder / "sub").rename(folder / "other")
    bench.scan(below=[folder / "sub", folder / "other"])
    assert set(bench.documents()) == {str(folder / "a.txt"), str(folder / "other" / "b.txt")}
    assert bench.embed() == 0
    bench.assert_consistent()


def test_another_suffix_is_read_as_another_format(bench: Workbench, folder: Path) -> None:
    write(folder / "notes.txt", "# Heading\n\nBody of the note.")
    bench.index()
    assert bench.documents()[str(folder / "notes.txt")].type == "text"
    (folder / "notes.txt").rename(folder / "notes.md")
    bench.scan()
    document = bench.documents()[str(folder / "notes.md")]
    assert (document.type, document.title) == ("markdown", "Heading")
    bench.assert_consistent()


def test_a_file_that_was_skipped_is_read_under_a_name_that_is_read(bench: Workbench, folder: Path) -> None:
    write(folder / "table.parquet", "Gamma is the third letter.\x00\x01\x02")
    bench.index()
    skipped = bench.documents()[str(folder / "table.parquet")]
    assert skipped.state is DocumentState.SKIPPED
    (folder / "table.parquet").rename(folder / "table.txt")
    bench.pool.read.clear()
    bench.scan()
    assert bench.pool.read == [str(folder / "table.txt")]


def test_a_deleted_file_is_forgotten(bench: Workbench, folder: Path) -> None:
    bench.index()
    (folder / "a.txt").unlink()
    (run,) = bench.scan()
    assert (run.removed, run.paths) == (1, [str(folder / "a.txt")])
    assert (names(bench), bench.found("alpha"), bench.near("alpha")) == ({"b.txt"}, set(), ["b.txt"])
    bench.assert_consistent()


def test_only_the_parts_that_were_told_are_looked_at(bench: Workbench, folder: Path) -> None:
    bench.index()
    write(folder / "a.txt", "changed", LONG_AGO + 1)
    write(folder / "sub" / "c.txt", "new")
    (folder / "sub" / "b.txt").unlink()
    bench.scan(below=[folder / "sub"])
    assert names(bench) == {"a.txt", "c.txt"}
    assert bench.found("alpha") == {"a.txt"}
    bench.scan(below=[])
    assert bench.found("alpha") == {"a.txt"}


def test_a_folder_whose_name_begins_like_another(bench: Workbench, folder: Path) -> None:
    write(folder / "sub2" / "x.txt", "In sub2.")
    write(folder / "sub.txt", "Beside sub.")
    bench.index()
    for path in (folder / "sub2" / "x.txt", folder / "sub.txt"):
        path.unlink()
    bench.scan(below=[folder / "sub"])
    assert {"x.txt", "sub.txt"} <= names(bench)
    bench.scan(below=[folder / "sub2"])
    assert "x.txt" not in names(bench)


@pytest.mark.parametrize("stopped_at", ["a.txt", "b.txt"])
def test_a_stop_keeps_what_was_read_and_the_next_run_reads_the_rest(
    bench: Workbench, folder: Path, stopped_at: str
) -> None:
    cancel = CancelToken()

    def before(job: ParseJob) -> None:
        if Path(job.path).name == stopped_at:
            cancel.cancel()

    bench.pool.before = before
    (info,) = catalog.folders(bench.database.reader)
    with pytest.raises(Cancelled):
        bench.indexer.update(info, cancel, lambda run, current: None)
    read = names(bench, DocumentState.INDEXED)
    assert names(bench, DocumentState.QUEUED) == {"a.txt", "b.txt"} - read
    bench.pool.before = lambda job: None
    bench.pool.read.clear()
    bench.scan()
    assert {Path(path).name for path in bench.pool.read} == {"a.txt", "b.txt"} - read
    assert names(bench, DocumentState.INDEXED) == {"a.txt", "b.txt"}
    bench.assert_consistent()


def test_a_file_from_the_beginning_of_time_is_read_though_a_stop_left_it_waiting(
    bench: Workbench, folder: Path
) -> None:
    os.utime(folder / "a.txt", (0, 0))
    bench.database.write(
        lambda c: c.execute(
            "INSERT INTO documents (library_id, folder_id, path, state, size_bytes) VALUES (1, 1, ?, 'queued', ?)",
            (str(folder / "a.txt"), (folder / "a.txt").stat().st_size),
        )
    )
    bench.scan()
    assert names(bench, DocumentState.INDEXED) == {"a.txt", "b.txt"}


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


def test_every_entry_is_in_exactly_one_state(bench: Workbench, folder: Path) -> None:
    write(folder / "empty.txt", "")
    write(folder / "blank.txt", " \n ")
    write(folder / "node_modules" / "x" / "y.js", "ignored")
    write(folder / "node_modules" / "z.js", "ignored")
    write(folder / "large.txt", "x" * 3000)
    settings = Settings(index=IndexSettings(max_file_bytes=2000))
    bench = bench.reopened(settings=settings)
    bench.index()
    (info,) = catalog.libraries(bench.database.reader)
    assert info.counts == {DocumentState.INDEXED: 2, DocumentState.EMPTY: 2, DocumentState.SKIPPED: 3}
    assert bench.documents()[str(folder / "node_modules")].files == 2
    assert bench.documents()[str(folder / "large.txt")].reason == "larger than 2,000 bytes"
    before = bench.documents()
    bench.pool.read.clear()
    bench.scan()
    assert bench.pool.read == []
    assert bench.documents() == before
    bench.assert_consistent()
    bench.close()


def test_the_data_directory_is_never_read(bench: Workbench, tmp_path: Path) -> None:
    write(tmp_path / "mine.txt", "Mine.")
    bench.add(tmp_path)
    bench.scan()
    assert [Path(path).name for path in bench.pool.read] == ["mine.txt"]


def test_an_offline_folder_keeps_its_index_and_comes_back(bench: Workbench, folder: Path) -> None:
    bench.index()
    away = folder.with_name("away")
    folder.rename(away)
    (run,) = bench.scan()
    assert run.offline
    (info,) = catalog.folders(bench.database.reader)
    assert (info.state, info.detail) == (FolderState.OFFLINE, "It does not exist.")
    assert bench.found("alpha") == {"a.txt"}
    away.rename(folder)
    bench.pool.read.clear()
    (run,) = bench.scan()
    assert (run.offline, bench.pool.read) == (False, [])
    (info,) = catalog.folders(bench.database.reader)
    assert (info.state, info.detail) == (FolderState.ONLINE, "")


def test_other_chunking_reads_everything_again_and_embeds_only_what_differs(bench: Workbench, folder: Path) -> None:
    write(folder / "long.txt", "\n\n".join(f"Paragraph {n} says something of its own." for n in range(100)))
    bench.index()
    before = bench.documents()
    bench = bench.reopened(settings=Settings(chunks=ChunkSettings(max_tokens=60)))
    bench.scan()
    assert len(bench.pool.read) == 3
    assert {path: document.id for path, document in bench.documents().items()} == {
        path: document.id for path, document in before.items()
    }
    after = bench.documents()[str(folder / "long.txt")]
    assert after.chunks > before[str(folder / "long.txt")].chunks
    assert 0 < bench.embed() <= after.chunks
    bench.pool.read.clear()
    bench.scan()
    assert bench.pool.read == []
    bench.assert_consistent()
    bench.close()


def test_the_fingerprint_hangs_on_chunking_alone() -> None:
    assert fingerprint(Settings()) == fingerprint(Settings(index=IndexSettings(workers=3)))
    assert fingerprint(Settings()) != fingerprint(Settings(chunks=ChunkSettings(max_tokens=10)))


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


def test_what_was_read_is_stored_while_a_slow_file_is_waited_for(
    bench: Workbench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_BATCH_SECONDS", 60.0)
    seen: list[set[str]] = []
    parse = bench.pool.parse

    def slow(jobs: Any, cancel: CancelToken, while_waiting: Callable[[], None]) -> Any:
        for n, item in enumerate(parse(jobs, cancel)):
            if n == 1:
                monkeypatch.setattr(storing, "_BATCH_SECONDS", -1.0)  # as if the second file took long
                while_waiting()
                wait_for(lambda: names(bench, DocumentState.INDEXED))
                seen.append(names(bench, DocumentState.INDEXED))
            yield item

    bench.pool.parse = slow  # type: ignore[method-assign, assignment]
    bench.scan()
    assert len(seen[0]) == 1


def test_batches_are_bounded_by_size_and_number(
    bench: Workbench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(30):
        write(folder / f"{n}.txt", f"Number {n}." * 10)
    monkeypatch.setattr(storing, "_BATCH_FILES", 8)
    reached: list[int] = []
    (info,) = catalog.folders(bench.database.reader)
    bench.indexer.update(info, CancelToken(), lambda run, current: reached.append(run.files_done))
    assert reached[0] == 0
    assert reached[-1] == 32
    assert max(b - a for a, b in itertools.pairwise(reached)) <= 8
    assert reached == sorted(reached)


def test_a_single_file_is_a_folder_of_its_own(bench: Workbench, tmp_path: Path) -> None:
    one = write(tmp_path / "elsewhere" / "one.txt", "The only one.")
    write(tmp_path / "elsewhere" / "two.txt", "Not this one.")
    folder = bench.add(one)
    assert folder.is_file
    bench.index()
    assert names(bench) == {"one.txt"}
    one.unlink()
    (run,) = bench.scan()
    assert run.offline
    assert names(bench) == {"one.txt"}

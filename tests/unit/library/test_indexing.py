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
from hxd_desktop.engine.library import catalog, storing
from hxd_desktop.engine.library.indexing import fingerprint
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.parsing import ParseJob
from hxd_desktop.engine.settings import ChunkSettings, IndexSettings, Settings
from tests.support.library import LONG_AGO, Workbench, names, wait_for, write


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

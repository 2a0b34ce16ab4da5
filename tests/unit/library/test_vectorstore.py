from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.library import catalog, journal, store, vectorfile
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.vectors import VectorIndex
from hxd_desktop.engine.library.vectorstore import VectorStore
from tests.support.library import Workbench, parsed


def put(bench: Workbench, *names: str) -> None:
    files = [(1, parsed(f"/f/{name}", f"text of {name}")) for name in names]
    bench.database.write(lambda c: store.store_documents(c, 1, files))
    bench.embed()


def remove(bench: Workbench, name: str) -> None:
    found = bench.documents()[f"/f/{name}"].id
    bench.database.write(lambda c: store.remove_documents(c, 1, [found]))


def saved(bench: Workbench) -> Path:
    (path,) = bench.directory.vectors.glob("*.usearch")
    return path


def meta(bench: Workbench) -> Path:
    (path,) = bench.directory.vectors.glob("*.json")
    return path


@pytest.fixture
def shelf(bench: Workbench) -> Workbench:
    bench.database.write(lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (1, '/f')"))
    put(bench, "a", "b", "c")
    return bench


@pytest.fixture
def rebuilds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often an index was built anew."""
    calls: list[int] = []
    rebuild = journal.rebuild

    def count(connection: object, index_id: int, dim: int) -> VectorIndex:
        calls.append(index_id)
        return rebuild(connection, index_id, dim)  # type: ignore[arg-type]

    monkeypatch.setattr(journal, "rebuild", count)
    return calls


def test_a_library_that_was_never_indexed_has_no_vectors(bench: Workbench) -> None:
    assert bench.vectors.index_id(1) is None
    assert bench.vectors.current(1) is None
    assert not bench.vectors.unsaved(1)
    bench.vectors.save(1)
    assert list(bench.directory.vectors.iterdir()) == []


def test_a_saved_index_is_opened_without_building_it_anew(shelf: Workbench, rebuilds: list[int]) -> None:
    assert shelf.vectors.unsaved(1)
    shelf.filler.save()
    assert not shelf.vectors.unsaved(1)
    assert shelf.one("SELECT count(*) FROM vector_changes") == 0
    put(shelf, "d")
    remove(shelf, "a")
    rebuilds.clear()
    bench = shelf.reopened()
    assert set(bench.near("text", limit=9)) == {"b", "c", "d"}
    assert rebuilds == []
    assert bench.vectors.unsaved(1)
    bench.assert_consistent()
    bench.close()


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[-20] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize(
    "damage",
    [
        lambda bench: saved(bench).unlink(),
        lambda bench: meta(bench).unlink(),
        lambda bench: flip(saved(bench)),
        lambda bench: saved(bench).write_bytes(saved(bench).read_bytes()[:50]),
        lambda bench: meta(bench).write_text("{"),
    ],
    ids=["vectors missing", "description missing", "flipped bit", "truncated", "no description"],
)
def test_a_damaged_index_is_built_anew_once_and_saved(
    shelf: Workbench, rebuilds: list[int], damage: Callable[[Workbench], None], caplog: pytest.LogCaptureFixture
) -> None:
    shelf.filler.save()
    damage(shelf)
    rebuilds.clear()
    with caplog.at_level(logging.ERROR):
        bench = shelf.reopened()
        assert set(bench.near("text", limit=9)) == {"a", "b", "c"}
        bench.assert_consistent()
        bench.filler.save()
    assert rebuilds == [1]
    bench = bench.reopened()
    assert bench.near("text of b", limit=1) == ["b"]
    assert rebuilds == [1]
    bench.close()


def test_a_truncated_index_is_noticed_and_mended_though_nobody_asks(shelf: Workbench) -> None:
    shelf.filler.save()
    saved(shelf).write_bytes(saved(shelf).read_bytes()[:50])
    bench = shelf.reopened()
    assert not bench.filler.step()
    bench.filler.save()
    assert VectorIndex.load(meta(bench), bench.embedder.dim) is not None
    bench.close()


def test_an_index_older_than_the_pruned_journal_is_built_anew(shelf: Workbench, rebuilds: list[int]) -> None:
    shelf.filler.save()
    old = {path.name: path.read_bytes() for path in shelf.directory.vectors.iterdir()}
    put(shelf, "d")
    remove(shelf, "a")
    shelf.filler.save()
    for path in shelf.directory.vectors.iterdir():
        path.unlink()
    for name, data in old.items():
        (shelf.directory.vectors / name).write_bytes(data)
    rebuilds.clear()
    bench = shelf.reopened()
    assert set(bench.near("text", limit=9)) == {"b", "c", "d"}
    assert rebuilds == [1]
    bench.close()


def test_an_index_left_by_another_database_is_not_taken(shelf: Workbench) -> None:
    shelf.filler.save()
    shelf.close()
    for path in shelf.directory.root.glob("library.sqlite3*"):
        path.unlink()
    bench = Workbench(shelf.directory.root)
    bench.database.write(lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (1, '/f')"))
    put(bench, "x")
    assert bench.near("text", limit=9) == ["x"]
    bench.assert_consistent()
    bench.close()


def test_a_worn_index_is_built_anew_when_it_is_saved(
    shelf: Workbench, rebuilds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VectorIndex, "worn", True)
    rebuilds.clear()
    shelf.filler.save()
    assert rebuilds == [1]
    assert set(shelf.near("text", limit=9)) == {"a", "b", "c"}


def test_an_index_is_overdue_when_much_of_it_has_changed_since_it_was_saved(
    shelf: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.filler.save()
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore._MANY_CHANGES", 2)
    put(shelf, "d", "e")
    assert not shelf.filler.overdue()
    remove(shelf, "a")
    assert shelf.filler.overdue()
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore._MUCH_CHANGED", 0.8)  # 4 of 5
    assert not shelf.filler.overdue()
    monkeypatch.undo()
    assert not shelf.filler.overdue()


def test_another_librarys_changes_make_no_index_overdue(shelf: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf.filler.save()
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore._MANY_CHANGES", 0)
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore._MUCH_CHANGED", 0)
    library = shelf.database.write(lambda c: catalog.ensure_library(c, "other"))
    shelf.database.write(lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (?, '/g')", (library,)))
    shelf.database.write(lambda c: store.store_documents(c, library, [(2, parsed("/g/x", "text of x"))]))
    shelf.embed()
    assert (shelf.vectors.overdue(1), shelf.vectors.overdue(library)) == (False, True)


def test_a_large_index_is_not_written_anew_for_a_few_changes(
    shelf: Workbench, rebuilds: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hxd_desktop.engine.library.vectorfile.MAPPED_FROM", 1)
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore.MAPPED_FROM", 1)
    monkeypatch.setattr("hxd_desktop.engine.library.vectorstore._FEW_CHANGES", 3)
    shelf.filler.save()
    before = saved(shelf).name
    put(shelf, "d")
    remove(shelf, "a")
    shelf.filler.save()
    assert saved(shelf).name == before
    rebuilds.clear()
    bench = shelf.reopened()
    assert set(bench.near("text", limit=9)) == {"b", "c", "d"}  # what the file lacks is replayed
    bench.assert_consistent()
    put(bench, "e", "f")
    bench.filler.save()
    assert saved(bench).name != before
    assert bench.one("SELECT count(*) FROM vector_changes") == 0
    bench = bench.reopened()
    assert set(bench.near("text", limit=9)) == {"b", "c", "d", "e", "f"}
    assert rebuilds == []
    bench.assert_consistent()
    bench.close()


def test_questions_and_changes_go_on_while_an_index_is_written(
    shelf: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hxd_desktop.engine.library.vectorfile.MAPPED_FROM", 1)
    write = vectorfile.write
    seen: list[list[str]] = []

    def slow(*arguments: Any) -> Path:
        put(shelf, f"during {len(seen)}")
        seen.append(sorted(shelf.near("text", limit=9)))
        return write(*arguments)

    monkeypatch.setattr(vectorfile, "write", slow)
    shelf.vectors.save(1)
    shelf.vectors.save(1)
    assert seen == [["a", "b", "c", "during 0"], ["a", "b", "c", "during 0", "during 1"]]
    assert shelf.one("SELECT count(*) FROM vector_changes") == 1
    shelf.assert_consistent()
    bench = shelf.reopened()
    assert sorted(bench.near("text", limit=9)) == seen[-1]
    bench.assert_consistent()
    bench.close()


def test_files_of_removed_libraries_and_embedders_are_dropped(shelf: Workbench) -> None:
    shelf.database.write(lambda c: catalog.ensure_library(c, "other"))
    shelf.embed()
    shelf.filler.save()
    assert len(list(shelf.directory.vectors.glob("*.json"))) == 2
    (shelf.directory.vectors / "77-ffff.3.usearch").write_bytes(b"left over")
    shelf.database.write(lambda c: catalog.remove_library(c, "default"))
    shelf.filler.save()
    assert [path.name.partition("-")[0] for path in shelf.directory.vectors.glob("*.json")] == ["2"]
    assert len(list(shelf.directory.vectors.iterdir())) == 2
    assert shelf.one("SELECT count(*) FROM embeddings") == 0
    assert shelf.vectors.current(1) is None


@pytest.mark.parametrize("mapped_from", [1, 20_000])
def test_a_reader_beside_a_writer_that_saves_and_prunes(
    shelf: Workbench, monkeypatch: pytest.MonkeyPatch, mapped_from: int
) -> None:
    monkeypatch.setattr("hxd_desktop.engine.library.vectorfile.MAPPED_FROM", mapped_from)
    beside = Database(shelf.database.path, writable=False)
    store_beside = VectorStore(beside, shelf.directory.vectors, shelf.embedder.id, shelf.embedder.dim)
    problems: list[object] = []
    stop = threading.Event()

    def read() -> None:
        query = shelf.embedder.embed_query("text of a")
        fresh = 0
        while not stop.is_set():
            fresh += 1
            reading = store_beside
            if fresh % 3 == 0:  # as a command does that starts just now
                reading = VectorStore(beside, shelf.directory.vectors, shelf.embedder.id, shelf.embedder.dim)
            try:
                index = reading.current(1)
                assert index is not None
                found, cosines = index.search(query, 3)
                if len(found) != 3 or cosines[0] < 0.99:
                    problems.append((found, cosines))
            except Exception as error:  # noqa: BLE001 - shown by the test
                problems.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        for n in range(25):
            put(shelf, f"n{n}")
            remove(shelf, f"n{n}")
            shelf.vectors.save(1)
    finally:
        stop.set()
        thread.join()
    assert problems == []
    assert not list(shelf.directory.vectors.glob("*.new"))
    beside.close()

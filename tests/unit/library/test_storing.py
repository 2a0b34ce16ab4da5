from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.documents.parse import parse_file
from hxd_desktop.engine.library import catalog, store, storing
from hxd_desktop.engine.library.parsing import ParseJob
from hxd_desktop.engine.library.storing import BatchWriter, StoredBatch
from tests.support.library import Workbench, wait_for

PATIENCE_S = 20


class Desk:
    """A batch writer, what it has told, and a way to keep the writing thread busy."""

    def __init__(self, root: Path) -> None:
        self.bench = Workbench(root / "data")
        self.root = root / "folder"
        self.root.mkdir()
        self.folder = self.bench.add(self.root)
        self.told: list[StoredBatch] = []
        self.writer = BatchWriter(self.bench.database, 1, "made", self.told.append)
        self.go_on = threading.Event()

    def add(self, name: str, text: str = "Some words.") -> None:
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        reply = parse_file(path, self.bench.settings.chunks, max_bytes=1000)
        self.writer.add(ParseJob(str(path), len(text), 1, self.folder.id), reply)

    def hold(self) -> None:
        self.bench.database.submit(lambda connection: self.go_on.wait(PATIENCE_S))

    def names(self) -> set[str]:
        return {Path(path).name for path in self.bench.documents()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.go_on.set()
    desk.bench.close()


def test_files_are_stored_when_there_are_enough_and_the_rest_at_the_end(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 2)
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.add(name)
    wait_for(lambda: desk.names() == {"a.txt", "b.txt"})
    desk.writer.finish()
    assert desk.names() == {"a.txt", "b.txt", "c.txt"}
    assert [(b.files, b.bytes, b.indexed, Path(b.last).name) for b in desk.told] == [
        (2, 22, 2, "b.txt"),
        (1, 11, 1, "c.txt"),
    ]
    assert desk.told[0].paths == (str(desk.root / "a.txt"), str(desk.root / "b.txt"))


def test_a_batch_is_stored_beside_the_next_and_told_only_when_it_is_committed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 2)
    desk.hold()
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.add(name)  # does not wait
    desk.writer.look()
    assert (desk.told, desk.names()) == ([], set())
    waiting = threading.Thread(target=desk.add, args=("d.txt",))
    waiting.start()  # a second batch is full: no more than two are in memory
    waiting.join(0.1)
    assert waiting.is_alive()
    desk.go_on.set()
    waiting.join(PATIENCE_S)
    assert len(desk.told) == 1
    desk.writer.finish()
    assert [batch.files for batch in desk.told] == [2, 2]


def test_what_has_waited_long_enough_is_stored_and_told_while_no_file_comes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.add("a.txt")
    desk.writer.look()
    assert desk.writer._storing is None
    monkeypatch.setattr(storing, "_BATCH_SECONDS", -1.0)
    desk.writer.look()

    def told() -> bool:
        desk.writer.look()
        return bool(desk.told)

    wait_for(told)
    assert desk.names() == {"a.txt"}


def test_a_failure_is_raised_once_and_what_came_after_it_is_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise OSError("disk")

    desk.add("a.txt")
    with monkeypatch.context() as patch:
        patch.setattr(store, "store_documents", fail)
        with pytest.raises(OSError, match="disk"):
            desk.writer.finish()
    desk.add("b.txt")
    desk.writer.finish()
    assert desk.names() == {"b.txt"}
    assert [batch.files for batch in desk.told] == [1]


def test_the_rest_is_stored_also_where_a_batch_before_it_failed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    store_documents, failures = store.store_documents, [OSError("disk")]

    def fail_once(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return store_documents(*arguments)

    monkeypatch.setattr(store, "store_documents", fail_once)
    monkeypatch.setattr(storing, "_BATCH_FILES", 2)
    for name in ("a.txt", "b.txt", "c.txt"):
        desk.add(name)
    with pytest.raises(OSError, match="disk"):
        desk.writer.finish()
    assert desk.names() == {"c.txt"}


def test_a_folder_that_was_removed_gets_nothing_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "_BATCH_FILES", 1)
    desk.add("a.txt")
    desk.bench.database.write(lambda c: catalog.remove_folder(c, desk.folder.id))
    desk.add("b.txt")
    assert not desk.writer.folder_gone
    desk.add("c.txt")
    assert desk.writer.folder_gone
    desk.writer.finish()
    assert desk.names() == set()
    assert [batch.files for batch in desk.told] == [1]

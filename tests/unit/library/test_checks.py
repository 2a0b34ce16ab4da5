from __future__ import annotations

import os
import sqlite3
import threading

import pytest

from hxd_desktop.engine.library import store
from tests.support.library import Workbench, parsed


@pytest.fixture
def shelf(bench: Workbench) -> Workbench:
    bench.database.write(lambda c: c.execute("INSERT INTO folders (library_id, path) VALUES (1, '/f')"))
    bench.database.write(
        lambda c: store.store_documents(c, 1, [(1, parsed("/f/a", "one ", "two")), (1, parsed("/f/b", "three"))])
    )
    bench.embed()
    return bench


def failed(bench: Workbench) -> dict[str, str]:
    return {check.name: check.detail for check in bench.checks() if not check.ok}


def test_what_agrees_is_ok_and_needs_no_remedy(shelf: Workbench) -> None:
    checks = shelf.checks()
    assert [check.name for check in checks] == ["database", "documents", "words of default", "vectors of default"]
    assert all(check.ok and not check.remedy for check in checks)


def test_a_library_without_vectors_yet_is_ok(bench: Workbench) -> None:
    assert failed(bench) == {}


@pytest.mark.parametrize(
    ("damage", "check", "detail"),
    [
        ("DELETE FROM chunks WHERE id = 1", "documents", "1 documents with other chunks"),
        ("UPDATE chunks SET ordinal = 5 WHERE id = 2", "documents", "1 documents with other chunks"),
        ("UPDATE chunks SET text = 'longer' WHERE id = 1", "documents", "1 documents with other chunks"),
        ("UPDATE documents SET chunks = 0, chars = 0 WHERE id = 2", "documents", "1 documents with other chunks"),
        ("PRAGMA foreign_keys = OFF; UPDATE chunks SET document_id = 9 WHERE id = 3", "documents", "1 chunks without"),
        ("UPDATE document_sizes SET terms = terms - 1", "documents", "their sums are wrong"),
        ("INSERT INTO words_1 (rowid, terms) VALUES (77, 'x')", "words of default", "1 rows of removed"),
        (
            "INSERT INTO words_1 (words_1, rowid, terms) VALUES ('delete', 3, 'three b')",
            "words of default",
            "1 chunks missing",
        ),
        ("DELETE FROM embeddings", "vectors of default", "3 missing"),
        ("INSERT INTO vector_queue VALUES (1, 2)", "vectors of default", "1 of removed"),
    ],
)
def test_what_does_not_agree_is_named_with_a_remedy(shelf: Workbench, damage: str, check: str, detail: str) -> None:
    if "vector_queue" in damage:
        shelf.filler.save()  # otherwise the index would be made anew, and right
    path = shelf.database.path
    shelf.close()
    connection = sqlite3.connect(path)
    connection.executescript(damage)
    connection.close()
    bench = Workbench(shelf.directory.root)
    assert detail in failed(bench)[check]
    assert all(found.remedy for found in bench.checks() if not found.ok)
    bench.close()


@pytest.mark.parametrize(("mapped_from", "told"), [(1, {"vectors of default": "the saved index is damaged"}), (9, {})])
def test_a_flipped_bit_in_an_index_that_is_mapped_is_told(
    shelf: Workbench, monkeypatch: pytest.MonkeyPatch, mapped_from: int, told: dict[str, str]
) -> None:
    for module in ("vectorfile", "vectorstore"):
        monkeypatch.setattr(f"hxd_desktop.engine.library.{module}.MAPPED_FROM", mapped_from)
    shelf.filler.save()
    [saved] = shelf.directory.vectors.glob("*.usearch")
    shelf.close()
    times = saved.stat()
    content = bytearray(saved.read_bytes())
    content[len(content) // 2] ^= 1
    with open(saved, "r+b") as stream:
        stream.write(content)
    os.utime(saved, ns=(times.st_atime_ns, times.st_mtime_ns))  # as a failing disk does it
    bench = Workbench(shelf.directory.root)
    assert failed(bench) == told  # a small one is read through when it is opened, and built anew
    bench.close()


def test_what_is_written_meanwhile_raises_no_false_alarm(shelf: Workbench) -> None:
    alarms: list[dict[str, str]] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.is_set():
            alarms.append(failed(shelf))

    thread = threading.Thread(target=look)
    thread.start()
    for n in range(60):
        files = [(1, parsed(f"/f/{n % 7}", f"text {n} ", f"and {n}"))]
        shelf.database.write(lambda c, files=files: store.store_documents(c, 1, files))  # type: ignore[misc]
        shelf.embed(1)
    stop.set()
    thread.join()
    assert [alarm for alarm in alarms if alarm] == []

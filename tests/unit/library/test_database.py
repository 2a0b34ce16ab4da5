from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library.database import Database, OutdatedSchema, storage_error


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "library.sqlite3")
    opened.write(lambda c: c.execute("CREATE TABLE numbers (n INTEGER)"))
    yield opened
    opened.close()


def numbers(database: Database) -> list[int]:
    return [n for (n,) in database.reader.execute("SELECT n FROM numbers ORDER BY n")]


def put(n: int, connection: sqlite3.Connection) -> int:
    connection.execute("INSERT INTO numbers VALUES (?)", (n,))
    return n


def test_what_was_written_is_read_by_any_thread(database: Database) -> None:
    assert database.write(lambda c: put(1, c)) == 1
    seen: list[list[int]] = []
    thread = threading.Thread(target=lambda: seen.append(numbers(database)))
    thread.start()
    thread.join()
    assert seen == [[1]]


def test_a_failing_job_changes_nothing_and_does_not_stop_the_next(database: Database) -> None:
    def fail(connection: sqlite3.Connection) -> None:
        put(1, connection)
        raise KeyError("own")

    with pytest.raises(KeyError):
        database.write(fail)
    with pytest.raises(StorageError):
        database.write(lambda c: (put(2, c), c.execute("NO SQL")))
    database.write(lambda c: put(3, c))
    assert numbers(database) == [3]


def test_jobs_run_one_at_a_time_in_the_order_in_which_they_came(database: Database) -> None:
    futures = [database.submit(lambda c, n=n: put(n, c)) for n in range(50)]  # type: ignore[misc]
    assert [future.result() for future in futures] == list(range(50))
    assert numbers(database) == list(range(50))


def test_reading_goes_on_beside_a_transaction_under_way(database: Database) -> None:
    inside, go_on = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        put(1, connection)
        inside.set()
        assert go_on.wait(20)

    future = database.submit(slow)
    assert inside.wait(20)
    assert numbers(database) == []
    go_on.set()
    future.result()
    assert numbers(database) == [1]


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        database.reader.execute("INSERT INTO numbers VALUES (1)")
    beside = Database(database.path, writable=False)
    with pytest.raises(StorageError, match="reading only"):
        beside.write(lambda c: put(1, c))
    assert numbers(beside) == []
    database.write(lambda c: put(2, c))
    assert numbers(beside) == [2]
    beside.close()


def test_connections_of_threads_that_ended_are_closed(database: Database) -> None:
    connections: list[sqlite3.Connection] = []
    for _ in range(20):
        thread = threading.Thread(target=lambda: connections.append(database.reader))
        thread.start()
        thread.join()
    still_open = 0
    for connection in connections:
        try:
            connection.execute("SELECT 1")
            still_open += 1
        except sqlite3.ProgrammingError:
            continue
    assert still_open <= 1


def test_closing_finishes_what_was_queued_and_answers_what_comes_late(tmp_path: Path) -> None:
    database = Database(tmp_path / "library.sqlite3")
    database.write(lambda c: c.execute("CREATE TABLE numbers (n INTEGER)"))
    futures = [database.submit(lambda c, n=n: put(n, c)) for n in range(100)]  # type: ignore[misc]
    database.close()
    assert [future.result(timeout=0) for future in futures] == list(range(100))
    with pytest.raises(StorageError, match="closed"):
        database.submit(lambda c: put(1, c)).result(timeout=10)
    database.close()
    again = Database(tmp_path / "library.sqlite3", writable=False)
    assert len(numbers(again)) == 100
    again.close()


@pytest.mark.parametrize(
    "content", [b"this is no database at all, only some text" * 100, b"SQLite format 3\0" + b"\xff" * 5000]
)
@pytest.mark.parametrize("writable", [True, False])
def test_a_damaged_file_is_an_error_with_a_remedy(tmp_path: Path, content: bytes, writable: bool) -> None:
    path = tmp_path / "library.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StorageError) as raised:
        Database(path, writable=writable)
    assert raised.value.title == "The database is damaged"
    assert "Your files are safe" in raised.value.remedy
    assert raised.value.path == path
    assert path.read_bytes() == content


def test_a_missing_folder_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as raised:
        Database(tmp_path / "missing" / "library.sqlite3")
    assert raised.value.title == "The database cannot be opened"


def test_a_database_that_nobody_made_is_outdated_for_a_reader(tmp_path: Path) -> None:
    with pytest.raises(OutdatedSchema):
        Database(tmp_path / "library.sqlite3", writable=False)


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("database is locked", "The database is busy"),
        ("database or disk is full", "The disk is full"),
        ("phrase queries are not supported (detail!=full)", "The database is damaged"),
        ("attempt to write a readonly database", "The database cannot be opened"),
        ("unable to open database file", "The database cannot be opened"),
        ("database disk image is malformed", "The database is damaged"),
    ],
)
def test_what_sqlite_says_becomes_what_to_do(said: str, title: str) -> None:
    error = storage_error(sqlite3.OperationalError(said), Path("/data/library.sqlite3"))
    assert error.title == title
    assert error.remedy


@pytest.mark.skipif(os.name == "nt", reason="Windows has no permission bits")
def test_the_file_is_private_to_the_user(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite3"
    Database(path).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

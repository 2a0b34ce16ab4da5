from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library.lock import WriterLock, writer_pid
from hxd_desktop.engine.opening import open_database
from hxd_desktop.engine.paths import DataDirectory

HOLD = """
import sys
from pathlib import Path
from hxd_desktop.engine.library.lock import WriterLock
from hxd_desktop.engine.paths import DataDirectory
lock = WriterLock(DataDirectory(Path(sys.argv[1])))
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    found = DataDirectory(tmp_path / "data")
    found.create()
    return found


def test_a_second_writer_is_refused_and_the_first_is_named(directory: DataDirectory) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(directory.root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == b"held\n"
        assert writer_pid(directory) == first.pid
        with pytest.raises(StorageError) as raised:
            WriterLock(directory)
        assert f"Process {first.pid} writes" in raised.value.message
        assert "--data-dir" in raised.value.remedy
        first.kill()
        first.wait()
    assert writer_pid(directory) is None
    WriterLock(directory).release()  # the system freed it, however the process ended


def test_another_thread_than_the_first_may_release(directory: DataDirectory) -> None:
    lock = WriterLock(directory)
    with pytest.raises(StorageError):
        WriterLock(directory)
    thread = threading.Thread(target=lock.release)
    thread.start()
    thread.join()
    WriterLock(directory).release()


def test_a_pid_file_that_holds_no_number_names_nobody(directory: DataDirectory) -> None:
    directory.writer_lock.with_suffix(".pid").write_text("not a number")
    assert writer_pid(directory) is None
    lock = WriterLock(directory)
    assert writer_pid(directory) == os.getpid()
    lock.release()


def test_a_reader_makes_a_database_that_is_not_there(directory: DataDirectory) -> None:
    database, lock = open_database(directory, writable=False)
    assert lock is None
    assert database.reader.execute("SELECT name FROM libraries").fetchall() == [("default",)]
    database.close()
    WriterLock(directory).release()


def test_a_reader_brings_up_to_date_what_a_crash_left_unfinished(directory: DataDirectory) -> None:
    import sqlite3

    connection = sqlite3.connect(directory.database)
    connection.execute("PRAGMA journal_mode = WAL")  # as far as opening gets before the first table
    connection.close()
    assert directory.database.stat().st_size > 0
    database, _ = open_database(directory, writable=False)
    assert database.reader.execute("SELECT name FROM libraries").fetchall() == [("default",)]
    database.close()


def test_reading_beside_a_writer_works_and_a_second_writer_leaves_no_trace(directory: DataDirectory) -> None:
    database, lock = open_database(directory, writable=True)
    beside, none = open_database(directory, writable=False)
    assert none is None
    assert beside.reader.execute("SELECT count(*) FROM libraries").fetchone() == (1,)
    with pytest.raises(StorageError, match="already running"):
        open_database(directory, writable=True)
    beside.close()
    database.close()
    assert lock is not None
    lock.release()


def test_an_opening_that_fails_frees_the_lock(directory: DataDirectory) -> None:
    directory.database.write_bytes(b"no database" * 1000)
    for _ in range(2):
        with pytest.raises(StorageError, match="damaged"):
            open_database(directory, writable=True)
    WriterLock(directory).release()

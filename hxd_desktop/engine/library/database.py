"""The SQLite file: one thread that writes, any number that read."""

from __future__ import annotations

import contextlib
import logging
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library.schema import migrate

log = logging.getLogger(__name__)
T = TypeVar("T")

_BUSY_SECONDS = 10.0
_WRITER_CACHE_KIB = 32 * 1024
_READER_CACHE_KIB = 16 * 1024
# Pages are read where they lie instead of copied one by one: up to a third less time for passages. Of a larger file the
# beginning alone, as what is mapped counts as memory.
_MAPPED_BYTES = 256 << 20
_CHECKPOINT_PAGES = 4000  # 16 MB: fewer, larger checkpoints while many files are indexed


def storage_error(error: sqlite3.Error, path: Path) -> StorageError:
    """Translate what SQLite says into what a person can do."""
    text = str(error)
    if "locked" in text or "busy" in text:
        return StorageError(
            "The database is busy",
            f"Another program holds {path.name}.",
            "Close the other program that uses this data directory, then try again.",
            path,
        )
    if "disk is full" in text:
        return StorageError(
            "The disk is full", f"{path} could not be written.", "Free some space, then try again.", path
        )
    if "readonly" in text or "read-only" in text or "unable to open" in text:
        return StorageError(
            "The database cannot be opened",
            f"{path}: {text}.",
            "Check the permissions and the free space of the data directory, or choose another with --data-dir.",
            path,
        )
    if "disk I/O error" in text:
        return StorageError(
            "The disk fails",
            f"{path} cannot be read or written: the system reports an error of the disk.",
            "Check that the disk is connected and not full, then start again; what was stored is safe.",
            path,
        )
    return StorageError(
        "The database is damaged",
        f"{path}: {text}.",
        "Close HXD Desktop and run `hxd doctor --repair`, which saves what can be read. Your files are safe.",
        path,
    )


@contextlib.contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's exceptions into `StorageError`."""
    try:
        yield
    except sqlite3.Error as error:
        raise storage_error(error, path) from error


def damages(connection: sqlite3.Connection, most: int) -> list[str]:
    """Return what SQLite finds wrong with the pages of a file, `most` sentences at the most; none where all is well.

    Where there are virtual tables, the whole check may leave out the list of free pages: it is asked for besides.
    """
    found = []
    for check in (f"integrity_check({most:d})", "integrity_check(sqlite_schema)"):
        found += [row[0] for row in connection.execute(f"PRAGMA {check}") if row[0] != "ok"]
    return found[:most]


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that can only read; used by one thread at a time."""
    # Closed on another thread, after its own has gone: hence no check of the thread.
    return _connect(
        path,
        "query_only = 1",
        f"cache_size = -{_READER_CACHE_KIB}",
        "temp_store = MEMORY",
        f"mmap_size = {_MAPPED_BYTES}",
    )


def _connect_writer(path: Path) -> sqlite3.Connection:
    return _connect(
        path,
        "journal_mode = WAL",
        "synchronous = FULL",  # a commit that was reported survives a power cut; batches keep it cheap
        f"cache_size = -{_WRITER_CACHE_KIB}",
        "temp_store = MEMORY",
        "foreign_keys = ON",
        "secure_delete = ON",  # what is removed is overwritten; costs nothing that could be measured
        f"wal_autocheckpoint = {_CHECKPOINT_PAGES}",
    )


def _connect(path: Path, *pragmas: str) -> sqlite3.Connection:
    # Private also where the folder is not; SQLite gives its other files the same mode, and reports what is wrong.
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    connection = sqlite3.connect(path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("trusted_schema = OFF", *pragmas):  # a database from a stranger runs nothing of its own
            connection.execute(f"PRAGMA {pragma}")
    except BaseException:
        connection.close()
        raise
    return connection


class OutdatedSchema(StorageError):  # noqa: N818 - a state of the file, mended by opening it for writing
    """The schema is older than this version's, and this process only reads."""


class Database:
    """One data directory's SQLite file.

    `write` runs a function inside a transaction on the one writing thread; `reader` gives the calling
    thread's own read-only connection. Reads never wait for writes (WAL).

    Raises:
        StorageError: on opening a file that is damaged, newer than this version, or cannot be used.
    """

    def __init__(self, path: Path, *, writable: bool = True) -> None:
        self.path = path
        self.writable = writable
        self._local = threading.local()
        self._readers: list[tuple[threading.Thread, sqlite3.Connection]] = []
        self._readers_lock = threading.Lock()
        self._jobs: queue.SimpleQueue[tuple[Callable[[sqlite3.Connection], Any], Future[Any]] | None]
        self._jobs = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        with translated(path):
            connection = _connect_writer(path) if writable else connect_reader(path)
            try:
                if writable:
                    migrate(connection, path)
                else:
                    self._check_version(connection)
            except BaseException:
                connection.close()
                raise
        if writable:
            self._thread = threading.Thread(target=self._serve, args=(connection,), name="writer", daemon=True)
            self._thread.start()
        else:
            connection.close()

    def _check_version(self, connection: sqlite3.Connection) -> None:
        from hxd_desktop.engine.library.schema import SCHEMA_VERSION

        found = connection.execute("PRAGMA user_version").fetchone()[0]
        if found > SCHEMA_VERSION:
            migrate(connection, self.path)  # raises with the words for this
        if found < SCHEMA_VERSION:
            raise OutdatedSchema(
                "The data directory is not ready",
                f"{self.path.name} has schema {found}, this version needs {SCHEMA_VERSION}.",
                "Start the window or run `hxd index` once, so that it is brought up to date.",
                self.path,
            )

    @property
    def reader(self) -> sqlite3.Connection:
        """The calling thread's read-only connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            with translated(self.path):
                connection = connect_reader(self.path)
            self._local.connection = connection
            with self._readers_lock:
                gone = [pair for pair in self._readers if not pair[0].is_alive()]
                self._readers = [pair for pair in self._readers if pair[0].is_alive()]
                self._readers.append((threading.current_thread(), connection))
            for _, unused in gone:
                unused.close()
        return connection

    def submit(self, job: Callable[[sqlite3.Connection], T]) -> Future[T]:
        """Queue `job` to run in a transaction of its own on the writing thread."""
        if not self.writable:
            raise StorageError(
                "Nothing can be written",
                "This data directory is open for reading only.",
                "Use the running copy, or close it first.",
                self.path,
            )
        future: Future[T] = Future()
        self._jobs.put((job, future))
        if self._thread is None:
            self._refuse_late_jobs()
        return future

    def write(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job` in a transaction on the writing thread and wait; its exception rolls back and is raised here."""
        return self.submit(job).result()

    def forget(self) -> None:
        """Empty the write-ahead log, which keeps older pages, unless a reader still needs them; closing does so too."""
        with translated(self.path), contextlib.closing(_connect(self.path, "busy_timeout = 0")) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def compact(self) -> None:
        """Write the whole file anew; needs its size in room.

        Raises:
            sqlite3.OperationalError: another connection is at work, or there is no room; all stays as it is.
        """
        with contextlib.closing(_connect(self.path, "secure_delete = ON", "temp_store = FILE")) as connection:
            connection.execute("VACUUM")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def _serve(self, connection: sqlite3.Connection) -> None:
        while (item := self._jobs.get()) is not None:
            job, future = item
            try:
                with translated(self.path):
                    connection.execute("BEGIN IMMEDIATE")
                    try:
                        result = job(connection)
                        connection.execute("COMMIT")
                    except BaseException:
                        if connection.in_transaction:
                            connection.execute("ROLLBACK")
                        raise
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)
        try:
            connection.execute("PRAGMA optimize")
        except sqlite3.Error:
            log.warning("the database could not be optimised on closing", exc_info=True)
        connection.close()

    def _refuse_late_jobs(self) -> None:
        """Answer whoever came after the writing thread had ended."""
        with contextlib.suppress(queue.Empty):
            while True:
                if (item := self._jobs.get_nowait()) is not None:
                    item[1].set_exception(
                        StorageError("Nothing was written", "The library is closed.", "Open it again.", self.path)
                    )

    def close(self) -> None:
        """Finish queued writes, stop the writing thread and close every connection; call once no thread reads."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join()
            self._thread = None
            self._refuse_late_jobs()
        with self._readers_lock:
            for _, connection in self._readers:
                connection.close()
            self._readers.clear()
        self._local = threading.local()

"""Opening a data directory's database, for writing or beside a copy that writes."""

from __future__ import annotations

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.leftovers import LEFT_WITH_TEXT, remove_old
from hxd_desktop.engine.library import catalog, conversations
from hxd_desktop.engine.library.database import Database, OutdatedSchema
from hxd_desktop.engine.library.lock import WriterLock, writer_pid
from hxd_desktop.engine.paths import DataDirectory


def open_database(directory: DataDirectory, *, writable: bool) -> tuple[Database, WriterLock | None]:
    """Open the database; for writing, take the writer lock and make what is missing.

    Opened for reading, a database that is not there or of an older schema is made first, if nobody writes.

    Raises:
        StorageError: another copy writes, or the database cannot be used.
    """
    if not writable:
        try:
            return Database(directory.database, writable=False), None
        except OutdatedSchema as outdated:
            if writer_pid(directory) is not None:
                raise StorageError(
                    "The data directory is not ready",
                    "Another copy is making it just now.",
                    "Try again in a moment.",
                    directory.root,
                ) from outdated
        database, lock = open_database(directory, writable=True)
        database.close()
        assert lock is not None
        lock.release()
        return Database(directory.database, writable=False), None
    lock = WriterLock(directory)
    remove_old(directory.root, *LEFT_WITH_TEXT)
    try:
        return prepared(directory), lock
    except BaseException:
        lock.release()
        raise


def prepared(directory: DataDirectory) -> Database:
    """Open the database for the process that holds the writer lock, and make what is missing in it.

    Raises:
        StorageError: it cannot be used.
    """
    database = Database(directory.database)
    try:
        database.write(catalog.prepare)
        database.write(conversations.prepare)
    except BaseException:
        database.close()
        raise
    return database

"""`hxd doctor --repair`: step by step; what one has mended stays mended even if the next one fails."""

from __future__ import annotations

import sqlite3
import time
from typing import TYPE_CHECKING

from hxd_desktop.engine import leftovers
from hxd_desktop.engine.durable import sync_folder
from hxd_desktop.engine.errors import SettingsError, StorageError
from hxd_desktop.engine.library import purging, repair
from hxd_desktop.engine.library.database import Database, storage_error, translated
from hxd_desktop.engine.library.lock import WriterLock
from hxd_desktop.engine.library.model import Repair
from hxd_desktop.engine.library.salvage import Salvaged, is_sound, salvage
from hxd_desktop.engine.opening import prepared
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings

if TYPE_CHECKING:
    from hxd_desktop.engine.library.vectorstore import VectorStore


def repair_directory(directory: DataDirectory) -> list[Repair]:
    """Mend a data directory, and return what was done; nothing where all was well.

    Raises:
        StorageError: another copy is at work, the schema is newer than this version, or nothing can be written.
    """
    directory.create()
    lock = WriterLock(directory)
    try:
        return [
            *_repair_settings(directory),
            *_repair_file(directory),
            *_repair_library(directory),
            *_clean(directory),
        ]
    except OSError as error:
        raise StorageError(
            "The data directory cannot be repaired",
            f"{error.filename or directory.root}: {error.strerror or error}.",
            "Free some space, or correct the permissions of the data directory, then try again.",
            directory.root,
        ) from error
    finally:
        lock.release()


def _repair_settings(directory: DataDirectory) -> list[Repair]:
    try:
        Settings.load(directory.settings)
    except SettingsError as error:
        kept = directory.settings.with_name(f"settings.toml.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
        directory.settings.replace(kept)
        sync_folder(directory.root)
        return [Repair("settings", f"{error.message} The defaults are in force; the file is kept as {kept.name}")]
    return []


def _repair_file(directory: DataDirectory) -> list[Repair]:
    try:
        if is_sound(directory.database):
            return []
        saved = salvage(directory.database)
    except sqlite3.Error as error:
        raise storage_error(error, directory.database) from error
    for path in directory.vectors.glob("*-*"):  # they belong to the damaged file
        path.unlink(missing_ok=True)
    return [Repair("database", _told(saved))]


def _told(saved: Salvaged) -> str:
    parts = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in saved.rows.items() if count)
    lost = f"; some could not be read: {', '.join(saved.incomplete)}" if saved.incomplete else ""
    return (
        f"it was damaged; saved: {parts or 'nothing'}{lost}. Documents are read again at the next indexing. "
        f"The damaged file is kept as {saved.kept.name}; delete it when nothing is missing"
    )


def _repair_library(directory: DataDirectory) -> list[Repair]:
    database = prepared(directory)
    try:
        done = repair.repair_rows(database)
        vectors = _vectors(directory, database)
        done += repair.repair_vectors(database, vectors)
        vectors.forget_gone()
        purging.purge(database)
        repair.rewrite(database)
    finally:
        database.close()
    return done


def _vectors(directory: DataDirectory, database: Database) -> VectorStore:
    """The indexes of the embedder that they were last made with; the model itself need not be there."""
    from hxd_desktop.engine.library.vectorstore import VectorStore

    with translated(database.path):
        row = database.reader.execute(
            "SELECT e.name, e.dim FROM vector_indexes v JOIN embedders e ON e.id = v.embedder_id ORDER BY v.id LIMIT 1"
        ).fetchone()
    name, dim = row if row is not None else ("builtin", 1)
    return VectorStore(database, directory.vectors, name, dim)


def _clean(directory: DataDirectory) -> list[Repair]:
    done = []
    gone = leftovers.remove_leftovers(directory)
    if gone:
        done.append(
            Repair("leftovers", f"removed: {', '.join(str(path.relative_to(directory.root)) for path in gone)}")
        )
    private = leftovers.make_private(directory)
    if private:
        done.append(Repair("privacy", f"{len(private)} files and folders are private to you again"))
    return done

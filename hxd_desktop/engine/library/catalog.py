"""Libraries and their folders in the database."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
import time
from collections.abc import Sequence
from pathlib import Path

from hxd_desktop.engine.documents.keys import chunk_terms
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library import purging, readings
from hxd_desktop.engine.library.ignore import IgnoreRules
from hxd_desktop.engine.library.model import FolderInfo, FolderState, LibraryInfo
from hxd_desktop.engine.library.schema import create_words_table, words_table
from hxd_desktop.engine.library.store import remove_documents
from hxd_desktop.engine.text.words import VERSION as TERMS_VERSION

_MAX_NAME = 100


DEFAULT_LIBRARY = "default"


def prepare(connection: sqlite3.Connection) -> None:
    """Make the default library in a new database, and full text anew where its words are of another version."""
    if connection.execute("SELECT count(*) FROM sqlite_sequence WHERE name = 'libraries'").fetchone()[0] == 0:
        ensure_library(connection, DEFAULT_LIBRARY)
    outdated = connection.execute("SELECT id FROM libraries WHERE terms_version <> ?", (TERMS_VERSION,)).fetchall()
    for (found,) in outdated:
        rebuild_words(connection, found)


def rebuild_words(connection: sqlite3.Connection, library: int) -> None:
    """Make a library's full text anew from its chunks; no file is read."""
    table = words_table(library)
    connection.execute(f"DROP TABLE IF EXISTS {table}")
    create_words_table(connection, library)
    rows = connection.execute(
        "SELECT c.id, c.text, d.title, c.heading, d.path FROM documents d JOIN chunks c ON c.document_id = d.id"
        " WHERE d.library_id = ?",
        (library,),
    )
    connection.executemany(
        f"INSERT INTO {table} (rowid, terms) VALUES (?, ?)",
        ((row[0], chunk_terms(row[1], row[2], row[3], row[4])) for row in rows),
    )
    connection.execute("UPDATE libraries SET terms_version = ? WHERE id = ?", (TERMS_VERSION, library))


def library_id(connection: sqlite3.Connection, name: str) -> int:
    """Return the id of the library called `name`.

    Raises:
        SettingsError: there is none; the remedy lists those that exist.
    """
    row = connection.execute("SELECT id FROM libraries WHERE name = ?", (name,)).fetchone()
    if row is None:
        names = [found for (found,) in connection.execute("SELECT name FROM libraries ORDER BY name")]
        raise SettingsError(
            "There is no such library",
            f"No library is called {name!r}.",
            f"Choose one of: {', '.join(names)}." if names else "Add a folder first: hxd index FOLDER.",
        )
    return int(row[0])


def ensure_library(connection: sqlite3.Connection, name: str) -> int:
    """Return the id of the library called `name`, making it if there is none.

    Raises:
        SettingsError: the name is empty, too long or holds control characters.
    """
    row = connection.execute("SELECT id FROM libraries WHERE name = ?", (name,)).fetchone()
    if row is not None:
        return int(row[0])
    check_name(name)
    found = connection.execute(
        "INSERT INTO libraries (name, created_at, terms_version) VALUES (?, ?, ?) RETURNING id",
        (name, time.time(), TERMS_VERSION),
    ).fetchone()[0]
    create_words_table(connection, found)
    return int(found)


def check_name(name: str) -> None:
    """Raise `SettingsError` unless `name` can be a library's."""
    if not name.strip() or len(name) > _MAX_NAME or not name.isprintable():
        raise SettingsError(
            "The library's name is not valid",
            f"{name[:_MAX_NAME]!r} cannot be a name.",
            f"Use 1 to {_MAX_NAME} printable characters.",
        )


def set_paused(connection: sqlite3.Connection, name: str, paused: bool) -> None:
    """Note whether a library's indexing rests."""
    connection.execute("UPDATE libraries SET paused = ? WHERE id = ?", (paused, library_id(connection, name)))


def remove_library(connection: sqlite3.Connection, name: str) -> None:
    """Remove a library with all that it knows; the user's files are not touched."""
    from hxd_desktop.engine.library.journal import forget_orphans  # with NumPy, which no question may wait for

    found = library_id(connection, name)
    purging.note(connection, found)
    purging.forget_quotes(connection, found, None)
    documents = f"SELECT id FROM documents WHERE library_id = {found}"
    connection.execute(f"DELETE FROM chunks WHERE document_id IN ({documents})")
    indexes = f"SELECT id FROM vector_indexes WHERE library_id = {found}"
    for table in ("vector_queue", "vector_changes"):
        connection.execute(f"DELETE FROM {table} WHERE index_id IN ({indexes})")
    for table in ("vector_indexes", "documents", "document_sizes", "folders", "examples", "abbreviations"):
        connection.execute(f"DELETE FROM {table} WHERE library_id = {found}")
    connection.execute(f"DROP TABLE {words_table(found)}")
    connection.execute("DELETE FROM libraries WHERE id = ?", (found,))
    readings.forget_orphans(connection)
    forget_orphans(connection)


def add_folder(connection: sqlite3.Connection, library: str, path: Path, ocr: bool | None = None) -> FolderInfo:
    """Add `path` (absolute; a folder or a single file) to a library, made if new.

    A folder inside one that the library has already is covered by it, and that one is returned. Folders of the
    library inside the new one are taken over with their documents: nothing is read again. `ocr`: whether its scans are
    read; None leaves it as it is.
    """
    owner = ensure_library(connection, library)
    for folder in folders(connection, library):
        if folder.path == str(path) or (not folder.is_file and is_inside(str(path), folder.path)):
            if ocr is None:
                return folder
            set_ocr(connection, folder.id, ocr)
            return dataclasses.replace(folder, ocr=ocr)
    is_file = path.is_file()
    row = connection.execute(
        "INSERT INTO folders (library_id, path, is_file, ocr) VALUES (?, ?, ?, ?) RETURNING id",
        (owner, str(path), is_file, ocr is not False),
    ).fetchone()
    if not is_file:
        for folder in folders(connection, library):
            if folder.id != row[0] and is_inside(folder.path, str(path)):
                connection.execute("UPDATE documents SET folder_id = ? WHERE folder_id = ?", (row[0], folder.id))
                connection.execute("DELETE FROM folders WHERE id = ?", (folder.id,))
    return FolderInfo(row[0], library, str(path), FolderState.ONLINE, is_file, ocr=ocr is not False)


def set_ocr(connection: sqlite3.Connection, folder_id: int, ocr: bool) -> None:
    """Note whether scans in a folder are read."""
    connection.execute("UPDATE folders SET ocr = ? WHERE id = ?", (ocr, folder_id))


def set_ignore(connection: sqlite3.Connection, folder_id: int, patterns: Sequence[str]) -> None:
    """Keep a folder's own ignore patterns; empty ones are left out.

    Raises:
        SettingsError: a pattern is not valid.
    """
    lines = [line.rstrip() for pattern in patterns for line in pattern.splitlines() if line.strip()]
    IgnoreRules(lines)
    connection.execute("UPDATE folders SET ignore = ? WHERE id = ?", ("\n".join(lines), folder_id))


def held_by(connection: sqlite3.Connection, folder_id: int) -> tuple[int, int]:
    """Return how many documents and passages of a folder are indexed."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(chunks), 0) FROM documents WHERE folder_id = ? AND state = ?",
        (folder_id, DocumentState.INDEXED.value),
    ).fetchone()
    return int(row[0]), int(row[1])


def remove_folder(connection: sqlite3.Connection, folder_id: int) -> None:
    """Remove a folder from its library with its documents; the user's files are not touched."""
    row = connection.execute("SELECT library_id FROM folders WHERE id = ?", (folder_id,)).fetchone()
    if row is None:
        return
    ids = [i for (i,) in connection.execute("SELECT id FROM documents WHERE folder_id = ?", (folder_id,))]
    remove_documents(connection, row[0], ids)
    readings.forget_orphans(connection)
    connection.execute("DELETE FROM folders WHERE id = ?", (folder_id,))


def folders(connection: sqlite3.Connection, library: str | None = None) -> list[FolderInfo]:
    """Return the folders of one library, or of all, in the order in which they were added."""
    rows = connection.execute(
        "SELECT f.id, l.name, f.path, f.state, f.is_file, f.detail, f.ocr, f.ignore FROM folders f"
        " JOIN libraries l ON l.id = f.library_id WHERE ?1 IS NULL OR l.name = ?1 ORDER BY f.id",
        (library,),
    )
    return [
        FolderInfo(found, name, path, FolderState(state), bool(single), detail, bool(ocr), tuple(ignore.splitlines()))
        for found, name, path, state, single, detail, ocr, ignore in rows
    ]


def libraries(connection: sqlite3.Connection, name: str | None = None) -> list[LibraryInfo]:
    """Return all libraries (or the one called `name`) with their counts."""
    result = []
    for found, library, paused in connection.execute(
        "SELECT id, name, paused FROM libraries WHERE ?1 IS NULL OR name = ?1 ORDER BY name", (name,)
    ).fetchall():
        counts: dict[DocumentState, int] = {}
        chunks = size = 0
        for state, files, n_chunks, n_bytes in connection.execute(
            "SELECT state, sum(files), sum(chunks), sum(bytes) FROM document_sizes WHERE library_id = ? AND documents"
            " GROUP BY state",
            (found,),
        ):
            counts[DocumentState(state)] = files
            chunks += n_chunks
            size += n_bytes if state == DocumentState.INDEXED else 0
        pending = connection.execute(
            # A second index is one that is made beside the one in use, for another embedder.
            "SELECT count(*) FROM vector_queue"
            " WHERE index_id = (SELECT min(id) FROM vector_indexes WHERE library_id = ?)",
            (found,),
        ).fetchone()[0]
        result.append(
            LibraryInfo(
                found, library, tuple(folders(connection, library)), counts, chunks, pending, size, False, bool(paused)
            )
        )
    return result


def is_inside(path: str, folder: str) -> bool:
    """Whether `path` lies below `folder`, both absolute and normalised, as the platform compares names."""
    path, folder = os.path.normcase(path), os.path.normcase(folder)
    return path.startswith(folder.rstrip(os.sep) + os.sep)

"""The coverage table: every file, its state, and its text as it was extracted."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.ocr.model import Place, unpack_places
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library.catalog import library_id
from hxd_desktop.engine.library.model import DocumentInfo, Facets

COLUMNS = (
    "id, path, state, reason, size_bytes, mtime_ns / 1e9, chunks, chars, type, parser, language, title, parse_ms,"
    " indexed_at, files, ocr_engine, ocr_confidence"
)


def list_documents(
    connection: sqlite3.Connection, library: str, state: DocumentState | None = None
) -> list[DocumentInfo]:
    """Return the library's rows, all or those of one state, ordered by path."""
    rows = connection.execute(
        f"SELECT {COLUMNS} FROM documents WHERE library_id = ?1 AND (?2 IS NULL OR state = ?2) ORDER BY path",
        (library_id(connection, library), None if state is None else state.value),
    )
    return [document_of(library, row) for row in rows]


def document_of(library: str, row: Sequence[Any]) -> DocumentInfo:
    """A row of `COLUMNS` as what it says."""
    return DocumentInfo(row[0], library, row[1], DocumentState(row[2]), *row[3:])


def facets(connection: sqlite3.Connection, libraries: Sequence[str]) -> Facets:
    """Return the types and languages of the indexed documents of some libraries."""
    owners = [library_id(connection, name) for name in dict.fromkeys(libraries)]

    def counted(column: str) -> tuple[tuple[str, int], ...]:
        rows = connection.execute(
            f"SELECT {column}, count(*) FROM documents WHERE library_id IN ({','.join('?' * len(owners))})"
            f" AND state = ? AND coalesce({column}, '') <> '' GROUP BY {column} ORDER BY count(*) DESC, {column}",
            (*owners, DocumentState.INDEXED.value),
        )
        return tuple((str(value), int(n)) for value, n in rows)

    return Facets(counted("type"), counted("language"))


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file as it was when it was read."""

    id: int
    type: str
    size_bytes: int
    mtime_ns: int


def stored_file(connection: sqlite3.Connection, library: str, path: str) -> StoredFile:
    """Return what is known of a document's file.

    Raises:
        SettingsError: the library does not hold the document.
    """
    row = connection.execute(
        "SELECT id, type, size_bytes, mtime_ns FROM documents WHERE library_id = ? AND path = ?",
        (library_id(connection, library), path),
    ).fetchone()
    if row is None:
        raise SettingsError(
            "The document is not in the library", f"{path} is not part of {library!r}.", "See its list of files."
        )
    return StoredFile(*row)


def document_text(connection: sqlite3.Connection, library: str, path: str) -> str:
    """Return a document's extracted text, which all offsets refer to.

    Raises:
        SettingsError: the library does not hold the document.
    """
    known = stored_file(connection, library, path)
    texts = connection.execute("SELECT text FROM chunks WHERE document_id = ? ORDER BY ordinal", (known.id,))
    return "".join(text for (text,) in texts)


def places(connection: sqlite3.Connection, library: str, path: str, start: int, end: int) -> list[Place]:
    """Return where characters `start` to `end` of a document stand on pages that were read off pictures."""
    row = connection.execute(
        "SELECT ocr_places FROM documents WHERE library_id = ? AND path = ?", (library_id(connection, library), path)
    ).fetchone()
    if row is None or row[0] is None:
        return []
    return [place for place in unpack_places(row[0]) if place.start < end and place.end > start]


def mark_all(connection: sqlite3.Connection, library: str) -> int:
    """Make the next scan read every file again; return how many."""
    forget = "UPDATE documents SET fingerprint = '', content_hash = NULL WHERE library_id = ?"
    return connection.execute(forget, (library_id(connection, library),)).rowcount


def mark_for_retry(connection: sqlite3.Connection, library: str, paths: Sequence[str] | None) -> int:
    """Make the next scan read failed (or the given) files again; return how many."""
    owner = library_id(connection, library)
    # No fingerprint is empty: what was made by another is read again.
    forget = "UPDATE documents SET fingerprint = '', content_hash = NULL, ocr_engine = NULL WHERE library_id = ?"
    if paths is None:
        return connection.execute(f"{forget} AND state = ?", (owner, DocumentState.FAILED.value)).rowcount
    return sum(connection.execute(f"{forget} AND path = ?", (owner, path)).rowcount for path in paths)

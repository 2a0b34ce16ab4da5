"""Does what is stored agree with itself: database, full text, vectors."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.journal import last_change
from hxd_desktop.engine.library.model import Check
from hxd_desktop.engine.library.schema import words_table
from hxd_desktop.engine.library.vectorstore import VectorStore

_REINDEX = "Close HXD Desktop, move the data directory aside, and index the folders again; your files are safe."
_LOOKS = 20


def check_consistency(database: Database, vectors: VectorStore) -> list[Check]:
    """Compare what should agree: the file itself, documents with chunks, chunks with full text, chunks with vectors.

    Holds also while somebody writes.
    """
    connection = database.reader
    with translated(database.path):
        with _snapshot(connection):
            problems = [row[0] for row in connection.execute("PRAGMA quick_check(5)")]
            checks = [_check("database", problems == ["ok"], "; ".join(problems), _REINDEX)]
            checks.append(_check_documents(connection))
            libraries = catalog.libraries(connection)
            checks += [_check_words(connection, library.id, library.name) for library in libraries]
        checks += [_check_vectors(connection, vectors, library.id, library.name) for library in libraries]
    return checks


@contextlib.contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")


def _check(name: str, ok: bool, detail: str, remedy: str) -> Check:
    return Check(name, ok, detail, "" if ok else remedy)


def _check_documents(connection: sqlite3.Connection) -> Check:
    """Chunks belong to documents, run without gaps, and are as many as the document says."""
    orphans = connection.execute(
        "SELECT count(*) FROM chunks WHERE document_id NOT IN (SELECT id FROM documents)"
    ).fetchone()[0]
    wrong = connection.execute(
        "SELECT count(*) FROM (SELECT d.id FROM documents d LEFT JOIN chunks c ON c.document_id = d.id"
        " GROUP BY d.id HAVING count(c.id) <> d.chunks OR coalesce(max(c.ordinal), -1) <> d.chunks - 1"
        " OR coalesce(sum(length(c.text)), 0) <> CASE d.chunks WHEN 0 THEN 0 ELSE d.chars END)"
    ).fetchone()[0]
    empty = connection.execute(
        "SELECT count(*) FROM documents WHERE state = ? AND chunks = 0", (DocumentState.INDEXED.value,)
    ).fetchone()[0]
    ok = not (orphans or wrong or empty)
    detail = f"{orphans} chunks without a document, {wrong} documents with other chunks, {empty} indexed without any"
    return _check("documents", ok, detail, _REINDEX)


def _check_words(connection: sqlite3.Connection, library_id: int, name: str) -> Check:
    """Every chunk has its row of full text, and no other row is there."""
    table = words_table(library_id)
    chunks = (
        f"SELECT c.id FROM documents d JOIN chunks c ON c.document_id = d.id WHERE d.library_id = {int(library_id)}"
    )
    missing = connection.execute(f"SELECT count(*) FROM ({chunks} EXCEPT SELECT id FROM {table}_docsize)").fetchone()[0]
    extra = connection.execute(f"SELECT count(*) FROM (SELECT id FROM {table}_docsize EXCEPT {chunks})").fetchone()[0]
    detail = f"{missing} chunks missing in the full text, {extra} rows of removed chunks"
    return _check(f"words of {name}", not (missing or extra), detail, _REINDEX)


def _check_vectors(connection: sqlite3.Connection, vectors: VectorStore, library_id: int, name: str) -> Check:
    """The index holds exactly the chunks that do not wait for their vector."""
    expected: set[int] = set()
    found: set[int] = set()
    for _ in range(_LOOKS):
        index_id = vectors.index_id(library_id)
        index = vectors.current(library_id)
        if index is None or index_id is None:
            return _check(f"vectors of {name}", True, "not made yet", "")
        with _snapshot(connection):
            reached = last_change(connection)
            expected = {
                row[0]
                for row in connection.execute(
                    "SELECT c.id FROM documents d JOIN chunks c ON c.document_id = d.id WHERE d.library_id = ?"
                    " EXCEPT SELECT chunk_id FROM vector_queue WHERE index_id = ?",
                    (library_id, index_id),
                )
            }
        found = {int(key) for key in index.ids()}
        if index.seq == reached == last_change(connection):  # else something was written between the two
            break
    missing, extra = len(expected - found), len(found - expected)
    detail = f"{len(found)} vectors, {missing} missing, {extra} of removed chunks"
    remedy = f"Delete the folder {vectors.folder}; the index is rebuilt from the database at the next start."
    return _check(f"vectors of {name}", not (missing or extra), detail, remedy)

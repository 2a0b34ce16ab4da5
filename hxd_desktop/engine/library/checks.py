"""Does what is stored agree with itself: database, full text, vectors."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator, Sequence

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog, sizes
from hxd_desktop.engine.library.database import Database, damages, translated
from hxd_desktop.engine.library.journal import last_change
from hxd_desktop.engine.library.model import Check, LibraryInfo
from hxd_desktop.engine.library.schema import words_table
from hxd_desktop.engine.library.vectorstore import VectorStore
from hxd_desktop.engine.library.vocabulary import count_terms

_MEND = "Run `hxd doctor --repair`, which mends it; your files are safe."
# Documents whose chunks are not those that they should have; its parameter is the state of those that have any.
WRONG_DOCUMENTS = (
    "SELECT d.id FROM documents d LEFT JOIN chunks c ON c.document_id = d.id GROUP BY d.id"
    " HAVING count(c.id) <> d.chunks OR coalesce(max(c.ordinal), -1) <> d.chunks - 1"
    " OR coalesce(sum(length(c.text)), 0) <> CASE d.chunks WHEN 0 THEN 0 ELSE d.chars END"
    " OR (d.state = ? AND d.chunks = 0)"
)
WRONG_EMBEDDING = "length(vector) NOT IN (2 * {dim}, 2 + {dim})"  # see `embeddings`
_LOOKS = 20


def check_consistency(database: Database, vectors: VectorStore) -> list[Check]:
    """Compare what should agree: the file itself, documents with chunks, chunks with full text, chunks with vectors.

    Holds also while somebody writes.
    """
    connection = database.reader
    with translated(database.path):
        with _snapshot(connection):
            problems = damages(connection, 5)
            checks = [_check("database", not problems, "; ".join(problems) or "ok", _MEND)]
            checks.append(_check_documents(connection))
            libraries = catalog.libraries(connection)
            checks += [_check_words(connection, library.id, library.name) for library in libraries]
        checks += check_vectors(connection, vectors, libraries)
    return checks


def check_vectors(
    connection: sqlite3.Connection, vectors: VectorStore, libraries: Sequence[LibraryInfo]
) -> list[Check]:
    """Compare the vector index of each library with its chunks."""
    return [_check_vectors(connection, vectors, library.id, library.name) for library in libraries]


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
    lost = connection.execute(
        "SELECT count(*) FROM documents WHERE folder_id NOT IN (SELECT id FROM folders)"
        " OR library_id NOT IN (SELECT id FROM libraries)"
    ).fetchone()[0]
    wrong = len(connection.execute(WRONG_DOCUMENTS, (DocumentState.INDEXED.value,)).fetchall())
    detail = f"{orphans} chunks without a document, {wrong} documents with other chunks or none, {lost} of no folder"
    if miscounted := not sizes.agree(connection):
        detail += ", and their sums are wrong"
    return _check("documents", not (orphans or wrong or lost or miscounted), detail, _MEND)


def _words_missing(connection: sqlite3.Connection, library_id: int) -> tuple[int, int]:
    table = words_table(library_id)
    chunks = (
        f"SELECT c.id FROM documents d JOIN chunks c ON c.document_id = d.id WHERE d.library_id = {int(library_id)}"
    )
    missing = connection.execute(f"SELECT count(*) FROM ({chunks} EXCEPT SELECT id FROM {table}_docsize)").fetchone()[0]
    extra = connection.execute(f"SELECT count(*) FROM (SELECT id FROM {table}_docsize EXCEPT {chunks})").fetchone()[0]
    return missing, extra


def words_agree(connection: sqlite3.Connection, library_id: int) -> bool:
    """Whether every chunk has its row of full text, no other row is there, and all of the index can be read."""
    try:
        return _words_missing(connection, library_id) == (0, 0) and count_terms(connection, library_id) >= 0
    except sqlite3.DatabaseError:
        return False


def _check_words(connection: sqlite3.Connection, library_id: int, name: str) -> Check:
    """Every chunk has its row of full text, and no other row is there."""
    try:
        missing, extra = _words_missing(connection, library_id)
        detail = f"{missing} chunks missing in the full text, {extra} rows of removed chunks"
        ok = not (missing or extra)
        if ok:
            detail += f", {count_terms(connection, library_id)} different words"
    except sqlite3.DatabaseError as error:  # SQLite does not look into it
        ok, detail = False, f"the full text cannot be read: {error}"
    return _check(f"words of {name}", ok, detail, _MEND)


def _check_vectors(connection: sqlite3.Connection, vectors: VectorStore, library_id: int, name: str) -> Check:
    """The index holds exactly the chunks that do not wait for their vector."""
    wrong = connection.execute(
        "SELECT count(*) FROM embeddings WHERE embedder_id = (SELECT id FROM embedders WHERE name = ?)"
        f" AND {WRONG_EMBEDDING.format(dim=vectors.dim)}",
        (vectors.embedder,),
    ).fetchone()[0]
    if wrong:
        return _check(f"vectors of {name}", False, f"{wrong} embeddings of a wrong size", _MEND)
    lost = connection.execute(
        "SELECT count(*) FROM vector_indexes v JOIN documents d ON d.library_id = v.library_id"
        " JOIN chunks c ON c.document_id = d.id WHERE v.id = ?"
        " AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.embedder_id = v.embedder_id AND e.key = c.key)"
        " AND NOT EXISTS (SELECT 1 FROM vector_queue q WHERE q.index_id = v.id AND q.chunk_id = c.id)",
        (vectors.index_id(library_id),),
    ).fetchone()[0]
    if lost:
        return _check(f"vectors of {name}", False, f"{lost} missing in the database", _MEND)
    if vectors.is_damaged(library_id):  # opening it might end the process
        return _check(f"vectors of {name}", False, "the saved index is damaged", _MEND)
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
    return _check(f"vectors of {name}", not (missing or extra), detail, _MEND)

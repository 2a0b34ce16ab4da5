"""Mends what `checks` finds: what is derived is made anew; where its source is lost, the file is read again."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog, checks, conversations, readings, sizes
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.model import Repair
from hxd_desktop.engine.library.salvage import mend_conversations
from hxd_desktop.engine.library.schema import MESSAGE_WORDS, words_table
from hxd_desktop.engine.library.vectorstore import VectorStore

_ORPHANS = (
    ("folders", "library_id NOT IN (SELECT id FROM libraries)"),
    ("documents", "folder_id NOT IN (SELECT id FROM folders) OR library_id NOT IN (SELECT id FROM libraries)"),
    ("chunks", "document_id NOT IN (SELECT id FROM documents)"),
    ("abbreviations", "chunk_id NOT IN (SELECT id FROM chunks)"),
    ("vector_indexes", "library_id NOT IN (SELECT id FROM libraries)"),
    ("vector_changes", "index_id NOT IN (SELECT id FROM vector_indexes)"),
    ("vector_queue", "index_id NOT IN (SELECT id FROM vector_indexes) OR chunk_id NOT IN (SELECT id FROM chunks)"),
)
_NUMBERED = ("libraries", "folders", "documents", "chunks", "conversations", "messages", "examples", "vector_changes")
_Step = Callable[[sqlite3.Connection], list[Repair]]


def repair_rows(database: Database) -> list[Repair]:
    """Mend documents, chunks, conversations, numbers and full text, each in a transaction; return what was done.

    Raises:
        StorageError: the database cannot be written; what was done before stays.
    """
    steps: tuple[_Step, ...] = (
        _drop_orphans,
        _read_again,
        _mend_sizes,
        _mend_conversations,
        _mend_numbers,
        _mend_words,
    )
    return [repair for step in steps for repair in database.write(step)]


def repair_vectors(database: Database, vectors: VectorStore) -> list[Repair]:
    """Queue chunks without an embedding, and make the vector indexes anew from the embeddings.

    Raises:
        StorageError: database or indexes cannot be written.
    """
    done: list[Repair] = []
    with translated(database.path):
        libraries = catalog.libraries(database.reader)
        bad = {check.name for check in checks.check_vectors(database.reader, vectors, libraries) if not check.ok}
    for library in libraries:
        index_id = vectors.index_id(library.id)
        if index_id is None:
            continue
        queued = database.write(lambda c, found=index_id: _queue_missing(c, found, vectors.dim))  # type: ignore[misc]
        if queued:
            done.append(Repair(f"vectors of {library.name}", f"{queued} passages get their vectors anew"))
        if queued or f"vectors of {library.name}" in bad or not vectors.is_sound(library.id):
            count = vectors.remake(library.id)
            done.append(Repair(f"vectors of {library.name}", f"made anew from {count} embeddings"))
    return done


def _drop_orphans(connection: sqlite3.Connection) -> list[Repair]:
    connection.execute("PRAGMA defer_foreign_keys = ON")
    done = []
    for table, condition in _ORPHANS:
        count = connection.execute(f"DELETE FROM {table} WHERE {condition}").rowcount
        if count:
            done.append(Repair("documents", f"{count} rows of {table} belonged to nothing and were dropped"))
    readings.forget_orphans(connection)
    return done


def _read_again(connection: sqlite3.Connection) -> list[Repair]:
    found = [row[0] for row in connection.execute(checks.WRONG_DOCUMENTS, (DocumentState.INDEXED.value,))]
    for document_id in found:
        chunks = "(SELECT id FROM chunks WHERE document_id = ?)"
        for statement in (
            f"DELETE FROM abbreviations WHERE chunk_id IN {chunks}",
            f"DELETE FROM vector_queue WHERE chunk_id IN {chunks}",
            "DELETE FROM chunks WHERE document_id = ?",
        ):
            connection.execute(statement, (document_id,))
        connection.execute(
            "UPDATE documents SET state = ?, reason = NULL, content_hash = NULL, fingerprint = NULL, chars = 0,"
            " terms = 0, chunks = 0 WHERE id = ?",
            (DocumentState.QUEUED.value, document_id),
        )
    return [Repair("documents", f"{len(found)} are read again at the next indexing")] if found else []


def _mend_sizes(connection: sqlite3.Connection) -> list[Repair]:
    if sizes.agree(connection):
        return []
    sizes.add_up(connection)
    return [Repair("documents", "their sums were added up anew")]


def _mend_conversations(connection: sqlite3.Connection) -> list[Repair]:
    connection.execute("PRAGMA defer_foreign_keys = ON")
    count = mend_conversations(connection)
    return [Repair("conversations", f"{count} broken links were mended; no message was dropped")] if count else []


def _mend_numbers(connection: sqlite3.Connection) -> list[Repair]:
    """Numbers that are given out next must be above those that are in use."""
    done = []
    for table in _NUMBERED:
        column = "seq" if table == "vector_changes" else "id"
        highest = connection.execute(f"SELECT max({column}) FROM {table}").fetchone()[0]
        if table == "vector_changes":  # a saved index knows its number, although its changes are pruned
            floor = connection.execute("SELECT max(floor) FROM vector_indexes").fetchone()[0]
            highest = max(highest or 0, floor or 0)
        given = connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()[0]
        if highest and (given or 0) < highest:
            connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
            connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", (table, highest))
            done.append(Repair("numbers", f"those of {table} go on after {highest}"))
    return done


def _mend_words(connection: sqlite3.Connection) -> list[Repair]:
    done = []
    for library_id, name in connection.execute("SELECT id, name FROM libraries").fetchall():
        if not (checks.words_agree(connection, library_id) and _holds(connection, words_table(library_id))):
            catalog.rebuild_words(connection, library_id)
            done.append(Repair(f"words of {name}", "the full text was made anew from the passages"))
    messages = connection.execute("SELECT count(*) FROM messages").fetchone()[0]
    if not _holds(connection, "message_words") or messages != _rows(connection, "message_words"):
        connection.execute("DROP TABLE IF EXISTS message_words")
        connection.execute(MESSAGE_WORDS)
        connection.execute("UPDATE message_index SET terms_version = 0")
        conversations.prepare(connection)
        done.append(Repair("words of conversations", "made anew from the messages"))
    return done


def _rows(connection: sqlite3.Connection, table: str) -> int:
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}_docsize").fetchone()[0])
    except sqlite3.DatabaseError:
        return -1


def _holds(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a full-text index passes FTS5's own test."""
    try:
        connection.execute(f"INSERT INTO {table} ({table}) VALUES ('integrity-check')")
    except sqlite3.DatabaseError:
        return False
    return True


def _queue_missing(connection: sqlite3.Connection, index_id: int, dim: int) -> int:
    """Queue the chunks of an index that neither wait nor have an embedding of the right size; return how many."""
    library_id, embedder_id = connection.execute(
        "SELECT library_id, embedder_id FROM vector_indexes WHERE id = ?", (index_id,)
    ).fetchone()
    connection.execute(
        f"DELETE FROM embeddings WHERE embedder_id = ? AND {checks.WRONG_EMBEDDING.format(dim=dim)}", (embedder_id,)
    )
    return connection.execute(
        "INSERT INTO vector_queue (index_id, chunk_id) SELECT ?1, c.id FROM documents d JOIN chunks c"
        " ON c.document_id = d.id WHERE d.library_id = ?2"
        " AND NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.embedder_id = ?3 AND e.key = c.key)"
        " AND NOT EXISTS (SELECT 1 FROM vector_queue q WHERE q.index_id = ?1 AND q.chunk_id = c.id)",
        (index_id, library_id, embedder_id),
    ).rowcount


def rewrite(database: Database) -> None:
    """Write the file anew, without the gaps in which an earlier version left what was removed; skipped without room."""
    with contextlib.suppress(sqlite3.OperationalError):
        database.compact()

"""Documents in the database: replaced, moved and removed, each with its chunks, words and vector changes as one.

Every function takes the writing connection inside a transaction and keeps four things in step: `documents`,
`chunks`, the library's full text, and the queue and journal of its vector indexes.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hxd_desktop.engine.documents.keys import chunk_terms, heading_terms, joined_terms
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import purging
from hxd_desktop.engine.library.schema import words_table
from hxd_desktop.engine.text.words import index_terms

_ID_BATCH = 500  # below SQLite's limit on variables in every build


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a parser made of one file, ready to be stored.

    `chunks`: (start, end, page, heading) of each; `terms`, `surroundings` (terms of title, heading and file name)
    and `keys` run parallel to it. `abbreviations`: (number of the chunk, short form, long form). Empty for every state
    but INDEXED.
    """

    path: str
    state: DocumentState
    size_bytes: int
    mtime_ns: int
    inode: str | None = None
    reason: str | None = None
    content_hash: bytes | None = None
    fingerprint: str | None = None
    type: str = ""
    parser: str | None = None
    title: str | None = None
    language: str | None = None
    text: str = ""
    chunks: Sequence[Sequence[Any]] = ()
    terms: Sequence[str] = ()
    surroundings: Sequence[str] = ()
    keys: Sequence[bytes] = ()
    abbreviations: Sequence[Sequence[Any]] = ()
    parse_ms: float | None = None
    files: int = 1
    scan_pages: int = 0
    ocr_engine: str | None = None
    ocr_confidence: float | None = None
    ocr_places: bytes | None = None


@dataclass(slots=True)
class _Rows:
    """Rows collected over many documents, so that each table is written in one sweep."""

    chunks: list[tuple[Any, ...]] = field(default_factory=list)
    words: list[tuple[Any, ...]] = field(default_factory=list)
    moved: list[tuple[Any, ...]] = field(default_factory=list)
    abbreviations: list[tuple[Any, ...]] = field(default_factory=list)


def store_documents(
    connection: sqlite3.Connection, library_id: int, files: Iterable[tuple[int, ParsedFile]]
) -> list[int]:
    """Insert or replace documents, given as (folder id, parsed file); return their ids.

    A chunk that is the same as before, under the same heading, keeps its id: it is neither written to the full
    text nor embedded again.
    """
    rows = _Rows()
    next_id = _next_chunk_id(connection)
    first_new = next_id
    document_ids = []
    for folder_id, file in files:
        known = connection.execute(
            "SELECT id, title, chunks FROM documents WHERE library_id = ? AND path = ?",
            (library_id, file.path),
        ).fetchone()
        kept: dict[int, int] = {}
        if known is not None and known[2]:
            kept = _keep_same_chunks(connection, library_id, known[0], known[1] == file.title, file, rows)
        document_id = _write_document(connection, library_id, folder_id, file)
        document_ids.append(document_id)
        for ordinal, (start, end, page, heading) in enumerate(file.chunks):
            if ordinal in kept:
                continue
            text = file.text[start:end]
            rows.chunks.append((next_id, document_id, ordinal, start, page, heading, text, file.keys[ordinal]))
            rows.words.append((next_id, joined_terms(file.terms[ordinal], file.surroundings[ordinal])))
            kept[ordinal] = next_id
            next_id += 1
        rows.abbreviations += [(kept[ordinal], short, long, library_id) for ordinal, short, long in file.abbreviations]
    connection.executemany("UPDATE chunks SET ordinal = ?, start = ?, page = ? WHERE id = ?", rows.moved)
    connection.executemany(
        "INSERT INTO chunks (id, document_id, ordinal, start, page, heading, text, key) VALUES (?,?,?,?,?,?,?,?)",
        rows.chunks,
    )
    connection.executemany(f"INSERT INTO {words_table(library_id)} (rowid, terms) VALUES (?, ?)", rows.words)
    connection.executemany(
        "INSERT OR IGNORE INTO abbreviations (chunk_id, short, long, library_id) VALUES (?,?,?,?)", rows.abbreviations
    )
    connection.execute(
        "INSERT INTO vector_queue (index_id, chunk_id)"
        " SELECT v.id, c.id FROM vector_indexes v JOIN chunks c ON c.id >= ? AND c.id < ? WHERE v.library_id = ?",
        (first_new, next_id, library_id),
    )
    return document_ids


def remove_documents(connection: sqlite3.Connection, library_id: int, document_ids: Sequence[int]) -> None:
    """Remove documents with everything made from them."""
    for batch in _batches(document_ids):
        marks = ",".join("?" * len(batch))
        rows = connection.execute(
            "SELECT c.id, c.heading, c.text, d.title, d.path FROM chunks c JOIN documents d ON d.id = c.document_id"
            f" WHERE c.document_id IN ({marks})",
            batch,
        ).fetchall()
        if rows:
            purging.note(connection, library_id)
            purging.forget_quotes(connection, library_id, (row[2] for row in rows))
        _remove_chunks(connection, library_id, rows)
        connection.execute(f"DELETE FROM documents WHERE id IN ({marks})", batch)


def move_document(
    connection: sqlite3.Connection, library_id: int, document_id: int, folder_id: int, path: str, inode: str | None
) -> None:
    """Give a document its new path; only the words of its file name are written again."""
    title, old_path = connection.execute("SELECT title, path FROM documents WHERE id = ?", (document_id,)).fetchone()
    rows = connection.execute("SELECT id, heading, text FROM chunks WHERE document_id = ?", (document_id,)).fetchall()
    words = words_table(library_id)
    for chunk_id, heading, text in rows:
        before, after = heading_terms(title, heading, old_path), heading_terms(title, heading, path)
        if before != after:
            terms = index_terms(text)
            _delete_words(connection, words, [(chunk_id, joined_terms(terms, before))])
            connection.execute(
                f"INSERT INTO {words} (rowid, terms) VALUES (?, ?)", (chunk_id, joined_terms(terms, after))
            )
    # What stood at the new path was replaced on disk.
    occupant = connection.execute(
        "SELECT id FROM documents WHERE library_id = ? AND path = ? AND id <> ?", (library_id, path, document_id)
    ).fetchone()
    if occupant is not None:
        remove_documents(connection, library_id, [occupant[0]])
    connection.execute(
        "UPDATE documents SET path = ?, folder_id = ?, inode = ? WHERE id = ?", (path, folder_id, inode, document_id)
    )


def touch_document(
    connection: sqlite3.Connection, document_id: int, size_bytes: int, mtime_ns: int, inode: str | None
) -> None:
    """Note that a file was read again and holds the same bytes."""
    connection.execute(
        "UPDATE documents SET size_bytes = ?, mtime_ns = ?, inode = ?, indexed_at = ? WHERE id = ?",
        (size_bytes, mtime_ns, inode, time.time(), document_id),
    )


def queue_documents(connection: sqlite3.Connection, library_id: int, rows: Iterable[tuple[int, str, int]]) -> None:
    """Note files that were seen and are still to be read, as (folder id, path, size); known ones stay as they are."""
    connection.executemany(
        "INSERT OR IGNORE INTO documents (library_id, folder_id, path, state, size_bytes) VALUES (?, ?, ?, ?, ?)",
        ((library_id, folder_id, path, DocumentState.QUEUED.value, size) for folder_id, path, size in rows),
    )


def _write_document(connection: sqlite3.Connection, library_id: int, folder_id: int, file: ParsedFile) -> int:
    n_terms = sum(terms.count(" ") + 1 for terms in file.terms if terms)
    values = {
        "library_id": library_id,
        "folder_id": folder_id,
        "path": file.path,
        "state": str(file.state),
        "reason": file.reason,
        "size_bytes": file.size_bytes,
        "mtime_ns": file.mtime_ns,
        "inode": file.inode,
        "content_hash": file.content_hash,
        "fingerprint": file.fingerprint,
        "type": file.type,
        "parser": file.parser,
        "title": file.title,
        "language": file.language,
        "chars": len(file.text),
        "terms": n_terms,
        "chunks": len(file.chunks),
        "files": file.files,
        "parse_ms": file.parse_ms,
        "indexed_at": time.time(),
        "scan_pages": file.scan_pages,
        "ocr_engine": file.ocr_engine,
        "ocr_confidence": file.ocr_confidence,
        "ocr_places": file.ocr_places,
    }
    return int(connection.execute(_UPSERT_DOCUMENT, tuple(values.values())).fetchone()[0])


_COLUMNS = (
    "library_id folder_id path state reason size_bytes mtime_ns inode content_hash fingerprint type parser title"
    " language chars terms chunks files parse_ms indexed_at scan_pages ocr_engine ocr_confidence ocr_places"
).split()
_UPSERT_DOCUMENT = (
    f"INSERT INTO documents ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    " ON CONFLICT (library_id, path) DO UPDATE SET "
    + ", ".join(f"{column} = excluded.{column}" for column in _COLUMNS if column not in ("library_id", "path"))
    + " RETURNING id"
)


def _keep_same_chunks(
    connection: sqlite3.Connection, library_id: int, document_id: int, same_title: bool, file: ParsedFile, rows: _Rows
) -> dict[int, int]:
    """Match old chunks with new ones by key; remove the others. Return new ordinal -> kept chunk id."""
    old = connection.execute(
        "SELECT c.id, c.heading, c.text, d.title, d.path, c.ordinal, c.start, c.page, c.key FROM chunks c"
        " JOIN documents d ON d.id = c.document_id WHERE c.document_id = ? ORDER BY c.ordinal",
        (document_id,),
    ).fetchall()
    # The key alone does not tell where the heading ends and the text begins.
    free: dict[tuple[bytes, str], list[tuple[Any, ...]]] = {}
    if same_title:  # the title is among the words of every chunk
        for row in reversed(old):
            free.setdefault((row[8], row[1]), []).append(row)
    kept: dict[int, int] = {}
    for ordinal, key in enumerate(file.keys):
        start, _, page, heading = file.chunks[ordinal]
        if candidates := free.get((key, heading)):
            row = candidates.pop()
            kept[ordinal] = row[0]
            if (ordinal, start, page) != row[5:8]:
                rows.moved.append((ordinal, start, page, row[0]))
    kept_ids = set(kept.values())
    _remove_chunks(connection, library_id, [row[:5] for row in old if row[0] not in kept_ids])
    return kept


def _remove_chunks(connection: sqlite3.Connection, library_id: int, rows: Sequence[tuple[Any, ...]]) -> None:
    """Remove chunks given as (id, heading, text, title, path) from every table and index."""
    if not rows:
        return
    # A contentless table has to be told the very terms that it is to forget.
    _delete_words(
        connection,
        words_table(library_id),
        [(row[0], chunk_terms(row[2], row[3], row[1], row[4])) for row in rows],
    )
    ids = [(row[0],) for row in rows]
    connection.executemany("DELETE FROM chunks WHERE id = ?", ids)
    connection.executemany("DELETE FROM abbreviations WHERE chunk_id = ?", ids)
    for (index_id,) in connection.execute(
        "SELECT id FROM vector_indexes WHERE library_id = ?", (library_id,)
    ).fetchall():
        connection.executemany(f"DELETE FROM vector_queue WHERE index_id = {index_id} AND chunk_id = ?", ids)
        connection.executemany(
            f"INSERT INTO vector_changes (index_id, chunk_id, removed) VALUES ({index_id}, ?, 1)", ids
        )


def _delete_words(connection: sqlite3.Connection, table: str, rows: Iterable[tuple[int, str]]) -> None:
    connection.executemany(f"INSERT INTO {table} ({table}, rowid, terms) VALUES ('delete', ?, ?)", rows)


def _next_chunk_id(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'chunks'").fetchone()
    return (row[0] if row else 0) + 1


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[i : i + _ID_BATCH] for i in range(0, len(ids), _ID_BATCH))


def parsed_file(
    reply: Mapping[str, Any], path: str, size_bytes: int, mtime_ns: int, inode: str | None, fingerprint: str
) -> ParsedFile:
    """Build a `ParsedFile` from what a parser process sent, and from what the scan saw where it sent nothing."""
    indexed = reply["state"] == DocumentState.INDEXED
    return ParsedFile(
        path=path,
        state=DocumentState(reply["state"]),
        size_bytes=reply.get("size") or size_bytes,
        mtime_ns=reply.get("mtime_ns") or mtime_ns,
        inode=inode,
        reason=reply.get("reason") or None,
        content_hash=reply.get("hash"),
        fingerprint=fingerprint,
        type=reply.get("type") or "",
        parser=reply.get("parser"),
        title=reply.get("title"),
        language=reply.get("language"),
        text=reply["text"] if indexed else "",
        chunks=reply["chunks"] if indexed else (),
        terms=reply["terms"] if indexed else (),
        surroundings=reply["heading_terms"] if indexed else (),
        keys=reply["keys"] if indexed else (),
        abbreviations=reply.get("abbreviations", ()) if indexed else (),
        parse_ms=reply.get("ms"),
        scan_pages=reply.get("scan_pages") or 0,
    )

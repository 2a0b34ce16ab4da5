"""Keeps a vector index true to the database: the queue of chunks without a vector, and the journal of changes.

Every chunk that gets or loses its vector raises the change number. A saved index knows the number that it holds;
opening one replays what came after, and one that cannot be used, or that is older than what was pruned, is built
anew from the embeddings in the database.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Collection, Sequence
from pathlib import Path

from hxd_desktop.engine.library.embeddings import decode
from hxd_desktop.engine.library.vectors import VectorIndex

_ROWS = 4096


def ensure_index(connection: sqlite3.Connection, library_id: int, embedder: str, dim: int) -> int:
    """Return the id of the index of a library under an embedder; a new one queues every chunk of the library.

    Another embedder's index stays beside it until `drop_indexes`: the first of a library is the one in use.
    """
    row = connection.execute("SELECT id FROM embedders WHERE name = ?", (embedder,)).fetchone()
    if row is None:
        row = connection.execute(
            "INSERT INTO embedders (name, dim) VALUES (?, ?) RETURNING id", (embedder, dim)
        ).fetchone()
    found = connection.execute(
        "SELECT id FROM vector_indexes WHERE library_id = ? AND embedder_id = ?", (library_id, row[0])
    ).fetchone()
    if found is not None:
        return int(found[0])
    index_id = connection.execute(
        "INSERT INTO vector_indexes (library_id, embedder_id) VALUES (?, ?) RETURNING id", (library_id, row[0])
    ).fetchone()[0]
    connection.execute(
        "INSERT INTO vector_queue (index_id, chunk_id) SELECT ?, c.id FROM chunks c"
        " JOIN documents d ON d.id = c.document_id WHERE d.library_id = ?",
        (index_id, library_id),
    )
    return int(index_id)


def drop_indexes(connection: sqlite3.Connection, keep: Collection[str], library_id: int | None = None) -> int:
    """Drop the indexes, of one library or of all, under other embedders than those in `keep`; return how many.

    Embeddings are kept: returning to an embedder computes none of them again.
    """
    return _drop(connection, "NOT IN", keep, library_id)


def drop_indexes_of(connection: sqlite3.Connection, embedders: Collection[str]) -> int:
    """Drop the indexes of all libraries under these embedders, as `drop_indexes` does; return how many."""
    return _drop(connection, "IN", embedders, None)


def _drop(connection: sqlite3.Connection, which: str, embedders: Collection[str], library_id: int | None) -> int:
    found = connection.execute(
        "SELECT v.id FROM vector_indexes v JOIN embedders e ON e.id = v.embedder_id"
        f" WHERE e.name {which} ({','.join('?' * len(embedders))}) AND v.library_id = coalesce(?, v.library_id)",
        (*embedders, library_id),
    ).fetchall()
    for table, column in (("vector_queue", "index_id"), ("vector_changes", "index_id"), ("vector_indexes", "id")):
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", found)
    return len(found)


def work_for(connection: sqlite3.Connection, embedder: str) -> tuple[int, int, int]:
    """Return the numbers of chunks, of different ones among them, and of those whose embedding is known already."""
    chunks = connection.execute("SELECT count(*) FROM chunks").fetchone()[0]
    different, known = connection.execute(
        "SELECT count(*), count(e.key) FROM (SELECT DISTINCT key FROM chunks) c"
        " LEFT JOIN embeddings e ON e.key = c.key AND e.embedder_id = (SELECT id FROM embedders WHERE name = ?)",
        (embedder,),
    ).fetchone()
    return int(chunks), int(different), int(known)


def sample(connection: sqlite3.Connection, limit: int) -> list[tuple[str, str]]:
    """Return (heading, text) of up to `limit` chunks of all libraries, as good as drawn by chance."""
    # Keys are digests: their order is no order of the chunks, and the index knows it.
    return connection.execute("SELECT heading, text FROM chunks ORDER BY key LIMIT ?", (limit,)).fetchall()


def find_index(connection: sqlite3.Connection, library_id: int, embedder: str) -> int | None:
    """Return the id of a library's index under an embedder, or None where there is none yet."""
    row = connection.execute(
        "SELECT v.id FROM vector_indexes v JOIN embedders e ON e.id = v.embedder_id"
        " WHERE v.library_id = ? AND e.name = ?",
        (library_id, embedder),
    ).fetchone()
    return None if row is None else int(row[0])


def meta_file(folder: Path, index_id: int, embedder: str) -> Path:
    """Return where the index is saved; the name changes with the embedder, so that a stale file is never taken."""
    return folder / f"{index_id}-{hashlib.blake2b(embedder.encode(), digest_size=4).hexdigest()}.json"


def queued(connection: sqlite3.Connection, index_id: int, after: int = 0) -> int:
    """Return how many chunks with ids > `after` still wait for their vector."""
    row = connection.execute(
        "SELECT count(*) FROM vector_queue WHERE index_id = ? AND chunk_id > ?", (index_id, after)
    ).fetchone()
    return int(row[0])


def waiting(connection: sqlite3.Connection, embedder: str) -> int:
    """Return how many chunks of all libraries have no vector in their index under an embedder yet."""
    row = connection.execute(
        "SELECT (SELECT count(*) FROM vector_queue q JOIN vector_indexes v ON v.id = q.index_id"
        " JOIN embedders e ON e.id = v.embedder_id WHERE e.name = ?)"
        " + (SELECT coalesce(sum(d.chunks), 0) FROM documents d WHERE NOT EXISTS (SELECT 1 FROM vector_indexes v"
        " JOIN embedders e ON e.id = v.embedder_id WHERE v.library_id = d.library_id AND e.name = ?))",
        (embedder, embedder),
    ).fetchone()
    return int(row[0])


def next_batch(
    connection: sqlite3.Connection, index_id: int, limit: int, after: int = 0
) -> list[tuple[int, bytes, str, str, bytes | None]]:
    """Return (chunk id, key, heading, text, embedding or None) of the first chunks in the queue with ids > `after`."""
    # CROSS JOIN fixes the order: queue, chunk, embedding. Without statistics SQLite may start from the embeddings.
    return connection.execute(
        "SELECT c.id, c.key, c.heading, c.text, e.vector FROM vector_queue q CROSS JOIN chunks c ON c.id = q.chunk_id"
        " LEFT JOIN embeddings e ON e.embedder_id = ? AND e.key = c.key"
        " WHERE q.index_id = ? AND q.chunk_id > ? ORDER BY q.chunk_id LIMIT ?",
        (embedder_of(connection, index_id), index_id, after, limit),
    ).fetchall()


def embedder_of(connection: sqlite3.Connection, index_id: int) -> int | None:
    """Return the id of the embedder that an index is made with, None where the index was removed meanwhile."""
    row = connection.execute("SELECT embedder_id FROM vector_indexes WHERE id = ?", (index_id,)).fetchone()
    return None if row is None else int(row[0])


def record_vectors(
    connection: sqlite3.Connection, index_id: int, new: Sequence[tuple[bytes, bytes]], chunk_ids: Sequence[int]
) -> tuple[list[int], int]:
    """Keep new embeddings as (key, encoded vector) and take chunks out of the queue.

    Returns:
        The chunks that are still wanted (one may have been removed meanwhile), and the change number reached.
    """
    embedder_id = embedder_of(connection, index_id)
    if embedder_id is None:
        return [], last_change(connection)
    connection.executemany(
        f"INSERT OR IGNORE INTO embeddings (embedder_id, key, vector) VALUES ({embedder_id}, ?, ?)", new
    )
    first, last = min(chunk_ids), max(chunk_ids)
    waiting = {
        found
        for (found,) in connection.execute(
            "SELECT chunk_id FROM vector_queue WHERE index_id = ? AND chunk_id BETWEEN ? AND ?", (index_id, first, last)
        )
    }
    wanted = [chunk_id for chunk_id in chunk_ids if chunk_id in waiting]
    rows = [(chunk_id,) for chunk_id in wanted]
    connection.executemany(f"DELETE FROM vector_queue WHERE index_id = {index_id} AND chunk_id = ?", rows)
    connection.executemany(f"INSERT INTO vector_changes (index_id, chunk_id, removed) VALUES ({index_id}, ?, 0)", rows)
    return wanted, last_change(connection)


def has_more_changes(connection: sqlite3.Connection, index_id: int, than: int) -> bool:
    """Say whether the journal holds more than so many changes that the saved index lacks."""
    return (
        connection.execute(
            "SELECT 1 FROM vector_changes WHERE index_id = ? LIMIT 1 OFFSET ?", (index_id, than)
        ).fetchone()
        is not None
    )


def last_change(connection: sqlite3.Connection) -> int:
    """Return the highest change number given out so far."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'vector_changes'").fetchone()
    return int(row[0]) if row else 0


def catch_up(connection: sqlite3.Connection, index_id: int, index: VectorIndex) -> bool:
    """Replay onto `index` what came after its change number; return False where the journal does not fit to it.

    That is: it was pruned already, or it has not come so far, so that the index is of another database.
    """
    connection.execute("BEGIN")  # one snapshot for the floor, the changes and the embeddings
    try:
        reached = last_change(connection)
        row = connection.execute("SELECT embedder_id, floor FROM vector_indexes WHERE id = ?", (index_id,)).fetchone()
        if row is None or not row[1] <= index.seq <= reached:
            return False
        embedder_id = row[0]
        final: dict[int, int] = dict(
            connection.execute(
                "SELECT chunk_id, removed FROM vector_changes WHERE index_id = ? AND seq > ? ORDER BY seq",
                (index_id, index.seq),
            ).fetchall()
        )
        index.remove([chunk_id for chunk_id, removed in final.items() if removed])
        added = [chunk_id for chunk_id, removed in final.items() if not removed]
        for i in range(0, len(added), 500):
            batch = added[i : i + 500]
            _fill(
                index,
                connection.execute(
                    "SELECT c.id, e.vector FROM chunks c CROSS JOIN embeddings e ON e.key = c.key"
                    f" WHERE e.embedder_id = ? AND c.id IN ({','.join('?' * len(batch))})",
                    (embedder_id, *batch),
                ),
            )
        index.seq = reached
        return True
    finally:
        connection.execute("COMMIT")


def rebuild(connection: sqlite3.Connection, index_id: int, dim: int) -> VectorIndex:
    """Build an index from the embeddings in the database."""
    connection.execute("BEGIN")
    try:
        index = VectorIndex(dim, last_change(connection))
        _fill(
            index,
            connection.execute(
                "SELECT c.id, e.vector FROM vector_indexes v CROSS JOIN documents d ON d.library_id = v.library_id"
                " CROSS JOIN chunks c ON c.document_id = d.id"
                " CROSS JOIN embeddings e ON e.embedder_id = v.embedder_id AND e.key = c.key WHERE v.id = ?"
                " AND NOT EXISTS (SELECT 1 FROM vector_queue q WHERE q.index_id = v.id AND q.chunk_id = c.id)",
                (index_id,),
            ),
        )
        return index
    finally:
        connection.execute("COMMIT")


def _fill(index: VectorIndex, rows: sqlite3.Cursor) -> None:
    import numpy as np

    while batch := rows.fetchmany(_ROWS):
        ids = np.array([row[0] for row in batch], dtype=np.uint64)
        index.add(ids, decode([row[1] for row in batch], index.dim))


def prune(connection: sqlite3.Connection, index_id: int, seq: int) -> None:
    """Forget changes up to `seq`, which the saved index holds; an older file is rebuilt from now on."""
    connection.execute("DELETE FROM vector_changes WHERE index_id = ? AND seq <= ?", (index_id, seq))
    connection.execute("UPDATE vector_indexes SET floor = ? WHERE id = ?", (seq, index_id))


def forget_orphans(connection: sqlite3.Connection) -> int:
    """Delete embeddings that no chunk uses any more; return how many."""
    return connection.execute(
        "DELETE FROM embeddings WHERE NOT EXISTS (SELECT 1 FROM chunks c WHERE c.key = embeddings.key)"
    ).rowcount


def open_index(connection: sqlite3.Connection, index_id: int, dim: int, meta: Path) -> VectorIndex | None:
    """Open the saved index and bring it up to date; None where it has to be built anew."""
    for _ in range(2):  # a writer may save and prune between the two steps: then look once more
        index = VectorIndex.load(meta, dim)
        if index is not None and catch_up(connection, index_id, index):
            return index
    return None

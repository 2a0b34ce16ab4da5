"""The terms that stand in a library, looked up by how they begin (SQLite's fts5vocab over the full text)."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from hxd_desktop.engine.library.schema import words_table


def terms_beginning(connection: sqlite3.Connection, library_id: int, prefix: str) -> Iterator[tuple[str, int]]:
    """Yield terms that begin with `prefix` and how many chunks hold each, in order.

    Each costs the time to count its chunks, so whoever consumes this stops when enough was counted.
    """
    table = _table(connection, library_id)
    rows = connection.execute(
        f"SELECT term, doc FROM temp.{table} WHERE term >= ? AND term < ?", (prefix, prefix + "\U0010ffff")
    )
    with closing(rows):
        yield from rows


def count_terms(connection: sqlite3.Connection, library_id: int) -> int:
    """Return how many different terms a library holds; reads all of its full text.

    Raises:
        sqlite3.DatabaseError: it is damaged.
    """
    table = _table(connection, library_id)
    return int(connection.execute(f"SELECT count(doc) FROM temp.{table}").fetchone()[0])


def _table(connection: sqlite3.Connection, library_id: int) -> str:
    """Make the view for this connection; it holds nothing itself and ends with the connection."""
    table = f"vocabulary_{library_id}"
    known = connection.execute("SELECT 1 FROM temp.sqlite_master WHERE name = ?", (table,)).fetchone()
    if known is None:
        [query_only] = connection.execute("PRAGMA query_only").fetchone()
        connection.execute("PRAGMA query_only = 0")  # it forbids temporary tables as well
        try:
            connection.execute(
                f"CREATE VIRTUAL TABLE temp.{table} USING fts5vocab('main', '{words_table(library_id)}', 'row')"
            )
        finally:
            connection.execute(f"PRAGMA query_only = {int(query_only)}")
    return table

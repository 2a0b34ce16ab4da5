"""Removal that leaves nothing: words of removed passages are merged out of the full text, and the log is emptied.

Rows are overwritten as they are deleted (`secure_delete`). A full-text index only notes a deletion, and keeps the words
until its segments are merged; which library that is due for is noted beside the removal, so that a kill loses no purge.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable

from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.schema import words_table

_PAGES = 1000  # of 4 KB, merged in one transaction: others may write in between
_QUOTE = re.compile(r"\n|\[\d+\]")
_LEAST_QUOTE = 8


def note(connection: sqlite3.Connection, library_id: int) -> None:
    """Note that passages of a library were removed."""
    connection.execute("INSERT OR IGNORE INTO purges (library_id) VALUES (?)", (library_id,))


def due(connection: sqlite3.Connection) -> list[int]:
    """Return the libraries whose full text may still hold words of what was removed."""
    return [row[0] for row in connection.execute("SELECT library_id FROM purges ORDER BY library_id")]


def purge(database: Database) -> None:
    """Merge away what was removed, a little at a time, and empty the write-ahead log; does nothing where none is due.

    Raises:
        StorageError: the database cannot be written; the rest stays due.
    """
    with translated(database.path):
        libraries = due(database.reader)
    for library_id in libraries:
        while not database.write(lambda connection, found=library_id: _merge(connection, found)):  # type: ignore[misc]
            pass
    if libraries:
        database.forget()


def _merge(connection: sqlite3.Connection, library_id: int) -> bool:
    """Merge some pages of a library's full text into one segment; say whether all is done."""
    table = words_table(library_id)
    if connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone():
        before = connection.total_changes
        connection.execute(f"INSERT INTO {table} ({table}, rank) VALUES ('merge', {-_PAGES})")
        if connection.total_changes - before >= 2:  # as SQLite's documentation tells whether it had work to do
            return False
    connection.execute("DELETE FROM purges WHERE library_id = ?", (library_id,))
    return True


def forget_quotes(connection: sqlite3.Connection, library_id: int, texts: Iterable[str] | None) -> None:
    """Blank what evaluation runs keep of answers that quote `texts`, None for every answer from the library."""
    runs = connection.execute(
        "SELECT r.id, r.rows FROM evaluation_runs r JOIN libraries l ON l.name = r.library"
        " WHERE l.id = ? AND r.kind = 'qa'",
        (library_id,),
    ).fetchall()
    if not runs:
        return
    gone = None if texts is None else "\n\n".join(texts)
    for run_id, kept in runs:
        rows = json.loads(kept)
        changed = False
        for row in rows:
            if row.get("answer") and (gone is None or _quotes(row["answer"], gone)):
                row["answer"] = ""
                changed = True
        if changed:
            text = json.dumps(rows, ensure_ascii=False).encode("utf-8", "backslashreplace").decode("utf-8")
            connection.execute("UPDATE evaluation_runs SET rows = ? WHERE id = ?", (text, run_id))


def _quotes(answer: str, gone: str) -> bool:
    pieces = (piece.strip(" …\t>-*") for piece in _QUOTE.split(answer))
    return any(len(piece) >= _LEAST_QUOTE and piece in gone for piece in pieces)

"""The coverage table in pieces: which rows there are in what order, and some of them in full.

A list of numbers is all that is read of the whole library: seventy thousand rows are half a megabyte, and every row
is then found by its place, however far down it is.
"""

from __future__ import annotations

import os
import sqlite3
from array import array
from collections.abc import Sequence
from enum import StrEnum

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.catalog import library_id
from hxd_desktop.engine.library.documents import COLUMNS, document_of
from hxd_desktop.engine.library.model import DocumentInfo

_MOST_AT_ONCE = 500  # SQLite takes no more than 999 values in some builds


class Order(StrEnum):
    """What the rows are ordered by."""

    PATH = "path"
    NAME = "name"
    STATE = "state"
    REASON = "reason"
    SIZE = "size"
    CHUNKS = "chunks"
    PARSER = "parser"
    PARSE_MS = "parse_ms"
    MODIFIED = "modified"
    INDEXED_AT = "indexed_at"


_ORDERS = {
    Order.PATH: "path",
    Order.STATE: "state",
    Order.REASON: "reason IS NULL, reason",
    Order.SIZE: "size_bytes",
    Order.CHUNKS: "chunks",
    Order.PARSER: "type, parser",
    Order.PARSE_MS: "parse_ms",
    Order.MODIFIED: "mtime_ns",
    Order.INDEXED_AT: "indexed_at",
}


def document_ids(
    connection: sqlite3.Connection,
    library: str,
    *,
    state: DocumentState | None = None,
    text: str = "",
    order: Order = Order.PATH,
    descending: bool = False,
) -> array[int]:
    """Return the ids of a library's rows in order: of one state, or whose path or reason holds `text`; or all.

    `text` is compared without regard to the case of Latin letters.
    """
    where = "library_id = ?"
    parameters: list[object] = [library_id(connection, library)]
    if state is not None:
        where += " AND state = ?"
        parameters.append(state.value)
    if text:
        where += " AND (path LIKE ? ESCAPE '\\' OR reason LIKE ? ESCAPE '\\')"
        escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        parameters += [f"%{escaped}%"] * 2
    # Every row of the library is read anyway: once through the table is a third of the way by an index. Only the
    # paths stand in an index in the order that is wanted.
    if order is Order.NAME:
        rows = connection.execute(f"SELECT id, path FROM documents NOT INDEXED WHERE {where}", parameters).fetchall()
        rows.sort(key=lambda row: (os.path.basename(row[1]).casefold(), row[0]), reverse=descending)
        return array("q", (row[0] for row in rows))
    table = "documents" if order is Order.PATH and not text else "documents NOT INDEXED"
    turn = " DESC" if descending else ""
    by = ", ".join(f"{part}{turn}" for part in (*_ORDERS[order].split(", "), "id"))
    rows = connection.execute(f"SELECT id FROM {table} WHERE {where} ORDER BY {by}", parameters).fetchall()
    return array("q", (row[0] for row in rows))


def documents_by_id(connection: sqlite3.Connection, library: str, ids: Sequence[int]) -> dict[int, DocumentInfo]:
    """Return rows of a library by their ids; those that are gone are left out."""
    found: dict[int, DocumentInfo] = {}
    for start in range(0, len(ids), _MOST_AT_ONCE):
        part = list(ids[start : start + _MOST_AT_ONCE])
        rows = connection.execute(
            f"SELECT {COLUMNS} FROM documents WHERE id IN ({','.join('?' * len(part))}) AND library_id = ?",
            (*part, library_id(connection, library)),
        )
        found.update((row[0], document_of(library, row)) for row in rows)
    return found

"""Text read off pages of scans, kept under the file's content and the engine, page by page."""

from __future__ import annotations

import sqlite3
import zlib
from typing import Any

import msgpack


def known_pages(connection: sqlite3.Connection, content_hash: bytes, engine: str) -> dict[int, list[list[Any]]]:
    """Return the lines of each page that was read before, as they were sent."""
    rows = connection.execute(
        "SELECT page, lines FROM scans WHERE content_hash = ? AND engine = ?", (content_hash, engine)
    )
    return {page: msgpack.unpackb(zlib.decompress(lines)) for page, lines in rows}


def keep_page(
    connection: sqlite3.Connection, content_hash: bytes, engine: str, page: int, lines: list[list[Any]]
) -> None:
    """Keep the lines of a page, unless its file was removed meanwhile."""
    connection.execute(
        "INSERT OR REPLACE INTO scans (content_hash, engine, page, lines) SELECT ?1, ?2, ?3, ?4"
        " WHERE EXISTS (SELECT 1 FROM documents WHERE content_hash = ?1 AND scan_pages > 0)",
        (content_hash, engine, page, zlib.compress(msgpack.packb(lines))),
    )


def forget_orphans(connection: sqlite3.Connection) -> None:
    """Remove what was read off pages of files that no library holds any more."""
    connection.execute(
        "DELETE FROM scans WHERE NOT EXISTS (SELECT 1 FROM documents d"
        " WHERE d.content_hash = scans.content_hash AND d.scan_pages > 0)"
    )

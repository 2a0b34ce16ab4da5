"""Tables that are documents of their own: spreadsheets and files of comma-separated values."""

from __future__ import annotations

import re

from hxd_desktop.engine.documents.builder import DocumentBuilder, table_row

_NUMBER = re.compile(r"[-+]?[\d.,:/%\s¥$€-]+$")
_MAX_HEADER_CELL = 60


def add_table(builder: DocumentBuilder, rows: list[list[str]], *, page: int | None = None, name: str = "") -> None:
    """Append the rows of a sheet below its name; blank cells stay, columns blank to the end are dropped.

    Where the first row names the columns it becomes a heading, so that every chunk of a long table carries
    the names of its columns in its heading path.
    """
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell and not cell.isspace()), default=0)
    rows = [row[:width] for row in rows if any(cell and not cell.isspace() for cell in row)]
    if not rows:
        return
    level = 1
    if name:
        builder.heading(name, level, page=page)
        level = 2
    if _is_header(rows):
        builder.heading(table_row(rows[0]), level, page=page)
        rows = rows[1:]
    for row in rows:
        builder.row(row, page=page)


def _is_header(rows: list[list[str]]) -> bool:
    """Whether the first row holds short, different words, and another row follows."""
    if len(rows) < 2:
        return False
    names = [cell.strip() for cell in rows[0] if cell.strip()]
    if len(names) < 2 or len(names) < 0.7 * len(rows[0]) or len(set(names)) < len(names):
        return False
    return all(len(name) <= _MAX_HEADER_CELL and not _NUMBER.match(name) for name in names)

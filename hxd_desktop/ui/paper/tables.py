"""Rows of cells as a table: as many cells in each row, numbers at the right. Knows no Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hxd_desktop.ui.paper.model import Kind, Line, Piece, Run

_NUMBER = re.compile(r"[-+−]?[¥$€£]?\s?[\d.,\s]*\d(?:[eE][-+]?\d+)?\s?[%‰¥$€£元]?|[-–—]?")
_BAR = " | "


def cells_of(row: str, at: int) -> list[Line]:
    """Take apart a row as parsers write it: cells with a bar between them; `at` is where it begins."""
    cells: list[Line] = []
    for cell in row.split(_BAR):
        lead = len(cell) - len(cell.lstrip())
        cells.append((Run(at + lead, cell.strip()),))
        at += len(cell) + len(_BAR)
    return cells


def table(rows: Sequence[Sequence[Line]], *, heads: int, right: frozenset[int] | None = None) -> Piece:
    """Return a table.

    Args:
        rows: Their cells.
        heads: How many of the first rows name the columns.
        right: Columns at the right; None for those that hold numbers.
    """
    width = max(1, *map(len, rows))
    filled = tuple(tuple(row) + ((),) * (width - len(row)) for row in rows)
    if right is None:
        right = frozenset(column for column in range(width) if _numbers([row[column] for row in filled[heads:]]))
    return Piece(Kind.TABLE, rows=filled, heads=heads, right=right)


def _numbers(cells: Sequence[Line]) -> bool:
    texts = ["".join(run.text for run in cell).strip() for cell in cells]
    return any(texts) and all(_NUMBER.fullmatch(text) for text in texts)

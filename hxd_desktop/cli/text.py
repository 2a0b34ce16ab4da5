"""Text for a terminal: columns that line up with CJK in them, sizes, durations, and no control characters."""

from __future__ import annotations

import re
from collections.abc import Sequence

# What a document says must not drive the terminal: every control character but tab and newline goes.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Return `text` without control characters and without the marks that turn the writing direction."""
    return _CONTROL.sub("", text)


def one_line(text: str) -> str:
    """Return `text` on one line, without control characters, white space runs made single."""
    return " ".join(clean(text).split())


def shorten(text: str, columns: int) -> str:
    """Return `text` on one line, cut to `columns` terminal columns with an ellipsis."""
    import wcwidth

    line = one_line(text)
    if wcwidth.width(line) <= columns:
        return line
    return str(wcwidth.clip(line, 0, max(columns - 1, 0))).rstrip() + "…"


def table(rows: Sequence[Sequence[str]], *, right: Sequence[int] = (), indent: str = "") -> list[str]:
    """Return `rows` as lines of aligned columns; `right` lists the columns that are set flush right."""
    import wcwidth

    cells = [[one_line(cell) for cell in row] for row in rows]
    columns = max((len(row) for row in cells), default=0)
    widths = [max((wcwidth.width(row[i]) for row in cells if i < len(row)), default=0) for i in range(columns)]
    lines = []
    for row in cells:
        padded = [
            " " * (widths[i] - wcwidth.width(cell)) + cell
            if i in right
            else cell + " " * (widths[i] - wcwidth.width(cell))
            for i, cell in enumerate(row)
        ]
        lines.append((indent + "  ".join(padded)).rstrip())
    return lines


def size(count: float) -> str:
    """Return a number of bytes in the unit that suits it: "840 B", "12.3 MB"."""
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < 1000 or unit == "GB":
            return f"{count:.0f} {unit}" if unit == "B" or abs(count) >= 100 else f"{count:.1f} {unit}"
        count /= 1000
    raise AssertionError("unreachable")


def duration(seconds: float) -> str:
    """Return a length of time as "0.4 s", "12 s", "3 min 5 s", "2 h 10 min"."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def number(count: int) -> str:
    """Return a count with its thousands set apart."""
    return f"{count:,}"

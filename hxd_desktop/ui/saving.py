"""Tables and pictures as files that the user asked for: written whole, or what was there stays."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from hxd_desktop.engine.durable import export_file

_NUMBER = re.compile(r"[-+][\d.,]+%?")


def save_table(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV.

    Raises:
        OSError: the file cannot be written.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows([_inert(cell) for cell in row] for row in rows)
    # With a mark at the start, or Excel takes UTF-8 for something else.
    export_file(path, text.getvalue().encode("utf-8-sig"))


def save_picture(path: Path, image: QImage) -> None:
    """Write a picture as PNG.

    Raises:
        OSError: the file cannot be written.
    """
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    export_file(path, bytes(buffer.data().data()))


def _inert(cell: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would take for a formula, which may run or send something."""
    if not isinstance(cell, str) or _NUMBER.fullmatch(cell) or cell.strip()[:1] not in ("=", "+", "-", "@"):
        return cell
    return f"'{cell}" if cell.strip() else cell

"""Tables and pictures as files that the user asked for: written whole, or what was there stays."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage

from hxd_desktop.engine.durable import export_file


def save_table(path: Path, rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV.

    Raises:
        OSError: the file cannot be written.
    """
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
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

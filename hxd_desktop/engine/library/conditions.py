"""What a question is narrowed to (a folder, a document, a type, a date, a language), as a condition in SQL."""

from __future__ import annotations

import datetime
import os
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import SettingsError

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Filters


def condition_of(filters: Filters | None) -> tuple[str, list[Any]]:
    """Return an SQL condition on documents `d`, "" where they let everything through, with its values.

    Raises:
        SettingsError: `filters.since` is not an ISO date.
    """
    if filters is None:
        return "", []
    parts: list[str] = []
    values: list[Any] = []
    if filters.folder:
        folder = os.path.abspath(filters.folder)
        parts.append("(d.path = ? OR substr(d.path, 1, ?) = ?)")
        prefix = folder.rstrip(os.sep) + os.sep
        values += [folder, len(prefix), prefix]
    if filters.within:
        parts.append("instr(replace(lower(d.path), '\\', '/'), ?) > 0")
        values.append("/" + _as_stored(filters.within).strip("/") + "/")
    if filters.document:
        name = _as_stored(filters.document)
        end = "/" + name.lstrip("/")
        path = "replace(lower(d.path), '\\', '/')"
        parts.append(f"({path} = ? OR substr({path}, -?) = ?)")
        values += [name, len(end), end]
    if filters.type:
        suffix = filters.type.lower().lstrip(".")
        parts.append("(d.type = ? OR lower(d.path) LIKE ? ESCAPE '\\')")
        values += [suffix, "%." + suffix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")]
    if filters.since:
        parts.append("d.mtime_ns >= ?")
        values.append(_since_ns(filters.since))
    if filters.language:
        parts.append("d.language = ?")
        values.append(filters.language.lower())
    return " AND ".join(parts), values


def _as_stored(path: str) -> str:
    """Return a path as SQL's `lower`, which knows ASCII alone, and `replace` leave it."""
    return path.replace("\\", "/").encode(errors="surrogateescape").lower().decode(errors="surrogateescape")


def _since_ns(text: str) -> int:
    """Return a local date or time as nanoseconds since 1970, cut to what a file's time can be."""
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError as error:
        raise SettingsError(
            "The date is not valid", f"{text!r} is not an ISO date.", "Write it as 2026-01-31."
        ) from error
    if moment.year < 1971:  # earlier times are not converted on every system
        return 0
    if moment.year > 2261:  # 64 bits of nanoseconds end in 2262
        return 2**63 - 1
    return int(moment.timestamp()) * 1_000_000_000

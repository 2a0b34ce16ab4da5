"""The log of a data directory, line by line with its level; no widgets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_HEAD = re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) ")
_TAIL_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its level, and its lines (a traceback belongs to the line before)."""

    level: str
    text: str


def read_log(folder: Path) -> list[Entry]:
    """Return the end of the log, the oldest first; a missing one gives none."""
    entries: list[list[str]] = []
    levels: list[str] = []
    for line in _lines(folder):
        head = _HEAD.match(line)
        if head or not entries:
            entries.append([])
            levels.append(head["level"] if head and head["level"] in LEVELS else "INFO")
        entries[-1].append(line)
    return [Entry(level, "\n".join(lines)) for level, lines in zip(levels, entries, strict=True)]


def _lines(folder: Path) -> Iterable[str]:
    for name in ("hxd.log.1", "hxd.log"):
        try:
            with open(folder / name, "rb") as stream:
                stream.seek(max(0, stream.seek(0, 2) - _TAIL_BYTES))
                yield from stream.read().decode("utf-8", errors="replace").splitlines()
        except OSError:
            continue


def at_least(entries: Sequence[Entry], level: str) -> list[Entry]:
    """The entries of a level and above."""
    return [entry for entry in entries if LEVELS.index(entry.level) >= LEVELS.index(level)]

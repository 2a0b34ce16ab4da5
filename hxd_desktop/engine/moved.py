"""Where a data directory went: a pointer in the place that it left, a record in the place where it is.

`moved-to.json` in a directory says that everything is elsewhere now. Putting it there is the one step that makes a
move true: before it the old place counts, after it the new one. `moving.json` in a directory says that a move into it
has begun; such a directory is only used once the place that it names points to it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import StorageError

POINTER, MARKER = "moved-to.json", "moving.json"
_MOST_BYTES = 1 << 20
_NOTE = "The data directory of HXD Desktop was moved. This file leads to it; without it, this folder begins anew."


@dataclass(frozen=True, slots=True)
class Pointer:
    """`to`: where the data are. `number`: the larger it is, the later it was written."""

    to: Path
    number: int


@dataclass(frozen=True, slots=True)
class Marker:
    """A move into a directory: `source` is where from, `whole` whether everything was copied and checked."""

    source: Path
    whole: bool


def follow(folder: Path) -> Path:
    """Where the data of `folder` are: itself, or where its pointer leads, and that one's.

    Raises:
        StorageError: a pointer cannot be read.
    """
    places, pointers = [folder], []
    while (pointer := read_pointer(places[-1])) is not None:
        pointers.append(pointer)
        if pointer.to in places:  # it was moved back: the oldest pointer of the circle has lost its meaning
            first = places.index(pointer.to)
            numbers = [known.number for known in pointers[first:]]
            return places[first + numbers.index(min(numbers))]
        places.append(pointer.to)
    return places[-1]


def read_pointer(folder: Path) -> Pointer | None:
    """The pointer that lies in `folder`.

    Raises:
        StorageError: it cannot be read.
    """
    data = _read(folder / POINTER)
    if data is None:
        return None
    try:
        to = Path(str(data["moved_to"]))
        pointer = Pointer(to, int(data["number"]))
    except (KeyError, TypeError, ValueError):
        raise _unreadable(folder / POINTER) from None
    if not to.is_absolute():
        raise _unreadable(folder / POINTER)
    return pointer


def write_pointer(folder: Path, pointer: Pointer) -> None:
    """Put a pointer in place; a crash leaves the one before, or none, or this one.

    Raises:
        OSError: it cannot be written.
    """
    _write(folder / POINTER, {"moved_to": str(pointer.to), "number": pointer.number, "about": _NOTE})


def read_marker(folder: Path) -> Marker | None:
    """The marker that lies in `folder`.

    Raises:
        StorageError: it cannot be read.
    """
    data = _read(folder / MARKER)
    if data is None:
        return None
    try:
        return Marker(Path(str(data["from"])), bool(data["whole"]))
    except KeyError:
        raise _unreadable(folder / MARKER) from None


def write_marker(folder: Path, marker: Marker) -> None:
    """Put a marker in place.

    Raises:
        OSError: it cannot be written.
    """
    _write(folder / MARKER, {"from": str(marker.source), "whole": marker.whole})


def leads_to(folder: Path, other: Path) -> bool:
    """Whether the data of `folder` are in `other`."""
    return same(follow(folder), other)


def same(one: Path, other: Path) -> bool:
    """Whether two paths name one folder."""
    if os.path.normcase(one) == os.path.normcase(other):
        return True
    try:
        return one.samefile(other)
    except OSError:
        return False


def check_whole(folder: Path) -> None:
    """Refuse a directory that a move into it left unfinished.

    Raises:
        StorageError: it is one.
    """
    marker = read_marker(folder)
    if marker is None or (marker.whole and not same(marker.source, folder) and leads_to(marker.source, folder)):
        return
    remedy = f"Everything is still in {marker.source}: use that one, or move it again."
    if not marker.source.exists():
        remedy = f"Connect the drive of {marker.source}. If it is gone for good, delete {MARKER} to use what is here."
    raise StorageError(
        "A move into this data directory was not finished",
        f"{folder} was being filled from {marker.source}.",
        remedy,
        folder,
    )


def _read(file: Path) -> dict[str, Any] | None:
    try:
        with open(file, "rb") as stream:
            data = json.loads(stream.read(_MOST_BYTES))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        raise _unreadable(file) from error
    if not isinstance(data, dict):
        raise _unreadable(file)
    return data


def _write(file: Path, data: dict[str, Any]) -> None:
    replace_file(file, (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode())


def _unreadable(file: Path) -> StorageError:
    return StorageError(
        "It cannot be told where the data directory is",
        f"{file} is not readable.",
        "Name the data directory with --data-dir, or delete this file to begin anew here.",
        file,
    )

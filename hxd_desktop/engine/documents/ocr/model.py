"""What reading a picture of a page yields, and where on the page each line stands."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

_PLACE = struct.Struct("<IIIHHHH")  # start, end, page, then the box
_UNITS = 10_000  # of a page's width or height, in a kept box


class ScanLine(NamedTuple):
    """A line (or the row of a table) as it was read.

    `score`: the engine's confidence, 0 to 1. `left`, `top`, `right`, `bottom`: around it on the page as it is shown,
    as shares of the page's width and height. `x0`, `x1`, `y0`, `y1`: where it would stand on a page turned upright and
    straight, as shares of its longer side. `block`: lines of one number belong together. `tabular`: cells with tabs
    between them.
    """

    text: str
    score: float
    left: float
    top: float
    right: float
    bottom: float
    x0: float
    x1: float
    y0: float
    y1: float
    block: int
    tabular: bool

    @classmethod
    def of(cls, values: Sequence[Any]) -> ScanLine:
        """Return the line that was sent as a plain list."""
        return cls(*values)


class Place(NamedTuple):
    """Where characters `start` to `end` of a document's text stand: page (1-based) and box, in shares of the page."""

    start: int
    end: int
    page: int
    left: float
    top: float
    right: float
    bottom: float


def confidence(lines: Iterable[ScanLine]) -> float | None:
    """Return the mean confidence of lines, each weighted by its characters; None where there are none."""
    total = weight = 0.0
    for line in lines:
        total += line.score * len(line.text)
        weight += len(line.text)
    return total / weight if weight else None


def find_places(
    text: str, ranges: Mapping[int, tuple[int, int]], read: Mapping[int, Sequence[ScanLine]]
) -> list[Place]:
    """Find the lines that were read in the text that was made of them.

    `ranges`: page -> start and end of its text. A line that is not found as it was read (a running header that was
    left out) has no place.
    """
    places = []
    for page, lines in sorted(read.items()):
        cursor, end = ranges.get(page, (0, 0))
        for line in lines:
            # A hyphen at the end of a line goes when the word is put together again.
            for wanted in (line.text, line.text[:-1]):
                found = text.find(wanted, cursor, end) if wanted else -1
                if found >= 0:
                    cursor = found + len(wanted)
                    places.append(Place(found, cursor, page, *line[2:6]))
                    break
    return places


def pack_places(places: Iterable[Place]) -> bytes:
    """Return places in a few bytes each."""
    units = ((p.start, p.end, p.page, *(min(max(round(side * _UNITS), 0), _UNITS) for side in p[3:])) for p in places)
    return zlib.compress(b"".join(_PLACE.pack(*each) for each in units))


def unpack_places(data: bytes) -> list[Place]:
    """Return what `pack_places` packed, to a ten-thousandth of the page."""
    found = _PLACE.iter_unpack(zlib.decompress(data))
    return [Place(start, end, page, *(side / _UNITS for side in box)) for start, end, page, *box in found]

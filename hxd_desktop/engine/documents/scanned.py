"""Paragraphs of pages that were read off pictures, with sizes that compare with those of the pages around them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.lines import Line, Paragraph, joined

if TYPE_CHECKING:
    from hxd_desktop.engine.documents.ocr.model import ScanLine

_BODY_POINTS = 10.5  # where no page has text of its own
_LIKE_BODY = (0.7, 1.4)  # heights of boxes around lines of one size differ that much


def paragraphs_of(
    read: Mapping[int, Sequence[ScanLine]], longer_sides: Mapping[int, float], body: float | None
) -> Iterator[tuple[int, list[Paragraph]]]:
    """Yield for each page that was read its number and its paragraphs.

    `longer_sides`: of the pages, in points. `body`: size of the text on other pages, in points, None for none.
    """
    usual = _usual_height(read, longer_sides)
    points = body or _BODY_POINTS
    for number, lines in read.items():
        side = longer_sides[number]
        paragraphs: list[Paragraph] = []
        for _, block in groupby(lines, key=lambda line: line.block):
            rows = []
            for line in block:
                relative = (line.y1 - line.y0) * side / usual
                size = points if _LIKE_BODY[0] <= relative <= _LIKE_BODY[1] else points * relative
                left, right, top, bottom = (edge * side for edge in (line.x0, line.x1, line.y0, line.y1))
                rows.append(Line(line.text, size, False, left, right, top, bottom, line.tabular))
            paragraphs += joined(rows, number)
        yield number, paragraphs


def _usual_height(read: Mapping[int, Sequence[ScanLine]], longer_sides: Mapping[int, float]) -> float:
    heights = sorted(
        ((line.y1 - line.y0) * longer_sides[number], len(line.text)) for number, lines in read.items() for line in lines
    )
    half = sum(chars for _, chars in heights) / 2
    for height, chars in heights:
        half -= chars
        if half <= 0:
            return max(height, 1.0)
    return 1.0

"""Pieces of text found on a page put in the order in which they are read: columns, rows, blocks. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from hxd_desktop.engine.documents.lines import both_cjk
from hxd_desktop.engine.documents.ocr.model import ScanLine

Point = tuple[float, float]

_PROSE_WIDTH = 8.0  # in heights of a line: narrower stretches beside each other are cells of a table
_COLUMN_LINES = 3
_SPANNING = 0.25  # of the pieces that may cross the gap between two columns (titles)
_CELL_GAP = 1.5  # in heights: a wider gap parts cells, a narrower one words
_BLOCK_PITCH = 1.4  # of the usual distance of lines: more begins a block
_SHORT_LINE = 3.0  # in heights: a line that ends so far before the others and with a sentence ends its paragraph
_HEADING_WIDTH = 0.6  # of the next line: a first line that is so much shorter stands alone
_SENTENCE_ENDS = tuple(".。!！?？:：;；")


class Piece(NamedTuple):
    """Text in a box: its corners from the top left clockwise as the text runs, in pixels of the upright page."""

    text: str
    score: float
    corners: tuple[Point, Point, Point, Point]
    box: tuple[float, float, float, float]  # left, top, right, bottom in shares of the page as it is shown


@dataclass(frozen=True, slots=True)
class _Item:
    piece: Piece
    x0: float
    x1: float
    y: float
    height: float


def arrange(pieces: Sequence[Piece], longer_side: float) -> list[ScanLine]:
    """Return the pieces of a page as lines in reading order; `longer_side`: of the page, in pixels."""
    items = _straightened([piece for piece in pieces if piece.text.strip()])
    lines: list[ScanLine] = []
    block = 0
    for region in _regions(items):
        rows = _rows(region)
        right = max(row[-1].x1 for row in rows)
        tops = [min(item.y - item.height / 2 for item in row) for row in rows]
        pitches = [later - earlier for earlier, later in pairwise(tops)]
        usual = median(pitches) if pitches else 0.0
        first = True
        for index, row in enumerate(rows):
            if index and (
                pitches[index - 1] > _BLOCK_PITCH * usual
                or _ends(rows[index - 1], right)
                or (first and _width(rows[index - 1]) < _HEADING_WIDTH * _width(row))
            ):
                block += 1
                first = True
            else:
                first = index == 0
            lines.append(_line(row, block, longer_side))
        block += 1
    return lines


def _straightened(pieces: Sequence[Piece]) -> list[_Item]:
    """Turn the page by the angle at which its lines run."""
    angle = _angle(pieces)
    cos, sin = math.cos(-angle), math.sin(-angle)
    items = []
    for piece in pieces:
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = piece.corners
        x, y = (ax + bx + cx + dx) / 4, (ay + by + cy + dy) / 4
        width = (math.dist((ax, ay), (bx, by)) + math.dist((dx, dy), (cx, cy))) / 2
        height = (math.dist((ax, ay), (dx, dy)) + math.dist((bx, by), (cx, cy))) / 2
        turned_x, turned_y = x * cos - y * sin, x * sin + y * cos
        items.append(_Item(piece, turned_x - width / 2, turned_x + width / 2, turned_y, max(height, 1.0)))
    return items


def _angle(pieces: Sequence[Piece]) -> float:
    angles: list[tuple[float, float]] = []
    for piece in pieces:
        (ax, ay), (bx, by), _, (dx, dy) = piece.corners
        width = math.dist((ax, ay), (bx, by))
        if width > 3 * math.dist((ax, ay), (dx, dy)):
            angles.append((math.atan2(by - ay, bx - ax), width))
    half = sum(width for _, width in angles) / 2
    for angle, width in sorted(angles):
        half -= width
        if half <= 0:
            return angle
    return 0.0


def _regions(items: list[_Item]) -> list[list[_Item]]:
    """Part a page into stretches that are read one after the other."""
    if not items:
        return []
    gutter = _gutter(items)
    if gutter is None:
        return [items]
    left_edge, right_edge = gutter
    spanning = sorted((i for i in items if i.x1 > left_edge and i.x0 < right_edge), key=lambda item: item.y)
    regions: list[list[_Item]] = []
    bounds = [-math.inf, *(item.y for item in spanning), math.inf]
    for number, (above, below) in enumerate(pairwise(bounds)):
        between = [item for item in items if above < item.y < below]
        regions += _regions([item for item in between if item.x1 <= left_edge])
        regions += _regions([item for item in between if item.x0 >= right_edge])
        if number < len(spanning):
            if regions and regions[-1] and regions[-1][-1] in spanning:
                regions[-1].append(spanning[number])
            else:
                regions.append([spanning[number]])
    return regions


def _gutter(items: list[_Item]) -> tuple[float, float] | None:
    """Find the gap between two columns of prose: where the first ends and the second begins."""
    height = median(item.height for item in items)
    best: tuple[int, float, tuple[float, float]] | None = None
    for edge in {item.x1 for item in items}:
        left = [item for item in items if item.x1 <= edge]
        right = [item for item in items if item.x0 >= edge + 0.8 * height]
        crossing = len(items) - len(left) - len(right)
        if min(len(left), len(right)) < _COLUMN_LINES or crossing > _SPANNING * len(items):
            continue
        if min(median(i.x1 - i.x0 for i in side) for side in (left, right)) < _PROSE_WIDTH * height:
            continue
        tops = [min(item.y for item in side) for side in (left, right)]
        ends = [max(item.y for item in side) for side in (left, right)]
        shared = min(ends) - max(tops)
        if shared < 0.5 * min(end - top for top, end in zip(tops, ends, strict=True)):
            continue
        other = min(item.x0 for item in right)
        if best is None or (crossing, edge - other) < best[:2]:
            best = (crossing, edge - other, (edge, other))
    return None if best is None else best[2]


def _rows(items: list[_Item]) -> list[list[_Item]]:
    """Put pieces at one height into a row, left to right."""
    rows: list[list[_Item]] = []
    for item in sorted(items, key=lambda item: item.y):
        row = rows[-1] if rows else None
        if row is not None and abs(row[-1].y - item.y) < 0.5 * min(row[-1].height, item.height):
            row.append(item)
        else:
            rows.append([item])
    for row in rows:
        row.sort(key=lambda item: item.x0)
    return rows


def _ends(row: list[_Item], right: float) -> bool:
    last = row[-1]
    return last.x1 < right - _SHORT_LINE * last.height and last.piece.text.rstrip().endswith(_SENTENCE_ENDS)


def _width(row: list[_Item]) -> float:
    return row[-1].x1 - row[0].x0


def _line(row: list[_Item], block: int, longer_side: float) -> ScanLine:
    text, tabular = row[0].piece.text.strip(), False
    for before, item in pairwise(row):
        gap, more = item.x0 - before.x1, item.piece.text.strip()
        cell = gap > _CELL_GAP * item.height
        tabular = tabular or cell
        text += ("\t" if cell else "" if both_cjk(text, more) else " ") + more
    letters = sum(len(item.piece.text) for item in row)
    boxes = [item.piece.box for item in row]
    return ScanLine(
        text,
        sum(item.piece.score * len(item.piece.text) for item in row) / letters,
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
        row[0].x0 / longer_side,
        row[-1].x1 / longer_side,
        min(item.y - item.height / 2 for item in row) / longer_side,
        max(item.y + item.height / 2 for item in row) / longer_side,
        block,
        tabular,
    )

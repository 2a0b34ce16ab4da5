"""What a plot shows, without any drawing: series, marks, axes; readable as words and as a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from hxd_desktop.ui import formats
from hxd_desktop.ui.i18n import t

Point = tuple[float, float]
Range = tuple[float, float]


class Kind(Enum):
    """How a series is drawn."""

    LINE = "line"
    DASHED = "dashed"
    DOTTED = "dotted"
    BARS = "bars"
    DOTS = "dots"


@dataclass(frozen=True, slots=True)
class Series:
    """Points under one name. `ink` is a colour of the palette; bars stand on 0, each centred on its x."""

    name: str
    ink: str
    points: tuple[Point, ...]
    kind: Kind = Kind.LINE
    legend: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A line from top to bottom at `x`, with its name."""

    x: float
    name: str
    ink: str = "text"


@dataclass(frozen=True, slots=True)
class Level:
    """A line across at `y`, with its name at the right."""

    y: float
    name: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A plot.

    Attributes:
        title, x_name, y_name: in the window's language.
        x_range, y_range: of the axes.
        series: drawn in order, the last on top.
        marks, levels: lines with names.
        bar_width: of bars, in units of x.
        counts: whether y counts things; negative bars then are counts that are drawn downwards.
        note: what has to be known to read it.
    """

    title: str
    x_name: str
    y_name: str
    series: tuple[Series, ...]
    x_range: Range = (0.0, 1.0)
    y_range: Range = (0.0, 1.0)
    marks: tuple[Mark, ...] = ()
    levels: tuple[Level, ...] = ()
    bar_width: float = 0.0
    counts: bool = False
    note: str = ""

    def places(self) -> list[float]:
        """Every x where something stands, in order."""
        return sorted({x for series in self.series for x, _ in series.points})

    def nearest(self, x: float) -> float | None:
        """The place next to `x`; None where the plot is empty."""
        return min(self.places(), key=lambda place: abs(place - x), default=None)

    def reading(self, place: float) -> str:
        """What stands at a place, in words."""
        if self.bar_width:
            low, high = place - self.bar_width / 2, place + self.bar_width / 2
            head = f"{formats.score(low)}–{formats.score(high)}"
        else:
            head = f"{self.x_name} {formats.score(place)}"
        parts = [
            f"{series.name} {self.value(y)}"
            for series in self.series
            for x, y in series.points
            if x == place and series.name
        ]
        return f"{head}: {', '.join(parts)}"

    def value(self, y: float) -> str:
        """A value of the y axis as it is written."""
        return formats.count(abs(round(y))) if self.counts else formats.score(y)

    def words(self) -> str:
        """The whole plot for someone who does not see it: each series by its ends and its top, marks, levels."""
        parts = [f"{self.title}."]
        for series in self.series:
            if not series.points or not series.name:
                continue
            if self.counts:
                total = formats.count(round(sum(abs(y) for _, y in series.points)))
                top = max(series.points, key=lambda point: abs(point[1]))
                text = t("{name}: {total} in all, most at {x}", name=series.name, total=total, x=formats.score(top[0]))
            else:
                top = max(series.points, key=lambda point: point[1])
                first, last = series.points[0], series.points[-1]
                text = t(
                    "{name}: from {first} to {last}, highest {top} at {x}",
                    name=series.name,
                    first=formats.score(first[1]),
                    last=formats.score(last[1]),
                    top=formats.score(top[1]),
                    x=formats.score(top[0]),
                )
            parts.append(f"{text}.")
        parts += [f"{mark.name}." for mark in self.marks]
        parts += [f"{level.name}." for level in self.levels]
        return " ".join(parts)

    def rows(self) -> list[list[str]]:
        """The numbers as a table: a head, then one row a point."""
        rows = [["series", self.x_name, self.y_name]]
        rows += [[s.name, repr(x), repr(abs(y) if self.counts else y)] for s in self.series for x, y in s.points]
        rows += [[mark.name, repr(mark.x), ""] for mark in self.marks]
        return rows + [[level.name, "", repr(level.y)] for level in self.levels]


def ticks(low: float, high: float, most: int) -> list[float]:
    """At most `most` round values within [low, high], evenly apart; 0 is one of them where it lies within."""
    span = high - low
    if span <= 0 or most < 1:
        return []
    rough = span / most
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * unit for unit in (1, 2, 5, 10) if power * unit >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    return [round(n * step, 10) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def tick_words(values: Sequence[float], *, counts: bool) -> list[str]:
    """Ticks as they are written, all with as many decimals as the finest needs."""
    if counts:
        return [formats.count(abs(round(value))) for value in values]
    fine = min((abs(b - a) for a, b in pairwise(values)), default=1.0)
    decimals = max(0, -math.floor(math.log10(fine) + 1e-9))
    return [formats.decimal(value, decimals) for value in values]

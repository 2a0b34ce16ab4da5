"""Figures of several systems at several sizes: put together, set beside each other, drawn. Measures nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from measuring import median, percentile

from hxd_desktop.engine.evaluation.svg import BLUE, GREEN, GREY, ORANGE, Plot

OURS = "hxd"
COLOURS = (BLUE, ORANGE, GREEN, GREY, "#8a4fbf", "#b0344d", "#7a6a00", "#1f2933")


@dataclass(frozen=True, slots=True)
class Figures:
    """One system at one size. Seconds, bytes, milliseconds; None where the system cannot do it or was not asked.

    `change_s`: of each change. `memory`, `query_memory`: peaks of the process tree. `ms`: of each question.
    `stopped`: what did not end, and why; `limit_s`: where that was the indexing, how long it was waited for.
    """

    system: str
    files: int
    text_bytes: int
    pieces: int | None = None
    index_s: float | None = None
    words_s: float | None = None
    rescan_s: float | None = None
    change_s: tuple[float, ...] = ()
    memory: int | None = None
    query_memory: int | None = None
    load_s: float | None = None
    ms: tuple[float, ...] = ()
    answer_ms: tuple[float, ...] = ()
    disk: int | None = None
    stopped: str = ""
    limit_s: float | None = None


Value = Callable[[Figures], float | None]


def _over(value: float | None, divisor: float | None) -> float | None:
    return None if value is None or not divisor else value / divisor


def _at(percent: float) -> Value:
    return lambda one: percentile(one.ms, percent) if one.ms else None


# name, value, digits, whether more is better
MEASURES: tuple[tuple[str, Value, int, bool], ...] = (
    ("files/s", lambda one: _over(one.files, one.index_s), 0, True),
    ("MB/s", lambda one: _over(one.text_bytes / 1e6, one.index_s), 2, True),
    ("rescan s", lambda one: one.rescan_s, 2, False),
    ("one change ms", lambda one: median(one.change_s) * 1000 if one.change_s else None, 0, False),
    ("memory MiB", lambda one: _over(one.memory, 2**20), 0, False),
    ("memory asking MiB", lambda one: _over(one.query_memory, 2**20), 0, False),
    ("start s", lambda one: one.load_s, 2, False),
    ("p50 ms", _at(50), 1, False),
    ("p95 ms", _at(95), 1, False),
    ("p99 ms", _at(99), 1, False),
    ("disk / text", lambda one: _over(one.disk, one.text_bytes), 2, False),
)


def growth(sizes: Sequence[float], values: Sequence[float]) -> float:
    """The power of the size with which the value grows, from the first to the last: 1 is in proportion, 0 not at all.

    Raises:
        ValueError: fewer than two sizes, two of them alike, or a value that is not above zero.
    """
    if len(sizes) < 2 or len(sizes) != len(values) or sizes[0] == sizes[-1] or min(*values, *sizes) <= 0:
        raise ValueError("growth needs two sizes that differ, and values above zero")
    return math.log(values[-1] / values[0]) / math.log(sizes[-1] / sizes[0])


def middle(rounds: Sequence[Figures]) -> Figures:
    """One row for several rounds of one system at one size: medians, the highest memory, all questions together."""
    first = rounds[0]

    def of(value: Value) -> float | None:
        there = [found for one in rounds if (found := value(one)) is not None]
        return median(there) if there else None

    def most(value: Value) -> int | None:
        return max((int(found) for one in rounds if (found := value(one)) is not None), default=None)

    return Figures(
        first.system,
        first.files,
        first.text_bytes,
        first.pieces,
        of(lambda one: one.index_s),
        of(lambda one: one.words_s),
        of(lambda one: one.rescan_s),
        tuple(value for one in rounds for value in one.change_s),
        most(lambda one: one.memory),
        most(lambda one: one.query_memory),
        of(lambda one: one.load_s),
        tuple(value for one in rounds for value in one.ms),
        tuple(value for one in rounds for value in one.answer_ms),
        most(lambda one: one.disk),
        next((one.stopped for one in rounds if one.stopped), ""),
        most(lambda one: one.limit_s),
    )


def table(rows: Sequence[Figures]) -> str:
    """Markdown: a line a system; in brackets how many times hxd's value it is, at the same size."""
    ours = {one.files: one for one in rows if one.system == OURS}
    lines = [
        "| files | system | passages | " + " | ".join(name for name, *_ in MEASURES) + " |",
        "|---" * (len(MEASURES) + 3) + "|",
    ]
    for one in rows:
        cells = [f"{one.files:,}", one.system, "-" if one.pieces is None else f"{one.pieces:,}"]
        for name, value, digits, _ in MEASURES:
            cells.append(_cell(value(one), value(ours[one.files]) if one.files in ours else None, digits, one.system))
            if one.limit_s and name == "files/s":
                cells[-1] = f"< {one.files / one.limit_s:.0f}"
        lines.append("| " + " | ".join(cells) + " |")
    notes = [f"{one.system}, {one.files:,} files: {one.stopped}." for one in rows if one.stopped]
    return "\n".join([*lines, "", *notes] if notes else lines)


def _cell(value: float | None, ours: float | None, digits: int, system: str) -> str:
    if value is None:
        return "-"
    shown = f"{value:,.{digits}f}"
    return shown if system == OURS or not ours else f"{shown} ({value / ours:.2g})"


def growths(rows: Sequence[Figures]) -> str:
    """Markdown: with what power of the number of files each value grows, for systems measured at several sizes."""
    systems = list(dict.fromkeys(one.system for one in rows))
    shown = [(name, value) for name, value, *_ in MEASURES if name not in ("files/s", "MB/s")]
    shown.insert(0, ("index s", lambda one: one.index_s))
    lines = ["| system | sizes | " + " | ".join(name for name, _ in shown) + " |", "|---" * (len(shown) + 2) + "|"]
    for system in systems:
        mine = sorted((one for one in rows if one.system == system), key=lambda one: one.files)
        if len(mine) < 2:
            continue
        cells = [system, f"{mine[0].files:,} to {mine[-1].files:,}"]
        for _, value in shown:
            points = [(one.files, found) for one in mine if (found := value(one))]
            cells.append(f"{growth(*zip(*points, strict=True)):.2f}" if len(points) > 1 else "-")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) if len(lines) > 2 else ""


def bars(title: str, unit: str, values: Sequence[tuple[str, float]]) -> str:
    """SVG: a bar a system, on a logarithmic axis, since they differ by orders of magnitude."""
    powers = [math.log10(value) for _, value in values]
    low, high = math.floor(min(powers)), max(math.ceil(max(powers)), math.floor(min(powers)) + 1)
    plot = Plot(title, "", unit, x_range=(0, len(values)), y_range=(low, high))
    plot.y_ticks([(power, _number(power)) for power in range(low, high + 1)])
    for place, (name, value) in enumerate(values):
        plot.bar((place + 0.2, place + 0.8), (low, math.log10(value)), BLUE if name == OURS else GREY)
        plot.note((place + 0.5, math.log10(value)), _short(value), anchor="middle", dy=-5)
    plot.x_ticks([(place + 0.5, name) for place, (name, _) in enumerate(values)])
    return plot.to_svg()


def curves(title: str, unit: str, lines: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> str:
    """SVG: a line a system over the number of passages, both axes logarithmic."""
    xs = [math.log10(x) for _, points in lines for x, _ in points]
    ys = [math.log10(y) for _, points in lines for _, y in points]
    low, high = math.floor(min(ys)), max(math.ceil(max(ys)), math.floor(min(ys)) + 1)
    plot = Plot(
        title,
        "passages that hxd makes of the files",
        unit,
        x_range=(min(xs) - 0.05, max(xs) + 0.05),
        y_range=(low, high),
    )
    plot.y_ticks([(power, _number(power)) for power in range(low, high + 1)])
    plot.x_ticks([(x, f"{round(10**x):,}") for x in sorted(set(xs))])
    for place, (name, points) in enumerate(lines):
        colour = COLOURS[place % len(COLOURS)]
        drawn = [(math.log10(x), math.log10(y)) for x, y in points]
        plot.line(drawn, colour)
        for point in drawn:
            plot.point(point, colour, 4)
        plot.legend(colour, name)
    return plot.to_svg()


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _number(power: int) -> str:
    return escape(f"{10**power:,}" if power >= 0 else f"{10.0**power:g}")


def plots(rows: Sequence[Figures]) -> dict[str, str]:
    """SVG by file name: bars of each measure at each size, curves where a size has a bigger one beside it."""
    found = {}
    passages = {one.files: one.pieces for one in rows if one.system == OURS}
    for name, value, *_ in MEASURES:
        slug = name.replace(" / ", "-by-").replace("/", "-by-").replace(" ", "-")
        lines: dict[str, list[tuple[float, float]]] = {}
        for size in sorted({one.files for one in rows}):
            here = [(one.system, found_value) for one in rows if one.files == size and (found_value := value(one))]
            for system, one_value in here:
                lines.setdefault(system, []).append((passages.get(size) or size, one_value))
            if len(here) > 1:
                found[f"{slug}-{size}.svg"] = bars(f"{name}, {size:,} files", name, here)
        several = [(system, points) for system, points in lines.items() if len(points) > 1]
        if several:
            found[f"{slug}.svg"] = curves(f"{name} by size", name, several)
    return found

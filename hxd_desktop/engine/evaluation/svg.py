"""A plot as SVG, written by hand: axes, lines, bars, points and words; no library that draws is needed."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

INK, QUIET, FAINT = "#1f2933", "#66727f", "#e3e7eb"
BLUE, ORANGE, GREEN, GREY = "#0b6bb8", "#cf5a00", "#0a7d57", "#9aa5b1"
_FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_LABEL_GAP = 15  # between the base lines of labels at the right edge

Point = tuple[float, float]
Range = tuple[float, float]


class Plot:
    """One pair of axes with a title; data coordinates go in, `to_svg` gives the document.

    Args:
        title: above the plot.
        x, y: what the axes show, in words.
        x_range, y_range: the data that the axes span.
        right: pixels kept free at the right, for labels there.
    """

    def __init__(
        self,
        title: str,
        x: str,
        y: str,
        *,
        x_range: Range = (0.0, 1.0),
        y_range: Range = (0.0, 1.0),
        width: int = 720,
        height: int = 420,
        right: int = 24,
    ) -> None:
        self._size = (width, height)
        self._left, self._top, self._right, self._bottom = 64, 72, width - right, height - 56
        self._x_range, self._y_range = x_range, y_range
        self._parts: list[str] = []
        self._legend: list[tuple[str, str]] = []
        self._labels: list[tuple[float, str, str]] = []
        self._title, self._names = title, (x, y)

    def _at(self, x: float, y: float) -> Point:
        (x0, x1), (y0, y1) = self._x_range, self._y_range
        across, up = (x - x0) / ((x1 - x0) or 1), (y - y0) / ((y1 - y0) or 1)
        return (
            round(self._left + across * (self._right - self._left), 2),
            round(self._bottom - up * (self._bottom - self._top), 2),
        )

    def x_ticks(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Marks with words below the plot."""
        for value, word in ticks:
            px, _ = self._at(value, 0)
            self._parts.append(_line((px, self._bottom), (px, self._bottom + 5), QUIET))
            self._parts.append(_text((px, self._bottom + 19), word, QUIET, 12, "middle"))

    def y_ticks(self, ticks: Sequence[tuple[float, str]]) -> None:
        """Lines across the plot with words at the left."""
        for value, word in ticks:
            _, py = self._at(self._x_range[0], value)
            self._parts.append(_line((self._left, py), (self._right, py), FAINT))
            self._parts.append(_text((self._left - 8, py + 4), word, QUIET, 12, "end"))

    def line(self, points: Sequence[Point], colour: str, *, width: float = 2.5, dash: str = "") -> None:
        """A line through points."""
        if points:
            path = " ".join(f"{px},{py}" for px, py in (self._at(x, y) for x, y in points))
            dashed = f' stroke-dasharray="{dash}"' if dash else ""
            self._parts.append(
                f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"{dashed}'
                ' stroke-linejoin="round" stroke-linecap="round"/>'
            )

    def bar(self, x: Range, y: Range, colour: str) -> None:
        """A filled rectangle between two x and two y."""
        (left, top), (right, bottom) = self._at(x[0], max(y)), self._at(x[1], min(y))
        self._parts.append(
            f'<rect x="{left}" y="{top}" width="{max(right - left - 1, 0.5):.2f}" height="{bottom - top:.2f}"'
            f' fill="{colour}"/>'
        )

    def point(self, at: Point, colour: str, radius: float = 5) -> None:
        """A filled circle with a white edge; `radius` in pixels."""
        px, py = self._at(*at)
        self._parts.append(
            f'<circle cx="{px}" cy="{py}" r="{radius:.2f}" fill="{colour}" stroke="white" stroke-width="1.5"/>'
        )

    def note(
        self, at: Point, words: str, colour: str = INK, *, anchor: str = "start", dx: float = 0, dy: float = 0
    ) -> None:
        """Words at a point of the data, moved by pixels."""
        px, py = self._at(*at)
        self._parts.append(_text((px + dx, py + dy), words, colour, 12, anchor))

    def across(self, y: float, words: str, colour: str, *, dash: str = "5 4") -> None:
        """A line across the plot, named at its right; names keep out of each other's way."""
        self.line([(self._x_range[0], y), (self._x_range[1], y)], colour, width=1.3, dash=dash)
        self._labels.append((y, words, colour))

    def down(self, x: float, words: str, colour: str = INK) -> None:
        """A line from top to bottom, named at its top, on the side where there is room."""
        self.line([(x, self._y_range[0]), (x, self._y_range[1])], colour, width=1.5, dash="3 3")
        room = x < (self._x_range[0] + 2 * self._x_range[1]) / 3
        self.note((x, self._y_range[1]), words, colour, anchor="start" if room else "end", dx=5 if room else -5, dy=13)

    def legend(self, colour: str, words: str) -> None:
        """A line of the legend under the title."""
        self._legend.append((colour, words))

    def to_svg(self) -> str:
        """The document."""
        width, height = self._size
        left, bottom, (x_name, y_name) = self._left, self._bottom, self._names
        middle = (self._top + bottom) / 2
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
            f' font-family="{_FONT}" role="img" aria-label="{escape(self._title)}">'
        )
        parts = [
            head,
            f'<rect width="{width}" height="{height}" rx="8" fill="white"/>',
            _text((left, 30), self._title, INK, 16, "start", bold=True),
            *self._legend_parts(),
            *self._parts,
            _line((left, bottom), (self._right, bottom), GREY),
            *self._label_parts(),
            _text(((left + self._right) / 2, height - 14), x_name, INK, 12.5, "middle"),
            f'<g transform="translate(18 {middle}) rotate(-90)">{_text((0, 0), y_name, INK, 12.5, "middle")}</g>',
            "</svg>",
        ]
        return "\n".join(parts) + "\n"

    def _legend_parts(self) -> list[str]:
        parts, px = [], float(self._left)
        for colour, words in self._legend:
            parts.append(f'<rect x="{px}" y="44" width="11" height="11" rx="2" fill="{colour}"/>')
            parts.append(_text((px + 16, 54), words, QUIET, 12.5, "start"))
            px += 16 + 7.0 * len(words) + 18
        return parts

    def _label_parts(self) -> list[str]:
        parts = []
        free = float(self._top) - _LABEL_GAP
        for y, words, colour in sorted(self._labels, reverse=True):
            _, py = self._at(self._x_range[1], y)
            free = max(py + 4, free + _LABEL_GAP)
            parts.append(_line((self._right + 1, py), (self._right + 9, free - 4), colour))
            parts.append(_text((self._right + 12, free), words, colour, 11.5, "start"))
        return parts


def _line(start: Point, end: Point, colour: str) -> str:
    return f'<line x1="{start[0]}" y1="{start[1]}" x2="{end[0]}" y2="{end[1]}" stroke="{colour}" stroke-width="1"/>'


def _text(at: Point, words: str, colour: str, size: float, anchor: str, *, bold: bool = False) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{at[0]:.2f}" y="{at[1]:.2f}" fill="{colour}" font-size="{size}" text-anchor="{anchor}"{weight}>'
        f"{escape(words)}</text>"
    )

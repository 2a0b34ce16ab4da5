"""What a page of text is made of, before it is drawn. Knows no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

BOLD, ITALIC, CODE, STRIKE, MUTED = 1, 2, 4, 8, 16
NOWHERE = -1


class Run(NamedTuple):
    """Letters of one look.

    `start`: where `text` begins in the source, letter for letter; `NOWHERE` for what the source does not hold (a
    bullet). `look`: `BOLD` and the like, added up. `link`: where it leads, "" for nowhere.
    """

    start: int
    text: str
    look: int = 0
    link: str = ""


Line = tuple[Run, ...]


class Kind(StrEnum):
    """What a piece of a page is."""

    HEADING = "heading"
    TEXT = "text"
    ITEM = "item"
    QUOTE = "quote"
    CODE = "code"
    TABLE = "table"
    FIELDS = "fields"  # names and values, as above a mail
    RULE = "rule"
    TURN = "turn"  # where a new slide begins


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a page.

    `lines`: one for text (a line end in it is part of a run), one a line for code, one a cell in the rows of `rows`.
    `level`: 1 to 6 of a heading, how deep a list item or a quotation stands. `heads`: how many rows name columns.
    `right`: the columns whose cells stand at the right. `marker`: what stands before a list item. `language`: of code.
    """

    kind: Kind
    line: Line = ()
    level: int = 0
    marker: str = ""
    lines: tuple[Line, ...] = ()
    language: str = ""
    rows: tuple[tuple[Line, ...], ...] = ()
    heads: int = 0
    right: frozenset[int] = frozenset()


def shifted(line: Line, by: int) -> Line:
    """The same letters, of a source that begins `by` letters earlier."""
    return tuple(run._replace(start=run.start + by) if run.start != NOWHERE else run for run in line)

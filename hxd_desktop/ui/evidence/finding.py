"""Which match of how many, over the pages or parts of a document. Knows no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Matches:
    """Where words stand: (page or part, how often) in order, and the match looked at: page or part, which there."""

    found: tuple[tuple[int, int], ...] = ()
    number: int = 0
    nth: int = 0

    @property
    def total(self) -> int:
        """How many there are."""
        return sum(times for _, times in self.found)

    @property
    def current(self) -> int:
        """Which of them is looked at, from 1; 0 for none."""
        if not self.found:
            return 0
        return sum(times for number, times in self.found if number < self.number) + self.nth + 1

    def moved(self, step: int) -> Matches:
        """The next match or the one before; after the last comes the first."""
        if not self.found:
            return self
        at = (self.current - 1 + step) % self.total
        for number, times in self.found:
            if at < times:
                return Matches(self.found, number, at)
            at -= times
        return self


def matches_from(found: Sequence[tuple[int, int]], shown: int) -> Matches:
    """The first match on the page or part that is shown or on a later one, else the first of all."""
    number = next((number for number, _ in found if number >= shown), found[0][0] if found else 0)
    return Matches(tuple(found), number, 0)

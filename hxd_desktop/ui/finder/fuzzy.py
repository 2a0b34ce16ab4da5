"""How well a few letters fit a text; no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")

_START, _WORD, _RUN, _GAP = 12.0, 8.0, 5.0, 0.2


def fit(letters: str, text: str) -> float | None:
    """How well `letters` stand in `text` in their order, more is better; None where they do not.

    The beginnings of words and letters in a row count more; blanks between the letters are free.
    """
    wanted = [letter for letter in letters.casefold() if not letter.isspace()]
    folded = text.casefold()
    score, at, last = 0.0, 0, -2
    for letter in wanted:
        best, found = -1.0, -1
        start = at
        while (place := folded.find(letter, start)) >= 0:
            value = _START if place == 0 else _WORD if not folded[place - 1].isalnum() else 0.0
            value += _RUN if place == last + 1 else 0.0
            value -= _GAP * (place - at)
            if found < 0 or value > best:
                best, found = value, place
            start = place + 1
        if found < 0:
            return None
        score, last, at = score + best, found, found + 1
    return score - len(folded) * 0.01


def best(letters: str, things: Sequence[tuple[str, T]], most: int) -> list[T]:
    """The things whose texts fit best, the best first; all in their order where nothing is asked."""
    if not letters.strip():
        return [thing for _, thing in things[:most]]
    scored = [(score, at) for at, (text, _) in enumerate(things) if (score := fit(letters, text)) is not None]
    scored.sort(key=lambda pair: (-pair[0], pair[1]))
    return [things[at][1] for _, at in scored[:most]]

"""Finds words in a text as a person types them: in any case, across line ends and marks of emphasis."""

from __future__ import annotations

import re

_BETWEEN = r"[\s*_`~|]+"
_FIRST_WIDE = "\u2e80"  # scripts without spaces, whose lines are broken anywhere
MOST_HITS = 10_000


def pattern_of(query: str) -> re.Pattern[str] | None:
    """Return what finds `query`; None for one without a visible character."""
    words = query.split()
    if not words:
        return None
    return re.compile(_BETWEEN.join(map(_word, words)), re.IGNORECASE)


def _word(word: str) -> str:
    made = []
    for at, character in enumerate(word):
        if at and character >= _FIRST_WIDE and word[at - 1] >= _FIRST_WIDE:
            made.append(r"\n?")
        made.append(re.escape(character))
    return "".join(made)


def occurrences(text: str, query: str) -> list[tuple[int, int]]:
    """Return where `query` stands in `text`: half-open ranges in order, not overlapping, at most `MOST_HITS`."""
    pattern = pattern_of(query)
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(text) if pattern is not None else ():
        found.append(match.span())
        if len(found) == MOST_HITS:
            break
    return found

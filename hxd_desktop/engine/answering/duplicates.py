"""Passages that say again what a better one says: copies, reprints, other editions of the same text.

A copy is left out only where it says nothing new on the question: an edition with another number stays, and one with
another name or "not" in what is asked about, because that difference is what the reader has to see.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from hxd_desktop.engine.text.sentences import sentences
from hxd_desktop.engine.text.words import index_terms

_SHINGLE = 3  # terms
_ALIKE = 0.8  # share of a passage's shingles that stand in the better one
_SHORTEST = 8  # shingles; shorter passages repeat each other by chance


@dataclass(frozen=True, slots=True)
class _Kept:
    key: str
    terms: frozenset[str]
    shingles: frozenset[tuple[str, ...]]


class Repeats:
    """Remembers passages, best first, and recognises those that repeat them.

    Args:
        asked: the question's content terms; None recognises only texts that are the same but for white space.
    """

    def __init__(self, asked: Collection[str] | None = None) -> None:
        self._asked = None if asked is None else frozenset(asked)
        self._kept: list[_Kept] = []

    def seen(self, text: str) -> bool:
        """Whether an earlier passage says it all; remembers `text` otherwise."""
        key = "".join(text.split())
        if any(key == kept.key for kept in self._kept):
            return True
        if self._asked is None:
            self._kept.append(_Kept(key, frozenset(), frozenset()))
            return False
        terms = index_terms(text).split()
        shingles = frozenset(zip(*(terms[i:] for i in range(_SHINGLE)), strict=False))
        if len(shingles) >= _SHORTEST:
            for kept in self._kept:
                alike = len(shingles & kept.shingles) >= _ALIKE * len(shingles)
                if alike and not self._says_more(text, frozenset(terms), kept.terms):
                    return True
        self._kept.append(_Kept(key, frozenset(terms), shingles))
        return False

    def _says_more(self, text: str, terms: frozenset[str], known: frozenset[str]) -> bool:
        """Whether it holds a number, or a sentence about the question a term, that the better passage lacks."""
        assert self._asked is not None
        if any(term.isdigit() for term in terms - known):
            return True
        found = [frozenset(index_terms(text[start:end]).split()) for start, end in sentences(text)]
        about = max((len(held & self._asked) for held in found), default=0)
        return any(2 * len(held & self._asked) >= about and not held <= known for held in found)

"""Where the terms of a question stand in a text, without cutting the whole text into terms.

A passage holds hundreds of terms of which a question asks for a dozen: looking for those as strings takes a fifth of
the time of `text.words.index_terms`, and finds the same.
"""

from __future__ import annotations

from collections.abc import Sequence

from hxd_desktop.engine.text.folding import fold_keep_case
from hxd_desktop.engine.text.words import CJK_CHARACTER, index_terms, token_at

_MAX_CACHED = 20_000

# Words of a text are few thousand and come again: what each is made of is remembered.
_terms_of_token: dict[str, frozenset[str]] = {}


class TermFinder:
    """Finds given terms in texts.

    Args:
        terms: as `text.words.query_terms` makes them; they are known by their index.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._pairs: list[tuple[int, str]] = []
        self._single: list[tuple[int, str]] = []
        self._words: list[tuple[int, str, str]] = []
        for number, term in enumerate(terms):
            if CJK_CHARACTER.match(term):
                (self._pairs if len(term) > 1 else self._single).append((number, term))
            else:
                # English stems are beginnings of their words but for the last letter (happy, happi).
                self._words.append((number, term, term[:-1] if term.isalpha() and len(term) > 3 else term))

    def find(self, text: str) -> tuple[list[tuple[int, int]], str]:
        """Return (offset, number) of each occurrence in order, and the folded text that the offsets refer to."""
        kept = fold_keep_case(text)
        lower = kept.lower()
        hits: list[tuple[int, int]] = []
        for number, term in self._pairs:
            at = lower.find(term)
            while at >= 0:
                hits.append((at, number))
                at = lower.find(term, at + 1)
        for number, term in self._single:
            at = lower.find(term)
            while at >= 0:
                around = lower[max(at - 1, 0) : at] + lower[at + 1 : at + 2]
                if not CJK_CHARACTER.search(around):
                    hits.append((at, number))
                at = lower.find(term, at + 1)
        if self._words:
            # A letter whose lower case is longer than itself is not worth offsets of its own.
            self._find_words(kept if len(kept) == len(lower) else lower, lower, hits)
        hits.sort()
        return hits, lower

    def _find_words(self, kept: str, lower: str, hits: list[tuple[int, int]]) -> None:
        for number, term, beginning in self._words:
            at = lower.find(beginning)
            while at >= 0:
                start, end = token_at(kept, at)
                if term in _terms(kept[start:end]):
                    hits.append((at, number))
                    at = lower.find(beginning, max(end, at + 1))
                else:
                    at = lower.find(beginning, at + 1)


def _terms(token: str) -> frozenset[str]:
    terms = _terms_of_token.get(token)
    if terms is None:
        if len(_terms_of_token) >= _MAX_CACHED:
            _terms_of_token.clear()
        terms = _terms_of_token[token] = frozenset(index_terms(token).split())
    return terms

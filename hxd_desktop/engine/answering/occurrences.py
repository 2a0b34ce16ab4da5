"""Where the terms of a question stand in many texts at once, without cutting the texts into terms.

A passage holds hundreds of terms of which a question asks for a dozen. All passages are laid end to end: pairs of CJK
characters are found by looking up every character in one table, words as plain strings whose surroundings are looked
at only where they might be a word. The work is done by a few calls over a hundred passages and finds what
`text.words.index_terms` would.
"""

from __future__ import annotations

import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.text.folding import fold, fold_many_keep_case
from hxd_desktop.engine.text.words import CJK, CJK_CHARACTER, ascii_tokens, index_terms, token_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MAX_CACHED = 20_000
_N_CODES = 0x110000

# What ASCII words are made of, and what of that is no small letter: an identifier has parts, other words have none.
_SMALL, _CAPITAL, _SIGN = 1, 2, 3
_KINDS = bytes(
    _SMALL
    if chr(code) in string.ascii_lowercase
    else _CAPITAL
    if chr(code) in string.ascii_uppercase
    else _SIGN * (chr(code) in f"{string.digits}_.")
    for code in range(256)
)
_CJK_BORDERS = np.array([(ord(CJK[i]), ord(CJK[i + 2]) + 1) for i in range(0, len(CJK), 3)]).ravel()

# Words of a text are few thousand and come again: what each is made of is remembered.
_terms_of_token: dict[str, frozenset[str]] = {}
_tokens_of_run: dict[str, list[tuple[int, frozenset[str]]]] = {}


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where terms stand in some texts, by text, place and number.

    `folded`: the folded texts. `lengths`: their lengths. `rows`, `places`, `numbers`: for each hit its text, its offset
    in the folded text and its term, int64. `bounds`: the hits of text i are those from `bounds[i]` to `bounds[i + 1]`.
    """

    folded: list[str]
    lengths: NDArray[np.int64]
    rows: NDArray[np.int64]
    places: NDArray[np.int64]
    numbers: NDArray[np.int64]
    bounds: NDArray[np.int64]

    def of(self, row: int) -> tuple[list[tuple[int, int]], str]:
        """The hits of one text as (offset, number), and that text, folded."""
        held = slice(int(self.bounds[row]), int(self.bounds[row + 1]))
        hits = list(zip(self.places[held].tolist(), self.numbers[held].tolist(), strict=True))
        return hits, self.folded[row]

    def held(self) -> list[frozenset[int]]:
        """Which terms each text holds."""
        numbers, bounds = self.numbers.tolist(), self.bounds.tolist()
        return [frozenset(numbers[start:end]) for start, end in pairwise(bounds)]

    def counts(self, n_terms: int) -> NDArray[np.int64]:
        """How often each text holds each term, int64, shape (number of texts, n_terms)."""
        n_texts = len(self.folded)
        counted = np.bincount(self.rows * n_terms + self.numbers, minlength=n_texts * n_terms)
        return counted.reshape(n_texts, n_terms)


class TermFinder:
    """Finds given terms in texts.

    Args:
        terms: as `text.words.query_terms` makes them; they are known by their index.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._n_terms = max(len(terms), 1)
        self._single: list[tuple[int, str]] = []
        self._words: list[tuple[int, str, str]] = []
        pairs: list[tuple[int, str]] = []
        for number, term in enumerate(terms):
            if CJK_CHARACTER.match(term):
                (pairs if len(term) > 1 else self._single).append((number, term))
            else:
                # English stems are beginnings of their words but for the last letter (happy, happi).
                self._words.append((number, term, term[:-1] if term.isalpha() and len(term) > 3 else term))
        self._pairs = _Pairs(pairs) if pairs else None

    def find(self, text: str) -> tuple[list[tuple[int, int]], str]:
        """Return (offset, number) of each occurrence in order, and the folded text that the offsets refer to."""
        return self.find_all([text]).of(0)

    def find_all(self, texts: Sequence[str]) -> Occurrences:
        """Find the terms in each of some texts."""
        kept = fold_many_keep_case(texts)
        joined = "".join([f"{text}\n" for text in kept])
        lower = joined.lower()
        if len(lower) != len(joined):
            # A letter whose lower case is longer than itself is not worth offsets of its own.
            kept = [fold(text) for text in texts]
            joined = lower = "".join([f"{text}\n" for text in kept])
        lengths = np.fromiter(map(len, kept), dtype=np.int64, count=len(kept))
        starts = np.concatenate([[0], np.cumsum(lengths + 1)])
        found = [np.empty(0, dtype=np.int64)]
        if self._pairs is not None or self._single:
            found += self._characters(_codes(lower))
        if self._words:
            found += self._find_words(joined, lower)
        keys = np.sort(np.concatenate(found))
        places, numbers = np.divmod(keys, self._n_terms)
        bounds = np.searchsorted(places, starts)
        rows = np.repeat(np.arange(len(kept)), np.diff(bounds))
        ends = starts.tolist()
        folded = [lower[start : end - 1] for start, end in pairwise(ends)]
        return Occurrences(folded, lengths, rows, places - starts[rows], numbers, bounds)

    def _characters(self, codes: NDArray[np.uint32]) -> Iterable[NDArray[np.int64]]:
        if self._pairs is not None:
            at, numbers = self._pairs.find(codes)
            yield at * self._n_terms + numbers
        for number, character in self._single:
            at = np.flatnonzero(codes == ord(character))
            # The last code is a line end: there is always one behind; the one before the first is that, too.
            at = at[~(_is_cjk(codes[at - 1]) | _is_cjk(codes[at + 1]))]
            yield at * self._n_terms + number

    def _find_words(self, kept: str, lower: str) -> Iterable[NDArray[np.int64]]:
        # What is not ASCII becomes a question mark, and as such of no kind.
        kinds = np.frombuffer(kept.encode("ascii", "replace").translate(_KINDS), dtype=np.uint8)
        breaks = np.flatnonzero(kinds == 0)
        inner = kinds == _CAPITAL
        inner[1:] &= kinds[:-1] != 0
        inner[:1] = False
        signs = np.flatnonzero(inner | (kinds == _SIGN))
        for number, term, beginning in self._words:
            at = _places(beginning, lower)
            if not len(at):
                continue
            if not beginning[0].isascii():
                places = _other_words(term, kept, at)
            else:
                following = np.searchsorted(breaks, at)
                ends = breaks[following]
                starts = np.where(following > 0, breaks[following - 1] + 1, 0)
                # A word without parts holds only the term that it begins with.
                able = (at == starts) | (np.searchsorted(signs, starts) < np.searchsorted(signs, ends))
                places = _ascii_words(term, kept, at[able].tolist(), starts[able].tolist(), ends[able].tolist())
            yield np.array(places, dtype=np.int64) * self._n_terms + number


class _Pairs:
    """Finds pairs of characters: each character has a number, and each pair of numbers its place in a table."""

    def __init__(self, pairs: Sequence[tuple[int, str]]) -> None:
        characters = sorted({character for _, pair in pairs for character in pair})
        kinds = {character: kind for kind, character in enumerate(characters, 1)}
        self._n_kinds = len(characters) + 1
        self._kinds = np.zeros(_N_CODES, dtype=np.uint16)
        self._kinds[[ord(character) for character in characters]] = np.arange(1, self._n_kinds)
        self._numbers = np.full(self._n_kinds**2, -1, dtype=np.int64)
        for number, pair in pairs:
            self._numbers[kinds[pair[0]] * self._n_kinds + kinds[pair[1]]] = number

    def find(self, codes: NDArray[np.uint32]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of all pairs and which they are."""
        kinds = self._kinds.take(codes, mode="clip")
        at = np.flatnonzero(kinds[:-1])
        numbers = self._numbers[kinds[at].astype(np.int64) * self._n_kinds + kinds[at + 1]]
        held = numbers >= 0
        return at[held], numbers[held]


def _places(piece: str, text: str) -> NDArray[np.int64]:
    """The offsets at which `piece` stands in `text`, as `str.count` counts them: none overlaps the one before."""
    between = text.split(piece)
    lengths = np.fromiter(map(len, between), dtype=np.int64, count=len(between))[:-1]
    return np.cumsum(lengths + len(piece)) - len(piece)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _is_cjk(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    within: NDArray[np.bool_] = np.searchsorted(_CJK_BORDERS, codes, side="right") % 2 == 1
    return within


def _ascii_words(term: str, kept: str, at: list[int], starts: list[int], ends: list[int]) -> list[int]:
    """The places where a word holds `term`, the first in each, from runs of what ASCII words are made of."""
    places = []
    until = -1
    for place, start, end in zip(at, starts, ends, strict=True):
        if place < until:
            continue
        run = kept[start : end + 2] if kept[end] in "+#" else kept[start:end]
        for last, terms in _tokens_of_run.get(run) or _tokens(run):
            if start + last > place:
                if term in terms:
                    places.append(place)
                    until = start + last
                break
    return places


def _other_words(term: str, kept: str, at: NDArray[np.int64]) -> list[int]:
    places = []
    until = -1
    for place in at.tolist():
        if place >= until:
            start, end = token_at(kept, place)
            if term in _terms(kept[start:end]):
                places.append(place)
                until = end
    return places


def _tokens(run: str) -> list[tuple[int, frozenset[str]]]:
    """Where each word of a run ends, and its terms."""
    if len(_tokens_of_run) >= _MAX_CACHED:
        _tokens_of_run.clear()
    tokens = _tokens_of_run[run] = [(end, _terms(run[start:end])) for start, end in ascii_tokens(run)]
    return tokens


def _terms(token: str) -> frozenset[str]:
    terms = _terms_of_token.get(token)
    if terms is None:
        if len(_terms_of_token) >= _MAX_CACHED:
            _terms_of_token.clear()
        terms = _terms_of_token[token] = frozenset(index_terms(token).split())
    return terms

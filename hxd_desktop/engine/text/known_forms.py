"""Short and long forms of the same names, looked up by how they stand in a text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.words import CJK_CHARACTER, index_terms

_SHORTEST_SUFFIX = 3
_SHORTEST_END = 4
_MOST_TERMS = 16  # of a form
_LETTER = re.compile(r"[^\W_]")
_PLAIN = 64  # longer words are no terms: such a form may begin with what comes after them


@dataclass(frozen=True, slots=True)
class OtherForm:
    """A form that means the same as the terms from `start` to `stop` (excluded) of a sequence."""

    start: int
    stop: int
    form: str

    @property
    def length(self) -> int:
        """How many terms it would replace."""
        return self.stop - self.start


class Abbreviations:
    """Finds abbreviations and what they stand for.

    Where a library has thousands, a question has to do with a few: only those that begin or end as one of its terms
    does are looked at closely, once.

    Args:
        pairs: (short form, long form, how often it is said).
    """

    def __init__(self, pairs: Iterable[tuple[str, str, int]]) -> None:
        self._longs: dict[str, Counter[str]] = {}
        for short, long, count in pairs:
            self._longs.setdefault(short, Counter())[long] += count
        self._beginning, self._ending, self._anywhere = _by_edges(self._longs)
        self._order = {short: place for place, short in enumerate(self._longs)}
        self._taken: set[str] = set()
        self._found: dict[str, _Others] = defaultdict(_Others)
        self._ends: dict[str, _Others] = defaultdict(_Others)
        self._lengths: dict[str, set[int]] = defaultdict(set)  # of the forms that begin with a term

    def __len__(self) -> int:
        self._take(self._longs)
        return sum(key.count(" ") < _MOST_TERMS and self._forms(key) is not None for key in {*self._found, *self._ends})

    def find(self, terms: Sequence[str]) -> list[OtherForm]:
        """Return the other forms of what stands in a sequence of terms, the longest first at each place."""
        self._take(self._anywhere)
        for edges, character in ((self._beginning, 0), (self._ending, -1)):
            for edge in {term[character] for term in terms if term}:
                self._take(edges.get(edge, ()))
        found = []
        start = 0
        while start < len(terms):
            for length in sorted(self._lengths.get(terms[start], ()), reverse=True):
                others = self._forms(" ".join(terms[start : start + length])) if start + length <= len(terms) else None
                if others:
                    found += [OtherForm(start, start + length, other) for other in others]
                    start += length - 1
                    break
            start += 1
        return found

    def _take(self, shorts: Iterable[str]) -> None:
        """Look closely at what these short forms stand for."""
        for short in shorts:
            if short in self._taken:
                continue
            self._taken.add(short)
            short_key = _key(short)
            longs = Counter({long: count for long, count in self._longs[short].items() if short_key and _key(long)})
            for number, (long, count) in enumerate(_trimmed(longs).items()):
                order = (self._order[short], number)
                long_key = _key(long)
                self._put(self._found, short_key, long, count, order)
                self._put(self._found, long_key, short, count, order)
                for end in _ends(short, long):
                    self._put(self._ends, _key(end), short, count, order)

    def _put(self, forms: dict[str, _Others], key: str, other: str, count: int, order: tuple[int, int]) -> None:
        n_terms = key.count(" ") + 1
        if n_terms <= _MOST_TERMS:
            forms[key].add(other, count, order)
            self._lengths[key.split(" ", 1)[0]].add(n_terms)

    def _forms(self, key: str) -> list[str] | None:
        """Return the best other forms of a name; None where it is none."""
        others = self._found.get(key)
        if others is None:
            # The end of a name leads back where it ends no other.
            others = self._ends.get(key)
            if others is None or len(others) != 1:
                return None
        return _best(others.most_common(), key)


class _Others(dict[str, tuple[int, tuple[int, int]]]):
    """Other forms of a name: how often each is said, and which was there first, whatever was looked at first."""

    def add(self, other: str, count: int, order: tuple[int, int]) -> None:
        known = self.get(other, (0, order))
        self[other] = (known[0] + count, min(known[1], order))

    def most_common(self) -> list[str]:
        return sorted(self, key=lambda other: (-self[other][0], self[other][1]))


def _by_edges(longs: Mapping[str, Iterable[str]]) -> tuple[dict[str, set[str]], dict[str, set[str]], set[str]]:
    """The short forms by how terms of theirs or of what they stand for begin, and by how they end; and the rest.

    A form in a question begins there with its first character. Of a Chinese name the end alone may stand there.
    """
    beginning: dict[str, set[str]] = defaultdict(set)
    ending: dict[str, set[str]] = defaultdict(set)
    anywhere: set[str] = set()
    for short, names in longs.items():
        for form in (short, *names):
            folded = fold(form)
            if form is not short and CJK_CHARACTER.match(form):
                if CJK_CHARACTER.match(folded[-1:]):
                    ending[folded[-1]].add(short)
                else:
                    anywhere.add(short)
            elif (first := _LETTER.search(folded)) and "_" not in folded and len(folded) <= _PLAIN:
                beginning[first[0]].add(short)
            else:
                anywhere.add(short)
    return beginning, ending, anywhere


def _key(form: str) -> str:
    return index_terms(form)


def _trimmed(longs: Counter[str]) -> Counter[str]:
    """Cut Chinese names where another mention of the same abbreviation begins: the run before it may hold more."""
    chinese = [long for long in longs if CJK_CHARACTER.match(long)]
    suffixes = Counter(long[at:] for long in chinese for at in range(len(long) - _SHORTEST_SUFFIX + 1))
    trimmed: Counter[str] = Counter()
    for long, count in longs.items():
        ends = (long[at:] for at in range(len(long) - _SHORTEST_SUFFIX + 1)) if long in chinese else ()
        trimmed[next((end for end in ends if suffixes[end] > 1), long)] += count
    return trimmed


def _ends(short: str, long: str) -> Iterator[str]:
    """The ends of a Chinese name in front of a Latin abbreviation: where it begins is not told."""
    if short.isascii() and CJK_CHARACTER.match(long):
        for at in range(1, len(long) - _SHORTEST_END + 1):
            yield long[at:]


def _best(others: Iterable[str], key: str) -> list[str]:
    """The likeliest form in Chinese and the likeliest in other letters, of forms from the likeliest on."""
    best: dict[bool, str] = {}
    for other in others:
        if _key(other) != key:
            best.setdefault(CJK_CHARACTER.match(other) is not None, other)
    return list(best.values())

"""Short and long forms of the same names, looked up by how they stand in a text."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hxd_desktop.engine.text.words import CJK_CHARACTER, index_terms

_SHORTEST_SUFFIX = 3
_SHORTEST_END = 4
_MOST_TERMS = 16  # of a form


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

    Args:
        pairs: (short form, long form, how often it is said).
    """

    def __init__(self, pairs: Iterable[tuple[str, str, int]]) -> None:
        self._forms: dict[str, list[str]] = {}
        self._lengths: dict[str, list[int]] = {}  # of the forms that begin with a term, the longest first
        found: dict[str, Counter[str]] = defaultdict(Counter)
        ends: dict[str, Counter[str]] = defaultdict(Counter)
        for short, longs in _by_short(pairs).items():
            for long, count in _trimmed(longs).items():
                found[_key(short)][long] += count
                found[_key(long)][short] += count
                for end in _ends(short, long):
                    ends[_key(end)][short] += count
        # The end of a name leads back where it ends no other.
        found |= {key: shorts for key, shorts in ends.items() if key not in found and len(shorts) == 1}
        for key, others in found.items():
            n_terms = key.count(" ") + 1
            if n_terms <= _MOST_TERMS:
                self._forms[key] = _best(others, key)
                self._lengths.setdefault(key.split(" ", 1)[0], []).append(n_terms)
        for first, lengths in self._lengths.items():
            self._lengths[first] = sorted(set(lengths), reverse=True)

    def __len__(self) -> int:
        return len(self._forms)

    def find(self, terms: Sequence[str]) -> list[OtherForm]:
        """Return the other forms of what stands in a sequence of terms, the longest first at each place."""
        found = []
        start = 0
        while start < len(terms):
            for length in self._lengths.get(terms[start], ()):
                others = (
                    self._forms.get(" ".join(terms[start : start + length])) if start + length <= len(terms) else None
                )
                if others:
                    found += [OtherForm(start, start + length, other) for other in others]
                    start += length - 1
                    break
            start += 1
        return found


def _key(form: str) -> str:
    return index_terms(form)


def _by_short(pairs: Iterable[tuple[str, str, int]]) -> dict[str, Counter[str]]:
    by_short: dict[str, Counter[str]] = defaultdict(Counter)
    for short, long, count in pairs:
        if _key(short) and _key(long):
            by_short[short][long] += count
    return by_short


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


def _best(others: Counter[str], key: str) -> list[str]:
    """The likeliest form in Chinese and the likeliest in other letters, the more frequent first."""
    best: dict[bool, str] = {}
    for other, _ in others.most_common():
        if _key(other) != key:
            best.setdefault(CJK_CHARACTER.match(other) is not None, other)
    return list(best.values())

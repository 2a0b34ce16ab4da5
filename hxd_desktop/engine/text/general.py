"""How often a term stands in general Chinese and English: what a library's own frequencies are compared with.

A word that stands in a library far more often than in the language at large is one of the library's subjects
("weirdness", Ahmad, Gillam & Tostevin 1999). The frequencies were made by `packaging/language/make.py` from those of
wordfreq; a pair of characters across two words counts with the chance that one ends and the next begins so.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.paths import assets
from hxd_desktop.engine.text.words import CJK_CHARACTER

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNKNOWN = 1e-7  # of what is too rare to be in the tables
_ALONE = 1.5e-3  # words that begin, and that end, with a character which is often a word by itself
_STEPS = 8.0  # a stored step is an eighth of a natural logarithm


def key(text: str) -> int:
    """The number under which a term or a character is kept: 32 bits of a checksum."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def pack(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Frequencies, 0 to 1, as bytes: within 7 %."""
    packed: NDArray[np.uint8] = np.clip(np.round(-np.log(shares) * _STEPS), 0, 255).astype(np.uint8)
    return packed


class GeneralLanguage:
    """Frequencies of terms in general text; immutable, any thread may ask.

    Args:
        tables: for each of "pair", "begin", "end" and "word" the ascending uint32 `_keys` and the uint8 `_values` of
            `pack`, and "words_per_character".
    """

    def __init__(self, tables: dict[str, NDArray[np.generic]]) -> None:
        self._tables = tables
        self._words_per_character = float(tables["words_per_character"].item())

    def frequencies(self, terms: Sequence[str]) -> NDArray[np.float64]:
        """Return the chance that a place in a text holds each term, float64, shape (len(terms),), above 0."""
        result = np.full(len(terms), UNKNOWN)
        pairs = [i for i, t in enumerate(terms) if len(t) == 2 and CJK_CHARACTER.match(t)]
        others = [i for i, t in enumerate(terms) if not CJK_CHARACTER.match(t)]
        single = [i for i, t in enumerate(terms) if len(t) == 1 and CJK_CHARACTER.match(t)]
        if pairs:
            held = [terms[i] for i in pairs]
            across = self._look_up("end", [t[0] for t in held]) * self._look_up("begin", [t[1] for t in held])
            result[pairs] += self._look_up("pair", held) + across * self._words_per_character
        if single:
            # Indexed only where it stands alone: between two borders.
            held = [terms[i] for i in single]
            result[single] += self._look_up("begin", held) * self._words_per_character
        if others:
            result[others] += self._look_up("word", [terms[i] for i in others])
        return result

    def inside(self, pairs: Sequence[str]) -> NDArray[np.bool_]:
        """Return which pairs of Chinese characters stand inside a word more often than across two, shape (n,)."""
        if not pairs:
            return np.zeros(0, dtype=bool)
        across = self._look_up("end", [p[0] for p in pairs]) * self._look_up("begin", [p[1] for p in pairs])
        within: NDArray[np.bool_] = self._look_up("pair", pairs) > across * self._words_per_character + UNKNOWN / 2
        return within

    def alone(self, characters: Sequence[str]) -> NDArray[np.bool_]:
        """Return which Chinese characters are often words by themselves, shape (n,)."""
        if not characters:
            return np.zeros(0, dtype=bool)
        both = np.minimum(self._look_up("begin", characters), self._look_up("end", characters))
        return both >= _ALONE

    def _look_up(self, table: str, texts: Sequence[str]) -> NDArray[np.float64]:
        keys = self._tables[f"{table}_keys"]
        wanted = np.array([key(text) for text in texts], dtype=np.uint32)
        places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
        shares = np.exp(-self._tables[f"{table}_values"][places].astype(np.float64) / _STEPS)
        found: NDArray[np.float64] = np.where(keys[places] == wanted, shares, 0.0)
        return found


@cache
def general_language() -> GeneralLanguage:
    """The frequencies that ship with the application (`assets/language/general.npz`)."""
    with np.load(assets() / "language" / "general.npz", allow_pickle=False) as stored:
        return GeneralLanguage({name: stored[name] for name in stored.files})

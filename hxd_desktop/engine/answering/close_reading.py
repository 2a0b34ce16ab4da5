"""The best passages read closely: sentence by sentence, for what is asked and for something that could answer it.

The first look (`lexical`) asks how much of the question a passage holds. This one asks whether it is said in one
place, beside a number, date or thing of the kind that is asked for. It costs several times as much and is done for
the best few; its numbers lie between 0 and 1 and mean the same in every library.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.text.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.asked import Asked
    from hxd_desktop.engine.answering.lexical import LexicalScorer

CLOSE_FEATURES = (
    "sentences",  # most weight of the question within two neighbouring sentences
    "answer",  # most weight within `_AROUND` characters of something of the kind that is asked for
    "exact",  # most weight in a sentence with a quantity of the very unit that is asked for
    "runs",  # how much of the question stands there in long stretches, word for word
    "complete",  # 1 less the weightiest term that is missing, over the weightiest of all
    "focus",  # whether the passage names the thing that is asked for (which TEAM)
)
CLOSE_COLUMN = {name: column for column, name in enumerate(CLOSE_FEATURES)}

_AROUND = 40
_PIECE = 16  # characters of the pieces by which copies are told
_COPIED = 0.85
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """A passage read closely.

    `folded`: its folded text. `spans`: its sentences. `covered`: the share of the question's weight in each.
    `features`: as `CLOSE_FEATURES`.
    """

    folded: str
    spans: list[tuple[int, int]]
    covered: list[float]
    features: tuple[float, ...]


class CloseReader:
    """Reads passages for one question.

    Args:
        scorer: of the question.
        asked: what its answer would look like.
    """

    def __init__(self, scorer: LexicalScorer, asked: Asked) -> None:
        self._scorer = scorer
        self._asked = asked
        self._weightiest = max(scorer.weights, default=0.0) or 1.0

    def read(self, hits: list[tuple[int, int]], folded: str, named: frozenset[int]) -> Reading:
        """Read one passage.

        Args:
            hits: the question's terms in it, as `TermFinder.find` returns them.
            folded: its folded text.
            named: the terms in what surrounds it.
        """
        scorer, asked, total = self._scorer, self._asked, self._scorer.total
        spans = sentences(folded)
        held = _by_sentence(hits, spans)
        covered = [scorer.mass(terms) / total if terms else 0.0 for terms in held]
        together = max((scorer.mass(a | b) / total for a, b in pairwise(held) if a and b), default=0.0)
        exact = 0.0
        for (start, end), share in zip(spans, covered, strict=True):
            if share > exact and asked.exact is not None and asked.exact.search(folded, start, end):
                exact = share
        found = {number for _, number in hits} | named
        missing = max((w for number, w in enumerate(scorer.weights) if number not in found), default=0.0)
        return Reading(
            folded,
            spans,
            covered,
            (
                max(together, max(covered, default=0.0)),
                self._beside_answers(hits, folded),
                exact,
                self._runs(hits),
                1 - missing / self._weightiest,
                asked.names_focus(folded),
            ),
        )

    def features(self, readings: Sequence[Reading]) -> NDArray[np.float32]:
        """Return float32, shape (len(readings), len(CLOSE_FEATURES))."""
        return np.array([r.features for r in readings], dtype=np.float32).reshape(len(readings), len(CLOSE_FEATURES))

    def _beside_answers(self, hits: list[tuple[int, int]], folded: str) -> float:
        if self._asked.likely is None or not hits:
            return 0.0
        places = [place for place, _ in hits]
        best = 0.0
        seen: set[tuple[int, int]] = set()
        for match in self._asked.likely.finditer(folded):
            around = (bisect_left(places, match.start() - _AROUND), bisect_right(places, match.end() + _AROUND))
            if around[0] < around[1] and around not in seen:
                seen.add(around)
                best = max(best, self._scorer.mass({number for _, number in hits[around[0] : around[1]]}))
        return best / self._scorer.total

    def _runs(self, hits: list[tuple[int, int]]) -> float:
        """Root of the sum of squares of the weights of unbroken stretches of the question."""
        weights = self._scorer.weights
        squares = run = 0.0
        before = (-2, -2)
        for place, number in hits:
            if place == before[0] + 1 and number == before[1] + 1:
                run += weights[number]
            else:
                squares += run * run
                run = weights[number]
            before = (place, number)
        return min(math.sqrt(squares + run * run) / self._scorer.total, 1.0)


def _by_sentence(hits: list[tuple[int, int]], spans: list[tuple[int, int]]) -> list[set[int]]:
    held: list[set[int]] = []
    following = 0
    for _, end in spans:
        terms: set[int] = set()
        while following < len(hits) and hits[following][0] < end:
            terms.add(hits[following][1])
            following += 1
        held.append(terms)
    return held


def copies(readings: Sequence[Reading]) -> list[bool]:
    """Which passages, best first, repeat a better one nearly word for word, its numbers included.

    The same text with another number is another edition, or another claim.
    """
    found: list[bool] = []
    originals: list[str] = []
    for reading in readings:
        text = reading.folded
        copied = any(_copied(text, original) and _numbers(text) <= _numbers(original) for original in originals)
        found.append(copied)
        if not copied:
            originals.append(text)
    return found


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _copied(text: str, original: str) -> bool:
    starts = range(0, len(text) - _PIECE + 1, _PIECE)
    if not starts:
        return text == original
    missing = (1 - _COPIED) * len(starts)
    for start in starts:
        if text[start : start + _PIECE] not in original:
            missing -= 1
            if missing < 0:
                return False
    return True

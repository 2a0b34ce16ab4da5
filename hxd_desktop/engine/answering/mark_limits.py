"""When a model's marks begin to decide: once a library's own examples show that they do better than the gate alone.

A limit is chosen on some of the examples and tried on the others. It decides if, on those that it did not see, it puts
right more than it spoils, by more than chance (a sign test); until then its weight is zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.numbers import MOST

if TYPE_CHECKING:
    from numpy.typing import NDArray

CAN_DECIDE = ("question", "relevance")
ENOUGH = 15  # examples of each kind that have the mark
CHANCE = 0.05
_FOLDS = 5


def learn_limits(passed: Sequence[bool], labels: Sequence[bool], marks: Sequence[Mapping[str, int]]) -> dict[str, int]:
    """Return, for each mark that has earned it, the least that lets a question pass.

    Args:
        passed: whether the gate lets each example pass that it had not seen.
        labels: whether each is to be answered.
        marks: of each example, by name; empty where there are none.
    """
    known, wanted = np.array(passed, dtype=bool), np.array(labels, dtype=bool)
    limits: dict[str, int] = {}
    for name in CAN_DECIDE:
        values = np.array([mark.get(name, math.nan) for mark in marks], dtype=np.float64)
        limit = _limit(known, wanted, values)
        if limit:
            limits[name] = limit
            known = _with(known, values, limit)
    return limits


def _limit(passed: NDArray[np.bool_], labels: NDArray[np.bool_], values: NDArray[np.float64]) -> int:
    """The limit that a mark has earned, 0 for none."""
    marked = ~np.isnan(values)
    if min(int((marked & labels).sum()), int((marked & ~labels).sum())) < ENOUGH:
        return 0
    honest = passed.copy()
    folds = _folds(labels)
    for fold in range(_FOLDS):
        test = folds == fold
        honest[test] = _with(passed[test], values[test], _best(passed[~test], labels[~test], values[~test]))
    righted = int(((honest == labels) & (passed != labels)).sum())
    spoilt = int(((honest != labels) & (passed == labels)).sum())
    return _best(passed, labels, values) if righted > spoilt and _by_chance(righted, spoilt) < CHANCE else 0


def _with(passed: NDArray[np.bool_], values: NDArray[np.float64], limit: int) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = passed & ~(values < limit)  # a mark that is missing refuses nothing
    return result


def _best(passed: NDArray[np.bool_], labels: NDArray[np.bool_], values: NDArray[np.float64]) -> int:
    """The limit with the fewest errors; of several in a row the middle one, of none better than none 0."""
    errors = [int((_with(passed, values, limit) != labels).sum()) for limit in range(MOST + 1)]
    best = [limit for limit, count in enumerate(errors) if count == min(errors)]
    return 0 if best[0] == 0 else best[(len(best) - 1) // 2]


def _folds(labels: NDArray[np.bool_]) -> NDArray[np.intp]:
    """A fold for each example, both kinds spread evenly, the same for the same examples."""
    folds = np.zeros(len(labels), dtype=np.intp)
    generator = np.random.default_rng(0)
    for kind in (True, False):
        where = np.flatnonzero(labels == kind)
        folds[generator.permutation(where)] = np.arange(len(where)) % _FOLDS
    return folds


def _by_chance(righted: int, spoilt: int) -> float:
    """How probable at least so many rights are if rights and wrongs are alike."""
    n = righted + spoilt
    return float(sum(math.comb(n, k) for k in range(righted, n + 1)) / 2**n)

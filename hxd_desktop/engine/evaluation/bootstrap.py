"""How far a figure would be elsewhere with other questions of the same kind: resampling with replacement."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_SAMPLES = 2000
_SEED = 0  # the same questions give the same interval
_BLOCK = 250  # samples at a time: memory stays small with thousands of questions

# Figures of all samples at once, from how often each question was drawn: [samples, questions] -> [samples].
Statistic = Callable[[NDArray[np.float64]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Interval:
    """The standard deviation over the samples, and the bounds that hold 95 % of them."""

    deviation: float
    low: float
    high: float


def interval(n: int, statistic: Statistic) -> Interval:
    """Draw `n` questions of `n` with replacement, again and again, and see how the figure spreads."""
    return intervals(n, {"": statistic})[""]


def intervals(n: int, statistics: Mapping[str, Statistic]) -> dict[str, Interval]:
    """The same for several figures on the same draws."""
    generator = np.random.default_rng(_SEED)
    values: dict[str, list[NDArray[np.float64]]] = {name: [] for name in statistics}
    for _ in range(_SAMPLES // _BLOCK):
        drawn = generator.multinomial(n, np.full(n, 1 / n), size=_BLOCK).astype(np.float64)
        for name, statistic in statistics.items():
            values[name].append(statistic(drawn))
    return {name: _summary(np.concatenate(blocks)) for name, blocks in values.items()}


def _summary(values: NDArray[np.float64]) -> Interval:
    low, high = np.percentile(values, (2.5, 97.5))
    return Interval(float(values.std()), float(low), float(high))


def mean_of(values: NDArray[np.float64]) -> Statistic:
    """The mean of one value a question."""
    return lambda drawn: np.asarray(drawn @ values / drawn.sum(axis=1))


def f1_of(passed: NDArray[np.bool_], labels: NDArray[np.bool_]) -> Statistic:
    """F1 of "answerable", 0 without a hit."""

    def f1(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
        hits = drawn @ (passed & labels).astype(np.float64)
        both = drawn @ (passed.astype(np.float64) + labels)
        return np.asarray(2 * hits / np.maximum(both, 1))

    return f1


def share_of(counted: NDArray[np.bool_], among: NDArray[np.bool_]) -> Statistic:
    """The share of `counted` in `among`: precision and recall; 0 of nothing."""

    def share(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(
            drawn @ (counted & among).astype(np.float64) / np.maximum(drawn @ among.astype(np.float64), 1)
        )

    return share


def difference(first: Statistic, second: Statistic) -> Statistic:
    """Second less first on the same draws, which is what pairs them."""
    return lambda drawn: second(drawn) - first(drawn)

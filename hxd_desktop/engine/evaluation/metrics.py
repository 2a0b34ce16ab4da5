"""Exact, small metrics on arrays; checked against scikit-learn in the tests, which is too large to ship."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def roc_auc(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> float | None:
    """Area under the ROC curve of `scores` (higher is more positive), ties counted half; None without both classes."""
    positives = int(labels.sum())
    negatives = len(labels) - positives
    if not positives or not negatives:
        return None
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    return float((ranks[labels].sum() - positives * (positives + 1) / 2) / (positives * negatives))


def best_f1(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """The greatest F1 over all thresholds on `scores` (higher is more positive), 0 without positives."""
    positives = int(labels.sum())
    if not positives:
        return 0.0
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(labels[order])
    # A threshold takes all of equal scores or none: only the last of each run of equals counts.
    last = np.append(np.diff(scores[order]) != 0, True)
    f1 = 2 * hits / (np.arange(1, len(scores) + 1) + positives)
    return float(f1[last].max())


def brier(probabilities: NDArray[np.float64], labels: NDArray[np.bool_]) -> float:
    """Mean squared distance of the probabilities from the labels (Brier 1950)."""
    return float(np.mean((probabilities - labels) ** 2))


def reliability(
    probabilities: NDArray[np.float64], labels: NDArray[np.bool_], bins: int = 10
) -> list[tuple[float, float, int]]:
    """Mean probability, share of positives and count of each bin of equal width that is not empty."""
    which = np.minimum((probabilities * bins).astype(int), bins - 1)
    return [
        (float(probabilities[which == b].mean()), float(labels[which == b].mean()), int((which == b).sum()))
        for b in range(bins)
        if (which == b).any()
    ]


def hit_rate(ranks: Sequence[int | None], k: int) -> float:
    """Share of questions with a hit among the best `k`; `ranks` count from 0, None for no hit."""
    return sum(rank is not None and rank < k for rank in ranks) / len(ranks) if ranks else 0.0


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float:
    """Mean of 1 / (rank + 1), 0 for no hit."""
    return sum(1 / (rank + 1) for rank in ranks if rank is not None) / len(ranks) if ranks else 0.0


def percentile(values: Sequence[float], q: float) -> float:
    """The `q`-th percentile, linear between neighbours; 0 of nothing."""
    return float(np.percentile(np.asarray(values, dtype=float), q)) if values else 0.0

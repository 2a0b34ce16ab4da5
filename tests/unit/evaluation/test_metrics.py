from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.evaluation import metrics


def slow_auc(scores: list[float], labels: list[bool]) -> float:
    pairs = [
        (p, n) for p, a in zip(scores, labels, strict=True) if a for n, b in zip(scores, labels, strict=True) if not b
    ]
    return sum(1.0 if p > n else 0.5 if p == n else 0.0 for p, n in pairs) / len(pairs)


def slow_best_f1(scores: list[float], labels: list[bool]) -> float:
    best = 0.0
    for threshold in scores:
        hits = sum(a for s, a in zip(scores, labels, strict=True) if s >= threshold)
        passed = sum(s >= threshold for s in scores)
        best = max(best, 2 * hits / (passed + sum(labels)))
    return best


rows = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9]), st.booleans()), min_size=2, max_size=30)


@given(rows)
def test_against_the_definitions(data: list[tuple[float, bool]]) -> None:
    scores, labels = [s for s, _ in data], [b for _, b in data]
    auc = metrics.roc_auc(np.array(scores), np.array(labels))
    if all(labels) or not any(labels):
        assert auc is None
    else:
        assert auc == pytest.approx(slow_auc(scores, labels))
    if any(labels):
        assert metrics.best_f1(np.array(scores), np.array(labels)) == pytest.approx(slow_best_f1(scores, labels))


def test_ranks() -> None:
    ranks = [0, 2, None, 9]
    assert metrics.hit_rate(ranks, 1) == 0.25
    assert metrics.hit_rate(ranks, 3) == 0.5
    assert metrics.hit_rate(ranks, 10) == 0.75
    assert metrics.mean_reciprocal_rank(ranks) == pytest.approx((1 + 1 / 3 + 0.1) / 4)
    assert metrics.hit_rate([], 1) == 0.0


def test_probabilities() -> None:
    p, y = np.array([0.9, 0.8, 0.1, 0.3]), np.array([True, False, False, True])
    assert metrics.brier(p, y) == pytest.approx((0.01 + 0.64 + 0.01 + 0.49) / 4)
    bins = metrics.reliability(p, y, bins=2)
    assert bins == [(pytest.approx(0.2), 0.5, 2), (pytest.approx(0.85), 0.5, 2)]


def test_percentile_of_nothing() -> None:
    assert metrics.percentile([], 95) == 0.0
    assert metrics.percentile([1.0, 3.0], 50) == 2.0

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, precision_recall_curve, roc_auc_score

from hxd_desktop.engine.evaluation import metrics

rows = st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9]), st.booleans()), min_size=2, max_size=30)


@given(rows)
def test_against_scikit_learn(data: list[tuple[float, bool]]) -> None:
    scores, labels = np.array([s for s, _ in data]), np.array([b for _, b in data])
    auc = metrics.roc_auc(scores, labels)
    if all(labels) or not any(labels):
        assert auc is None
        return
    assert auc == pytest.approx(roc_auc_score(labels, scores))
    precision, recall, _ = precision_recall_curve(labels, scores)
    assert metrics.best_f1(scores, labels) == pytest.approx(
        (2 * precision * recall / (precision + recall + 1e-12)).max()
    )
    assert metrics.brier(scores, labels) == pytest.approx(brier_score_loss(labels, scores))
    bins = metrics.reliability(scores, labels, bins=10)
    # scikit-learn puts a probability that stands on a border into the lower range, we into the upper one.
    share, probability = calibration_curve(labels, scores + 1e-9, n_bins=10)
    assert [b[0] for b in bins] == pytest.approx(list(probability), abs=1e-6)
    assert [b[1] for b in bins] == pytest.approx(list(share))


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

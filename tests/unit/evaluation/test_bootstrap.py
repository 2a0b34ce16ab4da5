from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score

from hxd_desktop.engine.evaluation import bootstrap

GENERATOR = np.random.default_rng(5)
LABELS = GENERATOR.random(300) < 0.4
PASSED = np.where(GENERATOR.random(300) < 0.8, LABELS, ~LABELS)
ONCE = np.ones((1, 300))


def test_each_question_drawn_once_gives_the_figure_itself() -> None:
    assert bootstrap.f1_of(PASSED, LABELS)(ONCE)[0] == pytest.approx(f1_score(LABELS, PASSED))
    assert bootstrap.share_of(LABELS, PASSED)(ONCE)[0] == pytest.approx(precision_score(LABELS, PASSED))
    assert bootstrap.mean_of(PASSED.astype(float))(ONCE)[0] == pytest.approx(PASSED.mean())


def test_the_deviation_of_a_mean_is_the_known_one() -> None:
    values = PASSED.astype(float)
    found = bootstrap.interval(300, bootstrap.mean_of(values))
    known = values.std() / np.sqrt(300)
    assert found.deviation == pytest.approx(known, rel=0.08)
    assert found.high - found.low == pytest.approx(2 * 1.96 * known, rel=0.08)
    assert found.low < values.mean() < found.high
    assert bootstrap.interval(300, bootstrap.mean_of(values)) == found


def test_pairing_takes_out_what_both_share() -> None:
    hard = GENERATOR.random(300)
    first, second = (hard < 0.5).astype(float), (hard < 0.52).astype(float)
    paired = bootstrap.interval(300, bootstrap.difference(bootstrap.mean_of(first), bootstrap.mean_of(second)))
    alone = bootstrap.interval(300, bootstrap.mean_of(second))
    assert paired.deviation < alone.deviation / 2


def test_nothing_passed_is_no_fault() -> None:
    nothing = np.zeros(300, dtype=bool)
    assert bootstrap.interval(300, bootstrap.f1_of(nothing, LABELS)).high == 0.0

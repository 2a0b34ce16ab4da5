from __future__ import annotations

import json
import random
from typing import Any

import numpy as np
import pytest

from hxd_desktop.engine.answering import calibration
from hxd_desktop.engine.answering.calibration import LabelledExample, fit, gate_from_state, suggest_threshold
from hxd_desktop.engine.answering.example_model import ExampleModel, design, kernel, posterior_mode
from hxd_desktop.engine.answering.example_text import TextFeatures
from hxd_desktop.engine.answering.gate import Gate, default_model
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.answering.signals import SIGNALS
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.settings import AnswerSettings
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary

GOOD_WORDS = "保修 退款 发票 配件 刀片 电机 维修 升级 密码 备份".split()
BAD_WORDS = "股票 足球 天气 电影 房价 工资 火锅 旅游 星座 彩票".split()


def values(level: float) -> dict[str, float]:
    return {name: level if name in ("coverage", "window", "known", "bm25", "support") else 0.5 for name in SIGNALS}


def examples(n: int, seed: int = 0, noise: float = 0.2) -> list[LabelledExample]:
    generator = random.Random(seed)
    rows = []
    for number in range(n):
        good = number % 2 == 0
        words = generator.sample(GOOD_WORDS if good else BAD_WORDS, 2)
        level = (0.65 if good else 0.45) + generator.gauss(0, noise)
        rows.append(LabelledExample(f"{words[0]}和{words[1]}怎么办", good, values(min(1.0, max(0.0, level)))))
    return rows


def gate_of(rows: list[LabelledExample]) -> Gate:
    return gate_from_state({"learned": fit(rows)[1]})


def test_no_examples_leave_the_default() -> None:
    figures, state = fit([])
    assert state is None
    assert figures.threshold == default_model().threshold
    assert figures.f1 is None
    assert not figures.enough_examples


def test_many_examples_teach_the_words_of_a_library() -> None:
    gate = gate_of(examples(200))
    same = values(0.55)
    assert gate.score(same, "刀片的维修") < gate.threshold < gate.score(same, "彩票和房价")


def test_few_examples_move_less_than_many() -> None:
    question, level = "刀片的维修怎么办", values(0.5)

    def by_words(n: int) -> float:
        model = gate_of(examples(n)).examples
        assert isinstance(model, ExampleModel)
        return model.parts(level, question, 0.0)["words"]

    assert 0 < by_words(4) < by_words(40) < by_words(400)


def test_one_wrong_example_never_turns_the_rest() -> None:
    rows = examples(40, noise=0.05)
    wrong = LabelledExample("彩票和足球怎么办", True, values(0.4))
    before, after = gate_of(rows), gate_of([*rows, wrong])
    flipped = [
        e
        for e in rows
        if (before.score(e.signals, e.question) < before.threshold)
        != (after.score(e.signals, e.question) < after.threshold)
    ]
    assert not flipped


def test_one_example_hardly_moves_the_threshold() -> None:
    figures, _ = fit([LabelledExample("彩票和足球怎么办", True, values(0.2))])
    assert figures.threshold == default_model().threshold


def test_the_threshold_stands_in_the_gap() -> None:
    scores = np.array([0.1] * 30 + [0.2] * 30 + [0.8] * 30 + [0.9] * 30)
    labels = np.array([True] * 60 + [False] * 60)
    assert 0.4 < suggest_threshold(scores, labels, 0.5) < 0.6
    assert 0.35 < suggest_threshold(scores, labels, 0.95) < 0.85


def test_figures_are_cross_validated() -> None:
    """Where words and signals say nothing, the figures must not look better than chance."""
    generator = random.Random(1)
    rows = [
        LabelledExample(f"问题编号{generator.randrange(10**9)}", generator.random() < 0.5, values(0.5))
        for _ in range(120)
    ]
    figures, _ = fit(rows)
    assert figures.f1 is not None
    assert figures.f1 <= 0.72  # everything passed at a half good gives 2/3
    assert figures.class_gap is not None
    assert figures.class_gap <= 0.05


def test_separable_examples_are_told_apart() -> None:
    figures, _ = fit(examples(120, noise=0.05))
    assert figures.f1 is not None
    assert figures.f1 > 0.95
    assert figures.class_gap is not None
    assert figures.class_gap > 0
    assert figures.enough_examples
    assert {"threshold", "precision", "recall", "f1"} == set(figures.curve[0])


def test_few_examples_are_not_enough() -> None:
    assert not fit(examples(12))[0].enough_examples


def test_state_survives_json() -> None:
    rows = examples(60)
    _, state = fit(rows)
    gate = gate_from_state(json.loads(json.dumps({"learned": state, "threshold": None})))
    direct = gate_from_state({"learned": state})
    assert gate.score(rows[0].signals, rows[0].question) == direct.score(rows[0].signals, rows[0].question)
    assert gate.threshold == direct.threshold


def test_a_state_of_another_version_is_left_aside() -> None:
    _, state = fit(examples(20))
    assert state is not None
    gate = gate_from_state({"learned": {**state, "version": 99}})
    assert gate.threshold == default_model().threshold


def test_a_fit_of_a_thousand_is_quick() -> None:
    import time

    began = time.perf_counter()
    fit(examples(1000))
    assert time.perf_counter() - began < 15.0  # about a second where nothing else runs


def test_the_mode_is_where_the_gradient_vanishes() -> None:
    rows = examples(50)
    features = TextFeatures.fitted([e.question for e in rows])
    data = design([e.question for e in rows], [e.signals for e in rows], default_model(), features)
    labels = np.array([e.answerable for e in rows])
    gram = kernel(data, 3.0)
    a = posterior_mode(gram, data.logit, labels)
    p = 1 / (1 + np.exp(-(data.logit + gram @ a)))
    assert np.allclose(a, labels - p, atol=0.02)


def test_calibrating_a_library_on_its_own_path() -> None:
    pipeline = Pipeline([FakeLibrary(HANDBOOK)], None, None, None, {}, AnswerSettings())
    pairs = [
        ("财务部的负责人是谁？", True),
        ("保修期是几年？", True),
        ("今天股票涨了吗？", False),
        ("哪里的火锅好吃？", False),
    ]
    state, figures = calibration.calibrate(pipeline, pairs, None)
    assert (figures.n_good, figures.n_bad) == (2, 2)
    state, figures = calibration.calibrate(pipeline, pairs, state, threshold=0.25)
    assert figures.threshold == 0.25
    state, figures = calibration.calibrate(pipeline, pairs, state)
    assert gate_from_state(state).threshold == 0.25, "the user's own threshold stays until it is reset"
    state, figures = calibration.calibrate(pipeline, pairs, state, reset=True)
    assert gate_from_state(state).threshold == figures.threshold != 0.25


def test_one_more_example_is_learned_without_reading_the_others_again(monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = Pipeline([FakeLibrary(HANDBOOK)], None, None, None, {}, AnswerSettings())
    asked: list[str] = []
    score = pipeline.scorer.score

    def counted(question: str, **named: Any) -> Any:
        asked.append(question)
        return score(question, **named)

    monkeypatch.setattr(pipeline.scorer, "score", counted)
    read: dict[str, LabelledExample] = {}
    pairs = [("财务部的负责人是谁？", True), ("哪里的火锅好吃？", False)]
    state, _ = calibration.calibrate(pipeline, pairs, None, read=read)
    more = [*pairs[:1], ("哪里的火锅好吃？", True), ("保修期是几年？", True)]
    again, figures = calibration.calibrate(pipeline, more, state, read=read)
    assert asked == ["财务部的负责人是谁？", "哪里的火锅好吃？", "保修期是几年？"]
    assert (figures.n_good, figures.n_bad) == (3, 0), "the verdict is that of now"
    assert again == calibration.calibrate(pipeline, more, state)[0]


def test_a_threshold_outside_its_range() -> None:
    pipeline = Pipeline([FakeLibrary(HANDBOOK)], None, None, None, {}, AnswerSettings())
    with pytest.raises(SettingsError):
        calibration.calibrate(pipeline, [], None, threshold=1.5)


def test_the_held_out_examples_are_what_the_figures_count() -> None:
    figures, _ = fit(examples(24))
    held_out = figures.held_out
    assert len(held_out) == 24 and not figures.by_hand and figures.threshold == figures.suggested
    passed = [example for example in held_out if example.passed]
    right = sum(example.answerable for example in passed)
    assert figures.precision == pytest.approx(right / len(passed), abs=1e-4)
    assert figures.recall == pytest.approx(right / 12, abs=1e-4)
    by_hand, _ = fit(examples(24), threshold=0.25)
    assert by_hand.by_hand and by_hand.threshold == 0.25 and by_hand.suggested == figures.suggested
    assert all(example.passed == (example.score < 0.25) for example in by_hand.held_out)

from __future__ import annotations

import random

import pytest

from hxd_desktop.engine.answering.mark_limits import ENOUGH, learn_limits


def examples(
    n: int, good_mark: int, bad_mark: int, passed: bool = True
) -> tuple[list[bool], list[bool], list[dict[str, int]]]:
    """`n` good and `n` bad questions that the gate lets pass, with these marks for relevance."""
    labels = [True] * n + [False] * n
    return [passed] * (2 * n), labels, [{"relevance": good_mark}] * n + [{"relevance": bad_mark}] * n


def test_marks_that_tell_good_from_bad_decide_between_the_two() -> None:
    assert learn_limits(*examples(20, 8, 2)) == {"relevance": 5}


def test_too_few_examples_let_nothing_decide() -> None:
    assert learn_limits(*examples(ENOUGH - 1, 8, 2)) == {}
    passed, labels, marks = examples(40, 8, 2)
    few_bad = [mark if i < 40 + ENOUGH - 1 else {} for i, mark in enumerate(marks)]
    assert learn_limits(passed, labels, few_bad) == {}
    assert learn_limits(passed, labels, [{}] * 80) == {}
    assert learn_limits([], [], []) == {}


def test_marks_that_say_what_the_gate_knows_decide_nothing() -> None:
    _, labels, marks = examples(30, 8, 2)
    assert learn_limits(labels, labels, marks) == {}


@pytest.mark.parametrize("seed", range(5))
def test_chance_decides_nothing(seed: int) -> None:
    draw = random.Random(seed)
    labels = [bool(i % 2) for i in range(120)]
    marks = [{"relevance": draw.randint(0, 10), "question": draw.randint(0, 10)} for _ in labels]
    passed = [good if draw.random() < 0.8 else not good for good in labels]
    assert learn_limits(passed, labels, marks) == {}


def test_marks_that_spoil_as_much_as_they_right_decide_nothing() -> None:
    labels = [True] * 40 + [False] * 40
    marks = [{"relevance": 2 if i % 2 else 8} for i in range(80)]
    assert learn_limits([True] * 80, labels, marks) == {}


def test_the_second_mark_has_to_add_to_the_first() -> None:
    passed, labels, marks = examples(30, 9, 1)
    assert learn_limits(passed, labels, [m | {"question": m["relevance"]} for m in marks]) == {"question": 5}


def test_what_decides_nothing_by_itself_is_never_learnt() -> None:
    passed, labels, marks = examples(30, 9, 1)
    assert learn_limits(passed, labels, [{"harm": m["relevance"], "unknown": m["relevance"]} for m in marks]) == {}

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.evaluation.comparison import compare
from hxd_desktop.engine.evaluation.run import Run


def refusal(passed: list[bool], labels: list[bool], run_id: int = 1, names: list[str] | None = None) -> Run:
    rows = [
        {
            "question": names[i] if names else str(i),
            "answerable": label,
            "score": 0.2 if p else 0.8,
            "passed": p,
            "ms": 1,
        }
        for i, (p, label) in enumerate(zip(passed, labels, strict=True))
    ]
    return Run("refusal", "default", "q", "ab", 0.0, {}, {"n": len(rows), "threshold": 0.5}, rows, run_id)


def qa(ranks: list[int | None], run_id: int = 1) -> Run:
    rows: list[dict[str, Any]] = [
        {
            "question": str(i), "outcome": "answered" if r is not None else "unrelated", "answered": r is not None,
            "refused": r is None, "contains": r == 0, "exact_match": False, "bleu": 0.0, "rouge_l": 0.1, "rank": r,
            "context_precision": 0.5, "context_recall": 1.0,
        }
        for i, r in enumerate(ranks)
    ]  # fmt: skip
    return Run("qa", "default", "q", "ab", 0.0, {}, {"n": len(rows)}, rows, run_id)


def by_name(result: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["figure"]: row for row in result["differences"]}


def test_a_run_differs_in_nothing_from_itself() -> None:
    run = refusal([True, False, True], [True, False, False])
    result = compare(run, run)
    assert result["n"] == 3
    assert result["changed"] == []
    assert all(row["difference"] == row["low"] == row["high"] == 0 for row in result["differences"])


def test_what_is_better_by_more_than_chance_is_told_from_what_is_not() -> None:
    labels = [bool(i % 2) for i in range(400)]
    generator = np.random.default_rng(3)
    poor = [label if generator.random() < 0.7 else not label for label in labels]
    good = [label if generator.random() < 0.9 else not label for label in labels]
    same = list(poor)
    same[0], same[1] = not poor[0], not poor[1]
    better = by_name(compare(refusal(poor, labels), refusal(good, labels, 2)))
    assert better["f1"]["low"] > 0.1
    assert better["brier"]["high"] < 0
    assert better["accuracy"]["b"] == pytest.approx(0.9, abs=0.04)
    chance = by_name(compare(refusal(poor, labels), refusal(same, labels, 2)))
    assert chance["f1"]["low"] <= 0 <= chance["f1"]["high"]


def test_only_common_questions_are_compared() -> None:
    a = refusal([True, True, False], [True, True, False], names=["x", "y", "y"])
    b = refusal([True, False, True, True], [True, True, False, True], 2, names=["y", "x", "y", "z"])
    result = compare(a, b)
    assert (result["n"], result["only_a"], result["only_b"]) == (3, 0, 1)
    assert result["changed"] == [
        {"question": "x", "a": "right: passed", "b": "wrong: refused"},
        {"question": "y", "a": "right: refused", "b": "wrong: passed"},
    ]


def test_questions_with_answers() -> None:
    result = compare(qa([0, 2, None, None]), qa([0, 0, 4, None], 2))
    figures = by_name(result)
    assert (figures["hit@1"]["a"], figures["hit@1"]["b"]) == (0.25, 0.5)
    assert figures["hit@5"]["difference"] == 0.25
    assert figures["answer_contains"]["b"] == 0.5
    assert [row["a"] + " -> " + row["b"] for row in result["changed"]] == [
        "wrong: answered -> right: answered",
        "unrelated -> wrong: answered",
    ]


def test_what_cannot_be_compared_says_why() -> None:
    with pytest.raises(SettingsError, match="of refusal, run 2 of qa"):
        compare(refusal([True], [True]), qa([0], 2))
    with pytest.raises(SettingsError, match="no question in common"):
        compare(refusal([True], [True], names=["x"]), refusal([True], [True], 2, names=["y"]))

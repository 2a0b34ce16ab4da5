"""Two runs on the same questions: what differs, and whether it is more than chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.evaluation import bootstrap
from hxd_desktop.engine.evaluation.run import REFUSAL, Row, Run

_Pairs = Sequence[tuple[Row, Row]]


def compare(a: Run, b: Run) -> dict[str, Any]:
    """Compare two runs question by question.

    Returns:
        JSON: `a` and `b` (summaries), `n` questions that both asked, `only_a` and `only_b` how many more each had,
        `differences` (each figure over the common questions, b less a, with the bounds that hold 95 % of what other
        questions of the kind would have given), and `changed`: the questions whose outcome differs.

    Raises:
        SettingsError: they are of different kinds, or have no question in common.
    """
    if a.kind != b.kind:
        raise _incomparable(f"Run {a.id} is of {a.kind}, run {b.id} of {b.kind}.", "Choose two of the same kind.")
    first, second = _keyed(a.rows), _keyed(b.rows)
    pairs = [(row, second[key]) for key, row in first.items() if key in second]
    if not pairs:
        raise _incomparable(f"Runs {a.id} and {b.id} have no question in common.", "Choose two on the same questions.")
    outcome = _verdict if a.kind == REFUSAL else _found
    return {
        "a": a.summary(),
        "b": b.summary(),
        "n": len(pairs),
        "only_a": len(first) - len(pairs),
        "only_b": len(second) - len(pairs),
        "differences": _refusal(pairs) if a.kind == REFUSAL else _qa(pairs),
        "changed": [
            {"question": x["question"], "a": outcome(x), "b": outcome(y)} for x, y in pairs if outcome(x) != outcome(y)
        ],
    }


def _keyed(rows: Sequence[Row]) -> dict[tuple[str, int], Row]:
    """Rows by question; one that stands twice in a file is told by how often it came before."""
    seen: Counter[str] = Counter()
    keyed = {}
    for row in rows:
        keyed[row["question"], seen[row["question"]]] = row
        seen[row["question"]] += 1
    return keyed


def _verdict(row: Row) -> str:
    return f"{'right' if row['passed'] == row['answerable'] else 'wrong'}: {'passed' if row['passed'] else 'refused'}"


def _found(row: Row) -> str:
    if row["answered"]:
        return "right: answered" if row["contains"] else "wrong: answered"
    return str(row["outcome"])


def _refusal(pairs: _Pairs) -> list[dict[str, Any]]:
    def of(side: int) -> dict[str, bootstrap.Statistic]:
        passed = np.array([pair[side]["passed"] for pair in pairs], dtype=bool)
        labels = np.array([pair[side]["answerable"] for pair in pairs], dtype=bool)
        covered = 1 - np.array([pair[side]["score"] for pair in pairs], dtype=float)
        return {
            "f1": bootstrap.f1_of(passed, labels),
            "precision": bootstrap.share_of(labels, passed),
            "recall": bootstrap.share_of(passed, labels),
            "accuracy": bootstrap.mean_of((passed == labels).astype(float)),
            "brier": bootstrap.mean_of((covered - labels) ** 2),
        }

    return _differences(len(pairs), of(0), of(1))


def _qa(pairs: _Pairs) -> list[dict[str, Any]]:
    def of(side: int) -> dict[str, bootstrap.Statistic]:
        values = [_qa_values(pair[side]) for pair in pairs]
        return {name: bootstrap.mean_of(np.array([v[name] for v in values], dtype=float)) for name in values[0]}

    return _differences(len(pairs), of(0), of(1))


def _qa_values(row: Row) -> dict[str, float]:
    rank = row["rank"]
    own = ("answered", "refused", "exact_match", "bleu", "rouge_l", "context_precision", "context_recall")
    return {
        **{f"hit@{k}": float(rank is not None and rank < k) for k in (1, 3, 5, 10)},
        "mrr": 0.0 if rank is None else 1 / (rank + 1),
        "answer_contains": float(row["contains"]),
        **{key: float(row[key]) for key in own},
    }


def _differences(
    n: int, a: Mapping[str, bootstrap.Statistic], b: Mapping[str, bootstrap.Statistic]
) -> list[dict[str, Any]]:
    once = np.ones((1, n))
    spreads = bootstrap.intervals(n, {name: bootstrap.difference(a[name], b[name]) for name in a})
    found = []
    for name, spread in spreads.items():
        first, second = float(a[name](once)[0]), float(b[name](once)[0])
        found.append(
            {
                "figure": name,
                "a": round(first, 4),
                "b": round(second, 4),
                "difference": round(second - first, 4),
                "low": round(spread.low, 4),
                "high": round(spread.high, 4),
            }
        )
    return found


def _incomparable(message: str, remedy: str) -> SettingsError:
    return SettingsError("The runs cannot be compared", message, remedy)

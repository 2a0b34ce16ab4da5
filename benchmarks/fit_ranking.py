"""Learn how the features of a passage are weighed, and write assets/gate/ranking.json.

    python benchmarks/fit_ranking.py QUESTIONS.jsonl=DATA_DIR [QUESTIONS.jsonl=DATA_DIR ...]

Each pair is a file of questions with answers (`hxd eval qa`'s form) and a data directory in which the documents they
were asked about are indexed. A passage is right where it holds the answer. Weights maximise the likelihood that a
right passage comes first (a softmax over the candidates of a question, as in ListNet), are kept from being negative,
so that holding more of the question never ranks lower, and are reported with hits cross-validated over questions.
The first look is fitted over all candidates, the close one over the best that the first lets through.
"""

from __future__ import annotations

import argparse
import datetime
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from hxd_desktop.engine.answering import retrieval
from hxd_desktop.engine.answering.close_reading import CLOSE_FEATURES
from hxd_desktop.engine.answering.lexical import FEATURES
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation.datasets import load_answered
from hxd_desktop.engine.paths import assets

COLUMNS = (*FEATURES, *CLOSE_FEATURES, "dense")
FIRST = [i for i, name in enumerate(COLUMNS) if name not in CLOSE_FEATURES]
CLOSE = list(range(len(COLUMNS)))
# Neither news nor short passages have headings, so what a heading is worth cannot be learnt from them.
FIXED = {"heading": 0.7}
# For embedders that understand: measured with all-MiniLM-L6-v2 on 450 English headings (benchmarks/hybrid.py); 10 to
# 20 differ little. What any passage's cosine has is taken off, so that the score means the same with and without.
DENSE_SEMANTIC, SEMANTIC_FLOOR = 14.0, 0.24


@dataclass
class Asked:
    """A question's candidates: `x`, a row of `COLUMNS` each; `right`: whether it holds the answer."""

    x: np.ndarray
    right: np.ndarray


def collect(questions: Path, data_dir: Path) -> list[Asked]:
    """Features and labels of the candidates of each question."""
    rows = []
    with_library = Assistant.open(data_dir, writable=False)
    closely_read, retrieval.CLOSELY_READ = retrieval.CLOSELY_READ, 10**6
    try:
        scorer = with_library.pipeline(["default"]).scorer
        for item in load_answered(questions):
            found = retrieval.retrieve(scorer.readers[0], prepare(item.question), scorer.embedder).candidates
            floor = min((c.scores["dense"] for c in found if "dense" in c.scores), default=0.0)
            x = [[*c.features, *c.close, c.scores.get("dense", floor)] for c in found]
            right = np.array([item.held_by(c.chunk.text) for c in found], dtype=bool)
            rows.append(Asked(np.array(x).reshape(len(found), len(COLUMNS)), right))
    finally:
        retrieval.CLOSELY_READ = closely_read
        with_library.close()
    return rows


def fit(rows: list[Asked], columns: list[int], steps: int = 400, rate: float = 0.05) -> np.ndarray:
    """Weights of `columns` by projected gradient ascent (Adam) on the softmax likelihood."""
    parts = [(row.x[:, columns], row.right) for row in rows if row.right.any() and not row.right.all()]
    fixed = np.array([FIXED.get(COLUMNS[i], np.nan) for i in columns])
    w = np.where(np.isnan(fixed), 1.0, fixed)
    mean, square = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        gradient = -1e-3 * w
        for x, right in parts:
            s = x @ w
            p = np.exp(s - s.max())
            held = p * right
            gradient += x.T @ (held / held.sum() - p / p.sum()) / len(parts)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        w = w + rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        w = np.where(np.isnan(fixed), np.maximum(w, 0.0), fixed)
    return w


def best_of(row: Asked, first: np.ndarray) -> np.ndarray:
    """Which candidates the first look lets through, best first."""
    return np.argsort(-(row.x[:, FIRST] @ first), kind="stable")[: retrieval.CLOSELY_READ]


def fit_both(rows: list[Asked]) -> tuple[np.ndarray, np.ndarray]:
    first = fit(rows, FIRST)
    chosen = [best_of(row, first) for row in rows]
    return first, fit([Asked(row.x[i], row.right[i]) for row, i in zip(rows, chosen, strict=True)], CLOSE)


def rank_of_right(row: Asked, first: np.ndarray, close: np.ndarray) -> int:
    """The rank, from 0, of the best right passage as the two looks order them; copies are not taken out."""
    order = np.argsort(-(row.x[:, FIRST] @ first), kind="stable")
    best, rest = np.split(order, [retrieval.CLOSELY_READ])
    order = np.concatenate([best[np.argsort(-(row.x[best] @ close), kind="stable")], rest])
    right = np.flatnonzero(row.right[order])
    return int(right[0]) if len(right) else 10**6


def hits(ranks: list[int]) -> dict[str, float]:
    """Share of all questions with a right passage among the best k."""
    return {f"hit@{k}": round(float(np.mean(np.array(ranks) < k)), 4) for k in (1, 3, 5, 10, 50)}


def as_json(rows: list[Asked], columns: list[int], weights: np.ndarray) -> dict[str, object]:
    best = [float((row.x[:, columns] @ weights).max()) for row in rows if len(row.x)]
    named = {COLUMNS[i]: round(float(w), 4) for i, w in zip(columns, weights, strict=True)}
    return {
        "dense_lexical": named.pop("dense"),
        "dense_semantic": DENSE_SEMANTIC,
        "semantic_floor": SEMANTIC_FLOOR,
        "features": named,
        # The median best passage of these questions is shown as 0.8.
        "intercept": round(-float(np.median(best)) + float(np.log(4)), 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="QUESTIONS=DATA_DIR")
    parser.add_argument("--dry-run", action="store_true", help="print, write nothing")
    options = parser.parse_args()
    sets = {}
    for pair in options.pairs:
        questions, _, data_dir = pair.partition("=")
        sets[Path(questions).stem + "@" + Path(data_dir).name] = collect(Path(questions), Path(data_dir))
    rows = [row for part in sets.values() for row in part]
    folds = np.random.default_rng(0).permutation(len(rows)) % 5
    ranks = [0] * len(rows)
    for fold in range(5):
        first, close = fit_both([row for row, f in zip(rows, folds, strict=True) if f != fold])
        for i in np.flatnonzero(folds == fold):
            ranks[i] = rank_of_right(rows[i], first, close)
    start = 0
    for name, part in sets.items():
        print(name, len(part), "cross-validated", hits(ranks[start : start + len(part)]))
        start += len(part)
    first, close = fit_both(rows)
    result = {
        "version": 2,
        "fitted": {
            "by": "benchmarks/fit_ranking.py",
            "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "questions": {name: len(part) for name, part in sets.items()},
            "fixed": [*FIXED, "dense_semantic"],
        },
        "first": as_json(rows, FIRST, first),
        "close": as_json(rows, CLOSE, close),
    }
    print(json.dumps(result, indent=1))
    if not options.dry_run:
        target = assets() / "gate" / "ranking.json"
        target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

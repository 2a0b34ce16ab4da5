"""Learn how the features of a passage are weighed, and write assets/gate/ranking.json.

    python benchmarks/fit_ranking.py QUESTIONS.jsonl=DATA_DIR [QUESTIONS.jsonl=DATA_DIR ...]

Each pair is a file of questions with answers (`hxd eval qa`'s form) and a data directory in which the documents they
were asked about are indexed. A passage is right where it holds the answer. Weights maximise the likelihood that a
right passage comes first (a softmax over the candidates of a question, as in ListNet), are kept from being negative,
so that holding more of the question never ranks lower, and are reported with hits cross-validated over questions.
"""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path

import numpy as np

from hxd_desktop.engine.answering.lexical import FEATURES
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation.datasets import load_answered
from hxd_desktop.engine.paths import assets

COLUMNS = (*FEATURES, "dense")
# Neither news nor short passages have headings, so what a heading is worth cannot be learnt from them.
FIXED = {"heading": 0.7}
DENSE_SEMANTIC = 6.0  # for embedders that understand: set, until one has been measured


def collect(questions: Path, data_dir: Path) -> list[tuple[np.ndarray, np.ndarray]]:
    """Features and labels of the candidates of each question."""
    rows = []
    with_library = Assistant.open(data_dir, writable=False)
    try:
        scorer = with_library.pipeline(["default"]).scorer
        for item in load_answered(questions):
            retrieval = retrieve(scorer.readers[0], prepare(item.question), scorer.embedder)
            if not retrieval.candidates:
                continue
            floor = min((c.scores["dense"] for c in retrieval.candidates if "dense" in c.scores), default=0.0)
            rows.append(
                (
                    np.array([[*c.features, c.scores.get("dense", floor)] for c in retrieval.candidates]),
                    np.array([item.held_by(c.chunk.text) for c in retrieval.candidates]),
                )
            )
    finally:
        with_library.close()
    return rows


def fit(rows: list[tuple[np.ndarray, np.ndarray]], steps: int = 400, rate: float = 0.05) -> np.ndarray:
    """Weights of `COLUMNS` by projected gradient ascent (Adam) on the softmax likelihood."""
    rows = [(x, y) for x, y in rows if y.any() and not y.all()]
    fixed = np.array([FIXED.get(name, np.nan) for name in COLUMNS])
    w = np.where(np.isnan(fixed), 1.0, fixed)
    mean, square = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, steps + 1):
        gradient = -1e-3 * w
        for x, y in rows:
            s = x @ w
            p = np.exp(s - s.max())
            right = p * y
            gradient += x.T @ (right / right.sum() - p / p.sum()) / len(rows)
        mean, square = 0.9 * mean + 0.1 * gradient, 0.99 * square + 0.01 * gradient**2
        w = w + rate * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
        w = np.where(np.isnan(fixed), np.maximum(w, 0.0), fixed)
    return w


def hits(rows: list[tuple[np.ndarray, np.ndarray]], weights: list[np.ndarray]) -> dict[str, float]:
    """Share of all questions with a right passage among the best k."""
    ranks = []
    for (x, y), w in zip(rows, weights, strict=True):
        right = np.flatnonzero(y[np.argsort(-(x @ w), kind="stable")])
        ranks.append(right[0] if len(right) else 10**6)
    return {f"hit@{k}": round(float(np.mean(np.array(ranks) < k)), 4) for k in (1, 3, 5, 10, 50)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="+", metavar="QUESTIONS=DATA_DIR")
    parser.add_argument("--dry-run", action="store_true", help="print, write nothing")
    options = parser.parse_args()
    sets = {}
    for pair in options.pairs:
        questions, _, data_dir = pair.partition("=")
        sets[Path(questions).stem + "@" + Path(data_dir).name] = collect(Path(questions), Path(data_dir))
    rows = [row for rows in sets.values() for row in rows]
    folds = np.random.default_rng(0).permutation(len(rows)) % 5
    held_out = [np.zeros(len(COLUMNS))] * len(rows)
    for fold in range(5):
        w = fit([row for row, f in zip(rows, folds, strict=True) if f != fold])
        held_out = [w if f == fold else old for old, f in zip(held_out, folds, strict=True)]
    start = 0
    for name, part in sets.items():
        print(name, len(part), "cross-validated", hits(part, held_out[start : start + len(part)]))
        start += len(part)
    weights = fit(rows)
    best = [float((x @ weights).max()) for x, _ in rows]
    result = {
        "version": 1,
        "fitted": {
            "by": "benchmarks/fit_ranking.py",
            "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "questions": {name: len(part) for name, part in sets.items()},
            "fixed": [*FIXED, "dense_semantic"],
        },
        "features": {n: round(float(w), 4) for n, w in zip(COLUMNS, weights, strict=True) if n != "dense"},
        "dense_lexical": round(float(weights[-1]), 4),
        "dense_semantic": DENSE_SEMANTIC,
        # The median best passage of these questions is shown as 0.8.
        "intercept": round(-float(np.median(best)) + float(np.log(4)), 4),
    }
    print(json.dumps(result, indent=1))
    if not options.dry_run:
        target = assets() / "gate" / "ranking.json"
        target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

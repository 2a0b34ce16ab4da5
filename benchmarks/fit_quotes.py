"""Learn which sentences to quote, and write assets/gate/quotes.json.

    python benchmarks/fit_quotes.py QUESTIONS.jsonl=DATA_DIR [QUESTIONS.jsonl=DATA_DIR ...]

Each pair is a file of questions with answers and a data directory in which the documents they were asked about are
indexed, as for fit_ranking.py. A sentence of the best passages is right where it holds the answer; weights are those
of a logistic regression. Printed is how many quoted answers hold the answer, cross-validated over questions and with
no gate, by how long they are.
"""

from __future__ import annotations

import argparse
import datetime
import json
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from hxd_desktop.engine.answering import context, extract, statements
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation.datasets import load_answered
from hxd_desktop.engine.paths import assets
from hxd_desktop.engine.settings import AnswerSettings

FIXED = {"defines": 2.0, "code": -1.0}  # few of these questions ask for a definition, and no passage holds code


def collect(questions: Path, data_dir: Path) -> list[tuple]:
    """Question, sources, idf, item, features and labels of each question."""
    rows = []
    settings = AnswerSettings()
    assistant = Assistant.open(data_dir, writable=False)
    try:
        scorer = assistant.pipeline(["default"]).scorer
        for item in load_answered(questions):
            question = prepare(item.question)
            found = retrieve(scorer.readers[0], question, scorer.embedder)
            sources = context.choose_sources(found.candidates, settings.top_k)
            made = statements.Statements(question, sources, found.idf, settings.quote_chars)
            x = np.array([s.features for s in made.all]).reshape(len(made.all), len(statements.STATEMENT_FEATURES))
            right = [item.held_by(sources[s.source].text[s.start : s.end]) for s in made.all]
            rows.append((question, sources, found.idf, item, x, np.array(right, dtype=bool)))
    finally:
        assistant.close()
    return rows


def fit(rows: list[tuple]) -> dict[str, float]:
    names = statements.STATEMENT_FEATURES
    free = [i for i, name in enumerate(names) if name not in FIXED]
    useful = [row for row in rows if row[5].any()]
    x = np.concatenate([row[4] for row in useful])
    y = np.concatenate([row[5] for row in useful])
    model = LogisticRegression(C=1.0, max_iter=3000).fit(x[:, free], y)
    return {names[i]: round(float(w), 4) for i, w in zip(free, model.coef_[0], strict=True)} | FIXED


def held(row: tuple, weights: dict[str, float], limit: int) -> tuple[bool, int]:
    question, sources, idf, item, _, _ = row
    quoted = "\n".join(q.cited() for q in extract.extract(question, sources, idf, limit, weights))
    return item.held_by(quoted), len(quoted)


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
    weights = [fit([row for row, f in zip(rows, folds, strict=True) if f != fold]) for fold in range(5)]
    for limit in (100, 150, 200, 300):
        start = 0
        for name, part in sets.items():
            results = [held(row, weights[folds[start + i]], limit) for i, row in enumerate(part)]
            start += len(part)
            holds, length = (float(np.mean(column)) for column in zip(*results, strict=True))
            print(f"{name}: at most {limit} characters: {holds:.4f} hold the answer, {length:.0f} characters")
    result = {
        "version": 1,
        "fitted": {
            "by": "benchmarks/fit_quotes.py",
            "date": datetime.datetime.now(tz=datetime.UTC).date().isoformat(),
            "questions": {name: len(part) for name, part in sets.items()},
            "fixed": [*FIXED],
        },
        "weights": fit(rows),
    }
    print(json.dumps(result, indent=1))
    if not options.dry_run:
        target = assets() / "gate" / "quotes.json"
        target.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Questions that use the other form of a name: does the passage still come up, with and without looking for both?

    python benchmarks/abbreviations.py DATA_DIR QUESTIONS

DATA_DIR holds a library of all CRUD texts (`default`), QUESTIONS is `crud/questions.jsonl`. Every question that holds a
name of which the library explains a short and a long form, both in use, is asked with the other form in its place;
which questions those are is decided by the library alone. Hits are counted as `hxd eval qa` counts them.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from unittest.mock import patch

from hxd_desktop.engine.answering import scoring
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.scoring import Scored
from hxd_desktop.engine.answering.wordings import Wording, other_forms, other_wordings
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation.datasets import load_answered
from hxd_desktop.engine.evaluation.forms import AnsweredQuestion

RANKS = (1, 3, 5, 10)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data_dir")
    parser.add_argument("questions")
    given = parser.parse_args()
    with closing(Assistant.open(given.data_dir)) as assistant:
        scorer = assistant.pipeline().scorer
        asked = []
        for question in load_answered(Path(given.questions)):
            forms = [form for form in other_forms(prepare(question.question), scorer.readers) if form.chunks]
            if forms:
                text, form = prepare(question.question).text, forms[0]
                asked.append((question, f"{text[: form.start]} {form.other} {text[form.end :]}"))
        print(f"{len(asked)} questions with a name that has another form\n")
        print("| | " + " | ".join(f"hit@{rank}" for rank in RANKS) + " | passed by the gate |")
        print("|---|" + "---|" * (len(RANKS) + 1))
        nothing: Callable[..., tuple[Wording, ...]] = lambda *_: ()  # noqa: E731
        rows: list[tuple[str, bool, bool]] = [
            ("as they are, one form searched", False, False),
            ("as they are, both forms searched", False, True),
            ("other form asked, one form searched", True, False),
            ("other form asked, both forms searched", True, True),
        ]
        for name, other, both in rows:
            with patch.object(scoring, "other_wordings", other_wordings if both else nothing):
                scored = [(q, scorer.score(text if other else q.question)) for q, text in asked]
            hits = [sum(_rank(q, s) <= rank for q, s in scored) / len(scored) for rank in RANKS]
            passed = sum(s.answerable for _, s in scored) / len(scored)
            print(f"| {name} | " + " | ".join(f"{share:.1%}" for share in (*hits, passed)) + " |")


def _rank(question: AnsweredQuestion, scored: Scored) -> int:
    """The first of the best chunks that holds the answer; beyond all ranks where none does."""
    for rank, candidate in enumerate(scored.candidates[: max(RANKS)], 1):
        if question.parts_in(candidate.chunk.text) == len(question.answers):
            return rank
    return max(RANKS) + 1


if __name__ == "__main__":
    main()

"""How often contradicting sources are shown as such, and how often by mistake.

    python benchmarks/conflicts.py FACTS.jsonl... [--show]

Each line of a file is an object with "question", "positive" (passages that hold the answer), "positive_wrong" (the
same with another answer) and "negative". Asked are, with the gate told to let everything pass, the questions whose
answer is a number, an amount or a date: first over the right passages (with the negative ones) alone, where no
contradiction should be found, then over right and wrong ones together.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from hxd_desktop.engine.answering.answer_type import AnswerType, asked_type
from hxd_desktop.engine.assistant import Assistant

VALUES = (AnswerType.DATE, AnswerType.NUMBER, AnswerType.MONEY, AnswerType.YES_NO)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("facts", type=Path, nargs="+")
    arguments.add_argument("--show", action="store_true", help="print what was found")
    options = arguments.parse_args()
    for file in options.facts:
        rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
        of_values = [row for row in rows if asked_type(row["question"]) in VALUES]
        print(f"{file.name}: {len(rows)} questions, {len(of_values)} ask for a value")
        for kinds in (("positive", "negative"), ("positive", "positive_wrong", "negative")):
            found, both = measure(rows, of_values, kinds, options.show)
            print(f"  {' + '.join(kinds)}: a contradiction in {found} (of {both} that had both among their sources)")


def measure(
    rows: list[dict[str, Any]], asked: list[dict[str, Any]], kinds: tuple[str, ...], show: bool
) -> tuple[int, int]:
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as place:
        documents = Path(place, "documents")
        documents.mkdir()
        passages = {passage for row in rows for kind in kinds for passage in row[kind]}
        for number, passage in enumerate(sorted(passages)):
            (documents / f"{number:05d}.txt").write_text(passage, encoding="utf-8")
        assistant = Assistant.open(Path(place, "data"))
        try:
            assistant.add_folder(documents)
            assistant.index()
            flagged = both = 0
            for row in asked:
                answer = assistant.ask(row["question"], force=True)
                texts = [source.text for source in answer.sources]
                spellings = ([s for part in row["answers"] for s in part], [row["fake_answer"]])
                both += all(any(s in text for text in texts for s in said) for said in spellings)
                flagged += bool(answer.grounding.conflicts)
                if show:
                    for conflict in answer.grounding.conflicts:
                        print("   ", row["question"], dict(zip(conflict.n, conflict.values, strict=True)))
        finally:
            assistant.close()
    return flagged, both


if __name__ == "__main__":
    main()

"""Words, vectors, and both: each heading of Markdown files asks for its own section, which does not hold it.

    python benchmarks/hybrid.py FOLDER [--embedder ID --models FOLDER] [--limit N]

The sections (benchmarks/sections.py) are written as files of their own, without their headings, and indexed; a hit is
the right file among the best k. The embedder is all-MiniLM-L6-v2 (the extra `minilm`), or one of the models in a data
directory's folder. Differences come with the interval that holds 95 of 100 resamplings of the same questions (paired
bootstrap). Then the weights of the cosine (`dense_semantic` in assets/gate/ranking.json, of the first and of the close
look) are varied: "other half" is chosen on the projects of one half and measured on the other, both ways.
"""

from __future__ import annotations

import argparse
import dataclasses
import tempfile
from pathlib import Path

import numpy as np
from measuring import machine
from sections import Section, sections

from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.ranking import Ranking, default_ranking
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.evaluation.bootstrap import interval
from hxd_desktop.engine.models import packaged

HITS = (1, 3, 5, 10)
# Of the cosine, at the first look and at the close one.
WEIGHTS = ((0, 0), (3, 3), (6, 6), (10, 6), (14, 6), (10, 10), (14, 10), (14, 14), (20, 14), (20, 20), (30, 30))
MISSED = 10**6


def weighed(first: float, close: float) -> Ranking:
    """The ranking that ships, with other weights of the cosine."""
    shipped = default_ranking()
    return Ranking(
        dataclasses.replace(shipped.first, dense_semantic=first),
        dataclasses.replace(shipped.close, dense_semantic=close),
    )


def ranks(
    assistant: Assistant, found: list[Section], weights: tuple[float, float] | None, with_words: bool = True
) -> np.ndarray:
    """Where the right section stands for each heading, 0 for the first; `weights` None for no vectors."""
    scorer = assistant.pipeline(["default"]).scorer
    reader, embedder = scorer.readers[0], scorer.embedder
    ranking = weighed(*(weights or (0.0, 0.0)))
    result = []
    for number, section in enumerate(found):
        question = prepare(section.heading)
        if with_words:
            kept = retrieve(reader, question, None if weights is None else embedder, ranking=ranking).candidates
            paths = [candidate.chunk.path for candidate in kept]
        else:
            near = [chunk_id for chunk_id, _ in reader.search_vectors(embedder.embed_query(question.search), 100)]
            chunks = reader.chunks(near)
            paths = [chunks[chunk_id].path for chunk_id in near if chunk_id in chunks]
        order = list(dict.fromkeys(Path(path).stem for path in paths))
        name = f"{number:05}"
        result.append(order.index(name) if name in order else MISSED)
    return np.array(result)


def values(found: np.ndarray) -> dict[str, np.ndarray]:
    return {f"hit@{k}": (found < k).astype(float) for k in HITS} | {"MRR": 1.0 / (1 + found)}


def row(name: str, found: np.ndarray) -> str:
    return f"| {name} | {' | '.join(f'{100 * value.mean():.1f}' for value in values(found).values())} |"


def difference(name: str, a: np.ndarray, b: np.ndarray) -> str:
    cells = []
    for x, y in zip(values(a).values(), values(b).values(), strict=True):
        gain = 100 * (x - y)
        spread = interval(len(gain), lambda drawn, gain=gain: drawn @ gain / len(gain))
        cells.append(f"{gain.mean():+.1f} ({spread.low:+.1f} to {spread.high:+.1f})")
    return f"| {name} | {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--embedder", default=packaged.MODEL_ID)
    parser.add_argument("--models", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--limit", type=int)
    arguments = parser.parse_args()
    found = sections(arguments.folder, arguments.language)[: arguments.limit]
    print(machine())
    columns = [*(f"hit@{k}" for k in HITS), "MRR"]
    head = f"| {len(found)} headings | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}"
    with tempfile.TemporaryDirectory(prefix="hxd-benchmark-") as folder:
        files = Path(folder) / "files"
        files.mkdir()
        for number, section in enumerate(found):
            (files / f"{number:05}.txt").write_text(section.text, encoding="utf-8")
        assistant = Assistant.open(Path(folder) / "data", models=arguments.models)
        try:
            assistant.use_model(arguments.embedder)
            assistant.add_folder(files)
            assistant.index()
            shipped = (default_ranking().first.dense_semantic, default_ranking().close.dense_semantic)
            words, vectors = ranks(assistant, found, None), ranks(assistant, found, shipped, with_words=False)
            swept = {weights: ranks(assistant, found, weights) for weights in sorted({*WEIGHTS, shipped})}
        finally:
            assistant.close()
    both = swept[shipped]
    print("\n".join([head, row("words alone", words), row("vectors alone", vectors), row(f"both {shipped}", both)]))
    print(difference("both, beside words", both, words))
    print(difference("both, beside vectors", both, vectors))

    print("\n" + "\n".join([head.replace("headings", "headings, weight"), *(row(str(w), r) for w, r in swept.items())]))
    projects = sorted({section.project for section in found})
    first = np.array([projects.index(section.project) % 2 == 0 for section in found])
    chosen = np.empty(len(found), int)
    picked = []
    for tuned, measured in ((first, ~first), (~first, first)):
        best = max(swept, key=lambda weights: float((1.0 / (1 + swept[weights][tuned])).mean()))
        chosen[measured] = swept[best][measured]
        picked.append(str(best))
    print(row(f"other half: {', '.join(picked)}", chosen))
    print(difference("other half, beside words", chosen, words))
    print(difference("other half, beside vectors", chosen, vectors))
    print(difference(f"other half, beside {shipped}", chosen, both))


if __name__ == "__main__":
    main()

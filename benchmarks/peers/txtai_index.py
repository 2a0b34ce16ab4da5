"""txtai, words (BM25 of its own) and vectors together, content kept in SQLite: what it calls hybrid search."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import numpy as np
from common import TOP_K, all_pieces, asked, changes, embedder, pieces_of, serve

os.environ["ALLOW_RESOLVE_TRANSFORM"] = "True"  # a kept index names the function below, which this very file made
from txtai import Embeddings


def vectors(texts: list[str]) -> np.ndarray:
    return embedder().embed_passages(texts)


def _empty() -> Embeddings:
    return Embeddings(method="external", transform="txtai_index.vectors", hybrid=True, content=True)


def _load(state: Path) -> Embeddings:
    made = _empty()
    made.load(str(state))
    return made


def index(state: Path, folder: Path) -> dict[str, Any]:
    made = _empty()
    made.index((name, text, None) for _, pieces in all_pieces(folder) for name, text in pieces)
    made.save(str(state))
    return {"pieces": made.count()}


def change(state: Path, folder: Path) -> dict[str, Any]:
    made = _load(state)

    def take_up(path: Path) -> None:
        made.upsert([(name, text, None) for name, text in pieces_of(path)])
        made.save(str(state))

    return changes(folder, take_up, lambda word: [one["text"] for one in made.search(word, TOP_K)])


def query(state: Path, _folder: Path, questions: Path) -> dict[str, Any]:
    started = time.perf_counter()
    made = _load(state)
    made.search("What is it?", TOP_K)
    load_s = time.perf_counter() - started
    return {**asked(questions, lambda question: made.search(question, TOP_K)), "load_s": load_s}


if __name__ == "__main__":
    serve(index, query, change=change)

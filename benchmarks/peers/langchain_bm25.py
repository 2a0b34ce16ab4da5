"""LangChain with BM25 (rank-bm25): words alone, in memory alone. It keeps nothing: every start builds it anew."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from common import TOP_K, all_pieces, asked, serve, words
from langchain_community.retrievers import BM25Retriever


def _build(folder: Path) -> BM25Retriever:
    texts = [text for _, pieces in all_pieces(folder) for _, text in pieces]
    return BM25Retriever.from_texts(texts, preprocess_func=words, k=TOP_K)


def index(state: Path, folder: Path) -> dict[str, Any]:
    state.mkdir(exist_ok=True)
    return {"pieces": len(_build(folder).docs)}


def query(_state: Path, folder: Path, questions: Path) -> dict[str, Any]:
    started = time.perf_counter()
    retriever = _build(folder)
    retriever.invoke("What is it?")
    load_s = time.perf_counter() - started
    return {**asked(questions, retriever.invoke), "load_s": load_s}


if __name__ == "__main__":
    serve(index, query)

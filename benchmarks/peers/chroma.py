"""Chroma, kept in its own folder: vectors alone. It knows no files, so nothing tells it what has changed."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path
from typing import Any

import chromadb
from common import TOP_K, all_pieces, asked, changes, embedder, pieces_of, serve

BATCH = 4000


def _collection(state: Path) -> Any:
    settings = chromadb.Settings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(str(state), settings=settings)
    space = {"hnsw": {"space": "ip"}}
    return client.get_or_create_collection("files", configuration=space, embedding_function=None)


def _add(collection: Any, rows: list[tuple[str, str, str]]) -> None:
    """Rows of (id, text, path)."""
    collection.upsert(
        ids=[row[0] for row in rows],
        documents=[row[1] for row in rows],
        metadatas=[{"source": row[2]} for row in rows],
        embeddings=embedder().embed_passages([row[1] for row in rows]),
    )


def index(state: Path, folder: Path) -> dict[str, Any]:
    collection = _collection(state)
    rows = ((name, text, str(path)) for path, made in all_pieces(folder) for name, text in made)
    while batch := list(islice(rows, BATCH)):
        _add(collection, batch)
    return {"pieces": collection.count()}


def change(state: Path, folder: Path) -> dict[str, Any]:
    collection = _collection(state)

    def take_up(path: Path) -> None:
        collection.delete(where={"source": str(path)})
        _add(collection, [(name, text, str(path)) for name, text in pieces_of(path)])

    return changes(folder, take_up, lambda word: _find(collection, word))


def _find(collection: Any, question: str) -> list[str]:
    vector = embedder().embed_query(question)
    return collection.query(query_embeddings=[vector], n_results=TOP_K)["documents"][0]


def query(state: Path, _folder: Path, questions: Path) -> dict[str, Any]:
    started = time.perf_counter()
    collection = _collection(state)
    _find(collection, "What is it?")
    load_s = time.perf_counter() - started
    return {**asked(questions, lambda question: _find(collection, question)), "load_s": load_s}


if __name__ == "__main__":
    serve(index, query, change=change)

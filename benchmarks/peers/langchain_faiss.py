"""LangChain with FAISS (exact, inner product): vectors alone; what is unchanged is told by its record manager."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import faiss
from common import TOP_K, all_pieces, asked, changes, embedder, pieces_of, serve
from langchain_classic.indexes import SQLRecordManager
from langchain_community.docstore.in_memory import InMemoryDocstore
from langchain_community.vectorstores import FAISS
from langchain_community.vectorstores.utils import DistanceStrategy
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.indexing import index as bring_up_to_date


class BuiltIn(Embeddings):
    def __init__(self) -> None:
        self._embedder = embedder()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed_passages(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self._embedder.embed_query(text).tolist()


def _documents(path: Path) -> list[Document]:
    return [Document(text, metadata={"source": str(path), "id": name}) for name, text in pieces_of(path)]


def _records(state: Path) -> SQLRecordManager:
    records = SQLRecordManager("files", db_url=f"sqlite:///{state / 'records.sqlite'}")
    records.create_schema()
    return records


def _load(state: Path) -> FAISS:
    return FAISS.load_local(
        str(state),
        BuiltIn(),
        allow_dangerous_deserialization=True,  # its own format is a pickle, made here a moment ago
        distance_strategy=DistanceStrategy.MAX_INNER_PRODUCT,
    )


def _update(state: Path, store: FAISS, documents: list[Document], cleanup: str) -> dict[str, Any]:
    done = bring_up_to_date(
        documents,
        _records(state),
        store,
        cleanup=cleanup,
        source_id_key="source",
        batch_size=1000,
        cleanup_batch_size=1000,
        key_encoder="sha256",
    )
    if done["num_added"] or done["num_deleted"] or done["num_updated"]:
        store.save_local(str(state))
    return {"pieces": done["num_added"], "changed": done["num_added"] + done["num_deleted"]}


def index(state: Path, folder: Path) -> dict[str, Any]:
    state.mkdir(exist_ok=True)
    built_in = BuiltIn()
    strategy = DistanceStrategy.MAX_INNER_PRODUCT
    store = FAISS(built_in, faiss.IndexFlatIP(embedder().dim), InMemoryDocstore(), {}, distance_strategy=strategy)
    return _update(state, store, [d for path, _ in all_pieces(folder) for d in _documents(path)], "full")


def rescan(state: Path, folder: Path) -> dict[str, Any]:
    """Every file is read and cut again; what is the same is not embedded again."""
    return _update(state, _load(state), [d for path, _ in all_pieces(folder) for d in _documents(path)], "full")


def change(state: Path, folder: Path) -> dict[str, Any]:
    store = _load(state)
    return changes(
        folder,
        lambda path: _update(state, store, _documents(path), "incremental") and None,
        lambda word: [one.page_content for one in store.similarity_search(word, k=TOP_K)],
    )


def query(state: Path, _folder: Path, questions: Path) -> dict[str, Any]:
    started = time.perf_counter()
    store = _load(state)
    store.similarity_search("What is it?", k=TOP_K)
    load_s = time.perf_counter() - started
    return {**asked(questions, lambda question: store.similarity_search(question, k=TOP_K)), "load_s": load_s}


if __name__ == "__main__":
    serve(index, query, rescan=rescan, change=change)

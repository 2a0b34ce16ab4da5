"""LlamaIndex with its own vector store (exact, in memory, kept as JSON): vectors alone; it knows a text by its hash."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from common import TOP_K, asked, changes, embedder, files, pieces, serve
from llama_index.core import Document, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.embeddings import BaseEmbedding
from llama_index.core.node_parser.interface import TextSplitter
from pydantic import PrivateAttr


class Cutter(TextSplitter):
    def split_text(self, text: str) -> list[str]:
        return pieces(text)


class BuiltIn(BaseEmbedding):
    _embedder: Any = PrivateAttr(default_factory=embedder)

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return self._embedder.embed_passages(texts).tolist()

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._embedder.embed_query(query).tolist()

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


def _document(path: Path) -> Document:
    return Document(text=path.read_text("utf-8", "replace"), id_=str(path))


def _parts() -> dict[str, Any]:
    return {"embed_model": BuiltIn(embed_batch_size=1000), "transformations": [Cutter()]}


def _load(state: Path) -> VectorStoreIndex:
    return load_index_from_storage(StorageContext.from_defaults(persist_dir=str(state)), **_parts())


def index(state: Path, folder: Path) -> dict[str, Any]:
    made = VectorStoreIndex.from_documents([_document(path) for path in files(folder)], **_parts())
    made.storage_context.persist(str(state))
    return {"pieces": len(made.docstore.docs)}


def rescan(state: Path, folder: Path) -> dict[str, Any]:
    """Every file is read again; one that is the same is neither cut nor embedded again."""
    made = _load(state)
    changed = sum(made.refresh_ref_docs([_document(path) for path in files(folder)]))
    if changed:
        made.storage_context.persist(str(state))
    return {"changed": changed}


def change(state: Path, folder: Path) -> dict[str, Any]:
    made = _load(state)

    def take_up(path: Path) -> None:
        made.refresh_ref_docs([_document(path)])
        made.storage_context.persist(str(state))

    def find(word: str) -> list[str]:
        # A retriever knows the nodes that were there when it was made.
        return [one.text for one in made.as_retriever(similarity_top_k=TOP_K).retrieve(word)]

    return changes(folder, take_up, find)


def query(state: Path, _folder: Path, questions: Path) -> dict[str, Any]:
    started = time.perf_counter()
    retriever = _load(state).as_retriever(similarity_top_k=TOP_K)
    retriever.retrieve("What is it?")
    load_s = time.perf_counter() - started
    return {**asked(questions, retriever.retrieve), "load_s": load_s}


if __name__ == "__main__":
    serve(index, query, rescan=rescan, change=change)

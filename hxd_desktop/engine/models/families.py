"""What is known of families of embedding models and stands in none of their files."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Family:
    """How the models of a family want to be used.

    `pooling` is "" where it does not matter (rerankers). `languages` are ISO codes, "*" for many.
    `bridges_languages`: a question in one language finds passages in another.
    """

    pattern: str
    pooling: str
    languages: frozenset[str]
    bridges_languages: bool = False
    query_prefix: str = ""
    passage_prefix: str = ""


_MANY = frozenset({"*"})

# The first that matches counts; prefixes and pooling are those of the models' own cards.
FAMILIES = (
    Family("bce-embedding", "CLS", frozenset({"zh", "en"}), bridges_languages=True),
    Family("bge-m3", "CLS", _MANY, bridges_languages=True),
    Family("bge-[a-z]+-zh", "CLS", frozenset({"zh"}), query_prefix="为这个句子生成表示以用于检索相关文章："),
    Family(
        "bge-[a-z]+-en",
        "CLS",
        frozenset({"en"}),
        query_prefix="Represent this sentence for searching relevant passages: ",
    ),
    Family("multilingual-e5", "MEAN", _MANY, True, "query: ", "passage: "),
    Family("e5-(small|base|large)", "MEAN", frozenset({"en"}), False, "query: ", "passage: "),
    Family(
        "qwen3-embedding",
        "LAST_TOKEN",
        _MANY,
        True,
        "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:",
    ),
    Family("embeddinggemma", "MEAN", _MANY, True, "task: search result | query: ", "title: none | text: "),
    Family("nomic-embed-text-v2", "MEAN", _MANY, True, "search_query: ", "search_document: "),
    Family("nomic-embed-text", "MEAN", frozenset({"en"}), False, "search_query: ", "search_document: "),
    Family("gte-multilingual", "CLS", _MANY, bridges_languages=True),
    Family("(paraphrase|distiluse)-[a-z0-9-]*multilingual", "MEAN", _MANY, bridges_languages=True),
    Family("all-minilm", "MEAN", frozenset({"en"})),
    Family("qwen3-reranker", "", _MANY, bridges_languages=True),
    Family("bce-reranker", "", frozenset({"zh", "en"}), bridges_languages=True),
    Family("bge-reranker-v2-m3", "", _MANY, bridges_languages=True),
    Family("bge-reranker", "", frozenset({"zh", "en"}), bridges_languages=True),
)


def family_of(*names: str) -> Family | None:
    """Return the family that the first of these names belongs to, None if none does."""
    for name in names:
        for family in FAMILIES:
            if re.search(family.pattern, name.lower().replace("_", "-")):
                return family
    return None

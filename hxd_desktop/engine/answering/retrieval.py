"""The passages of one library that may answer a question: by words and by vectors, scored as one.

Words find candidates through FTS5 with the question's rarest terms; the built-in or a neural embedder adds its own.
Every candidate is then scored against the whole question by a small linear model over features that mean the same in
every library (`lexical.FEATURES` and the dense cosine). Its weights were learnt; see `benchmarks/fit_gate.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.lexical import FEATURES, LexicalScorer, inverse_document_frequency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.library.reader import LibraryReader, LibraryStats, StoredChunk
    from hxd_desktop.engine.models.protocols import Embedder

# How many candidates are scored in full; the postings that one search by words may walk.
WORD_CANDIDATES = 100
DENSE_CANDIDATES = 30
POSTINGS_BUDGET = 24_000
_DF_CAP = 8_000
_MIN_TERMS = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its typed scores: `bm25`, `dense`, `fused`, `coverage` ...; `features` as `lexical.FEATURES`."""

    chunk: StoredChunk
    library: str
    scores: dict[str, float]
    features: NDArray[np.float32]

    @property
    def fused(self) -> float:
        """The score that candidates are ranked by, 0 to 1."""
        return self.scores["fused"]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a library had to say to a question. `candidates`: best first. `frequencies`: chunks per term, capped.

    `idf`: 0 to 1 per term. `searched`: the terms that were rare enough to search by.
    """

    library: str
    stats: LibraryStats
    candidates: tuple[Candidate, ...]
    frequencies: Mapping[str, int]
    idf: Mapping[str, float]
    searched: tuple[str, ...]
    semantic: bool = False
    dense_best: float | None = None
    detail: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Linear weights of `lexical.FEATURES`, and of the dense cosine by kind of embedder."""

    features: tuple[float, ...]
    dense_lexical: float
    dense_semantic: float
    intercept: float


DEFAULT_FUSION = FusionWeights(
    features=(3.0, 1.0, 1.0, 0.3, 2.0, 1.5, 1.0, 0.2), dense_lexical=0.0, dense_semantic=4.0, intercept=-3.0
)


def retrieve(
    reader: LibraryReader,
    question: Question,
    embedder: Embedder | None,
    *,
    filters: Filters | None = None,
    weights: FusionWeights = DEFAULT_FUSION,
    query_vector: NDArray[np.float32] | None = None,
) -> Retrieval:
    """Find and score the candidates of one library.

    Args:
        reader: the library.
        question: the prepared question.
        embedder: the model that made the library's vectors, None to search by words alone.
        filters: what the search is narrowed to.
        weights: how features are weighed.
        query_vector: the question's embedding if the caller has it already (several libraries share it).

    Returns:
        The retrieval, its candidates ranked by the fused score; at most `WORD_CANDIDATES + DENSE_CANDIDATES`.
    """
    stats = reader.stats()
    terms = [term.term for term in question.terms]
    frequencies = reader.document_frequencies(terms, _DF_CAP) if terms else {}
    idf = {term: inverse_document_frequency(frequencies.get(term, 0), stats.n_chunks) for term in terms}
    searched = prune(question, frequencies, idf)
    by_words = dict(reader.search_words(searched, WORD_CANDIDATES, filters)) if searched else {}
    by_vector: dict[int, float] = {}
    semantic = embedder is not None and embedder.semantic
    if embedder is not None:
        vector = embedder.embed_query(question.search) if query_vector is None else query_vector
        if vector.any():
            by_vector = dict(reader.search_vectors(vector, DENSE_CANDIDATES, filters))
    chunks = reader.chunks(list(dict.fromkeys([*by_words, *by_vector])))
    found = list(chunks.values())
    features = LexicalScorer(question, idf, stats.avg_terms).features(found)
    floor = min(by_vector.values(), default=0.0)
    dense = np.array([by_vector.get(chunk.id, floor) for chunk in found], dtype=np.float32)
    dense_weight = weights.dense_semantic if semantic else weights.dense_lexical
    logits = features @ np.array(weights.features, dtype=np.float32) + dense_weight * dense + weights.intercept
    fused = 1 / (1 + np.exp(-logits))
    order = np.argsort(-fused, kind="stable")
    candidates = tuple(
        Candidate(
            found[i], reader.name, _scores(found[i].id, by_words, by_vector, features[i], float(fused[i])), features[i]
        )
        for i in order
    )
    return Retrieval(
        library=reader.name,
        stats=stats,
        candidates=candidates,
        frequencies=frequencies,
        idf=idf,
        searched=tuple(searched),
        semantic=semantic,
        dense_best=max(by_vector.values(), default=None),
    )


def prune(question: Question, frequencies: Mapping[str, int], idf: Mapping[str, float]) -> list[str]:
    """Choose the terms to search by: those that tell most, as long as their postings stay within the budget.

    An OR of every bigram walks a large part of a large library; the frequent terms among them change little in what
    is found and are counted in full when the candidates are scored.
    """
    known = [term for term in question.terms if frequencies.get(term.term, 0) > 0]
    known.sort(key=lambda term: -term.weight * idf[term.term])
    chosen: list[str] = []
    spent = 0
    for term in known:
        cost = frequencies[term.term]
        if not term.content and chosen:
            continue
        if spent + cost > POSTINGS_BUDGET and len(chosen) >= _MIN_TERMS:
            continue
        chosen.append(term.term)
        spent += cost
    return chosen


def _scores(
    chunk_id: int,
    by_words: Mapping[int, float],
    by_vector: Mapping[int, float],
    features: NDArray[np.float32],
    fused: float,
) -> dict[str, float]:
    scores = {"fused": round(fused, 4), "coverage": round(float(features[FEATURES.index("coverage")]), 4)}
    if chunk_id in by_words:
        scores["bm25"] = round(by_words[chunk_id], 4)
    if chunk_id in by_vector:
        scores["dense"] = round(by_vector[chunk_id], 4)
    return scores


def merge(retrievals: Sequence[Retrieval]) -> list[Candidate]:
    """All candidates of several libraries, best fused score first."""
    return sorted((c for r in retrievals for c in r.candidates), key=lambda c: -c.fused)

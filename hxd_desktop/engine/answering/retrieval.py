"""The passages of one library that may answer a question: by words and by vectors, scored as one.

Candidates come from the words (`candidates`) and from the vector index. Each is then scored against the whole
question by a linear model over features that mean the same in every library (`lexical.FEATURES` and the cosine);
its weights were learnt from rankings, not set (`assets/gate/ranking.json`, `benchmarks/fit_ranking.py`): fixed
formulas such as reciprocal rank fusion lose where one ranker is much weaker than the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering.agreement import agreement
from hxd_desktop.engine.answering.candidates import WORD_CANDIDATES, prescreen, search_words
from hxd_desktop.engine.answering.lexical import COLUMN, FEATURES, LexicalScorer
from hxd_desktop.engine.paths import assets
from hxd_desktop.engine.text.folding import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.library.reader import LibraryReader, LibraryStats, StoredChunk
    from hxd_desktop.engine.models.protocols import Embedder

DENSE_CANDIDATES = 30
LITERAL_CANDIDATES = 5
WITNESSES = 10


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
    """What a library had to say to a question. `candidates`: best first. `frequencies`: chunks per term.

    `idf`: 0 to 1 per term. `searched`: the terms that were rare enough to search by. `dense_best`: the best cosine.
    `phrase`, `run`: how literally the best passages repeat the question, see `LexicalScorer.literal`.
    `agreement`: how many of the best passages name the same answer, see `agreement.agreement`.
    """

    library: str
    stats: LibraryStats
    candidates: tuple[Candidate, ...]
    frequencies: Mapping[str, int]
    idf: Mapping[str, float]
    searched: tuple[str, ...]
    semantic: bool = False
    dense_best: float | None = None
    phrase: float = 0.0
    run: float = 0.0
    agreement: float = 0.0


@dataclass(frozen=True, slots=True)
class FusionWeights:
    """Linear weights of `lexical.FEATURES`, and of the cosine by kind of embedder."""

    features: tuple[float, ...]
    dense_lexical: float
    dense_semantic: float
    intercept: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FusionWeights:
        """Read what `benchmarks/fit_ranking.py` wrote."""
        features = data["features"]
        return cls(
            tuple(float(features.get(name, 0.0)) for name in FEATURES),
            float(data["dense_lexical"]),
            float(data["dense_semantic"]),
            float(data["intercept"]),
        )


@cache
def default_fusion() -> FusionWeights:
    """The weights that ship with the application."""
    return FusionWeights.from_json(json.loads((assets() / "gate" / "ranking.json").read_text(encoding="utf-8")))


def retrieve(
    reader: LibraryReader,
    question: Question,
    embedder: Embedder | None,
    *,
    filters: Filters | None = None,
    weights: FusionWeights | None = None,
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
    """
    weights = weights or default_fusion()
    stats = reader.stats()
    words = search_words(reader, question, stats, filters)
    by_vector: dict[int, float] = {}
    semantic = embedder is not None and embedder.semantic
    if embedder is not None:
        vector = embedder.embed_query(question.search) if query_vector is None else query_vector
        if vector.any():
            by_vector = dict(reader.search_vectors(vector, DENSE_CANDIDATES, filters))
    by_words = list(reader.chunks(words.ids).values())
    found = prescreen(by_words, question, words, WORD_CANDIDATES)
    held = {chunk.id for chunk in found}
    found += reader.chunks([chunk_id for chunk_id in by_vector if chunk_id not in held]).values()
    scorer = LexicalScorer(question, words.idf, stats.avg_terms)
    features = scorer.features(found)
    floor = min(by_vector.values(), default=0.0)
    dense = np.array([by_vector.get(chunk.id, floor) for chunk in found], dtype=np.float32)
    dense_weight = weights.dense_semantic if semantic else weights.dense_lexical
    logits = features @ np.array(weights.features, dtype=np.float32) + dense_weight * dense + weights.intercept
    fused = 1 / (1 + np.exp(-logits))
    candidates = tuple(
        Candidate(
            found[i],
            reader.name,
            _scores(found[i].id, by_vector, features[i], float(fused[i])),
            features[i],
        )
        for i in np.argsort(-fused, kind="stable")
    )
    literal = [scorer.literal(candidate.chunk.text) for candidate in candidates[:LITERAL_CANDIDATES]]
    witnesses = [candidate.chunk.text for candidate in candidates[:WITNESSES]]
    return Retrieval(
        library=reader.name,
        stats=stats,
        candidates=candidates,
        frequencies=words.frequencies,
        idf=words.idf,
        searched=words.searched,
        semantic=semantic,
        dense_best=max(by_vector.values(), default=None),
        phrase=max((phrase for phrase, _ in literal), default=0.0),
        run=max((run for _, run in literal), default=0.0),
        agreement=agreement(scorer, fold(question.text), witnesses),
    )


def _scores(
    chunk_id: int,
    by_vector: Mapping[int, float],
    features: NDArray[np.float32],
    fused: float,
) -> dict[str, float]:
    """Typed scores: `bm25` over its greatest value, `coverage`, `fused`, and `dense` where the vectors found it."""
    scores = {
        "bm25": round(float(features[COLUMN["bm25"]]), 4),
        "coverage": round(float(features[COLUMN["coverage"]]), 4),
        "fused": round(fused, 4),
    }
    if chunk_id in by_vector:
        scores["dense"] = round(by_vector[chunk_id], 4)
    return scores


def merge(retrievals: Sequence[Retrieval]) -> list[Candidate]:
    """All candidates of several libraries, best fused score first."""
    return sorted((c for r in retrievals for c in r.candidates), key=lambda c: -c.fused)

"""The passages of one library that may answer a question: by words and by vectors, scored as one.

Candidates come from the words (`candidates`) and from the vector index. Each is looked at for how much of the question
it holds (`lexical`), the best are read closely (`close_reading`), and both are weighed by what was learnt (`ranking`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.agreement import agreement
from hxd_desktop.engine.answering.asked import Asked
from hxd_desktop.engine.answering.candidates import WORD_CANDIDATES, prescreen, search_words
from hxd_desktop.engine.answering.close_reading import CLOSE_FEATURES, CloseReader, Reading, copies
from hxd_desktop.engine.answering.lexical import COLUMN, LexicalScorer
from hxd_desktop.engine.answering.ranking import Ranking, default_ranking
from hxd_desktop.engine.text.folding import fold

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.library.reader import LibraryReader, LibraryStats, StoredChunk
    from hxd_desktop.engine.models.protocols import Embedder

DENSE_CANDIDATES = 30
CLOSELY_READ = 30
DISTINCT = 15  # of the best, copies of a better one give way
LITERAL_CANDIDATES = 5
WITNESSES = 15


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage with its typed scores: `bm25`, `dense`, `fused`, `coverage` ...

    `features`: as `lexical.FEATURES`. `close`: as `CLOSE_FEATURES`; zeros where it was not among the best.
    """

    chunk: StoredChunk
    library: str
    scores: dict[str, float]
    features: NDArray[np.float32]
    close: NDArray[np.float32]

    @property
    def fused(self) -> float:
        """The score that candidates are ranked by, 0 to 1."""
        return self.scores["fused"]

    @property
    def place(self) -> tuple[bool, float]:
        """Sorts what a reranker read before the rest, best first, and the rest by `fused`."""
        read = self.scores.get("rerank")
        return (True, -self.fused) if read is None else (False, -read)


@dataclass(frozen=True, slots=True)
class Retrieval:
    """What a library had to say to a question. `candidates`: best first. `frequencies`: chunks per term.

    `idf`: 0 to 1 per term. `searched`: the terms that were rare enough to search by. `dense_best`: the best cosine.
    `semantic`, `bridges`: whether the embedder understands, and does so across languages.
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
    bridges: bool = False
    dense_best: float | None = None
    phrase: float = 0.0
    run: float = 0.0
    agreement: float = 0.0


def retrieve(
    reader: LibraryReader,
    question: Question,
    embedder: Embedder | None,
    *,
    filters: Filters | None = None,
    ranking: Ranking | None = None,
    query_vector: NDArray[np.float32] | None = None,
) -> Retrieval:
    """Find and score the candidates of one library.

    Args:
        reader: the library.
        question: the prepared question.
        embedder: the model that made the library's vectors, None to search by words alone.
        filters: what the search is narrowed to.
        ranking: how features are weighed.
        query_vector: the question's embedding if the caller has it already (several libraries share it).
    """
    ranking = ranking or default_ranking()
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
    floor = min(by_vector.values(), default=0.0)
    dense = np.array([by_vector.get(chunk.id, floor) for chunk in found], dtype=np.float32)
    asked = Asked(question.text)
    ranked = _rank(found, dense, semantic, CloseReader(scorer, asked), scorer, ranking)
    candidates = _candidates(reader.name, found, by_vector, ranked)
    literal = [scorer.literal(candidate.chunk.text) for candidate in candidates[:LITERAL_CANDIDATES]]
    return Retrieval(
        library=reader.name,
        stats=stats,
        candidates=candidates,
        frequencies=words.frequencies,
        idf=words.idf,
        searched=words.searched,
        semantic=semantic,
        bridges=embedder is not None and embedder.bridges_languages,
        dense_best=max(by_vector.values(), default=None),
        phrase=max((phrase for phrase, _ in literal), default=0.0),
        run=max((run for _, run in literal), default=0.0),
        agreement=agreement(ranked.readings[:WITNESSES], asked, fold(question.text)),
    )


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Candidates in order. `order`: their index. `fused`: their score. `close`: float32, (n, n_close) in that order.

    `first`: float32, (n, n_features), in the order in which they were found. `readings`: of the best, in `order`.
    """

    order: list[int]
    fused: list[float]
    close: NDArray[np.float32]
    first: NDArray[np.float32]
    readings: list[Reading]


def _rank(
    found: Sequence[StoredChunk],
    dense: NDArray[np.float32],
    semantic: bool,
    close_reader: CloseReader,
    scorer: LexicalScorer,
    ranking: Ranking,
) -> _Ranked:
    look = scorer.look(found)
    first = look.features()
    logits = ranking.first.logits(first, dense, semantic)
    order = np.argsort(-logits, kind="stable")
    best, rest = order[:CLOSELY_READ], order[CLOSELY_READ:]
    readings = [close_reader.read(*look.body.of(i), look.named(i)) for i in best]
    close = close_reader.features(readings)
    again = ranking.close.logits(np.hstack([first[best], close]), dense[best], semantic)
    places = np.argsort(-again, kind="stable")
    scores = _sigmoid(again[places])
    # Copies of a better passage give way to what has something else to say.
    copied = np.zeros(len(places), dtype=bool)
    copied[:DISTINCT] = copies([readings[i] for i in places[:DISTINCT]])
    if copied.any():
        scores = np.concatenate([scores[~copied], np.minimum(scores[copied], scores[~copied].min())])
        places = np.concatenate([places[~copied], places[copied]])
    # What was not read closely comes behind what was.
    behind = np.minimum(_sigmoid(logits[rest]), scores[-1] if len(scores) else 0.0)
    unread = np.zeros((len(rest), len(CLOSE_FEATURES)), dtype=np.float32)
    return _Ranked(
        order=[int(i) for i in (*best[places], *rest)],
        fused=[float(score) for score in (*scores, *behind)],
        close=np.vstack([close[places], unread]),
        first=first,
        readings=[readings[i] for i in places],
    )


def _sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    return (1 / (1 + np.exp(-x))).astype(np.float32)


def _candidates(
    library: str, found: Sequence[StoredChunk], by_vector: Mapping[int, float], ranked: _Ranked
) -> tuple[Candidate, ...]:
    """Scores: `bm25` over its greatest value, `coverage`, `fused`, and `dense` where the vectors found it."""
    rounded = np.round(ranked.first[:, [COLUMN["bm25"], COLUMN["coverage"]]].astype(np.float64), 4).tolist()
    fused = np.round(np.array(ranked.fused, dtype=np.float64), 4).tolist()
    candidates = []
    for place, i in enumerate(ranked.order):
        chunk = found[i]
        bm25, coverage = rounded[i]
        scores = {"bm25": bm25, "coverage": coverage, "fused": fused[place]}
        if chunk.id in by_vector:
            scores["dense"] = round(by_vector[chunk.id], 4)
        candidates.append(Candidate(chunk, library, scores, ranked.first[i], ranked.close[place]))
    return tuple(candidates)


def joined(retrieval: Retrieval, others: Sequence[Retrieval]) -> Retrieval:
    """A retrieval with the candidates of others of the same library put where their scores say, each chunk once."""
    best: dict[int, Candidate] = {}
    for candidate in (*retrieval.candidates, *(c for other in others for c in other.candidates)):
        known = best.get(candidate.chunk.id)
        if known is None or candidate.fused > known.fused:
            best[candidate.chunk.id] = candidate
    return replace(retrieval, candidates=tuple(sorted(best.values(), key=lambda c: -c.fused)))


def merge(retrievals: Sequence[Retrieval]) -> list[Candidate]:
    """All candidates of several libraries, best first: as a reranker that read them says, else by fused score."""
    return sorted((c for r in retrievals for c in r.candidates), key=lambda c: c.place)

"""What the words of a question and of a passage have in common, as numbers of a few named kinds.

All features lie between 0 and 1 and mean the same in a library of ten chunks and of a hundred thousand: they are
shares of the question's own weight (inverse document frequency times how much a term is about the subject).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.documents.keys import heading_terms
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.library.reader import StoredChunk

FEATURES = (
    "bm25",  # BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75) over its greatest value
    "coverage",  # weight of the question's terms that stand in body, heading or title
    "body",  # the same in the body alone
    "heading",  # the same in heading and title
    "window",  # most weight within a sentence-sized stretch of the body
    "phrase",  # weight of neighbouring terms of the question that are neighbours here too
    "run",  # weight of the longest stretch of the question that stands here word for word
    "focus",  # how early the best window begins, 1 at the start of the passage
)
N_FEATURES = len(FEATURES)

_K1, _B = 1.2, 0.75
WINDOW_TERMS = 48


def inverse_document_frequency(df: int, n_chunks: int) -> float:
    """BM25's idf over its greatest value: 1 for a term that the library does not know, near 0 for one everywhere."""
    n = max(n_chunks, 1)
    df = min(df, n)
    return math.log(1 + (n - df + 0.5) / (df + 0.5)) / math.log(1 + (n + 0.5) / 0.5)


class LexicalScorer:
    """Scores passages against one question; made anew for each question.

    Args:
        question: the prepared question.
        idf: idf of each of its terms, 0 to 1, as `inverse_document_frequency` gives it.
        avg_terms: mean number of terms of a passage in the library.
    """

    def __init__(self, question: Question, idf: Mapping[str, float], avg_terms: float) -> None:
        self._index = {term.term: i for i, term in enumerate(question.terms)}
        self.weights = [term.weight * idf.get(term.term, 1.0) for term in question.terms]
        self._total = sum(self.weights) or 1.0
        self._avg = max(avg_terms, 1.0)
        pairs = dict.fromkeys(zip(question.sequence, question.sequence[1:], strict=False))
        self._pairs = {
            pair: (self.weights[pair[0]] + self.weights[pair[1]]) / 2 for pair in pairs if pair[0] != pair[1]
        }
        self._pairs_total = sum(self._pairs.values()) or self._total
        self._shares: dict[str, frozenset[int]] = {}

    def features(self, chunks: Sequence[StoredChunk]) -> NDArray[np.float32]:
        """Return float32, shape (len(chunks), N_FEATURES), columns as `FEATURES`."""
        rows = np.zeros((len(chunks), N_FEATURES), dtype=np.float32)
        for row, chunk in enumerate(chunks):
            rows[row] = self._features(chunk)
        return rows

    def _features(self, chunk: StoredChunk) -> tuple[float, ...]:
        weights, index = self.weights, self._index
        tokens = index_terms(chunk.text).split()
        hits = [(position, index[token]) for position, token in enumerate(tokens) if token in index]
        counts: dict[int, int] = {}
        for _, number in hits:
            counts[number] = counts.get(number, 0) + 1
        norm = _K1 * (1 - _B + _B * len(tokens) / self._avg)
        bm25 = sum(weights[n] * count / (count + norm) for n, count in counts.items())
        named = self._named(heading_terms(chunk.title, chunk.heading, chunk.path))
        body = sum(weights[n] for n in counts)
        heading = sum(weights[n] for n in named)
        covered = body + sum(weights[n] for n in named if n not in counts)
        window, begin = self._window(hits)
        phrase, run = self._phrases(hits)
        total = self._total
        return (
            bm25 / total,
            covered / total,
            body / total,
            heading / total,
            window / total,
            min(phrase / self._pairs_total, 1.0),
            min(run / total, 1.0),
            1 - begin / max(len(tokens), 1),
        )

    def _named(self, terms: str) -> frozenset[int]:
        numbers = self._shares.get(terms)
        if numbers is None:
            index = self._index
            numbers = self._shares[terms] = frozenset(index[t] for t in terms.split() if t in index)
        return numbers

    def _window(self, hits: list[tuple[int, int]]) -> tuple[float, int]:
        """The greatest weight of different terms within `WINDOW_TERMS` positions, and where that begins."""
        weights = self.weights
        inside: dict[int, int] = {}
        mass = best = 0.0
        begin = left = 0
        for position, number in hits:
            while position - hits[left][0] >= WINDOW_TERMS:
                gone = hits[left][1]
                inside[gone] -= 1
                if not inside[gone]:
                    mass -= weights[gone]
                left += 1
            seen = inside.get(number, 0)
            if not seen:
                mass += weights[number]
            inside[number] = seen + 1
            if mass > best + 1e-9:
                best, begin = mass, hits[left][0]
        return best, begin

    def _phrases(self, hits: list[tuple[int, int]]) -> tuple[float, float]:
        """Weight of the question's neighbouring pairs found as neighbours, and of its longest literal stretch."""
        weights, pairs = self.weights, self._pairs
        found: set[tuple[int, int]] = set()
        longest = run = 0.0
        last_position, last = -2, -1
        for position, number in hits:
            if position == last_position:  # parts of one identifier share a place only in the question
                continue
            pair = (last, number)
            if position == last_position + 1 and pair in pairs:
                found.add(pair)
                run += weights[number]
            else:
                run = weights[number]
            if run > longest:
                longest = run
            last_position, last = position, number
        return sum(pairs[pair] for pair in found), longest

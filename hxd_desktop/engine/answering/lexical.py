"""What the words of a question and of a passage have in common, as numbers of a few named kinds.

All features lie between 0 and 1 and mean the same in a library of ten chunks and of a hundred thousand: they are
shares of the question's own weight (inverse document frequency times how much a term says of the subject).
"""

from __future__ import annotations

import math
import os.path
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.answer_type import TypeCheck
from hxd_desktop.engine.answering.occurrences import Occurrences, TermFinder
from hxd_desktop.engine.answering.terms import content_text
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.library.reader import StoredChunk

FEATURES = (
    "bm25",  # BM25 (Robertson & Zaragoza 2009, k1 = 1.2, b = 0.75) over its greatest value
    "coverage",  # weight of the question's terms that stand in body, heading, title or file name
    "heading",  # the same in heading, title and file name
    "window",  # most weight within a sentence or two of the body
    "early",  # how early the best window begins, 1 at the start of the passage
    "document",  # weight of the question's terms in all candidates of the same document
    "typed",  # 1 where the passage holds something of the kind that is asked for: a number, a date, a place ...
)
N_FEATURES = len(FEATURES)
COLUMN = {name: column for column, name in enumerate(FEATURES)}

_K1, _B = 1.2, 0.75
_STEMS_CACHED = 10_000
# Characters of a window: about 48 terms, whatever the script.
_WINDOW_CJK, _WINDOW_OTHER = 48, 280
_CHARS_PER_TERM = 5.5  # of scripts that put spaces between words


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
        self.weights = [term.mass * idf.get(term.term, 1.0) for term in question.terms]
        self.total = sum(self.weights) or 1.0
        self.avg_terms = max(avg_terms, 1.0)
        pairs = dict.fromkeys(pairwise(question.sequence))
        self._pairs = {(a, b): (self.weights[a] + self.weights[b]) / 2 for a, b in pairs if a != b}
        self._pairs_total = sum(self._pairs.values()) or self.total
        self.type = TypeCheck(question.text, content_text(question.text))
        self.finder = TermFinder([term.term for term in question.terms])

    def look(self, chunks: Sequence[StoredChunk]) -> Look:
        """Look at passages for the question's terms; what is found serves the close reading as well."""
        body = self.finder.find_all([chunk.text for chunk in chunks])
        # Many chunks of a document share what surrounds them.
        keys = [(chunk.title, chunk.heading, chunk.path) for chunk in chunks]
        places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
        around = self.finder.find_all([surroundings(*key) for key in places])
        return Look(self, chunks, body, around, [places[key] for key in keys])

    def mass(self, terms: set[int] | frozenset[int]) -> float:
        """Weight of some of the question's terms, given by their index."""
        weights = self.weights
        return sum([weights[number] for number in terms])

    def literal(self, text: str) -> tuple[float, float]:
        """How literally a text repeats the question.

        Returns:
            The weight of neighbouring terms of the question that are neighbours in `text` too, and the weight of the
            longest stretch of the question that stands there word for word; both as shares, 0 to 1.
        """
        weights, index = self.weights, self._index
        found: set[tuple[int, int]] = set()
        longest = run = 0.0
        last = -1
        for token in index_terms(text).split():
            number = index.get(token, -1)
            pair = (last, number)
            if pair in self._pairs:
                found.add(pair)
                run += weights[number]
            else:
                run = weights[number] if number >= 0 else 0.0
            if run > longest:
                longest = run
            last = number
        phrase = sum(self._pairs[pair] for pair in found)
        return min(phrase / self._pairs_total, 1.0), min(longest / self.total, 1.0)


class Look:
    """A first look at passages for one question: which terms stand where, and the features that follow.

    Args:
        scorer: of the question.
        chunks: the passages.
        body, around: occurrences in their texts and in what surrounds them.
        surroundings: for each passage which of the texts of `around` surrounds it.
    """

    def __init__(
        self,
        scorer: LexicalScorer,
        chunks: Sequence[StoredChunk],
        body: Occurrences,
        around: Occurrences,
        surroundings: Sequence[int],
    ) -> None:
        self.body = body
        self._scorer = scorer
        self._chunks = chunks
        n_terms = max(len(scorer.weights), 1)
        self._counts = body.counts(n_terms)
        self._named = (around.counts(n_terms) > 0)[np.array(surroundings, dtype=np.int64)]

    def named(self, row: int) -> frozenset[int]:
        """The terms in what surrounds a passage, by their index."""
        return frozenset(np.flatnonzero(self._named[row]).tolist())

    def features(self) -> NDArray[np.float32]:
        """Return float32, shape (number of passages, N_FEATURES), columns as `FEATURES`."""
        scorer, body, counts = self._scorer, self.body, self._counts
        rows = np.zeros((len(self._chunks), N_FEATURES), dtype=np.float64)
        if not len(rows):
            return rows.astype(np.float32)
        weights, total = np.array(scorer.weights or [0.0]), scorer.total
        dense_script = np.array([is_dense(text) for text in body.folded])
        length = np.where(dense_script, body.lengths, body.lengths / _CHARS_PER_TERM)
        norm = _K1 * (1 - _B + _B * length / scorer.avg_terms)
        windows = [
            self._window(row, _WINDOW_CJK if dense else _WINDOW_OTHER)
            for row, dense in enumerate(dense_script.tolist())
        ]
        held = (counts > 0) | self._named
        rows[:, COLUMN["bm25"]] = (counts / (counts + norm[:, None])) @ weights / total
        rows[:, COLUMN["coverage"]] = held @ weights / total
        rows[:, COLUMN["heading"]] = self._named @ weights / total
        rows[:, COLUMN["window"]] = [mass / total for mass, _ in windows]
        rows[:, COLUMN["early"]] = 1 - np.array([begin for _, begin in windows]) / np.maximum(body.lengths, 1)
        rows[:, COLUMN["document"]] = self._by_document(held) @ weights / total
        rows[:, COLUMN["typed"]] = [scorer.type.strength(text) for text in body.folded]
        return rows.astype(np.float32)

    def _by_document(self, held: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """For each passage the terms that all passages of its document hold together."""
        _, document = np.unique([chunk.document_id for chunk in self._chunks], return_inverse=True)
        together = np.zeros((int(document.max()) + 1, held.shape[1]), dtype=np.bool_)
        np.logical_or.at(together, document, held)
        result: NDArray[np.bool_] = together[document]
        return result

    def _window(self, row: int, width: int) -> tuple[float, int]:
        """The greatest weight of different terms within `width` characters, and where that begins."""
        weights = self._scorer.weights
        hits, _ = self.body.of(row)
        inside: dict[int, int] = {}
        mass = best = 0.0
        begin = left = 0
        for position, number in hits:
            while position - hits[left][0] >= width:
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


def surroundings(title: str | None, heading: str, path: str) -> str:
    """What stands around a chunk's text: document title, heading path, file name without suffix."""
    return f"{title or ''}\n{heading}\n{_stem(path)}"


@lru_cache(_STEMS_CACHED)
def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def is_dense(text: str) -> bool:
    """Whether a text is mostly in a script without spaces, where a character is about a term."""
    return not text.isascii() and text.count(" ") * 12 < len(text)

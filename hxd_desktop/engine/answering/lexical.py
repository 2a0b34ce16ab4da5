"""What the words of a question and of a passage have in common, as numbers of a few named kinds.

All features lie between 0 and 1 and mean the same in a library of ten chunks and of a hundred thousand: they are
shares of the question's own weight (inverse document frequency times how much a term says of the subject).
"""

from __future__ import annotations

import math
import os.path
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.answer_type import TypeCheck
from hxd_desktop.engine.answering.occurrences import TermFinder
from hxd_desktop.engine.answering.preprocess import content_text
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
        self._avg = max(avg_terms, 1.0)
        pairs = dict.fromkeys(pairwise(question.sequence))
        self._pairs = {(a, b): (self.weights[a] + self.weights[b]) / 2 for a, b in pairs if a != b}
        self._pairs_total = sum(self._pairs.values()) or self.total
        self._type = TypeCheck(question.text, content_text(question.text))
        self.finder = TermFinder([term.term for term in question.terms])
        self._named_in: dict[tuple[str | None, str, str], frozenset[int]] = {}

    def features(self, chunks: Sequence[StoredChunk]) -> NDArray[np.float32]:
        """Return float32, shape (len(chunks), N_FEATURES), columns as `FEATURES`."""
        rows = np.zeros((len(chunks), N_FEATURES), dtype=np.float32)
        held: dict[int, set[int]] = {}
        for row, chunk in enumerate(chunks):
            rows[row], terms = self._features(chunk)
            held.setdefault(chunk.document_id, set()).update(terms)
        by_document = {document: self.mass(terms) / self.total for document, terms in held.items()}
        rows[:, COLUMN["document"]] = [by_document[chunk.document_id] for chunk in chunks]
        return rows

    def _features(self, chunk: StoredChunk) -> tuple[tuple[float, ...], set[int]]:
        weights, total = self.weights, self.total
        hits, folded = self.finder.find(chunk.text)
        counts: dict[int, int] = {}
        for _, number in hits:
            counts[number] = counts.get(number, 0) + 1
        dense_script = is_dense(folded)
        length = len(folded) if dense_script else len(folded) / _CHARS_PER_TERM
        norm = _K1 * (1 - _B + _B * length / self._avg)
        bm25 = 0.0
        for number, count in counts.items():
            bm25 += weights[number] * count / (count + norm)
        named = self.named(chunk)
        terms = set(counts)
        terms |= named
        window, begin = self._window(hits, _WINDOW_CJK if dense_script else _WINDOW_OTHER)
        row = (
            bm25 / total,
            self.mass(terms) / total,
            self.mass(named) / total,
            window / total,
            1 - begin / max(len(folded), 1),
            0.0,
            self._type.strength(folded),
        )
        return row, terms

    def mass(self, terms: set[int] | frozenset[int]) -> float:
        """Weight of some of the question's terms, given by their index."""
        weights = self.weights
        return sum([weights[number] for number in terms])

    def named(self, chunk: StoredChunk) -> frozenset[int]:
        """The terms in what surrounds a chunk, by their index; many chunks share it."""
        key = (chunk.title, chunk.heading, chunk.path)
        numbers = self._named_in.get(key)
        if numbers is None:
            hits, _ = self.finder.find(surroundings(*key))
            numbers = self._named_in[key] = frozenset(number for _, number in hits)
        return numbers

    def _window(self, hits: list[tuple[int, int]], width: int) -> tuple[float, int]:
        """The greatest weight of different terms within `width` characters, and where that begins."""
        weights = self.weights
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
            longest = max(longest, run)
            last = number
        phrase = sum(self._pairs[pair] for pair in found)
        return min(phrase / self._pairs_total, 1.0), min(longest / self.total, 1.0)


def surroundings(title: str | None, heading: str, path: str) -> str:
    """What stands around a chunk's text: document title, heading path, file name without suffix."""
    return f"{title or ''}\n{heading}\n{os.path.splitext(os.path.basename(path))[0]}"


def is_dense(text: str) -> bool:
    """Whether a text is mostly in a script without spaces, where a character is about a term."""
    return not text.isascii() and text.count(" ") * 12 < len(text)

"""The sentences of some passages, each weighed by how likely it is to hold the answer.

A sentence is cut at its clauses only where it is longer than all that may be quoted. The weights were learnt by
`benchmarks/fit_quotes.py` from questions whose answers are known, and are kept in `assets/gate/quotes.json`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.agreement import finder, votes
from hxd_desktop.engine.answering.answer_type import AnswerType, TypeCheck
from hxd_desktop.engine.answering.asked import Asked
from hxd_desktop.engine.answering.close_reading import Reading
from hxd_desktop.engine.answering.code_blocks import CodeBlocks
from hxd_desktop.engine.answering.lexical import LexicalScorer
from hxd_desktop.engine.answering.terms import content_text
from hxd_desktop.engine.paths import assets
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.sentences import sentences

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.answering.preprocess import Question

STATEMENT_FEATURES = (
    "covered",  # weight of the question's terms in the sentence
    "together",  # the same with the sentence before it
    "around",  # the greater of the sentences before and behind it
    "passage",  # the passage's own score
    "rank",  # how far down the passage stands, 0 for the best
    "likely",  # weight of the question in a sentence that holds something of the kind that is asked for
    "exact",  # 1 where it holds a quantity of the very unit that is asked for
    "agreed",  # how many sentences name what it names, over what the most named thing has
    "focus",  # whether it names the thing that is asked for (which TEAM)
    "length",  # in hundreds of characters, at most 2
    "code",  # 1 where it is a line of code
    "defines",  # how surely it defines what has to be defined
)
_CODE = STATEMENT_FEATURES.index("code")
_RANKS = 6.0
_CLAUSE = re.compile(r"(?<=[，,；;：:、|])\s*")
_SAYS_SOMETHING = re.compile(r"\w")
_HEADING = re.compile(r"#{1,6} ")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence of a source, or a clause of an over-long one.

    `source`: its index. `start`, `end`: in the source's text. `whole`: not cut. `heading`: a Markdown heading.
    `terms`: the question's terms in it, by index. `beside`: whether a neighbour holds any. `features`: as
    `STATEMENT_FEATURES`.
    """

    source: int
    start: int
    end: int
    whole: bool
    heading: bool
    terms: frozenset[int]
    beside: bool
    features: tuple[float, ...]


class Statements:
    """The statements of some passages.

    Args:
        question: the prepared question.
        sources: the passages, best first.
        idf: of the question's terms, 0 to 1.
        longest: characters from which a sentence is cut at its clauses.
    """

    def __init__(self, question: Question, sources: Sequence[Source], idf: Mapping[str, float], longest: int) -> None:
        self._scorer = LexicalScorer(question, idf, 100.0)
        self._type = TypeCheck(question.text, content_text(question.text))
        self.asked = Asked(question.text)
        folded_question = fold(question.text)
        self.code = [CodeBlocks(source.text) for source in sources]
        cut = [_cut(source.text, longest, code) for source, code in zip(sources, self.code, strict=True)]
        texts = [[fold(source.text[a:b]) for a, b, _ in spans] for source, spans in zip(sources, cut, strict=True)]
        held = [self._scorer.finder.find_all(row).held() for row in texts]
        covered = [[self._scorer.mass(terms) / self._scorer.total for terms in row] for row in held]
        find = finder(self.asked, folded_question)
        readings = [_reading(row, shares) for row, shares in zip(texts, covered, strict=True)]
        counted = votes(readings, self.asked, folded_question)
        most = max(counted.values(), default=0.0) or 1.0
        self.all: list[Statement] = []
        for number, (source, spans) in enumerate(zip(sources, cut, strict=True)):
            for i, (start, end, whole) in enumerate(spans):
                text, shares = texts[number][i], covered[number]
                before = held[number][i - 1] if i else frozenset[int]()
                beside = max(shares[i - 1] if i else 0.0, shares[i + 1] if i + 1 < len(shares) else 0.0)
                likely = self.asked.likely is not None and self.asked.likely.search(text) is not None
                exact = self.asked.exact is not None and self.asked.exact.search(text) is not None
                features = (
                    shares[i],
                    self._scorer.mass(held[number][i] | before) / self._scorer.total,
                    beside,
                    source.scores.get("fused", 0.0),
                    min(number / _RANKS, 1.0),
                    shares[i] * likely,
                    float(exact),
                    max((counted.get(thing, 0.0) for thing in find(text)), default=0.0) / most if shares[i] else 0.0,
                    self.asked.names_focus(text),
                    min((end - start) / 100, 2.0),
                    float(self.code[number].at(start) is not None),
                    self._type.strength(text) if self.asked.kind is AnswerType.DEFINITION else 0.0,
                )
                heading = whole and not features[_CODE] and _HEADING.match(source.text, start) is not None
                self.all.append(Statement(number, start, end, whole, heading, held[number][i], beside > 0, features))

    def share(self, terms: frozenset[int]) -> float:
        """Share of the question's weight in some of its terms."""
        return self._scorer.mass(terms) / self._scorer.total

    def scores(self, weights: Mapping[str, float] | None = None) -> NDArray[np.float64]:
        """Log-odds of holding the answer, up to a constant, float64, shape (len(all),)."""
        weights = default_weights() if weights is None else weights
        w = np.array([weights.get(name, 0.0) for name in STATEMENT_FEATURES])
        x = np.array([s.features for s in self.all], dtype=np.float64).reshape(len(self.all), len(w))
        result: NDArray[np.float64] = x @ w
        return result


def _cut(text: str, longest: int, code: CodeBlocks) -> list[tuple[int, int, bool]]:
    pieces: list[tuple[int, int, bool]] = []
    for start, end in sentences(text):
        if code.is_fence(start, end):
            continue
        if end - start <= longest:
            pieces.append((start, end, True))
        else:
            pieces += [(a, b, False) for a, b in _clauses(text, start, end, longest)]
    return [(a, b, whole) for a, b, whole in pieces if _SAYS_SOMETHING.search(text, a, b)]


def _clauses(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    """Cut an over-long sentence at its clauses, and an over-long clause by force."""
    borders = [start, *(start + m.end() for m in _CLAUSE.finditer(text[start:end])), end]
    pieces: list[tuple[int, int]] = []
    for a, b in pairwise(borders):
        for piece in range(a, b, longest):
            stop = min(b, piece + longest)
            if text[piece:stop].strip():
                pieces.append((piece, stop))
    return pieces


def _reading(texts: Sequence[str], covered: list[float]) -> Reading:
    """Sentences that stand apart as one reading, for `votes`."""
    spans, length = [], 0
    for text in texts:
        spans.append((length, length + len(text)))
        length += len(text)
    return Reading("".join(texts), spans, covered, ())


@cache
def default_weights() -> Mapping[str, float]:
    """The weights that ship with the application."""
    data = json.loads((assets() / "gate" / "quotes.json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in data["weights"].items()}

"""Quoted answers: the sentences of the passages that are likeliest to hold the answer, word for word.

A quotation is a stretch of consecutive sentences of one passage; it is never rewritten. Where a single sentence is
longer than the limit it is cut at clauses, and the cut is marked with an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.answer_type import AnswerType, asked_type, holds
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.sentences import sentences
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.answering.preprocess import Question

_LONG_FORM = (AnswerType.LIST, AnswerType.HOW_TO)
_LONG_FACTOR = 3
_CLAUSE = re.compile(r"(?<=[，,；;：:、|])\s*")
_MAX_QUOTES = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation; `start`, `end`: offsets in the source's text; `cut_left`, `cut_right`: inside a sentence."""

    n: int
    text: str
    start: int
    end: int
    score: float
    cut_left: bool = False
    cut_right: bool = False

    def cited(self) -> str:
        """The quotation as it is shown, with its source."""
        return f"{'…' if self.cut_left else ''}{self.text}{'…' if self.cut_right else ''} [{self.n}]"


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence or clause of a source."""

    start: int
    end: int
    terms: frozenset[str]
    typed: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class ExtractWeights:
    """How much coverage, the kind of answer, and the passage's own score count for a quotation."""

    coverage: float = 1.0
    typed: float = 0.12
    passage: float = 0.6
    rank: float = 0.05


def extract(
    question: Question,
    sources: Sequence[Source],
    idf: Mapping[str, float],
    limit_chars: int,
    weights: ExtractWeights | None = None,
) -> list[Quote]:
    """Choose quotations from `sources` (best first), together at most `limit_chars` long; three times that for steps.

    Returns:
        Quotations in the order of their worth; empty where no source shares a word with the question.
    """
    weights = weights or ExtractWeights()
    kind = asked_type(question.text)
    budget = limit_chars * (_LONG_FACTOR if kind in _LONG_FORM else 1)
    term_weights = {t.term: t.mass * idf.get(t.term, 1.0) for t in question.terms}
    total = sum(term_weights.values()) or 1.0
    best: list[Quote] = []
    for rank, source in enumerate(sources):
        units = _units(source.text, kind, budget, term_weights)
        quote = _best_window(units, source, budget, term_weights, total)
        if quote is not None:
            worth = quote.score + weights.passage * source.scores.get("fused", 0.0) - weights.rank * rank
            best.append(Quote(quote.n, quote.text, quote.start, quote.end, worth, quote.cut_left, quote.cut_right))
    best.sort(key=lambda quote: -quote.score)
    return _fill(best, budget)


def _units(text: str, kind: AnswerType, budget: int, term_weights: Mapping[str, float]) -> list[_Unit]:
    units: list[_Unit] = []
    for start, end in sentences(text):
        pieces = [(start, end)] if end - start <= budget else _clauses(text, start, end, budget)
        for a, b in pieces:
            terms = frozenset(t for t in index_terms(text[a:b]).split() if t in term_weights)
            units.append(_Unit(a, b, terms, holds(kind, fold(text[a:b])), whole=(a, b) == (start, end)))
    return units


def _clauses(text: str, start: int, end: int, budget: int) -> list[tuple[int, int]]:
    """Cut an over-long sentence at its clauses, and an over-long clause by force."""
    borders = [start, *(start + m.end() for m in _CLAUSE.finditer(text[start:end])), end]
    pieces: list[tuple[int, int]] = []
    for a, b in pairwise(borders):
        for piece in range(a, b, budget):
            stop = min(b, piece + budget)
            if text[piece:stop].strip():
                pieces.append((piece, stop))
    return pieces


def _best_window(
    units: Sequence[_Unit],
    source: Source,
    budget: int,
    term_weights: Mapping[str, float],
    total: float,
) -> Quote | None:
    """The stretch of consecutive units within the budget that covers most, the shortest among equals."""
    best: tuple[float, int, int] | None = None
    for first in range(len(units)):
        seen: frozenset[str] = frozenset()
        typed = False
        for last in range(first, len(units)):
            length = units[last].end - units[first].start
            if length > budget and last > first:
                break
            seen |= units[last].terms
            typed = typed or units[last].typed
            if not seen:
                continue
            covered = sum(term_weights[t] for t in seen) / total
            score = covered + (0.12 if typed else 0.0) - 0.1 * length / budget
            if best is None or score > best[0]:
                best = (score, first, last)
    if best is None:
        return None
    score, first, last = best
    first, last = _grow(units, first, last, budget)
    start, end = units[first].start, units[last].end
    text = source.text[start:end]
    stripped = text.strip()
    start += len(text) - len(text.lstrip())
    return Quote(
        source.n,
        stripped,
        start,
        start + len(stripped),
        score,
        cut_left=not units[first].whole and first > 0 and not units[first - 1].whole,
        cut_right=not units[last].whole and last + 1 < len(units) and not units[last + 1].whole,
    )


def _grow(units: Sequence[_Unit], first: int, last: int, budget: int) -> tuple[int, int]:
    """Use what is left of the budget for the sentences that follow, then those before: answers stand near the words."""
    while last + 1 < len(units) and units[last + 1].end - units[first].start <= budget:
        last += 1
    while first > 0 and units[last].end - units[first - 1].start <= budget:
        first -= 1
    return first, last


def _fill(best: Sequence[Quote], budget: int) -> list[Quote]:
    """Take quotations as long as they fit and each says something that those before did not."""
    taken: list[Quote] = []
    spent = 0
    for quote in best:
        length = len(quote.text)
        if taken and (spent + length > budget or any(_alike(quote.text, other.text) for other in taken)):
            continue
        taken.append(quote)
        spent += length
        if len(taken) == _MAX_QUOTES:
            break
    return taken


def _alike(a: str, b: str) -> bool:
    x, y = set(index_terms(a).split()), set(index_terms(b).split())
    return len(x & y) > 0.7 * min(len(x), len(y))

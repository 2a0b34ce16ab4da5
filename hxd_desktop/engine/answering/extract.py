"""Quoted answers: the sentences of the passages that are likeliest to hold the answer, word for word.

A quotation is a stretch of consecutive sentences of one passage; it is never rewritten. Where a single sentence is
longer than the limit it is cut at clauses, and the cut is marked with an ellipsis.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.answer_type import AnswerType, TypeCheck
from hxd_desktop.engine.answering.preprocess import content_text
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
_CITATION_CHARS = 5  # of a citation with the line end before it
_SHORTEST = 35  # a quotation shorter than this, citation included, says little
_LIST_ITEM = re.compile(r"(?m)^\s*(?:[-*•>$]|\d+[.)、])\s*\S")
_LIST_ITEMS = 3
_SAYS_SOMETHING = re.compile(r"\w")
# What counts in a quotation beside the weight of the question that it covers: the kind of answer, its length (over the
# limit), its passage's own score and rank. Measured on news and web passages; the figures change little around these.
_TYPED, _PLAIN_TYPE, _LENGTH, _PASSAGE, _RANK = 0.4, 0.3, 0.1, 0.6, 0.05


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
    typed: float
    whole: bool


def extract(question: Question, sources: Sequence[Source], idf: Mapping[str, float], limit_chars: int) -> list[Quote]:
    """Choose quotations from `sources` (best first), together at most `limit_chars` long.

    Where a list or steps are asked for and the passage is one, three times as much may be quoted.

    Args:
        question: the prepared question.
        sources: what may be quoted.
        idf: of the question's terms, 0 to 1.
        limit_chars: length of all quotations together with their citations.

    Returns:
        Quotations in the order of their worth; empty where no source shares a word with the question.
    """
    asked = _Asked(question, idf)
    ranked: list[tuple[float, Source, Quote]] = []
    for rank, source in enumerate(sources):
        budget = limit_chars - _CITATION_CHARS
        if asked.kind in _LONG_FORM and len(_LIST_ITEM.findall(source.text)) >= _LIST_ITEMS:
            budget *= _LONG_FACTOR
        quote = _best_window(source, budget, asked)
        if quote is not None:
            worth = quote.score + _PASSAGE * source.scores.get("fused", 0.0) - _RANK * rank
            ranked.append((worth, source, quote))
    ranked.sort(key=lambda row: -row[0])
    taken: list[Quote] = []
    left = limit_chars
    for worth, source, quote in ranked:
        if taken:
            if left < _SHORTEST:
                break
            # What is left is filled with shorter quotations of the passages that come next.
            shorter = (
                quote
                if len(quote.text) + _CITATION_CHARS <= left
                else _best_window(source, left - _CITATION_CHARS, asked)
            )
            if shorter is None or any(_alike(shorter.text, other.text) for other in taken):
                continue
            quote = shorter
        taken.append(replace(quote, score=worth))
        left -= len(quote.text) + _CITATION_CHARS
        if len(taken) == _MAX_QUOTES:
            break
    return taken


class _Asked:
    """What a quotation is measured against."""

    def __init__(self, question: Question, idf: Mapping[str, float]) -> None:
        self._type = TypeCheck(question.text, content_text(question.text))
        self.kind = self._type.kind
        self._mass = {t.term: t.mass * idf.get(t.term, 1.0) for t in question.terms}
        self._total = sum(self._mass.values()) or 1.0

    def terms(self, text: str) -> frozenset[str]:
        """The question's terms that stand in a text."""
        return frozenset(term for term in index_terms(text).split() if term in self._mass)

    def typed(self, text: str) -> float:
        """How surely a text holds something of the kind that is asked for, 0 to 1."""
        strength = self._type.strength(fold(text))
        return strength if self.kind is AnswerType.DEFINITION else _PLAIN_TYPE * strength

    def covered(self, terms: frozenset[str]) -> float:
        """Share of the question's weight in `terms`."""
        return sum(self._mass[term] for term in terms) / self._total


def _units(text: str, budget: int, asked: _Asked) -> list[_Unit]:
    units: list[_Unit] = []
    for start, end in sentences(text):
        pieces = [(start, end)] if end - start <= budget else _clauses(text, start, end, budget)
        for a, b in pieces:
            if _SAYS_SOMETHING.search(text, a, b):
                piece = text[a:b]
                units.append(_Unit(a, b, asked.terms(piece), asked.typed(piece), whole=(a, b) == (start, end)))
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
    source: Source,
    budget: int,
    asked: _Asked,
) -> Quote | None:
    """The stretch of consecutive units within the budget that covers most, the shortest among equals."""
    units = _units(source.text, budget, asked)
    best: tuple[float, int, int] | None = None
    for first in range(len(units)):
        seen: frozenset[str] = frozenset()
        typed = 0.0
        for last in range(first, len(units)):
            length = units[last].end - units[first].start
            if length > budget and last > first:
                break
            seen |= units[last].terms
            typed = max(typed, units[last].typed)
            if not seen:
                continue
            score = asked.covered(seen) + _TYPED * typed - _LENGTH * length / budget
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


def _alike(a: str, b: str) -> bool:
    x, y = set(index_terms(a).split()), set(index_terms(b).split())
    return len(x & y) > 0.7 * min(len(x), len(y))

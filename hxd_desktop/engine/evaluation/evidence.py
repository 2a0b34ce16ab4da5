"""What is measured of one question's passages and answer, beside whether the answer stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering import grounding
from hxd_desktop.engine.answering.terms import weigh_terms
from hxd_desktop.engine.evaluation.overlap import without_citations
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.evaluation.forms import AnsweredQuestion

_CONTENT = 0.3  # weight from which a term says what a question is about


def context_precision(relevant: Sequence[bool]) -> float:
    """Average precision of ranked passages: 1 where all that are `relevant` come first, 0 where none is."""
    hits, total = 0, 0.0
    for rank, holds in enumerate(relevant, 1):
        if holds:
            hits += 1
            total += hits / rank
    return total / hits if hits else 0.0


def context_recall(item: AnsweredQuestion, passages: Sequence[str]) -> float:
    """Share of the answer's parts that stand in one of the passages or another."""
    found = sum(any(spelling in text for text in passages for spelling in part) for part in item.answers)
    return found / len(item.answers) if item.answers else 0.0


def faithfulness_lexical(answer: str, sources: Sequence[Source]) -> float | None:
    """Share of the answer's content words that stand in the sources that it cites; None where it has none.

    It tells words that were made up, not statements that were turned round.
    """
    return grounding.check(answer, sources).score


def answer_relevance_lexical(question: str, answer: str) -> float | None:
    """Share of the question's content words, by weight, that the answer takes up; None where it has none.

    It tells answers on something else; a short right answer need not repeat the question and counts low.
    """
    wanted = {term.term: term.weight for term in weigh_terms(question)[0] if term.weight >= _CONTENT}
    held = set(index_terms(without_citations(answer)).split())
    weight = sum(wanted.values())
    return sum(w for term, w in wanted.items() if term in held) / weight if weight else None

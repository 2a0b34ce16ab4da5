"""Passages that are too long for a prompt, narrowed to the sentences that are likeliest to hold the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.context import CountTokens, cut
from hxd_desktop.engine.answering.statements import Statement, Statements

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.answering.preprocess import Question

_LONGEST_CHARS = 200  # a longer sentence is cut at its clauses


def narrow(
    question: Question,
    sources: Sequence[Source],
    idf: Mapping[str, float],
    budget_tokens: int,
    count: CountTokens,
) -> list[Source]:
    """Narrow each source to one stretch of its sentences, all stretches together within `budget_tokens`.

    Each source first gets its likeliest sentence, the best source first; then the stretches grow by the likeliest
    sentence beside one of them while anything fits. Offsets stay exact and numbers are kept; a source of which not
    even one sentence fits is left out, but for the best of all: of that as much as fits is kept.

    Args:
        question: the prepared question.
        sources: best first.
        idf: of the question's terms, 0 to 1.
        budget_tokens: length of all texts together.
        count: length of a text in the model's tokens.
    """
    found = Statements(question, sources, idf, _LONGEST_CHARS)
    scores = [float(score) for score in found.scores()]
    stretches: dict[int, range] = {}
    spent: dict[int, int] = {}

    def left() -> int:
        return budget_tokens - sum(spent.values())

    for number in range(len(sources)):
        own = [i for i, statement in enumerate(found.all) if statement.source == number]
        best = max(own, key=lambda i: scores[i], default=None)
        if best is not None and (cost := count(_text(found.all, range(best, best + 1), sources))) <= left():
            stretches[number], spent[number] = range(best, best + 1), cost
    blocked: set[int] = set()
    while beside := _beside(found.all, stretches, blocked):
        following = max(beside, key=lambda i: scores[i])
        number = found.all[following].source
        old = stretches[number]
        wider = range(min(old.start, following), max(old.stop, following + 1))
        cost = count(_text(found.all, wider, sources))
        if cost - spent[number] <= left():
            stretches[number], spent[number] = wider, cost
        else:
            blocked.add(following)
    if not stretches and sources:
        return [cut(sources[0], budget_tokens, count)]
    return [_part(sources[number], found.all, stretch) for number, stretch in sorted(stretches.items())]


def _beside(statements: Sequence[Statement], stretches: Mapping[int, range], blocked: set[int]) -> list[int]:
    near = [(number, i) for number, s in stretches.items() for i in (s.start - 1, s.stop)]
    return [i for number, i in near if 0 <= i < len(statements) and statements[i].source == number and i not in blocked]


def _text(statements: Sequence[Statement], stretch: range, sources: Sequence[Source]) -> str:
    first, last = statements[stretch.start], statements[stretch.stop - 1]
    return sources[first.source].text[first.start : last.end]


def _part(source: Source, statements: Sequence[Statement], stretch: range) -> Source:
    start = statements[stretch.start].start
    raw = source.text[start : statements[stretch.stop - 1].end]
    text = raw.strip()
    start += len(raw) - len(raw.lstrip())
    return replace(source, text=text, start=source.start + start, end=source.start + start + len(text))

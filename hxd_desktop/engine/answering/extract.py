"""Quoted answers: the sentences of the passages that are likeliest to hold the answer, word for word.

A quotation is a stretch of consecutive sentences of one passage; it is never rewritten. Where a single sentence is
longer than the limit it is cut at clauses, and the cut is marked with an ellipsis. Code is shown as code; where steps
are asked for, the block that a sentence introduces comes with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.answer_type import AnswerType
from hxd_desktop.engine.answering.statements import Statement, Statements
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.answering.preprocess import Question

_LONG_FORM = (AnswerType.LIST, AnswerType.HOW_TO)
_LONG_FACTOR = 3
_MAX_QUOTES = 3
_CITATION_CHARS = 5  # of a citation with the line end before it
_SHORTEST = 20  # a quotation shorter than this, citation included, says little
_LEAST = 4.0  # log-odds by which a sentence may be less likely than the best and still be quoted
_LIST_ITEM = re.compile(r"(?m)^\s*(?:[-*•>$]|\d+[.)、])\s*\S")
_LIST_ITEMS = 3
# A document's own "[1]", as in a paper, or forged: it is shown in wide brackets, and is no citation of ours.
_NUMBERED = re.compile(r"`[^`\n]*`|\[(\d{1,3})\](?!\()")


@dataclass(frozen=True, slots=True)
class Quote:
    """A quotation; `start`, `end`: offsets in the source's text; `cut_left`, `cut_right`: inside a sentence.

    `score`: log-odds, up to a constant, that its best sentence holds the answer. `opening`, `closing`: the fences that
    the stretch begins behind or ends before, "" where it does not begin or end inside a block of code.
    """

    n: int
    text: str
    start: int
    end: int
    score: float
    cut_left: bool = False
    cut_right: bool = False
    opening: str = ""
    closing: str = ""

    def cited(self) -> str:
        """The quotation as it is shown, with its source; numbers in brackets of its own cite nothing."""
        text = f"{'…' if self.cut_left else ''}{self.text}{'…' if self.cut_right else ''}"
        if not (self.opening or self.closing or "```" in text or "~~~" in text):
            text = _NUMBERED.sub(lambda own: own[0] if own[1] is None else f"［{own[1]}］", text)
        if self.opening:
            text = f"{self.opening}\n{text}"
        return f"{text}\n{self.closing}\n[{self.n}]" if self.closing else f"{text} [{self.n}]"


def extract(
    question: Question,
    sources: Sequence[Source],
    idf: Mapping[str, float],
    limit_chars: int,
    weights: Mapping[str, float] | None = None,
) -> list[Quote]:
    """Choose quotations from `sources` (best first), together at most `limit_chars` long.

    Where a list or steps are asked for and the best passage is one, three times as much may be quoted.

    Args:
        question: the prepared question.
        sources: what may be quoted.
        idf: of the question's terms, 0 to 1.
        limit_chars: length of all quotations together with their citations.
        weights: of `STATEMENT_FEATURES`; those that ship with the application where left out.

    Returns:
        Quotations in the order of their worth; empty where no source shares a word with the question.
    """
    found = Statements(question, sources, idf, max(limit_chars - _CITATION_CHARS, 1))
    scores = [float(score) for score in found.scores(weights)]
    # An answer often stands in the sentence beside the question's words.
    ranked = sorted((i for i, s in enumerate(found.all) if s.terms or s.beside), key=lambda i: -scores[i])
    if not ranked:
        return []
    best = found.all[ranked[0]]
    if found.asked.kind in _LONG_FORM and len(_LIST_ITEM.findall(sources[best.source].text)) >= _LIST_ITEMS:
        window = _window(found, best.source, limit_chars * _LONG_FACTOR - _CITATION_CHARS)
        return [_quote(found, window, sources[best.source], scores)]
    worth = [i for i in ranked if scores[i] >= scores[ranked[0]] - _LEAST and not found.all[i].heading]
    stretches = _choose(found.all, worth or ranked[:1], sources, limit_chars)
    if found.asked.kind is AnswerType.HOW_TO:
        stretches = _with_code(found, stretches, sources, limit_chars * _LONG_FACTOR)
        # What introduces something that is not there says nothing beside others.
        stretches = [s for s in stretches if not _text(found.all, s, sources).endswith((":", "："))] or stretches[:1]
    quotes = [_quote(found, stretch, sources[found.all[stretch[0]].source], scores) for stretch in stretches]
    return sorted(quotes, key=lambda quote: -quote.score)


def _choose(
    statements: Sequence[Statement], ranked: Sequence[int], sources: Sequence[Source], limit: int
) -> list[range]:
    """Take statements, best first, while they fit; neighbours join into one stretch."""
    stretches: list[range] = []
    left = limit
    for i in ranked:
        statement = statements[i]
        if any(i in stretch for stretch in stretches):
            continue
        joined = [s for s in stretches if _follows(statements, s.stop - 1, i) or _follows(statements, i, s.start)]
        if joined:
            wider = range(min(i, *(s.start for s in joined)), max(i + 1, *(s.stop for s in joined)))
            before = sum(_length(statements, s) for s in joined)
            cost = _length(statements, wider) - before
        else:
            wider, cost = range(i, i + 1), _length(statements, range(i, i + 1))
            if len(stretches) == _MAX_QUOTES or (stretches and left < _SHORTEST):
                continue
            text = sources[statement.source].text[statement.start : statement.end]
            if any(_alike(text, _text(statements, other, sources)) for other in stretches):
                continue
        if cost > left:
            continue
        stretches = [s for s in stretches if s not in joined] + [wider]
        left -= cost
    return stretches


def _with_code(found: Statements, stretches: Sequence[range], sources: Sequence[Source], limit: int) -> list[range]:
    """Take the whole block of code with the first stretch that introduces one or lies in one, where it fits."""
    for stretch in stretches:
        source = found.all[stretch.start].source
        text, code = sources[source].text, found.code[source]
        end = found.all[stretch.stop - 1].end
        block = code.at(end - 1) or (code.behind(end) if text[end - 1] in ":：" else None)
        if block is None:
            continue
        inside = [i for i, s in enumerate(found.all) if s.source == source and block.start <= s.start < block.end]
        wider = range(min(stretch.start, inside[0]), max(stretch.stop, inside[-1] + 1)) if inside else stretch
        left = limit - _length(found.all, wider)
        if left < 0 or wider == stretch:
            continue
        kept = [wider]
        for other in stretches:
            if other is stretch or (other.start < wider.stop and wider.start < other.stop):
                continue
            left -= _length(found.all, other)
            if left >= 0:
                kept.append(other)
        return kept
    return list(stretches)


def _follows(statements: Sequence[Statement], a: int, b: int) -> bool:
    return b == a + 1 and statements[a].source == statements[b].source


def _length(statements: Sequence[Statement], stretch: range) -> int:
    cuts = sum(not statements[i].whole for i in (stretch.start, stretch.stop - 1))
    return statements[stretch.stop - 1].end - statements[stretch.start].start + _CITATION_CHARS + cuts


def _text(statements: Sequence[Statement], stretch: range, sources: Sequence[Source]) -> str:
    first, last = statements[stretch.start], statements[stretch.stop - 1]
    return sources[first.source].text[first.start : last.end]


def _quote(found: Statements, stretch: range, source: Source, scores: Sequence[float]) -> Quote:
    statements = found.all
    first, last = statements[stretch.start], statements[stretch.stop - 1]
    text = source.text[first.start : last.end]
    stripped = text.strip()
    start = first.start + len(text) - len(text.lstrip())
    inside = [i for i in (stretch.start - 1, stretch.stop) if 0 <= i < len(statements)]
    beside = {i: not statements[i].whole and statements[i].source == first.source for i in inside}
    end = start + len(stripped)
    opened, closed = found.code[first.source].at(start), found.code[last.source].at(end - 1)
    return Quote(
        source.n,
        stripped,
        start,
        end,
        max(scores[i] for i in stretch),
        cut_left=not first.whole and beside.get(stretch.start - 1, False),
        cut_right=not last.whole and beside.get(stretch.stop, False),
        opening=f"```{opened.language}" if opened is not None else "",
        closing="```" if closed is not None else "",
    )


def _window(found: Statements, source: int, budget: int) -> range:
    """The stretch of a list that covers most of the question, then as much of what follows and precedes as fits."""
    own = [i for i, s in enumerate(found.all) if s.source == source]
    first, last = own[0], own[-1]
    best: tuple[float, range] | None = None
    for a in own:
        terms: frozenset[int] = frozenset()
        for b in range(a, last + 1):
            length = found.all[b].end - found.all[a].start
            if length > budget and b > a:
                break
            terms |= found.all[b].terms
            worth = found.share(terms) - 0.1 * length / budget
            if terms and (best is None or worth > best[0]):
                best = worth, range(a, b + 1)
    assert best is not None  # the best statement of all is among them
    a, b = best[1].start, best[1].stop - 1
    while b < last and found.all[b + 1].end - found.all[a].start <= budget:
        b += 1
    while a > first and found.all[b].end - found.all[a - 1].start <= budget:
        a -= 1
    return range(a, b + 1)


def _alike(a: str, b: str) -> bool:
    x, y = set(index_terms(a).split()), set(index_terms(b).split())
    return len(x & y) > 0.7 * min(len(x), len(y))

"""Sources that contradict each other: the same thing said of the same subject, with another number, date or amount.

Precision before recall: a wrong alarm makes every alarm worthless. Two sentences of different documents contradict
each other where both are about the question and either read alike but for the value (a copy, another edition), or
both hold nearly all of the question and one value of the kind that is asked for.
"""

from __future__ import annotations

import os.path
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.answer_type import AnswerType, asked_type
from hxd_desktop.engine.answering.model import Conflict
from hxd_desktop.engine.answering.terms import weigh_terms
from hxd_desktop.engine.answering.values import Value, values, without
from hxd_desktop.engine.text.sentences import sentences
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source
    from hxd_desktop.engine.answering.preprocess import Question

_KINDS = (AnswerType.DATE, AnswerType.NUMBER, AnswerType.MONEY, AnswerType.YES_NO)
_ABOUT = 0.3  # share of the question's weight in a sentence with its title and heading, for sentences that read alike
_STRONG = 0.85  # the same where they do not
_ALIKE, _ALIKE_TERMS = 0.7, 5  # share (Jaccard) and number of content terms in which sentences that read alike agree
_SAME_TERMS, _SAME_ABOUT = 3, 0.5  # of short ones that are the same but for the value
_MAX_SOURCES = 8


@dataclass(frozen=True, slots=True)
class _Statement:
    """A sentence of a source with its values. `rest`: its content terms but for the values."""

    source: int
    covered: float
    found: tuple[Value, ...]
    rest: frozenset[str]


def find_conflicts(question: Question, idf: Mapping[str, float], sources: Sequence[Source]) -> tuple[Conflict, ...]:
    """Return where sources contradict each other on what is asked.

    Args:
        question: the prepared question; kinds of answer that are no value contradict nothing here.
        idf: of its terms, 0 to 1.
        sources: best first; the first few are looked at.
    """
    kind = asked_type(question.text)
    if kind not in _KINDS or len(sources) < 2:
        return ()
    sources = sources[:_MAX_SOURCES]
    statements = [s for i, source in enumerate(sources) for s in _statements(i, source, kind, question, idf)]
    everything = [values(kind, source.text) if kind is not AnswerType.YES_NO else [] for source in sources]
    said: dict[int, Value] = {}
    pairs: list[tuple[int, int]] = []
    for a, b in combinations(statements, 2):
        if a.source == b.source or sources[a.source].document == sources[b.source].document:
            continue
        clash = _clash(a, b)
        if clash is None or _elsewhere(clash, everything[a.source], everything[b.source]):
            continue
        x, y = clash
        if said.setdefault(a.source, x).differs(x) or said.setdefault(b.source, y).differs(y):
            continue  # one source, one value: the first that was found
        pairs.append((a.source, b.source))
    involved = sorted({i for pair in pairs for i in pair})
    if not involved:
        return ()
    return (Conflict(tuple(sources[i].n for i in involved), tuple(said[i].text for i in involved)),)


def _statements(
    number: int, source: Source, kind: AnswerType, question: Question, idf: Mapping[str, float]
) -> Iterator[_Statement]:
    mass = {t.term: t.mass * idf.get(t.term, 1.0) for t in question.terms}
    total = sum(mass.values()) or 1.0
    name = os.path.splitext(os.path.basename(source.document))[0]
    around = set(index_terms(f"{source.heading} {name}").split())
    asked = values(kind, question.text) if kind is not AnswerType.YES_NO else []
    for start, end in sentences(source.text):
        text = source.text[start:end]
        found = values(kind, text)
        named = tuple(v for v in found if not any(v.comparable(q) and not v.differs(q) for q in asked))
        if not named:
            continue
        # "2 August" does not name the second part.
        said = without(text, found)
        here = {term for term in index_terms(said).split() if term in mass}
        covered = sum(mass[term] for term in here | (around & mass.keys())) / total
        if not here or covered < _ABOUT:
            continue
        rest = frozenset(t.term for t in weigh_terms(said)[0] if t.weight >= 0.3)
        yield _Statement(number, covered, named, rest)


def _clash(a: _Statement, b: _Statement) -> tuple[Value, Value] | None:
    shared = len(a.rest & b.rest)
    alike = shared >= _ALIKE_TERMS and shared >= _ALIKE * len(a.rest | b.rest)
    same = a.rest == b.rest and shared >= _SAME_TERMS and min(a.covered, b.covered) >= _SAME_ABOUT
    if (alike or same) and len(a.found) == len(b.found):
        # Value by value, in their order: the sentences are the same but for them.
        differing = [(x, y) for x, y in zip(a.found, b.found, strict=True) if x.comparable(y) and x.differs(y)]
        return differing[0] if differing else None
    if min(a.covered, b.covered) < _STRONG or a.found[0].key[0] == "polarity":
        return None
    if len(a.found) == len(b.found) == 1:
        x, y = a.found[0], b.found[0]
        if x.comparable(y) and x.differs(y) and x.as_exact(y) and y.as_exact(x):
            return x, y
    return None


def _elsewhere(clash: tuple[Value, Value], of_a: Sequence[Value], of_b: Sequence[Value]) -> bool:
    """Whether a source also says what the other says: then they do not contradict each other."""
    x, y = clash

    def among(value: Value, others: Sequence[Value]) -> bool:
        return any(value.comparable(o) and not value.differs(o) and value.as_exact(o) for o in others)

    return among(x, of_b) or among(y, of_a)

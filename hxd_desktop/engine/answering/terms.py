"""The terms of a text, each with how much it says of the subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.text.general import general_language
from hxd_desktop.engine.text.words import CJK_CHARACTER, term_spans

_MAX_TERMS = 96

# A term of grammar, a bigram half of grammar, a term taken over from the previous question.
_FUNCTION_WEIGHT = 0.05
_MIXED_WEIGHT = 0.3
CARRIED_WEIGHT = 0.5
# A word; a bigram without, with one and with two bigrams of content that overlap it. Measured on Chinese news: bigrams
# of equal mass let long names drown what is asked about them.
_WORD_MASS = 1.3
_BIGRAM_MASS = (1.0, 0.7, 0.5)
_FUNCTION_ZH = lexicon.any_of(lexicon.FUNCTION_ZH)


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of the question with how much it says of the subject: `weight` 0 to 1, offsets in `Question.text`.

    `mass` is `weight` times how much of a word the term is: overlapping bigrams of one run say the same thing twice.
    A term carried over from an earlier question has `start == end == -1`.
    """

    term: str
    weight: float
    start: int
    end: int
    mass: float = 0.0

    @property
    def content(self) -> bool:
        """Whether the term is about the subject rather than grammar."""
        return self.weight > _FUNCTION_WEIGHT


@lru_cache(maxsize=64)  # a question is asked for its terms several times on its way
def weigh_terms(text: str) -> tuple[tuple[QueryTerm, ...], tuple[int, ...]]:
    """The different terms of `text` with their weights, and the order in which they stand in it (as indices)."""
    grammar = _grammar_mask(text)
    index: dict[str, int] = {}
    terms: list[QueryTerm] = []
    sequence: list[int] = []
    for term, start, end in term_spans(text):
        number = index.get(term)
        if number is None:
            if len(terms) >= _MAX_TERMS:
                continue
            number = index[term] = len(terms)
            terms.append(QueryTerm(term, _weight(text, grammar, start, end), start, end))
        sequence.append(number)
    return _with_mass(_by_words(terms)), tuple(sequence)


def _by_words(terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    """Weigh bigrams by whether they are words: "参与" in spite of its 与, less where two meet ("练模" in "训练模型").

    Such a seam stands inside no word of the language, and both its characters belong to words without it.
    """
    pairs = [term for term in terms if term.content and _is_bigram(term.term)]
    if not pairs:
        return list(terms)
    general = general_language()
    within = dict(zip(pairs, general.inside([term.term for term in pairs]), strict=True))
    covered = {place for term, inside in within.items() if inside for place in (term.start, term.start + 1)}
    doubtful = [term for term, inside in within.items() if not inside and term.weight > _MIXED_WEIGHT]
    alone = general.alone([character for term in doubtful for character in term.term]).reshape(len(doubtful), 2)
    seams = {
        term
        for term, (first, second) in zip(doubtful, alone, strict=True)
        if (term.start in covered or first) and (term.start + 1 in covered or second)
    }
    weighed = []
    for term in terms:
        if term in seams:
            term = replace(term, weight=_MIXED_WEIGHT)
        elif within.get(term, False) and term.weight == _MIXED_WEIGHT:
            term = replace(term, weight=1.0)
        weighed.append(term)
    return weighed


def _with_mass(terms: Sequence[QueryTerm]) -> tuple[QueryTerm, ...]:
    starts = {term.start for term in terms if term.weight > _MIXED_WEIGHT and _is_bigram(term.term)}
    weighed = []
    for term in terms:
        factor = _WORD_MASS
        if _is_bigram(term.term):
            factor = _BIGRAM_MASS[(term.start - 1 in starts) + (term.start + 1 in starts)]
        weighed.append(replace(term, mass=term.weight * factor))
    return tuple(weighed)


def _is_bigram(term: str) -> bool:
    return len(term) == 2 and CJK_CHARACTER.match(term) is not None


def _grammar_mask(text: str) -> bytearray:
    """One byte a character: 1 where a Chinese word of asking or grammar stands."""
    mask = bytearray(len(text))
    lowered = text.lower() if len(text.lower()) == len(text) else text
    for match in _FUNCTION_ZH.finditer(lowered):
        mask[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return mask


def _weight(text: str, grammar: bytearray, start: int, end: int) -> float:
    if any(grammar[start:end]):
        return _FUNCTION_WEIGHT if all(grammar[start:end]) else _MIXED_WEIGHT
    word = text[start:end].lower()
    if word in lexicon.FUNCTION_EN:
        return _FUNCTION_WEIGHT
    return 1.0


def extended(terms: tuple[QueryTerm, ...], carried: str) -> tuple[QueryTerm, ...]:
    """Return `terms` with those that an earlier question (`carried`) adds, at `CARRIED_WEIGHT` of their weight."""
    known = {term.term for term in terms}
    added = [
        QueryTerm(t.term, t.weight * CARRIED_WEIGHT, -1, -1, t.mass * CARRIED_WEIGHT)
        for t in weigh_terms(carried)[0]
        if t.term not in known
    ]
    return (*terms, *added[:_MAX_TERMS])


def content_text(text: str) -> str:
    """The parts of `text` that are about its subject, without words of asking and grammar, joined by spaces."""
    pieces: list[str] = []
    last_end = -1
    for start, end in _content_spans(text):
        if start <= last_end:
            pieces[-1] += text[last_end:end]
        else:
            pieces.append(text[start:end])
        last_end = end
    return " ".join(pieces)


def _content_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for term in sorted(weigh_terms(text)[0], key=lambda t: (t.start, -t.end)):
        if term.weight < 1.0:
            continue
        if spans and term.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], term.end))
        else:
            spans.append((term.start, term.end))
    return spans

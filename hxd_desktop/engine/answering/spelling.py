"""Slips of the keyboard in words of Latin letters: searched by the nearest word that the documents know.

Only a word that stands in no asked library is looked at, so that questions without one are scored as they always
were. The nearest known word stands in for it with part of its weight; the rest stays with the unknown word, so that
the gate takes it for a weaker known one. Chinese is left alone: there a wrong character is another word.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hxd_desktop.engine.text.general import general_language
from hxd_desktop.engine.text.words import term_spans

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.library.reader import LibraryReader

# Letters of the stem. Words of four letters are near too many others (and often abbreviations), those of five are
# forgiven a letter too many, too few or out of place, longer ones any slip, and long ones two.
_SHORTEST, _STEADY, _LONG = 5, 6, 8
_ENGLISH = 2e-6  # share of general English from which a word was meant as it stands; common misspellings are rarer
_TRUST = 0.6  # share of the word's weight that goes to what it is taken for
_MOST_WORDS = 3
_BUDGET = 40_000  # chunks counted while looking for one word: about two milliseconds


@dataclass(frozen=True, slots=True)
class Correction:
    """`typed`: as it stands in the question; `term`: the known term that is searched for instead."""

    typed: str
    term: str


def correct(question: Question, readers: Sequence[LibraryReader]) -> tuple[Question, tuple[Correction, ...]]:
    """Take unknown Latin words of a question for the nearest known ones.

    Returns:
        The question with the known terms beside the unknown ones, and what was taken for what; the same question
        where every word is known or nothing is near.
    """
    terms = list(question.terms)
    made: list[Correction] = []
    present = {term.term for term in terms}
    for number, term in enumerate(question.terms):
        typed = question.text[term.start : term.end] if term.start >= 0 else ""
        if not term.content or len(made) == _MOST_WORDS or not _is_word(typed) or _known(term.term, readers):
            continue
        if general_language().frequencies([term.term])[0] > _ENGLISH:
            continue
        nearest = _nearest(term.term, readers)
        if nearest is None or nearest in present:
            continue
        terms[number] = replace(term, term=nearest, weight=term.weight * _TRUST, mass=term.mass * _TRUST)
        terms.append(replace(term, weight=term.weight * (1 - _TRUST), mass=term.mass * (1 - _TRUST)))
        made.append(Correction(typed, nearest))
    return (replace(question, terms=tuple(terms)), tuple(made)) if made else (question, ())


def _known(term: str, readers: Sequence[LibraryReader]) -> bool:
    return any(reader.document_frequencies([term], 1)[term] for reader in readers)


def _is_word(typed: str) -> bool:
    """Whether something is a word rather than an identifier or an abbreviation."""
    plain = typed.islower() or typed.istitle() or (typed.isupper() and len(typed) >= _STEADY)
    return plain and typed.isascii() and typed.isalpha() and len(typed) >= _SHORTEST


def _nearest(term: str, readers: Sequence[LibraryReader]) -> str | None:
    """The known term with the fewest slips, the most frequent among equals."""
    best: tuple[int, int, str] | None = None
    for other, count in _candidates(term, readers):
        if not (other.isascii() and other.isalpha()):
            continue
        shorter = min(len(term), len(other))
        limit = 0 if shorter < _SHORTEST else 2 if shorter >= _LONG else 1
        slips = distance(term, other, limit)
        if not 0 < slips <= limit or (shorter < _STEADY and not _moved(term, other)):
            continue
        if best is None or (slips, -count, other) < best:
            best = (slips, -count, other)
    return best[2] if best is not None else None


def _moved(a: str, b: str) -> bool:
    """Whether two words one slip apart hold the same letters, or one more."""
    return len(a) != len(b) or sorted(a) == sorted(b)


def _candidates(term: str, readers: Sequence[LibraryReader]) -> Iterable[tuple[str, int]]:
    """Known terms that begin alike, those that share most letters first, until the budget is spent."""
    for reader in readers:
        left = _BUDGET
        beginnings = [term[:n] for n in (4, 3, 2) if n < len(term)]
        # The first letters, or the second and third, changed places; the second is one too many.
        beginnings += [term[1] + term[0] + term[2], term[0] + term[2] + term[1], term[0] + term[2:4]]
        for beginning in beginnings:
            for other, count in reader.terms_beginning(beginning):
                yield other, count
                left -= count + 1
                if left < 0:
                    break
            if left < 0:
                break


def distance(a: str, b: str, limit: int) -> int:
    """Letters to add, drop, change or swap with their neighbour to make `b` of `a`; `limit` + 1 where it is more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        earlier, before, row = before, row, [i]
        for j, y in enumerate(b, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def spelled(term: str, texts: Sequence[str]) -> str:
    """How the documents write a term: the first word in `texts` that it stands for, else the term itself."""
    for text in texts:
        for found, start, end in term_spans(text):
            if found == term:
                return text[start:end]
    return term

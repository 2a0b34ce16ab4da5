"""Other wordings of a question: abbreviations for what they stand for, and the other way round.

What an abbreviation stands for is what the asked libraries' own documents say, then a short list of those that nobody
explains. A question is asked in another wording
as well where the library uses the other form more often than the one that was typed, and the better of the two counts:
most questions are asked once, as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.answering.preprocess import Question, prepare
from hxd_desktop.engine.text.abbreviations import is_short_form, numeronym
from hxd_desktop.engine.text.general import general_language
from hxd_desktop.engine.text.known_forms import Abbreviations
from hxd_desktop.engine.text.words import CJK_CHARACTER, index_terms, term_spans

if TYPE_CHECKING:
    from hxd_desktop.engine.library.reader import LibraryReader

MOST_WORDINGS = 2
_CAP = 1000  # chunks counted for one term
_COMMON = 1e-5  # share of general English from which a word in small letters is that word and no abbreviation
_NUMERONYM_FROM = 8  # letters


@dataclass(frozen=True, slots=True)
class Wording:
    """A question in other words. `typed`: what stood there. `other`: what stands in its place."""

    typed: str
    other: str
    question: Question


def other_wordings(
    question: Question, readers: Sequence[LibraryReader], history: Sequence[tuple[str, str]] = ()
) -> tuple[Wording, ...]:
    """Return up to `MOST_WORDINGS` other wordings of a question that the libraries are likelier to understand."""
    return tuple(
        Wording(question.text[form.start : form.end], form.other, worded(question, form, history))
        for form in other_forms(question, readers)
        if form.other_chunks >= form.chunks
    )[:MOST_WORDINGS]


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a name in a question, from `start` to `end` of its text, with another form of the same name.

    `chunks`, `other_chunks`: passages that hold each, counted up to a thousand; of several words, of the rarest.
    """

    start: int
    end: int
    other: str
    chunks: int
    other_chunks: int


def other_forms(question: Question, readers: Sequence[LibraryReader]) -> tuple[Form, ...]:
    """Return the forms in a question of which the libraries hold another one."""
    spans = term_spans(question.text)
    found: dict[str, Form] = {}
    for reader in readers:
        for start, stop, other in _known_forms(question.text, spans, reader):
            typed_terms, other_terms = [term for term, _, _ in spans[start:stop]], index_terms(other).split()
            counts = reader.document_frequencies([*typed_terms, *other_terms], _CAP)
            chunks = min(counts[term] for term in typed_terms)
            other_chunks = min((counts[term] for term in other_terms), default=0)
            if other_chunks:
                found.setdefault(other, Form(spans[start][1], spans[stop - 1][2], other, chunks, other_chunks))
    return tuple(found.values())


def _known_forms(
    text: str, spans: Sequence[tuple[str, int, int]], reader: LibraryReader
) -> Iterator[tuple[int, int, str]]:
    """The first and the last term (excluded) of each form, and another form of it."""
    terms = [term for term, _, _ in spans]
    found = [*reader.abbreviations().find(terms), *_conventional().find(terms)]
    for form in found:
        within = any(o.start <= form.start and form.stop <= o.stop and o.length > form.length for o in found)
        if not within and _meant(text[spans[form.start][1] : spans[form.stop - 1][2]]):
            yield form.start, form.stop, form.form
    for place, (_, start, end) in enumerate(spans):
        word = text[start:end]
        if len(word) >= _NUMERONYM_FROM and word.isascii() and word.isalpha():
            yield place, place + 1, numeronym(word)


@cache
def _conventional() -> Abbreviations:
    pairs = (pair.strip().split("=") for pair in lexicon.CONVENTIONAL)
    return Abbreviations((short, long, 1) for short, long in pairs)


def _meant(typed: str) -> bool:
    """Whether a word is meant as an abbreviation: "IT" is one, "it" is not."""
    if not (typed.isascii() and typed.isalnum()) or is_short_form(typed):
        return True
    return float(general_language().frequencies([typed.lower()])[0]) < _COMMON


def worded(question: Question, form: Form, history: Sequence[tuple[str, str]] = ()) -> Question:
    """Return the question with another form of a name in the place of the one that was typed."""
    before, after = question.text[: form.start], question.text[form.end :]
    # Words of Latin letters must not run together.
    left = " " if before and before[-1].isalnum() and not CJK_CHARACTER.match(before[-1]) else ""
    right = " " if after and after[0].isalnum() and not CJK_CHARACTER.match(after[0]) else ""
    made = prepare(f"{before}{left}{form.other}{right}{after}", history)
    return replace(made, original=question.original, language=question.language)

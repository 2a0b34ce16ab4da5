"""From what was typed to a question: normalised, its shape told, follow-ups completed, its terms weighted.

Everything is bounded: a megabyte pasted into the question field costs no more than a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.answering.follow_ups import carried_over
from hxd_desktop.engine.answering.normalising import MAX_QUESTION_CHARS, normalise
from hxd_desktop.engine.answering.shapes import LATIN_WORD, Shape, asks_for_now, interrogative, shape_of
from hxd_desktop.engine.answering.terms import QueryTerm, extended, weigh_terms
from hxd_desktop.engine.text.language import detect


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready.

    `original`: as typed, shortened if over-long. `text`: normalised. `search`: `text` with what an earlier question
    adds to a follow-up. `language`: ISO code or "". `terms`: different terms in order. `sequence`: indices into
    `terms` in the order of the text, for phrases. `interrogative`: 0 to 1, how much it looks like a question.
    `live`: it asks for the state of the world right now.
    """

    original: str
    text: str
    search: str
    language: str
    shape: Shape
    terms: tuple[QueryTerm, ...]
    sequence: tuple[int, ...]
    interrogative: float
    live: bool = False
    carried: str = ""

    @property
    def is_question(self) -> bool:
        """Whether the documents should be asked at all."""
        return self.shape in (Shape.QUESTION, Shape.FOLLOW_UP)


def prepare(text: str, history: Sequence[tuple[str, str]] = ()) -> Question:
    """Make a question ready; `history` holds earlier (question, answer) pairs, oldest first."""
    normal = normalise(text)
    shape = shape_of(normal)
    terms, sequence = weigh_terms(normal)
    carried = ""
    if shape is Shape.QUESTION and history:
        carried = carried_over(normal, terms, history)
        if carried:
            shape = Shape.FOLLOW_UP
            terms = extended(terms, carried)
    return Question(
        original=text[:MAX_QUESTION_CHARS],
        text=normal,
        search=f"{normal} {carried}" if carried else normal,
        language=_language(normal),
        shape=shape,
        terms=terms,
        sequence=sequence,
        interrogative=interrogative(normal),
        live=asks_for_now(normal),
        carried=carried,
    )


def _language(text: str) -> str:
    """The language of a question: too short for votes of function words, so that words of asking decide."""
    words = LATIN_WORD.findall(text.lower()) if text.isascii() else []
    if any(word in lexicon.INTERROGATIVE_EN for word in words[:2]) or sum(w in lexicon.FUNCTION_EN for w in words) >= 2:
        return "en"
    return detect(text)

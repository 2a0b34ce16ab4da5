"""Whether a generated answer is supported by its sources, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.model import Grounding
from hxd_desktop.engine.answering.terms import weigh_terms
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.sentences import sentences
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source

SUPPORTED = 0.5  # share of a sentence's weight that must stand in its sources
GROUNDED = 0.4  # mean support below which the whole answer is withheld

_CITATION = re.compile(r"\s*\[(\d{1,3})\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence of an answer without its citations. `support`: from 0 to 1. `weight`: its number of content terms."""

    text: str
    support: float
    weight: int

    @property
    def supported(self) -> bool:
        """Whether enough of it stands in its sources."""
        return self.support >= SUPPORTED


def check(answer: str, sources: Sequence[Source]) -> Grounding:
    """Compare each sentence of `answer` with the sources it cites; see `supports` and `judged`."""
    return judged(supports(answer, sources))


def supports(answer: str, sources: Sequence[Source]) -> list[Supported]:
    """Return how far each sentence of `answer` is supported by the sources it cites (all where it cites none).

    Support is the share of a sentence's content terms that stand in the source; a number that stands in no source
    makes the sentence unsupported whatever else it shares. Sentences without content are left out.
    """
    terms = {source.n: frozenset(index_terms(f"{source.heading} {source.text}").split()) for source in sources}
    texts = {source.n: fold(source.text) for source in sources}
    found = []
    for sentence, cited in _cited_sentences(answer):
        content = {t.term for t in weigh_terms(sentence)[0] if t.weight >= 0.3}
        if not content:
            continue
        chosen = [n for n in cited if n in terms] or list(terms)
        support = _support(content, chosen, terms)
        if not _numbers_known(sentence, chosen, texts):
            support = min(support, SUPPORTED / 2)
        found.append(Supported(sentence, round(support, 4), len(content)))
    return found


def judged(sentences: Sequence[Supported]) -> Grounding:
    """The mean support weighted by length, and the sentences below `SUPPORTED`."""
    weight = sum(sentence.weight for sentence in sentences)
    score = round(sum(s.support * s.weight for s in sentences) / weight, 4) if weight else None
    return Grounding(score, tuple(sentence.text for sentence in sentences if not sentence.supported))


def citations(answer: str) -> set[int]:
    """The numbers of the sources that an answer cites."""
    return {int(n) for n in _CITATION.findall(answer)}


def _cited_sentences(answer: str) -> list[tuple[str, list[int]]]:
    """Sentences without their citations; a citation after the full stop belongs to the sentence before it."""
    found: list[tuple[str, list[int]]] = []
    for start, end in sentences(answer):
        piece = answer[start:end]
        cited = [int(n) for n in _CITATION.findall(piece)]
        text = _CITATION.sub("", piece).strip()
        lead = _CITATION.match(piece)
        if found and cited and (not text or lead is not None):
            found[-1][1].extend(cited if not text else cited[:1])
        if text:
            found.append((text, cited))
    return found


def _support(content: set[str], chosen: Sequence[int], terms: Mapping[int, frozenset[str]]) -> float:
    together = frozenset().union(*(terms[n] for n in chosen)) if chosen else frozenset[str]()
    return len(content & together) / len(content)


def _numbers_known(sentence: str, chosen: Sequence[int], texts: Mapping[int, str]) -> bool:
    numbers = _NUMBER.findall(fold(sentence))
    return all(any(number in texts[n] for n in chosen) for number in numbers)

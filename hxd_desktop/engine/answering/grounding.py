"""Whether a generated answer is supported by its sources, sentence by sentence, and whether it says "I do not know"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.answering.model import Grounding
from hxd_desktop.engine.answering.preprocess import weigh_terms
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.sentences import sentences
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source

SUPPORTED = 0.5  # share of a sentence's weight that must stand in its sources
GROUNDED = 0.4  # mean support below which the whole answer is withheld

_CITATION = re.compile(r"\s*\[(\d{1,3})\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def check(answer: str, sources: Sequence[Source]) -> Grounding:
    """Compare each sentence of `answer` with the sources it cites (all of them where it cites none).

    Support is the share of a sentence's content terms that stand in the source; a number that stands in no source
    makes the sentence unsupported whatever else it shares.

    Returns:
        The mean support weighted by length, and the sentences below `SUPPORTED`.
    """
    terms = {source.n: frozenset(index_terms(f"{source.heading} {source.text}").split()) for source in sources}
    texts = {source.n: fold(source.text) for source in sources}
    weighted = length = 0.0
    unsupported: list[str] = []
    for sentence, cited in _cited_sentences(answer):
        content = {t.term for t in weigh_terms(sentence)[0] if t.weight >= 0.3}
        if not content:
            continue
        chosen = [n for n in cited if n in terms] or list(terms)
        support = _support(content, chosen, terms)
        if not _numbers_known(sentence, chosen, texts):
            support = min(support, SUPPORTED / 2)
        if support < SUPPORTED:
            unsupported.append(sentence)
        weighted += support * len(content)
        length += len(content)
    return Grounding(score=round(weighted / length, 4) if length else None, unsupported=tuple(unsupported))


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


_UNKNOWN_ZH = re.compile("|".join(map(re.escape, lexicon.UNKNOWN_REPLIES_ZH)))
_UNKNOWN_EN = re.compile("|".join(map(re.escape, lexicon.UNKNOWN_REPLIES_EN)))
_SHORT_REPLY_CHARS = 200


def says_unknown(reply: str) -> bool:
    """Whether a generated reply says that it does not know, in Chinese or English wording.

    A long reply is one only where its first sentence says so: further down it is usually a reservation about a part.
    """
    folded = fold(reply).replace("’", "'").strip()
    if not folded:
        return True
    spans = sentences(folded)
    if len(folded) > _SHORT_REPLY_CHARS and spans:
        folded = folded[spans[0][0] : spans[0][1]]
    if _CITATION.search(folded) and len(spans) > 1:
        folded = folded[spans[0][0] : spans[0][1]]
    from_prompt = "资料中没有答案" in folded or "sources do not hold" in folded
    return from_prompt or _UNKNOWN_ZH.search(folded) is not None or _UNKNOWN_EN.search(folded) is not None

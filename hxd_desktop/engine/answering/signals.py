"""The signals by which the gate decides, made from one retrieval: named numbers that mean the same in every library."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.lexical import COLUMN

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.answering.retrieval import Retrieval

SIGNALS = (
    "coverage",  # weight of the question's terms in the best passage
    "window",  # the same within a sentence or two of the best passage
    "bm25",  # BM25 of the best passage over its greatest value
    "support",  # mean coverage of the best five passages: one lucky hit, or a subject of the library
    "breadth",  # mean coverage of the best ten passages
    "confidence",  # mean ranking score of the best ten passages
    "agreement",  # how many of the best passages name the same thing of the kind that is asked for, saturating
    "agreement_share",  # the same as a share of the passages that are about the question
    "document",  # weight of the question's terms in the best passages of one document
    "heading",  # weight of the question's terms in one heading, title or file name
    "phrase",  # neighbouring terms of the question that are neighbours in a passage
    "run",  # the longest literal stretch of the question in a passage
    "known",  # weight of the question's terms that stand anywhere in the library
    "familiar",  # how often the three most frequent terms of its subject stand in the library, on a scale of logarithms
    "familiar_sum",  # the same summed over all terms of its subject, saturating
    "content",  # how much subject there is in the question: saturating count of its terms
    "interrogative",  # how much it looks like a question
    "live",  # 1 where the state of the world right now is asked for
    "dense",  # best cosine of a semantic embedder, 0 with a lexical one
    "bridge",  # 1 where the question's language is not the documents' and no embedder bridges them
)

_TOP = 5
_WIDE = 10
_FAMILIAR = 3
_ABOUT = 0.3  # coverage from which a passage is about the question


def signals(retrieval: Retrieval, question: Question) -> dict[str, float]:
    """Return the value of each of `SIGNALS`, from 0 to 1."""
    top = retrieval.candidates[:_TOP]

    def best(name: str) -> float:
        return max((float(c.features[COLUMN[name]]) for c in top), default=0.0)

    wide = [float(c.features[COLUMN["coverage"]]) for c in retrieval.candidates[:_WIDE]]
    coverages = [float(c.features[COLUMN["coverage"]]) for c in top]
    weights = {t.term: t.mass * retrieval.idf.get(t.term, 1.0) for t in question.terms}
    total = sum(weights.values()) or 1.0
    known = sum(w for term, w in weights.items() if retrieval.frequencies.get(term, 0) > 0)
    content = [t for t in question.terms if t.weight >= 0.5]
    scale = math.log1p(max(retrieval.stats.n_chunks, 1))
    familiar = sorted((math.log1p(retrieval.frequencies.get(t.term, 0)) / scale for t in content), reverse=True)
    values = {
        "coverage": max(coverages, default=0.0),
        "window": best("window"),
        "bm25": best("bm25"),
        "support": sum(coverages) / _TOP,
        "breadth": sum(wide) / _WIDE,
        "confidence": sum(c.fused for c in retrieval.candidates[:_WIDE]) / _WIDE,
        "agreement": 1 - math.exp(-retrieval.agreement / 2),
        "agreement_share": retrieval.agreement / max(sum(c for c in wide if c >= _ABOUT), 1.0),
        "document": best("document"),
        "heading": best("heading"),
        "phrase": retrieval.phrase,
        "run": retrieval.run,
        "known": known / total,
        "familiar": sum(familiar[:_FAMILIAR]) / _FAMILIAR,
        "familiar_sum": 1 - math.exp(-sum(familiar) / 2),
        "content": 1 - math.exp(-len(content) / 6),
        "interrogative": question.interrogative,
        "live": float(question.live),
        "dense": max(0.0, retrieval.dense_best or 0.0) if retrieval.semantic else 0.0,
        "bridge": float(language_mismatch(retrieval.stats.languages, question.language) and not retrieval.semantic),
    }
    return {name: round(min(1.0, value), 4) for name, value in values.items()}


def language_mismatch(languages: Mapping[str, float], language: str) -> bool:
    """Whether hardly any passage (under 2 %) is in the question's language, Chinese or English."""
    return language in ("zh", "en") and bool(languages) and languages.get(language, 0.0) < 0.02


def missing_terms(retrieval: Retrieval, question: Question) -> tuple[str, ...]:
    """The words of the question that stand nowhere in the library, as the user wrote them, in order."""
    spans: list[list[int]] = []
    known = [
        (t.start, t.end)
        for t in question.terms
        if t.start >= 0 and t.content and retrieval.frequencies.get(t.term, 0) > 0
    ]
    for term in question.terms:
        if term.start < 0 or term.weight < 0.5 or retrieval.frequencies.get(term.term, 0) > 0:
            continue
        start, end = term.start, term.end
        if term.term.isascii() and any(a <= start and end <= b for a, b in known):
            continue  # a part of the same identifier is known
        if spans and start <= spans[-1][1]:
            spans[-1][1] = max(spans[-1][1], end)
        else:
            spans.append([start, end])
    words = []
    for start, end in spans:
        # Bigrams across the border of two known words are unknown without meaning anything.
        inner = [(a, b) for a, b in known if a < end and b > start]
        if inner and _covered(start, end, inner):
            continue
        words.append(question.text[start:end])
    return tuple(dict.fromkeys(words))


def _covered(start: int, end: int, spans: list[tuple[int, int]]) -> bool:
    return all(any(a <= position < b for a, b in spans) for position in range(start, end))

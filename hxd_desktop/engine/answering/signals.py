"""The signals by which the gate decides, made from one retrieval: named numbers that mean the same in every library."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.close_reading import CLOSE_COLUMN
from hxd_desktop.engine.answering.lexical import COLUMN
from hxd_desktop.engine.text.general import general_language

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.answering.retrieval import Retrieval

SIGNALS = (
    "coverage",  # weight of the question's terms in the best passage
    "window",  # the same within a sentence or two of the best passage
    "sentences",  # the same within two neighbouring sentences
    "answer",  # the same beside something of the kind that is asked for: a number, a date, a place ...
    "answers",  # that as the mean of the best ten passages
    "exact",  # the same in one sentence with a quantity of the very unit that is asked for
    "complete",  # 1 less the weightiest missing term of the best passage, over the weightiest of all
    "focus",  # whether one of the best passages names the thing that is asked for (which TEAM)
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
    "specific",  # how much more often than general language the library uses the question's three most typical words
    "specific_sum",  # the same summed over its words, saturating: a message about the library's subjects
    "foreign",  # how much less often than general language it uses the others: talk about something else
    "content",  # how much subject there is in the question: saturating count of its terms
    "interrogative",  # how much it looks like a question
    "live",  # 1 where the state of the world right now is asked for
    "dense",  # best cosine of a semantic embedder, 0 with a lexical one
    "rerank",  # best score of a reranker, 0 without one: weighs nothing until a library's examples teach it
    "bridge",  # 1 where the question's language is not the documents' and no embedder bridges them
)

_TOP = 5
_WIDE = 10
_FAMILIAR = 3
_MANY_TIMES = 8.0  # natural logarithm of how many times more often counts in full
_ABOUT = 0.3  # coverage from which a passage is about the question


def signals(retrieval: Retrieval, question: Question) -> dict[str, float]:
    """Return the value of each of `SIGNALS`, from 0 to 1."""
    top = retrieval.candidates[:_TOP]

    def best(name: str) -> float:
        return max((float(c.features[COLUMN[name]]) for c in top), default=0.0)

    def closest(name: str) -> float:
        return max((float(c.close[CLOSE_COLUMN[name]]) for c in top), default=0.0)

    wide = [float(c.features[COLUMN["coverage"]]) for c in retrieval.candidates[:_WIDE]]
    coverages = [float(c.features[COLUMN["coverage"]]) for c in top]
    weights = {t.term: t.mass * retrieval.idf.get(t.term, 1.0) for t in question.terms}
    total = sum(weights.values()) or 1.0
    known = sum(w for term, w in weights.items() if retrieval.frequencies.get(term, 0) > 0)
    content = [t for t in question.terms if t.weight >= 0.5]
    scale = math.log1p(max(retrieval.stats.n_chunks, 1))
    familiar = sorted((math.log1p(retrieval.frequencies.get(t.term, 0)) / scale for t in content), reverse=True)
    specific = specificity(retrieval, [t.term for t in question.terms if t.weight >= 0.3])
    values = {
        "coverage": max(coverages, default=0.0),
        "window": best("window"),
        "sentences": closest("sentences"),
        "answer": closest("answer"),
        "answers": sum(float(c.close[CLOSE_COLUMN["answer"]]) for c in retrieval.candidates[:_WIDE]) / _WIDE,
        "exact": closest("exact"),
        "complete": closest("complete"),
        "focus": closest("focus"),
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
        "specific": max(0.0, sum(sorted(specific, reverse=True)[:_FAMILIAR]) / _FAMILIAR / _MANY_TIMES),
        "specific_sum": 1 - math.exp(-sum(max(0.0, s) for s in specific) / (2 * _MANY_TIMES)),
        "foreign": sum(max(0.0, -s) for s in specific) / max(len(specific), 1) / 2,
        "content": 1 - math.exp(-len(content) / 6),
        "interrogative": question.interrogative,
        "live": float(question.live),
        "dense": max(0.0, retrieval.dense_best or 0.0) if retrieval.semantic else 0.0,
        "rerank": max((c.scores.get("rerank", 0.0) for c in retrieval.candidates), default=0.0),
        "bridge": float(language_mismatch(retrieval.stats.languages, question.language) and not retrieval.bridges),
    }
    return {name: round(min(1.0, value), 4) for name, value in values.items()}


def specificity(retrieval: Retrieval, terms: Sequence[str]) -> list[float]:
    """How much more often the library uses each term than general language does, in natural logarithms.

    Compared are the share of the passages that hold the term and the share that would if passages of this length were
    general text; half a passage is added to both, so that a small library makes no strong claims.
    """
    if not terms:
        return []
    n = max(retrieval.stats.n_chunks, 1)
    held = np.array([min(retrieval.frequencies.get(term, 0), n) for term in terms], dtype=np.float64)
    expected = n * -np.expm1(-retrieval.stats.avg_terms * general_language().frequencies(terms))
    return [float(x) for x in np.log((held + 0.5) / (expected + 0.5))]


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

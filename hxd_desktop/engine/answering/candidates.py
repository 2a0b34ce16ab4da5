"""Which chunks of a library are worth scoring in full, found by words within a bounded amount of work.

The ids of the chunks that hold each term are summed with the terms' weights: presence alone, without counts, was
measured to choose as well as BM25 does and costs a tenth. Terms that stand nearly everywhere are left out of the
search (their ids alone would take longer than all the rest); they count when candidates are scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.lexical import inverse_document_frequency

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.answering.terms import QueryTerm
    from hxd_desktop.engine.library.reader import LibraryReader, LibraryStats, StoredChunk

WORD_CANDIDATES = 100
# Where few terms leave many chunks equal, this many are looked at before the best are scored in full.
TIED_CANDIDATES = 400
# Ids read for one term, and for all terms of a question together: about 0.15 microseconds each.
_TERM_CAP = 16_000
_TOTAL_CAP = 48_000
_DENSE_SPAN = 4_000_000


@dataclass(frozen=True, slots=True)
class WordSearch:
    """What the words of a question found. `ids`: best first. `frequencies`: chunks per term. `idf`: 0 to 1 per term.

    `searched`: the terms that were searched by, rarest first.
    """

    ids: tuple[int, ...]
    frequencies: Mapping[str, int]
    idf: Mapping[str, float]
    searched: tuple[str, ...]


def search_words(
    reader: LibraryReader, question: Question, stats: LibraryStats, filters: Filters | None = None
) -> WordSearch:
    """Find chunks by the words of a question: up to `WORD_CANDIDATES`, or `TIED_CANDIDATES` that are equal so far."""
    terms = [term.term for term in question.terms]
    found = reader.postings(terms, _TERM_CAP) if terms and stats.n_chunks else {}
    frequencies = {term: found[term][1] if term in found else 0 for term in terms}
    idf = {term: inverse_document_frequency(frequencies[term], stats.n_chunks) for term in terms}
    chosen = _affordable([term for term in question.terms if frequencies[term.term]], frequencies)
    postings = [(found[term.term][0], term.mass * idf[term.term]) for term in chosen]
    if chosen and not any(len(ids) for ids, _ in postings):
        # Every term stands nearly everywhere: read the rarest after all.
        term = chosen[0]
        postings = [(reader.postings([term.term], stats.n_chunks)[term.term][0], term.mass)]
    if filters is not None:
        allowed = reader.allowed_ids(filters)
        if allowed is not None:
            postings = [(np.intersect1d(ids, allowed, assume_unique=True), weight) for ids, weight in postings]
    return WordSearch(tuple(_most_weight(postings)), frequencies, idf, tuple(term.term for term in chosen))


def _affordable(known: Sequence[QueryTerm], frequencies: Mapping[str, int]) -> list[QueryTerm]:
    """The terms to search by, rarest first: those of grammar only where there is nothing else, within the budget."""
    content = [term for term in known if term.content] or list(known)
    chosen: list[QueryTerm] = []
    spent = 0
    for term in sorted(content, key=lambda term: frequencies[term.term]):
        spent += frequencies[term.term]
        if chosen and (frequencies[term.term] > _TERM_CAP or spent > _TOTAL_CAP):
            break
        chosen.append(term)
    return chosen


def _most_weight(postings: Sequence[tuple[NDArray[np.int64], float]]) -> list[int]:
    """The ids with the greatest sum of weights, best first; equals by id."""
    parts = [(ids, weight) for ids, weight in postings if len(ids)]
    if not parts:
        return []
    first = int(min(ids[0] for ids, _ in parts))
    span = int(max(ids[-1] for ids, _ in parts)) - first + 1
    if span <= _DENSE_SPAN:
        dense = np.zeros(span, dtype=np.float32)
        for ids, weight in parts:
            dense[ids - first] += weight
        held = np.flatnonzero(dense)
        sums = dense[held]
        held += first
    else:
        held, places = np.unique(np.concatenate([ids for ids, _ in parts]), return_inverse=True)
        spread = np.repeat([weight for _, weight in parts], [len(ids) for ids, _ in parts])
        sums = np.bincount(places, spread).astype(np.float32)
    if len(held) > TIED_CANDIDATES:
        best = np.argpartition(-sums, TIED_CANDIDATES - 1)[:TIED_CANDIDATES]
        held, sums = held[best], sums[best]
    order = np.lexsort((held, -sums))
    held, sums = held[order], sums[order]
    if len(held) > WORD_CANDIDATES:
        # What is worth clearly less than the last that would be taken is no tie.
        held = held[
            : max(WORD_CANDIDATES, int(np.searchsorted(-sums, -0.999 * sums[WORD_CANDIDATES - 1], side="right")))
        ]
    return [int(i) for i in held]


def prescreen(chunks: Sequence[StoredChunk], question: Question, words: WordSearch, limit: int) -> list[StoredChunk]:
    """The `limit` most promising of many chunks that hold the same terms, by counting them as plain strings."""
    if len(chunks) <= limit:
        return list(chunks)
    terms = [(t.term, t.mass * words.idf[t.term]) for t in question.terms if t.content and words.frequencies[t.term]]
    named: dict[tuple[str, str | None, str], list[tuple[str, float, float]]] = {}

    def promise(chunk: StoredChunk) -> float:
        text = chunk.text.lower()
        norm = 1 + len(text) / 1000
        score = 0.0
        around = (chunk.heading, chunk.title, chunk.path)
        held = named.get(around)
        if held is None:  # the same for all chunks under a heading
            name = f"{chunk.heading} {chunk.title or ''} {chunk.path}".lower()
            held = named[around] = [(term, weight, 0.5 * weight * (term in name)) for term, weight in terms]
        for term, weight, beside in held:
            if count := text.count(term):
                score += weight * (count / (count + norm))
            score += beside
        return score

    return sorted(chunks, key=promise, reverse=True)[:limit]

"""One code path scores a question: chat, search, calibration, evaluation and the command line all come through here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering.gate import Gate, passes
from hxd_desktop.engine.answering.listed_files import Holdings, change, holdings, reading_of
from hxd_desktop.engine.answering.listing import Listing, listing_of
from hxd_desktop.engine.answering.model import Refusal
from hxd_desktop.engine.answering.preprocess import Question, prepare
from hxd_desktop.engine.answering.reasons import nothing_left, why
from hxd_desktop.engine.answering.retrieval import Candidate, Retrieval, joined, merge, retrieve
from hxd_desktop.engine.answering.safety import Safety
from hxd_desktop.engine.answering.spelling import correct, spelled
from hxd_desktop.engine.answering.trace import Trace
from hxd_desktop.engine.answering.typed_filters import split_filters
from hxd_desktop.engine.answering.wordings import other_wordings
from hxd_desktop.engine.cancel import CancelToken

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.rewriting import Rewriter
    from hxd_desktop.engine.answering.safety import Finding
    from hxd_desktop.engine.library.reader import LibraryReader
    from hxd_desktop.engine.models.protocols import Embedder, Reranker

RERANKED = 30
_SPELLING_FROM = 5  # passages


@dataclass(frozen=True, slots=True)
class Scored:
    """A question up to and including the gate.

    `readings`: one per library asked, empty where a stage before the gate decided. `decisive`: the reading that the
    record names: the most covered library's that passes, else the one nearest to passing.
    `candidates`: best first, of the libraries that pass (of all where none does).
    `unsafe`: what the question holds that is not to be answered.
    `listing`, `holdings`: what files are asked for, and those that each library has; None, () where none are.
    """

    question: Question
    retrievals: tuple[Retrieval, ...]
    readings: tuple[Refusal, ...]
    decisive: Refusal | None
    candidates: tuple[Candidate, ...]
    unsafe: Finding | None = None
    listing: Listing | None = None
    holdings: tuple[Holdings, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether every stage so far let the question pass."""
        return self.unsafe is None and self.decisive is not None and passes(self.decisive)

    @property
    def refusal_score(self) -> float:
        """The gate's score; 1.0 where a stage before the gate refused."""
        return 1.0 if self.decisive is None or self.decisive.score is None else self.decisive.score


class Scorer:
    """Scores questions against libraries.

    Args:
        readers: the libraries asked.
        embedder, reranker: models, or None to do without.
        gates: by library; one without an entry is gated by the default weights.
        safety: what questions must not hold, None for the default.
    """

    def __init__(
        self,
        readers: Sequence[LibraryReader],
        embedder: Embedder | None,
        reranker: Reranker | None,
        gates: Mapping[str, Gate],
        safety: Safety | None = None,
    ) -> None:
        self.readers = list(readers)
        self.embedder = embedder
        self.reranker = reranker
        self.safety = safety or Safety()
        self.gates = {reader.name: gates.get(reader.name) or Gate() for reader in self.readers}

    def score(
        self,
        text: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        filters: Filters | None = None,
        trace: Trace | None = None,
        force: bool = False,
        retrieve_anyway: bool = False,
        rewriter: Rewriter | None = None,
        cancel: CancelToken | None = None,
    ) -> Scored:
        """Take a question up to and including the gate.

        Args:
            text: what was typed.
            history: earlier (question, answer) pairs, oldest first.
            filters: what the search is narrowed to, beside what is typed (`typed_filters`).
            trace: where each stage writes its line.
            force: go on past a stage that refuses; the readings stay what they are.
            retrieve_anyway: retrieve and read the gate even for what is not a question (evaluation of retrieval).
            rewriter: completes the question from the history, and finds other ways of asking it. They add passages
                but are not what the gate reads: it was fitted to the words of those who ask.
            cancel: stops the rewriter.
        """
        trace = trace or Trace()
        text, filters = split_filters(text, filters)
        question, unsafe = self._preprocess(text, history, trace, force)
        if not retrieve_anyway and (unsafe is not None or not (question.is_question or force)):
            return Scored(question, (), (), None, (), unsafe)
        listing = None if retrieve_anyway or force else listing_of(question.text)
        if listing is not None and (listed := self._list(question, listing, filters, trace)) is not None:
            return listed
        phrasings: tuple[Question, ...] = ()
        cancel = cancel or CancelToken()
        if rewriter is not None and rewriter.wants(history, cancel):
            question, phrasings = self._rewrite(question, history, trace, rewriter, cancel)
        question, retrievals = self._retrieve(question, history, filters, trace)
        if not any(r.stats.n_documents for r in retrievals):
            return Scored(question, retrievals, (), None, ())
        retrievals = self._rerank(question, retrievals, trace)
        scored = replace(self._gate(question, retrievals, filters, trace, force), unsafe=unsafe)
        return replace(scored, candidates=self._widened(scored, phrasings, filters)) if phrasings else scored

    def _list(self, question: Question, listing: Listing, filters: Filters | None, trace: Trace) -> Scored | None:
        """Look the files up that a question asks for; None where it is better asked like any other."""
        held = [reader for reader in self.readers if reader.stats().n_documents]
        if not held:
            return None
        with trace.stage("retrieval") as notes:
            found = tuple(holdings(reader, listing, filters) for reader in held)
            settled = listing.literal or any(holding.certain for holding in found)
            notes.verdict = "pass" if settled else "skip"
            notes.detail = {
                "listing": listing.subject,
                "files": {holding.library: holding.n_files for holding in found},
                "forms": list(dict.fromkeys(form for holding in found for form in holding.forms)),
            } | _narrowed(filters)
        if not settled:
            return None
        with trace.stage("gate") as notes:
            language = "zh" if question.language == "zh" else "en"
            readings = tuple(
                reading_of(listing, holding, self.gates[holding.library].threshold, language) for holding in found
            )
            decisive = min(readings, key=_distance_below)
            notes.score, notes.threshold = decisive.score, decisive.threshold
            notes.detail = {"library": decisive.library, "margin": decisive.margin, "by": "listing"}
            if not passes(decisive):
                notes.verdict = "refuse"
                notes.detail["reason"] = decisive.reason
                notes.detail["why"] = {"change": [change(listing, found)]}
        retrievals: tuple[Retrieval, ...] = ()
        candidates: tuple[Candidate, ...] = ()
        if not passes(decisive):  # what comes nearest is shown all the same
            retrievals = self._search(prepare(listing.subject), filters)
            candidates = tuple(merge(retrievals))
        return Scored(question, retrievals, readings, decisive, candidates, None, listing, found)

    def _rewrite(
        self,
        question: Question,
        history: Sequence[tuple[str, str]],
        trace: Trace,
        rewriter: Rewriter,
        cancel: CancelToken,
    ) -> tuple[Question, tuple[Question, ...]]:
        with trace.stage("rewrite") as notes:
            made = rewriter.rewrite(question, history, cancel)
            notes.detail = made.detail(question)
        return made.question, made.phrasings

    def _widened(self, scored: Scored, phrasings: Sequence[Question], filters: Filters | None) -> tuple[Candidate, ...]:
        """The candidates with what other phrasings find in the same libraries, each chunk once."""
        libraries = {candidate.library for candidate in scored.candidates}
        found = [self._search(phrasing, filters) for phrasing in phrasings]
        return tuple(
            merge(
                [
                    joined(retrieval, [other[place] for other in found])
                    for place, retrieval in enumerate(scored.retrievals)
                    if retrieval.library in libraries
                ]
            )
        )

    def _preprocess(
        self, text: str, history: Sequence[tuple[str, str]], trace: Trace, force: bool
    ) -> tuple[Question, Finding | None]:
        with trace.stage("preprocess") as notes:
            question = prepare(text, history)
            notes.detail = {
                "shape": str(question.shape),
                "language": question.language,
                "terms": [t.term for t in question.terms if t.weight >= 0.3],
                "carried": question.carried,
            }
            if question.carried:
                notes.detail["rewriting"] = {
                    "by": "lexical",
                    "original": question.text,
                    "rewritten": question.search,
                }
            unsafe = self.safety.question(text)
            if unsafe is not None:
                notes.detail["unsafe"] = unsafe.to_detail()
            if unsafe is not None or not (question.is_question or force):
                notes.verdict = "refuse"
        return question, unsafe

    def _retrieve(
        self, asked: Question, history: Sequence[tuple[str, str]], filters: Filters | None, trace: Trace
    ) -> tuple[Question, tuple[Retrieval, ...]]:
        with trace.stage("retrieval") as notes:
            question, corrections = correct(asked, self.readers)
            retrievals = self._search(question, filters)
            also = other_wordings(asked, self.readers, history)
            if also:
                question, retrievals = self._best_wording(
                    [(question, retrievals)] + [(w.question, self._search(w.question, filters)) for w in also]
                )
                notes.detail["also_searched"] = {w.typed: w.other for w in also}
            best = max((r.candidates[0].fused for r in retrievals if r.candidates), default=None)
            notes.score = best
            notes.detail |= _narrowed(filters)
            notes.detail |= {
                r.library: {"searched": list(r.searched), "candidates": len(r.candidates), "chunks": r.stats.n_chunks}
                for r in retrievals
            }
            if corrections:
                best_first = [c.chunk.text for c in merge(retrievals)[:_SPELLING_FROM]]
                notes.detail["searched_instead"] = {c.typed: spelled(c.term, best_first) for c in corrections}
            if not any(r.stats.n_documents for r in retrievals):
                notes.verdict = "refuse"
        return question, retrievals

    def _search(self, question: Question, filters: Filters | None) -> tuple[Retrieval, ...]:
        vector: NDArray[np.float32] | None = None
        if self.embedder is not None:
            vector = self.embedder.embed_query(question.search)
        return tuple(
            retrieve(reader, question, self.embedder, filters=filters, query_vector=vector) for reader in self.readers
        )

    def _best_wording(
        self, searched: Sequence[tuple[Question, tuple[Retrieval, ...]]]
    ) -> tuple[Question, tuple[Retrieval, ...]]:
        """The wording that the libraries cover best, with what the others found put among its candidates."""

        def worth(found: tuple[Question, tuple[Retrieval, ...]]) -> float:
            question, retrievals = found
            held = [r for r in retrievals if r.stats.n_documents]
            return min((_distance_below(self.gates[r.library].decide(r, question)) for r in held), default=1.0)

        question, retrievals = min(searched, key=worth)
        others = [other for _, other in searched if other is not retrievals]
        return question, tuple(
            joined(retrieval, [found[place] for found in others]) for place, retrieval in enumerate(retrievals)
        )

    def _rerank(self, question: Question, retrievals: tuple[Retrieval, ...], trace: Trace) -> tuple[Retrieval, ...]:
        with trace.stage("rerank") as notes:
            if self.reranker is None:
                notes.verdict = "skip"
                return retrievals
            pool = merge(retrievals)[:RERANKED]
            scores = (
                self.reranker.score(question.text, [c.chunk.text for c in pool]) if pool else np.zeros(0, np.float32)
            )
            by_chunk = {(c.library, c.chunk.id): float(s) for c, s in zip(pool, scores, strict=True)}
            notes.score = max(by_chunk.values(), default=None)
            notes.detail = {"passages": len(pool), "model": self.reranker.id}
            return tuple(_with_rerank(retrieval, by_chunk) for retrieval in retrievals)

    def _gate(
        self, question: Question, retrievals: tuple[Retrieval, ...], filters: Filters | None, trace: Trace, force: bool
    ) -> Scored:
        with trace.stage("gate") as notes:
            asked = [r for r in retrievals if r.stats.n_documents]
            readings = tuple(self.gates[r.library].decide(r, question) for r in asked)
            decisive = min(readings, key=_distance_below)
            if filters is not None and not passes(decisive) and not any(r.candidates for r in asked):
                decisive = replace(decisive, reason=nothing_left(filters, question))
            notes.score, notes.threshold = decisive.score, decisive.threshold
            retrieval = next(r for r in asked if r.library == decisive.library)
            moved = self.gates[retrieval.library].contributions(decisive.signals, question.text)
            notes.detail = {
                "library": decisive.library,
                "margin": decisive.margin,
                "signals": decisive.signals,
                "contributions": {k: round(v, 3) for k, v in moved.items()},
                "missing_terms": list(decisive.missing_terms),
                "why": why(
                    retrieval,
                    question,
                    1.0 if decisive.score is None else decisive.score,
                    decisive.threshold,
                    decisive.missing_terms,
                    moved,
                ),
            }
            if len(readings) > 1:
                notes.detail["libraries"] = {r.library: {"score": r.score, "threshold": r.threshold} for r in readings}
            if not passes(decisive):
                notes.detail["reason"] = decisive.reason
                notes.verdict = "pass" if force else "refuse"
                notes.detail["forced"] = force
        passing = {r.library for r in readings if passes(r)}
        chosen = [r for r in asked if r.library in passing] or asked
        return Scored(question, retrievals, readings, decisive, tuple(merge(chosen)))


def _narrowed(filters: Filters | None) -> dict[str, Any]:
    return {} if filters is None else {"filters": {name: value for name, value in asdict(filters).items() if value}}


def _distance_below(reading: Refusal) -> float:
    """Orders readings from most covered to least, each against its own threshold."""
    return (reading.score if reading.score is not None else 1.0) - reading.threshold


def _with_rerank(retrieval: Retrieval, scores: Mapping[tuple[str, int], float]) -> Retrieval:
    """Put a reranker's scores on the candidates it read.

    They stay in their order: the gate reads the passages that it was fitted to, and `merge` puts the best first.
    """
    return replace(
        retrieval,
        candidates=tuple(
            replace(c, scores={**c.scores, "rerank": round(scores[key], 4)})
            if (key := (c.library, c.chunk.id)) in scores
            else c
            for c in retrieval.candidates
        ),
    )

"""One question on its way from the gate to its answer: sources, writing, checks, and the record as it stands."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering import context, grounding, listed_files, prompts, sayings
from hxd_desktop.engine.answering.checks import Checks
from hxd_desktop.engine.answering.conflicts import find_conflicts
from hxd_desktop.engine.answering.dialogue import Dialogues
from hxd_desktop.engine.answering.extract import Quote, extract
from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.listing import Listing
from hxd_desktop.engine.answering.model import Answer, Grounding, Outcome, Refusal, Source
from hxd_desktop.engine.answering.normalising import MAX_QUESTION_CHARS
from hxd_desktop.engine.answering.parts import prepare_parts, quote_parts
from hxd_desktop.engine.answering.prompting import Prompt, Prompter
from hxd_desktop.engine.answering.safety import Finding
from hxd_desktop.engine.answering.sayings import early_reason, language_of, say
from hxd_desktop.engine.answering.scoring import Scored
from hxd_desktop.engine.answering.trace import StageNotes, Trace
from hxd_desktop.engine.answering.unknown import says_unknown
from hxd_desktop.engine.answering.writing import Reading, Writer, read_reply
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.models.protocols import ChatMessage, LocalGenerator

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.marks import ReplyMarks
    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.pipeline import Pipeline

log = logging.getLogger(__name__)

_NEAREST = 3  # passages that a refusal keeps
_POOL = 20  # passages in which the parts of a question are looked for


class Run:
    """One question under way; keeps what is known so far, so that a failure or a stop can report it."""

    def __init__(
        self, pipeline: Pipeline, asked: str, trace: Trace, on_text: Callable[[str], None], cancel: CancelToken
    ) -> None:
        self.pipeline = pipeline
        self.asked = asked[:MAX_QUESTION_CHARS]
        self.full = asked
        self.trace = trace
        self.on_text = on_text
        self.cancel = cancel
        self.scored: Scored | None = None
        self.sources: list[Source] = []
        self.grounding = Grounding()
        self.text = ""
        self.writer = pipeline.local
        self.checks = Checks(trace, pipeline.marker, cancel)

    def through(self, top_k: int, filters: Filters | None, history: Sequence[tuple[str, str]], force: bool) -> Answer:
        """Take the question through every stage.

        Raises:
            HxdError: a stage failed.
            Cancelled: it was stopped.
        """
        scored = self.scored = self.pipeline.scorer.score(
            self.full,
            history=history,
            filters=filters,
            trace=self.trace,
            force=force,
            rewriter=self.pipeline.rewriter,
            cancel=self.cancel,
        )
        if scored.unsafe is not None:
            return self.answer(Outcome.UNSAFE, "", scored.unsafe.reason(language_of(scored.question), asked=True))
        if scored.decisive is None:
            outcome = Outcome.NO_DOCUMENTS if scored.retrievals else Outcome.NOT_A_QUESTION
            return self.answer(outcome, "", early_reason(outcome, scored.question))
        if not scored.answerable and not force:
            self.sources = context.choose_sources(scored.candidates, min(top_k, _NEAREST), asked_of(scored))
            return self.answer(Outcome.UNRELATED, "", scored.decisive.reason)
        if scored.listing is not None:
            return self._list(scored, scored.listing)
        remote, limits = self.pipeline.remote, {} if force else self._limits(scored)
        if remote is not None and remote.always:
            return self._from(remote.writer, scored, top_k, (), limits)
        answer = self._from(self.pipeline.local, scored, top_k, history, limits, hold=remote is not None)
        if answer.outcome is Outcome.NO_EVIDENCE and self.sources and remote is not None:
            return self._from(remote.writer, scored, top_k, (), {})
        return answer

    def _list(self, scored: Scored, listing: Listing) -> Answer:
        """Answer with the files that were asked for; no model has anything to add to a list."""
        self.writer = None
        with self.trace.stage("generate") as notes:
            listed = listed_files.merged(scored.holdings)
            self.sources = listed_files.sources(listed)
            n_files = sum(holding.n_files for holding in scored.holdings)
            growing = any(reader.stats().indexing for reader in self.pipeline.scorer.readers)
            self.text = listed_files.written(listing, listed, n_files, language_of(scored.question), growing=growing)
            notes.detail = {"files": n_files, "listed": len(listed)}
            self.on_text(self.text)
        self.grounding = Grounding(score=1.0)
        return self.answer(Outcome.ANSWERED, self.text)

    def _limits(self, scored: Scored) -> Mapping[str, int]:
        """The limits of marks that may decide in the library that let the question pass."""
        marker, gates = self.pipeline.marker, self.pipeline.scorer.gates
        library = scored.decisive.library if scored.decisive is not None else None
        if marker is None or library is None:
            return {}
        return gates[library].limits_of(marker.generator.id)

    def _from(
        self,
        writer: Writer | None,
        scored: Scored,
        top_k: int,
        history: Sequence[tuple[str, str]],
        limits: Mapping[str, int],
        hold: bool = False,
    ) -> Answer:
        """Gather the sources and answer from them; without a writer in quotations."""
        with ExitStack() as turn:
            return self._in_turn(turn, writer, scored, top_k, history, limits, hold)

    def _in_turn(
        self,
        turn: ExitStack,
        writer: Writer | None,
        scored: Scored,
        top_k: int,
        history: Sequence[tuple[str, str]],
        limits: Mapping[str, int],
        hold: bool,
    ) -> Answer:
        with self.trace.stage("context") as notes:
            self.sources = context.choose_sources(scored.candidates, top_k, asked_of(scored))
            prompt = None
            if writer is not None and self.sources:
                if isinstance(writer.generator, LocalGenerator):
                    turn.enter_context(writer.generator.turn(cancel=self.cancel, on_wait=self.trace.waiting))
                prompt = self._prompt(writer, scored, history)
                self.sources = list(prompt.sources)
            notes.detail = {"sources": len(self.sources), "chars": sum(len(s.text) for s in self.sources)}
            if prompt is not None:
                notes.detail |= {"tokens": prompt.tokens, "read_before": sorted(prompt.given)}
            if not self.sources:
                notes.verdict = "refuse"
        if not self.sources:
            return self.answer(Outcome.NO_EVIDENCE, "", say(scored.question, sayings.NO_PASSAGE))
        refusing = self.checks.before(scored, prompt.messages if prompt is not None else (), self.sources, limits)
        if refusing is not None:
            return self.answer(Outcome.UNRELATED, "", say(scored.question, sayings.MARKED[refusing]))
        if writer is None or prompt is None:
            return self._quote(scored)
        return self._generate(writer, scored, history, prompt, hold)

    def _prompt(self, writer: Writer, scored: Scored, history: Sequence[tuple[str, str]]) -> Prompt:
        readers = {reader.name: reader for reader in self.pipeline.scorer.readers}
        question, dialogues = scored.question, self.pipeline.dialogues
        if writer.host is not None:  # earlier turns stay here; what they add to a follow-up is needed
            question, history, dialogues = replace(question, text=question.search), (), Dialogues()
        prompter = Prompter(writer.generator, self.pipeline.settings, readers, dialogues)
        return prompter.prompt(question, self.sources, history, idf_of(scored))

    def _quote(self, scored: Scored) -> Answer:
        with self.trace.stage("generate") as notes:
            quotes = self._quotations(scored, notes)
            self.text = "\n".join(quote.cited() for quote in quotes)
            notes.detail["quotes"] = [
                {"n": q.n, "start": q.start, "end": q.end, "score": round(q.score, 4)} for q in quotes
            ]
            unsafe = self.pipeline.safety.quoted(self.text)
            if not quotes:
                notes.verdict = "refuse"
            elif unsafe is None:
                self.on_text(self.text)
        if not quotes:
            return self.answer(Outcome.NO_EVIDENCE, "", say(scored.question, sayings.NO_PASSAGE))
        self.checks.after(scored, (), self.text, self.pipeline.safety, unsafe)
        with self.trace.stage("grounding") as notes:
            # Quotations are the sources' own words: there is nothing to check but that they were copied.
            self.grounding = Grounding(score=1.0)
            notes.score = 1.0
            notes.detail = {"by": "quotation"}
            if unsafe is not None:
                self._withhold(notes, unsafe)
            else:
                self._compare(notes, scored)
        if unsafe is not None:
            return self.answer(Outcome.UNSAFE, "", unsafe.reason(language_of(scored.question), asked=False))
        return self.answer(Outcome.ANSWERED, self.text)

    def _compare(self, notes: StageNotes, scored: Scored) -> None:
        """Look for sources that contradict each other."""
        found = find_conflicts(scored.question, idf_of(scored), self.sources)
        self.grounding = replace(self.grounding, conflicts=found)
        if found:
            notes.detail["conflicts"] = [{"n": list(c.n), "values": list(c.values)} for c in found]

    def _quotations(self, scored: Scored, notes: StageNotes) -> list[Quote]:
        """Quote the sources; each part of a question that asks several things is quoted for by itself."""
        idf = idf_of(scored)
        limit = self.pipeline.settings.quote_chars
        parts = prepare_parts(scored.question)
        if len(parts) < 2:
            return extract(scored.question, self.sources, idf, limit)
        notes.detail["parts"] = [part.text for part in parts]
        wider = context.choose_sources(scored.candidates, max(len(self.sources), _POOL), asked_of(scored))
        quotes, self.sources = quote_parts(parts, wider, idf, limit, len(self.sources))
        return quotes

    def _withhold(self, notes: StageNotes, finding: Finding) -> None:
        """Keep the text also from the record, and the passages it came from: they are what must not be shown."""
        notes.verdict, notes.score = "refuse", None
        notes.detail["unsafe"] = finding.to_detail()
        self.text, self.sources, self.grounding = "", [], Grounding()

    def _generate(
        self,
        writer: Writer,
        scored: Scored,
        history: Sequence[tuple[str, str]],
        prompt: Prompt,
        hold: bool,
    ) -> Answer:
        """Have a model write the answer, then check it. `hold`: show nothing of a reply that declines."""
        self.writer, self.text = writer, ""
        with self.trace.stage("generate") as notes:
            notes.detail = writer.mark()
            limit = self.pipeline.settings.max_answer_tokens
            stream = writer.generator.stream(prompt.messages, max_tokens=limit, cancel=self.cancel)
            there = [*self.sources, *(prompt.before.sources if prompt.before is not None else ())]
            reading = Reading([s.n for s in there], [scored.question.text, *(s.text for s in there)])
            reply, unsafe = read_reply(stream, reading, self.pipeline.safety, self._show, self.cancel, hold=hold)
            notes.detail |= reading.detail() | writer.run()
        self.sources += prompt.cited_before(reply)
        marks = self.checks.after(scored, prompt.messages, reply, self.pipeline.safety, unsafe)
        outcome, reason = Outcome.ANSWERED, None
        with self.trace.stage("grounding") as notes:
            unsafe = unsafe or self._judged(reply, scored, notes, marks)
            if unsafe is not None:
                self._withhold(notes, unsafe)
                outcome, reason = Outcome.UNSAFE, unsafe.reason(language_of(scored.question), asked=False)
            elif says_unknown(reply):
                notes.verdict = "refuse"
                notes.detail["reply"] = reply
                outcome, reason = Outcome.NO_EVIDENCE, say(scored.question, sayings.MODEL_UNKNOWN)
            else:
                checked = grounding.supports(reply, self.sources)
                self.grounding = grounding.judged(checked)
                score = self.grounding.score
                notes.score, notes.threshold = score, grounding.GROUNDED
                notes.detail["unsupported"] = list(self.grounding.unsupported)
                notes.detail["sentences"] = [{"text": s.text, "support": s.support} for s in checked]
                if score is not None and score < grounding.GROUNDED:
                    notes.verdict = "refuse"
                    notes.detail["reply"] = reply
                    outcome, reason = Outcome.UNGROUNDED, say(scored.question, sayings.NOT_SUPPORTED)
                else:
                    self._compare(notes, scored)
        if outcome is Outcome.ANSWERED and writer.host is None:
            language = prompts.prompt_language(scored.question)
            self.pipeline.dialogues.keep(prompt.dialogue(history, self.full, ChatMessage("assistant", reply), language))
        return self.answer(outcome, reply if outcome is Outcome.ANSWERED else "", reason)

    def _show(self, piece: str) -> None:
        self.text += piece
        self.on_text(piece)

    def _judged(self, reply: str, scored: Scored, notes: StageNotes, marks: ReplyMarks | None) -> Finding | None:
        safety, generator = self.pipeline.safety, self.pipeline.generator
        if not safety.settings.judge or not reply or generator is None:
            return None
        harm = marks.harm if marks is not None else None
        if harm is None:
            harm = safety.judge(reply, language_of(scored.question), generator, self.cancel)
        notes.detail["harm"] = harm
        return safety.judged(harm)

    def answer(self, outcome: Outcome, text: str, reason: str | None = None) -> Answer:
        """The record as it stands."""
        return Answer(
            question=self.asked,
            outcome=outcome,
            answer=text,
            refusal=self._refusal(reason),
            sources=tuple(context.with_ocr(self.sources, self.pipeline.scorer.readers)),
            grounding=self.grounding,
            trace=tuple(self.trace.stages),
            model=self._models(),
            libraries=self._libraries(),
            ms=self.trace.ms,
        )

    def _refusal(self, reason: str | None) -> Refusal:
        reading = self.scored.decisive if self.scored is not None else None
        if reading is None:
            gates = list(self.pipeline.scorer.gates.values())
            threshold = gates[0].threshold if gates else Gate().threshold
            return Refusal(score=None, threshold=threshold, margin=None, reason=reason)
        return Refusal(
            score=reading.score,
            threshold=reading.threshold,
            margin=reading.margin,
            reason=reason,
            signals=reading.signals,
            library=reading.library,
            missing_terms=reading.missing_terms,
        )

    def _models(self) -> dict[str, str | None]:
        scorer, writer = self.pipeline.scorer, self.writer
        device = "cpu" if writer is None or writer.host is None else "remote"
        if writer is not None and any(s.stage == "generate" and s.verdict != "fail" for s in self.trace.stages):
            device = writer.device()
        return {
            "generator": writer.generator.id if writer is not None else "extractive",
            "embedder": scorer.embedder.id if scorer.embedder else None,
            "reranker": scorer.reranker.id if scorer.reranker else None,
            "device": device,
        }

    def _libraries(self) -> tuple[dict[str, Any], ...]:
        known = {r.library: r.stats for r in self.scored.retrievals} if self.scored is not None else {}
        rows = []
        for reader in self.pipeline.scorer.readers:
            try:
                stats = known.get(reader.name) or reader.stats()
            except HxdError as error:  # the failure that is being reported may be the store itself
                log.warning("library %s cannot be read: %s", reader.name, error)
                continue
            rows.append({"name": reader.name, "documents": stats.n_documents, "indexing": stats.indexing})
        return tuple(rows)


def idf_of(scored: Scored) -> dict[str, float]:
    """How telling each term is, over the libraries asked."""
    return {term: value for r in scored.retrievals for term, value in r.idf.items()}


def asked_of(scored: Scored) -> frozenset[str]:
    """The terms that say what is asked about."""
    return frozenset(term.term for term in scored.question.terms if term.weight >= 0.5)

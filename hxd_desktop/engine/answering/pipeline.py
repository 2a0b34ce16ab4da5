"""A question's way from its text to an answer with sources, or to a refusal with its reason."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering import context
from hxd_desktop.engine.answering.dialogue import Dialogues
from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.model import Answer, Outcome, Source
from hxd_desktop.engine.answering.prompting import Prompter
from hxd_desktop.engine.answering.run import Run, asked_of, idf_of
from hxd_desktop.engine.answering.safety import Safety
from hxd_desktop.engine.answering.sayings import language_of
from hxd_desktop.engine.answering.scoring import Scored, Scorer
from hxd_desktop.engine.answering.trace import Trace
from hxd_desktop.engine.answering.writing import Remote, Writer
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, HxdError

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.marks import Marker, QuestionMarks
    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.rewriting import Rewriter
    from hxd_desktop.engine.library.reader import LibraryReader
    from hxd_desktop.engine.models.protocols import Embedder, Generator, Reranker
    from hxd_desktop.engine.settings import AnswerSettings

log = logging.getLogger(__name__)


def _ignore(text: str) -> None:
    """Nobody listens to the pieces of the answer."""


class Pipeline:
    """Answers questions over some libraries; holds no state between questions but its models and readers.

    Args:
        readers: the libraries asked, in the order in which the record names them.
        embedder, reranker, generator: models; without a generator answers are quotations.
        gates: by library name; one without an entry is gated by the default weights.
        safety: what is neither asked nor shown, None for the default.
        dialogues: what the generator has read of conversations, None for nothing.
        remote: a model elsewhere that may be asked, None for none.
        rewriter: completes and rephrases questions, None for nothing of the kind.
        marker: gives marks, None for no marks.
    """

    def __init__(
        self,
        readers: Sequence[LibraryReader],
        embedder: Embedder | None,
        reranker: Reranker | None,
        generator: Generator | None,
        gates: Mapping[str, Gate],
        settings: AnswerSettings,
        safety: Safety | None = None,
        dialogues: Dialogues | None = None,
        remote: Remote | None = None,
        rewriter: Rewriter | None = None,
        marker: Marker | None = None,
    ) -> None:
        self.dialogues = dialogues or Dialogues()
        self.safety = safety or Safety()
        self.scorer = Scorer(readers, embedder, reranker, gates, self.safety)
        self.generator = generator
        self.settings = settings
        self.remote = remote
        self.rewriter = rewriter
        self.marker = marker
        self.local = Writer(generator) if generator is not None else None

    def with_gates(self, gates: Mapping[str, Gate]) -> Pipeline:
        """The same pipeline with other gates."""
        scorer = self.scorer
        return Pipeline(
            scorer.readers,
            scorer.embedder,
            scorer.reranker,
            self.generator,
            gates,
            self.settings,
            self.safety,
            self.dialogues,
            self.remote,
            self.rewriter,
            self.marker,
        )

    def score(
        self, question: str, *, filters: Filters | None = None, history: Sequence[tuple[str, str]] = ()
    ) -> Scored:
        """The same way up to and including the gate; what calibration and evaluation use."""
        return self.scorer.score(question, filters=filters, history=history)

    def search(
        self, query: str, *, limit: int = 10, filters: Filters | None = None, cancel: CancelToken | None = None
    ) -> list[Source]:
        """Retrieval alone: the best passages whatever the gate says.

        Raises:
            Cancelled: `cancel` was used.
        """
        scored = self.scorer.score(query, filters=filters, trace=Trace(None, cancel), retrieve_anyway=True)
        from hxd_desktop.engine.answering.retrieval import merge

        return context.with_ocr(context.choose_sources(merge(scored.retrievals), limit), self.scorer.readers)

    def marks_of(self, question: str, cancel: CancelToken | None = None) -> QuestionMarks | None:
        """The model's marks for a question and its best passages, whatever the gate says; None without marks."""
        marker, cancel = self.marker, cancel or CancelToken()
        if marker is None or not marker.wanted(cancel):
            return None
        scored = self.scorer.score(question, retrieve_anyway=True)
        sources = context.choose_sources(scored.candidates, self.settings.top_k, asked_of(scored))
        if not sources:
            return None
        readers = {reader.name: reader for reader in self.scorer.readers}
        prompter = Prompter(marker.generator, self.settings, readers, Dialogues(), cancel)
        prompt = prompter.prompt(scored.question, sources, (), idf_of(scored))
        language = language_of(scored.question)
        return marker.of_question(prompt.messages, prompt.sources, language, cancel)

    def ask(
        self,
        question: str,
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        history: Sequence[tuple[str, str]] = (),
        on_stage: Callable[[str], None] | None = None,
        on_text: Callable[[str], None] | None = None,
        cancel: CancelToken | None = None,
        force: bool = False,
    ) -> Answer:
        """Take one question through every stage.

        Never raises for what goes wrong with a question: a failing stage gives the outcome FAILED with the error in
        the trace, a stop gives CANCELLED with the text so far.
        """
        run = Run(self, question, Trace(on_stage, cancel), on_text or _ignore, cancel or CancelToken())
        try:
            return run.through(top_k or self.settings.top_k, filters, history, force)
        except Cancelled:
            return run.answer(Outcome.CANCELLED, run.text)
        except HxdError as error:
            log.warning("answering failed: %s", error)
            return run.answer(Outcome.FAILED, "")
        except Exception:
            log.exception("answering failed unexpectedly")
            return run.answer(Outcome.FAILED, "")

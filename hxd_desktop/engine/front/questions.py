"""Questions asked and searched, and what a library learns of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering.model import Answer, Filters, Source
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.events import ExamplesChanged
from hxd_desktop.engine.front.parts import Parts
from hxd_desktop.engine.library import documents, examples
from hxd_desktop.engine.library.database import translated
from hxd_desktop.engine.library.model import (
    Conversation,
    Example,
    Facets,
    Message,
)
from hxd_desktop.engine.text.characters import whole

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.calibration import Calibration
    from hxd_desktop.engine.answering.pipeline import Pipeline
    from hxd_desktop.engine.chats import Chats
    from hxd_desktop.engine.evaluating import Evaluations

_ALL, _LATEST = 1_000_000, 3  # examples that are marked when that is asked for, and beside learning one more

OnStage = Callable[[str], None]
OnText = Callable[[str], None]


class Questions(Parts):
    """The front door's side of questions, examples and conversations."""

    def ask(
        self,
        question: str,
        libraries: Sequence[str] = ("default",),
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        history: Sequence[tuple[str, str]] = (),
        on_stage: OnStage | None = None,
        on_text: OnText | None = None,
        cancel: CancelToken | None = None,
        conversation: int | None = None,
        after: int | None = None,
        force: bool = False,
    ) -> Answer:
        """Take one question through the whole pipeline; blocks, so call it off the UI thread.

        Args:
            question: The question as it was asked.
            libraries: Names of the libraries asked; each is gated by its own threshold.
            top_k: Sources given to the answer, None for the setting.
            filters: What is searched, narrowed.
            history: (question, answer) pairs, oldest first.
            on_stage: Called with each stage's name before it runs.
            on_text: Called with pieces of the answer as they come.
            cancel: Stops the answer.
            conversation: Where to keep question and answer, None for nowhere.
            after: The message that the question follows there, 0 for none, None for the end of the branch shown.
            force: The gate still scores but does not refuse.

        Returns:
            The record. A stage that fails gives the outcome FAILED, never a refusal; a stop gives CANCELLED with the
            text so far.

        Raises:
            SettingsError: a library does not exist.
        """
        question = whole(question)
        answer = self._answering.pipeline(libraries).ask(
            question,
            top_k=top_k,
            filters=filters,
            history=history,
            on_stage=on_stage,
            on_text=on_text,
            cancel=cancel,
            force=force,
        )
        self._usual.note(answer)
        if conversation is not None:
            from hxd_desktop.engine.answering.record import to_dict

            self.chats.add_exchange(conversation, question, answer.answer, to_dict(answer), after)
        return answer

    def search(
        self,
        query: str,
        libraries: Sequence[str] = ("default",),
        *,
        limit: int = 10,
        filters: Filters | None = None,
        cancel: CancelToken | None = None,
    ) -> list[Source]:
        """Return the best passages for a query, whatever the gate would say; `cancel` ends it with `Cancelled`."""
        return self._answering.pipeline(libraries).search(whole(query), limit=limit, filters=filters, cancel=cancel)

    def facets(self, libraries: Sequence[str] = ("default",)) -> Facets:
        """Return the types and languages of what can be found, to narrow a search by."""
        with translated(self._database.path):
            return documents.facets(self._database.reader, libraries)

    def pipeline(self, libraries: Sequence[str] = ("default",)) -> Pipeline:
        """Return the pipeline that `ask` uses, for measuring its parts."""
        return self._answering.pipeline(libraries)

    # -- examples, calibration, evaluation -------------------------------------------------------------------

    def examples(self, library: str = "default") -> list[Example]:
        """Return a library's good and bad questions."""
        with translated(self._database.path):
            return examples.all_examples(self._database.reader, library)

    def add_example(self, question: str, answerable: bool, library: str = "default", source: str = "typed") -> Example:
        """Keep a good or bad question and let the library's gate learn from it."""
        added = self._database.write(lambda c: examples.add(c, library, question, answerable, source))
        self._learn(library)
        return added

    def import_examples(
        self, file: Path | str, library: str = "default", answerable: bool | None = None
    ) -> list[Example]:
        """Import questions from a JSON or JSONL file; all or, where one is not valid, none."""
        pairs = examples.read_file(Path(file), answerable)
        self._database.write(
            lambda c: [examples.add(c, library, question, verdict, "imported") for question, verdict in pairs]
        )
        self._learn(library)
        return self.examples(library)

    def remove_example(self, example_id: int) -> None:
        """Forget an example; the library's gate forgets it too."""
        library = self._database.write(lambda c: examples.remove(c, example_id))
        self._learn(library)
        self._database.forget()

    def change_examples(
        self, library: str, *, keep: Sequence[tuple[str, bool, str]] = (), drop: Sequence[str] = ()
    ) -> None:
        """Keep (question, answerable, source) examples, forget the questions `drop`, and learn once from it all."""
        self._database.write(lambda c: examples.change(c, library, keep, drop))
        self._learn(library)
        if drop:
            self._database.forget()

    def export_examples(self, file: Path | str, library: str = "default") -> None:
        """Write a library's examples as JSON that `import_examples` reads."""
        examples.write_file(Path(file), self.examples(library))

    def calibration(self, library: str = "default") -> Calibration:
        """Return how a library's gate stands with its examples; changes nothing."""
        return self._answering.calibration(library)

    def calibrate(
        self,
        library: str = "default",
        *,
        threshold: float | None = None,
        reset: bool = False,
        scores: bool = False,
        progress: Callable[[int, int], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> Calibration:
        """Fit a library's gate to its examples, set its threshold by hand, or reset it; return how it stands.

        With `scores` the language model first marks every example that it has not marked; that may take minutes.
        `progress` is told how many of those are marked, of how many; `cancel` stops it, and what was marked is kept.

        Raises:
            Cancelled: `cancel` was set.
        """
        most = _ALL if scores else 0
        calibration = self._answering.calibrate(
            library, threshold=threshold, reset=reset, scores=most, progress=progress, cancel=cancel
        )
        self.events.publish(ExamplesChanged(library))
        return calibration

    def _learn(self, library: str) -> None:
        self._answering.calibrate(library, scores=_LATEST)
        self.events.publish(ExamplesChanged(library))

    def evaluate_refusal(
        self, questions: Path | str, library: str = "default", *, calibrate: Path | str | None = None
    ) -> dict[str, Any]:
        """Score every question of a file and return the figures; `evaluations` gives more."""
        return dict(self.evaluations.refusal(questions, library, calibrate=calibrate or ()).figures)

    def evaluate_qa(
        self, questions: Path | str, library: str = "default", *, passages: str | None = None
    ) -> dict[str, Any]:
        """Ask every question of a file and return the figures; `evaluations` gives more."""
        return dict(self.evaluations.qa(questions, library, passages=passages).figures)

    @property
    def evaluations(self) -> Evaluations:
        """Measuring on files of questions, and the runs that are kept."""
        from hxd_desktop.engine.evaluating import Evaluations

        return Evaluations(self.directory, self._database, self._answering)

    # -- conversations -----------------------------------------------------------------------------------------

    @property
    def chats(self) -> Chats:
        """The conversations that are kept."""
        from hxd_desktop.engine.chats import Chats

        return Chats(self._database)

    def conversations(self) -> list[Conversation]:
        """Return every conversation, the latest first."""
        return self.chats.all()

    def create_conversation(self, title: str = "", libraries: Sequence[str] = ("default",)) -> Conversation:
        """Start a conversation; without a title it takes that of its first question."""
        return self.chats.create(title, libraries)

    def rename_conversation(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        self.chats.rename(conversation_id, title)

    def delete_conversation(self, conversation_id: int) -> None:
        """Delete a conversation for good; nothing of it stays in the database."""
        self.chats.erase(conversation_id)

    def messages(self, conversation_id: int) -> list[Message]:
        """Return the messages of a conversation, the oldest first; of a branched one, those of the branch shown."""
        return self.chats.messages(conversation_id)

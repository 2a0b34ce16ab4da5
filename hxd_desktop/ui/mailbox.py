"""Collects what engine threads have to say until the window's next frame."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from hxd_desktop.engine.answering.model import Answer
from hxd_desktop.engine.events import (
    DocumentsChanged,
    Event,
    ExamplesChanged,
    IndexProgress,
    LibrariesChanged,
    ModelProgress,
    ModelsChanged,
    Notice,
)
from hxd_desktop.ui.problems import Problem

End = Answer | Problem


@dataclass(slots=True)
class QuestionNews:
    """What is new about one question: the `stage` that runs, `text` that came, how it `end`ed."""

    stage: str | None = None
    text: str = ""
    end: End | None = None


@dataclass(slots=True)
class Batch:
    """Everything that arrived between two frames, the latest progress per library only."""

    progress: dict[str, IndexProgress] = field(default_factory=dict)
    documents: set[str] = field(default_factory=set)
    libraries: bool = False
    examples: set[str] = field(default_factory=set)
    models: bool = False
    model_progress: dict[tuple[str, str], ModelProgress] = field(default_factory=dict)
    notices: list[Notice] = field(default_factory=list)
    questions: dict[int, QuestionNews] = field(default_factory=dict)


class Mailbox:
    """A place to put news from any thread; `wake` is called for the first since the last `take`."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._lock = threading.Lock()
        self._batch = Batch()
        self._woken = False

    def event(self, event: Event) -> None:
        """Put an event of the engine."""
        with self._lock:
            match event:
                case IndexProgress():
                    self._batch.progress[event.library] = event
                case DocumentsChanged():
                    self._batch.documents.add(event.library)
                case LibrariesChanged():
                    self._batch.libraries = True
                case ExamplesChanged():
                    self._batch.examples.add(event.library)
                case ModelProgress():
                    self._batch.model_progress[event.job, event.model] = event
                case ModelsChanged():
                    self._batch.models = True
                case Notice():
                    self._batch.notices.append(event)
        self._ring()

    def stage(self, ticket: int, name: str) -> None:
        """Put the stage that a question has reached."""
        with self._lock:
            self._question(ticket).stage = name
        self._ring()

    def text(self, ticket: int, piece: str) -> None:
        """Put a piece of an answer."""
        with self._lock:
            self._question(ticket).text += piece
        self._ring()

    def end(self, ticket: int, end: End) -> None:
        """Put how a question ended."""
        with self._lock:
            self._question(ticket).end = end
        self._ring()

    def take(self) -> Batch:
        """Return what has arrived and start anew."""
        with self._lock:
            batch, self._batch, self._woken = self._batch, Batch(), False
        return batch

    def _question(self, ticket: int) -> QuestionNews:
        return self._batch.questions.setdefault(ticket, QuestionNews())

    def _ring(self) -> None:
        with self._lock:
            first, self._woken = not self._woken, True
        if first:
            self._wake()

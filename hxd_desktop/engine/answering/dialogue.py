"""What was sent to a language model in each conversation, so that the next prompt can begin with the very same."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.models.protocols import ChatMessage

_KEPT = 8


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A conversation as a model has read it.

    `pairs`: its questions and answers as the user saw them. `messages`: as they were sent, with the replies.
    `sources`: all that stand in them. `language`: of the instruction.
    """

    pairs: tuple[tuple[str, str], ...]
    messages: tuple[ChatMessage, ...]
    sources: tuple[Source, ...]
    language: str

    def holding(self, source: Source) -> Source | None:
        """The source of this conversation in which `source` stands, None if it is new."""
        return next((own for own in self.sources if holds(own, source)), None)


def holds(outer: Source, inner: Source) -> bool:
    """Whether one source is, or contains, the other."""
    same = outer.library == inner.library and outer.document == inner.document
    if not (same and outer.start <= inner.start and inner.end <= outer.end):
        return False
    # The document may have changed since: then the place is the same and the words are not.
    return outer.text[inner.start - outer.start : inner.end - outer.start] == inner.text


class Dialogues:
    """The last few conversations of this run; any thread may call any method."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: deque[Dialogue] = deque(maxlen=_KEPT)

    def recall(self, history: Sequence[tuple[str, str]], language: str) -> Dialogue | None:
        """Return the conversation that `history` (its end may suffice) is of, None where there is none.

        Turns without an answer are passed over: the model's reply to them was not shown.
        """
        shown = tuple(turn for turn in history if turn[1])
        with self._lock:
            for dialogue in reversed(self._kept):
                length = min(len(shown), len(dialogue.pairs))
                if length and dialogue.language == language and shown[-length:] == dialogue.pairs[-length:]:
                    return dialogue
        return None

    def keep(self, dialogue: Dialogue) -> None:
        """Keep a conversation; the oldest of eight is forgotten."""
        with self._lock:
            self._kept.append(dialogue)

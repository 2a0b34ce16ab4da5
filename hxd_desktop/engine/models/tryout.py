"""The language model answers a prompt of its own, without documents: what runs where, and how fast."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.models.protocols import ChatMessage, GenerationInfo, Generator

_MOST_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Tryout:
    """What came of it.

    `first_s`: seconds until the first word, loading included. `tokens_per_s`: from the first word to the last; None
    where the reply is too short to say.
    """

    text: str
    info: GenerationInfo
    tokens: int
    first_s: float
    tokens_per_s: float | None


def try_out(generator: Generator, prompt: str, on_text: Callable[[str], None], cancel: CancelToken) -> Tryout:
    """Let `generator` answer `prompt`; `on_text` gets the pieces as they come.

    Raises:
        ModelError: the model could not be loaded, or failed.
        Cancelled: `cancel` was set.
    """
    began = time.perf_counter()
    first: float | None = None
    pieces: list[str] = []
    messages = [ChatMessage("user", prompt)]
    for piece in generator.stream(messages, max_tokens=_MOST_TOKENS, cancel=cancel):
        first = first or time.perf_counter()
        pieces.append(piece)
        on_text(piece)
    ended = time.perf_counter()
    first = first or ended
    text = "".join(pieces)
    tokens = generator.count_tokens(text) if text else 0
    speed = (tokens - 1) / (ended - first) if tokens > 1 and ended > first else None
    return Tryout(text, generator.info(), tokens, first - began, speed)

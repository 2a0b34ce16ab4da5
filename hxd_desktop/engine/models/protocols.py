"""The small protocols behind which models stand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from hxd_desktop.engine.cancel import CancelToken


class Embedder(Protocol):
    """Turns text into vectors whose inner product says how alike two texts are.

    `id` names the model and everything that changes its vectors (a different id is a different index).
    `dim` is the vectors' length. `semantic` is False for the built-in one, which only sees shared words
    and character n-grams: it must not be trusted like a neural model. `languages` are the ISO codes that
    it was made for ("*" for any). `bridges_languages`: a question in one finds passages in another.
    """

    id: str
    dim: int
    semantic: bool
    languages: frozenset[str]
    bridges_languages: bool

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages: float32, shape (len(texts), dim), L2-normalised (a text without features is all zeros)."""
        ...

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question: float32, shape (dim,), L2-normalised or all zeros."""
        ...

    def close(self) -> None:
        """Free the model; a later call loads it again."""
        ...


class Reranker(Protocol):
    """Scores how well each passage answers a question, reading both together."""

    id: str

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, shape (len(passages),), 0 to 1, higher is better."""
        ...

    def close(self) -> None:
        """Free the model."""
        ...


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """One turn of a prompt; `role` is "system", "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class GenerationInfo:
    """What a generator is and runs on.

    `device` is "cpu", "cuda", "metal", "vulkan" ...; `gpu_layers` of its `layers` run there (0 on "cpu").
    """

    id: str
    device: str
    gpu_layers: int = 0
    layers: int = 0
    context_tokens: int = 0


class Generator(Protocol):
    """A chat model that streams."""

    id: str

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:
        """Say what runs where; loads the model if needed, which `cancel` stops.

        Raises:
            ModelError: the model could not be loaded.
            Cancelled: `cancel` was set.
        """
        ...

    def count_tokens(self, text: str) -> int:
        """Length of `text` in the model's own tokens."""
        ...

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, cancel: CancelToken, grammar: str = ""
    ) -> Iterator[str]:
        """Yield pieces of the reply as they come, at temperature 0; within a GBNF `grammar` where one is given.

        Raises:
            ModelError: the model could not be loaded, or failed.
            Cancelled: `cancel` was set.
        """
        ...

    def close(self) -> None:
        """Free the model; a later call loads it again."""
        ...


@runtime_checkable
class LocalGenerator(Protocol):
    """What a generator on this machine knows besides: it serves one question at a time, and what it runs on."""

    def turn(
        self, *, cancel: CancelToken, on_wait: Callable[[int], None] | None = None
    ) -> AbstractContextManager[None]:
        """Keep the model for this thread, loaded, until the end of the block.

        Args:
            cancel: stops waiting and loading.
            on_wait: told how many are before this one, at once and whenever it changes.

        Raises:
            ModelError: it could not be loaded.
            Cancelled: `cancel` was set.
        """
        ...

    def record(self) -> dict[str, Any]:
        """Return device, layers, memory and the last reply's speeds, without loading; empty before the first load."""
        ...

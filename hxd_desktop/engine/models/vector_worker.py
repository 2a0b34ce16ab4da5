"""Embedders and rerankers in a process of their own, seen from this one: what all such processes have in common."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LOAD_S = 300.0  # for the first reply of a model; a large one on a slow disk
_TEXTS_AT_ONCE = 16  # of passages, so that a question waits for no more than these


class VectorSpec(Protocol):
    """A model as its worker loads it: a dataclass of plain values. `dim`: length of its vectors."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def dim(self) -> int:
        """Length of its vectors."""
        ...


class VectorWorker:
    """A process of embedders and rerankers. Any thread may call any method; questions go before passages.

    It starts with the first request, and again after a crash or `close`.

    Args:
        environment: Variables of the process on top of this one's.

    Attributes:
        device: What the last request was computed on, such as "cuda" or "cpu"; "" before the first.
        note: Why a GPU that is there was not used.
    """

    kind: ClassVar[str]

    def __init__(self, environment: dict[str, str]) -> None:
        self._worker = WorkerProcess(self.kind, environment=environment)
        self.device = self.note = ""
        self._turn = _Turn()

    @property
    def pid(self) -> int | None:
        """Id of the process while it runs."""
        return self._worker.pid

    def embed(self, spec: VectorSpec, texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
        """Return float32, shape (len(texts), dim); the model is loaded if needed.

        Args:
            spec: The model.
            texts: What to embed, with any prefix that the model wants.
            urgent: Go before every request that is not.

        Raises:
            ModelError: the model could not be loaded, failed, or its process died.
        """
        import numpy as np

        if not texts:
            return np.zeros((0, spec.dim), np.float32)
        # Like lengths go together, over all requests: a batch is padded to its longest text.
        order = np.argsort([len(text) for text in texts], kind="stable")
        parts: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            part = [texts[i] for i in order[start : start + _TEXTS_AT_ONCE]]
            reply = self._request({"op": "embed", "model": asdict(spec), "texts": part}, urgent)
            parts.append(np.frombuffer(reply["vectors"], "<f4").reshape(len(part), reply["dim"]))
        vectors = np.empty((len(texts), parts[0].shape[1]), np.float32)
        vectors[order] = np.concatenate(parts)
        return vectors

    def rerank(self, spec: VectorSpec, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, shape (len(passages),): the model's own scores, unbounded for most.

        Raises:
            ModelError: as `embed`.
        """
        import numpy as np

        if not passages:
            return np.zeros(0, np.float32)
        message = {"op": "rerank", "model": asdict(spec), "question": question, "passages": list(passages)}
        scores: NDArray[np.float32] = np.frombuffer(self._request(message, urgent=True)["scores"], "<f4")
        return scores

    def inspect(self, spec: VectorSpec) -> dict[str, Any]:
        """Return what the model says of itself, see the worker of its kind.

        Raises:
            ModelError: they cannot be loaded.
        """
        return self._request({"op": "inspect", "model": asdict(spec)}, urgent=False)

    def close(self) -> None:
        """End the process and free its models; a later request starts it again."""
        self._worker.close()

    def retire(self) -> None:
        """Free the models once nothing is asked of them; a later request loads what it needs again."""
        with self._turn.taken(urgent=True):
            self._worker.close()

    def _request(self, message: dict[str, Any], urgent: bool) -> dict[str, Any]:
        with self._turn.taken(urgent):
            try:
                reply = self._worker.request(message, timeout_s=_LOAD_S)
            except WorkerDied as death:
                raise _died(death) from death
            except OSError as error:
                raise ModelError(
                    "The model process cannot be started",
                    f"The system did not start it: {error.strerror or error}.",
                    "Close other programs and try again.",
                ) from error
        if "error" in reply:
            raise ModelError(**reply["error"])
        if device := reply.get("device"):
            self.device, self.note = device, reply.get("note", "")
        return reply


class _Turn:
    """A lock whose urgent takers wait for one other at most."""

    def __init__(self) -> None:
        self._patient = threading.Lock()
        self._next = threading.Lock()
        self._work = threading.Lock()

    @contextmanager
    def taken(self, urgent: bool) -> Iterator[None]:
        if urgent:
            with self._next:
                self._work.acquire()
            try:
                yield
            finally:
                self._work.release()
        else:
            # One patient taker at a time waits at the gate, so an urgent one finds at most that one before it.
            with self._patient, self.taken(urgent=True):
                yield


def _died(death: WorkerDied) -> ModelError:
    if death.reason == "killed":
        return ModelError("The model was unloaded", "It was unloaded while it was needed.", "Try again.")
    return ModelError(
        "The embedding model stopped",
        f"Its process ended unexpectedly ({death.detail or death.reason}).",
        "Try again. If it happens again, close other programs or choose a smaller model.",
    )

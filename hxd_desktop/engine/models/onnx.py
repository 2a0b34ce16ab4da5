"""ONNX models, seen from this process: a client of the worker in which ONNX Runtime runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# The libraries of the hub look here before they think of a network.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "true",
}
_LOAD_S = 300.0  # for the first reply of a model; a large one on a slow disk
_TEXTS_AT_ONCE = 16  # of passages, so that a question waits for no more than these


@dataclass(frozen=True, slots=True)
class OnnxSpec:
    """A model as the worker loads it.

    `pooling` is "MEAN", "CLS", "LAST_TOKEN" or "DISABLED" (the graph gives one vector for a text); rerankers ignore
    it and `dim`. `threads`: 0 leaves the choice to ONNX Runtime.
    """

    folder: str
    model_file: str
    pooling: str = "MEAN"
    dim: int = 0
    threads: int = 0


class OnnxWorker:
    """The process of all ONNX models. Any thread may call any method; questions go before passages.

    It starts with the first request, and again after a crash or `close`.
    """

    def __init__(self) -> None:
        self._worker = WorkerProcess("onnx", environment=OFFLINE)
        self._turn = _Turn()

    @property
    def pid(self) -> int | None:
        """Id of the process while it runs."""
        return self._worker.pid

    def embed(self, spec: OnnxSpec, texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
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

    def rerank(self, spec: OnnxSpec, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
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

    def inspect(self, spec: OnnxSpec) -> dict[str, Any]:
        """Return what the graph and the tokenizer say: `inputs`, `outputs` with their shapes, `languages`.

        Raises:
            ModelError: they cannot be loaded.
        """
        return self._request({"op": "inspect", "model": asdict(spec)}, urgent=False)

    def convert(self, source: Path, target: Path) -> None:
        """Turn the BERT encoder in the folder `source` into `model.onnx` in `target`, see `bert_onnx.convert`.

        Raises:
            ModelError: it cannot be done.
        """
        self._request({"op": "convert", "source": str(source), "target": str(target)}, urgent=False)

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

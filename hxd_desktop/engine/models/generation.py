"""Answers written by a GGUF model: llama.cpp in a process of its own, seen from here."""

from __future__ import annotations

import itertools
import logging
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError
from hxd_desktop.engine.models.protocols import ChatMessage, GenerationInfo
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

if TYPE_CHECKING:
    from hxd_desktop.engine.models.registry import ModelRegistry
    from hxd_desktop.engine.settings import ModelSettings

log = logging.getLogger(__name__)

CANCEL_GRACE_S = 0.12  # a worker that has not stopped by then is killed: silence within 0.2 s


@dataclass(frozen=True, slots=True)
class LlamaOptions:
    """What a model is loaded with; other options load it again.

    `gpu_layers`: -1 for all, where the build can use a GPU. `threads`: 0 leaves the choice to llama.cpp.
    """

    path: str
    context_tokens: int = 4096
    gpu_layers: int = -1
    threads: int = 0


@dataclass(frozen=True, slots=True)
class GenerationRun:
    """What one reply took; `reason` is "end", "length" or "cancelled"."""

    reason: str
    tokens: int
    prompt_tokens: int
    reused_tokens: int
    prompt_ms: float
    decode_ms: float


def open_generator(choice: str, registry: ModelRegistry, settings: ModelSettings) -> LlamaGenerator:
    """Return the generator with this id; it is loaded when first used.

    Raises:
        ModelError: there is no such generator, or its files are not whole.
    """
    from hxd_desktop.engine.models.hardware import physical_cores

    model = registry.ready(choice, "generator")
    trained = int(model.details.get("context_tokens", 0))
    return LlamaGenerator(
        choice,
        LlamaOptions(
            path=str(model.main_file),
            context_tokens=min(settings.context_tokens, trained or settings.context_tokens),
            gpu_layers=settings.gpu_layers,
            threads=settings.threads or physical_cores(),
        ),
    )


class LlamaGenerator:
    """A `Generator` over a GGUF file. Any thread may call any method; requests wait for each other.

    The process starts and the model loads with the first request, and again after a crash, a cancel that had to
    kill it, or `close`. A request made while the same thread still consumes a reply of this model would wait for
    itself and raises RuntimeError.
    """

    def __init__(self, model_id: str, options: LlamaOptions) -> None:
        self.id = model_id
        self.last_run: GenerationRun | None = None
        self._options = options
        # Threads that spin while they wait for each other are ten times slower as soon as anything else wants
        # the processor, indexing for one.
        self._worker = WorkerProcess(
            "llm", environment={"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")}
        )
        self._lock = threading.Lock()
        self._owner: int | None = None
        self._numbers = itertools.count(1)

    def info(self) -> GenerationInfo:
        """Say what runs where; loads the model if needed."""
        info = self._request({"op": "info"})["info"]
        return GenerationInfo(
            self.id, info["device"], info["gpu_layers"], layers=info["layers"], context_tokens=info["context_tokens"]
        )

    def count_tokens(self, text: str) -> int:
        """Length of `text` in the model's own tokens."""
        return int(self._request({"op": "count", "text": text})["tokens"])

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, cancel: CancelToken, grammar: str = ""
    ) -> Iterator[str]:
        """Yield pieces of the reply as they come, at temperature 0; never half a character.

        After `cancel` nothing more is yielded, within 0.2 seconds also while the prompt is evaluated. A consumer
        that closes the iterator early stops the model as well.

        Raises:
            ModelError: the model could not be loaded, failed, or its process died.
            Cancelled: `cancel` was set.
        """
        cancel.check()
        with self._turn(cancel):
            number = next(self._numbers)
            message = {
                "op": "generate",
                "id": number,
                "model": asdict(self._options),
                "messages": [[turn.role, turn.content] for turn in messages],
                "max_tokens": max_tokens,
                "grammar": grammar,
            }
            replies = self._worker.stream(message, last=lambda reply: "text" not in reply)
            stop = _Stop(self._worker, number)
            forget = cancel.on_cancel(stop.ask)
            finished = False
            try:
                for reply in replies:
                    if "text" in reply:
                        if not cancel.cancelled:
                            yield reply["text"]
                        continue
                    finished = True
                    self.last_run = self._run(_checked(reply))
                cancel.check()
            except WorkerDied as death:
                finished = True
                if stop.asked:
                    raise Cancelled from death
                raise _died(death) from death
            except OSError as error:
                raise _not_started(error) from error
            finally:
                forget()
                if not finished:
                    stop.ask()
                    _drain(replies)
                replies.close()
                stop.finish()

    def close(self) -> None:
        """Free the model; a reply in the making fails, a later call loads the model again."""
        self._worker.close()

    def _run(self, reply: dict[str, Any]) -> GenerationRun:
        done = reply["done"]
        run = GenerationRun(**{name: done.get(name, 0) for name in GenerationRun.__slots__})
        log.info("%s: %s", self.id, run)
        return run

    def _request(self, message: dict[str, Any]) -> dict[str, Any]:
        with self._turn():
            try:
                return _checked(self._worker.request({**message, "model": asdict(self._options)}))
            except WorkerDied as death:
                raise _died(death) from death
            except OSError as error:
                raise _not_started(error) from error

    @contextmanager
    def _turn(self, cancel: CancelToken | None = None) -> Iterator[None]:
        if self._owner == threading.get_ident():
            raise RuntimeError("a request to a model inside the loop over its own reply would wait forever")
        while not self._lock.acquire(timeout=0.05):
            if cancel is not None:
                cancel.check()
        self._owner = threading.get_ident()
        try:
            yield
        finally:
            self._owner = None
            self._lock.release()


class _Stop:
    """Asks the worker to end one request, and kills it if it has not done so soon after."""

    def __init__(self, worker: WorkerProcess, number: int) -> None:
        self._worker = worker
        self._number = number
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._finished = False
        self.asked = False

    def ask(self) -> None:
        with self._lock:
            if self.asked or self._finished:
                return
            self.asked = True
            self._timer = threading.Timer(CANCEL_GRACE_S, self._kill)
            self._timer.daemon = True
            self._timer.start()
        self._worker.send({"op": "cancel", "id": self._number})

    def finish(self) -> None:
        with self._lock:
            self._finished = True
            timer = self._timer
        if timer is not None:
            timer.cancel()
            timer.join()

    def _kill(self) -> None:
        # Under the lock, so that it is never the next request that dies.
        with self._lock:
            if not self._finished:
                self._worker.kill()


def _drain(replies: Iterator[dict[str, Any]]) -> None:
    try:
        for _ in replies:
            pass
    except WorkerDied as death:
        log.debug("the model's process was ended to cancel: %s", death)


def _checked(reply: dict[str, Any]) -> dict[str, Any]:
    if "error" in reply:
        raise ModelError(**reply["error"])
    return reply


def _died(death: WorkerDied) -> ModelError:
    if death.reason == "killed":
        return ModelError("The model was unloaded", "It was unloaded while it was needed.", "Ask again.")
    return ModelError(
        "The language model stopped",
        f"Its process ended unexpectedly ({death.detail or death.reason}).",
        "Ask again. If it happens again, choose a smaller model, a shorter context or fewer GPU layers.",
    )


def _not_started(error: OSError) -> ModelError:
    return ModelError(
        "The language model cannot be started",
        f"The system did not start its process: {error.strerror or error}.",
        "Close other programs and ask again.",
    )

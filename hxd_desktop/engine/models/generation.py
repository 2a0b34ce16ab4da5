"""Answers written by a GGUF model: llama.cpp in a process of its own, seen from here."""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError
from hxd_desktop.engine.models.generation_run import GenerationRun, LlamaOptions
from hxd_desktop.engine.models.idle import IdleWatch
from hxd_desktop.engine.models.protocols import ChatMessage, GenerationInfo
from hxd_desktop.engine.models.stopping import Stop, drain
from hxd_desktop.engine.models.turns import Turns
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

if TYPE_CHECKING:
    from hxd_desktop.engine.models.registry import ModelRegistry
    from hxd_desktop.engine.settings import ModelSettings

log = logging.getLogger(__name__)


def open_generator(
    choice: str, registry: ModelRegistry, settings: ModelSettings, note: Callable[[dict[str, Any]], None] | None = None
) -> LlamaGenerator:
    """Return the generator with this id; it is loaded when first used.

    Raises:
        ModelError: there is no such generator, or its files are not whole.
    """
    from hxd_desktop.engine.models.hardware import physical_cores

    model = registry.ready(choice, "generator")
    options = LlamaOptions(
        path=str(model.main_file),
        context_tokens=settings.context_tokens,
        gpu_layers=settings.gpu_layers,
        threads=settings.threads or physical_cores(),
        batch=settings.batch,
        kv_type=settings.kv_type,
        flash_attention=settings.flash_attention,
    )
    return LlamaGenerator(choice, options, unload_after_s=settings.unload_after_s, note=note)


class LlamaGenerator:
    """A `Generator` over a GGUF file. Any thread may call any method; requests wait for each other.

    The process starts and the model loads with the first request, and again after a crash, a cancel that had to
    kill it, or `close`. A request made while the same thread still consumes a reply of this model would wait for
    itself and raises RuntimeError.

    Args:
        model_id: what it is called.
        options: what it is loaded with.
        unload_after_s: seconds without a request after which its process ends and frees the memory, 0 for never.
        memory_bytes: limit of the process's address space, 0 for none.
        note: told `record()` after each reply.
    """

    def __init__(
        self,
        model_id: str,
        options: LlamaOptions,
        *,
        unload_after_s: float = 0,
        memory_bytes: int = 0,
        note: Callable[[dict[str, Any]], None] | None = None,
    ) -> None:
        self.id = model_id
        self.last_run: GenerationRun | None = None
        self._options = options
        # Threads that spin while they wait for each other are ten times slower as soon as anything else wants
        # the processor, indexing for one.
        self._worker = WorkerProcess(
            "llm",
            memory_bytes=memory_bytes,
            environment={"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")},
        )
        self._turns = Turns()
        self._replying = False
        self._numbers = itertools.count(1)
        self._report: dict[str, Any] = {}
        self._loaded_in: int | None = None  # the process that holds it
        self._note = note
        self._idle = IdleWatch(unload_after_s, self._unload_if_idle)

    @contextmanager
    def turn(self, *, cancel: CancelToken, on_wait: Callable[[int], None] | None = None) -> Iterator[None]:
        """Keep the model for this thread, loaded, until the end of the block.

        Args:
            cancel: stops waiting and loading.
            on_wait: told how many are before this one, while there are any.

        Raises:
            ModelError: it could not be loaded.
            Cancelled: `cancel` was set.
        """
        with self._turns.take(cancel, on_wait):
            if not self.loaded:
                self._request({"op": "info"}, cancel)
            yield

    @property
    def loaded(self) -> bool:
        """Whether the model is in memory."""
        pid = self._worker.pid
        return pid is not None and pid == self._loaded_in

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:
        """Say what runs where; loads the model if needed, which `cancel` stops."""
        if not self.loaded:
            self._request({"op": "info"}, cancel or CancelToken())
        report = self._report
        return GenerationInfo(
            self.id,
            report["device"],
            report["gpu_layers"],
            layers=report["layers"],
            context_tokens=report["context_tokens"],
        )

    def record(self) -> dict[str, Any]:
        """What the model runs on and how fast the last reply was; empty before it was first loaded."""
        if not self._report:
            return {}
        run = self.last_run.record() if self.last_run is not None else {}
        return {"model": self.id, "loaded": self.loaded, **self._report, "memory_bytes": self._memory(), **run}

    def count_tokens(self, text: str) -> int:
        """Length of `text` in the model's own tokens."""
        return int(self._request({"op": "count", "text": text}, CancelToken())["tokens"])

    def stream(
        self, messages: Sequence[ChatMessage], *, max_tokens: int, cancel: CancelToken, grammar: str = ""
    ) -> Iterator[str]:
        """Yield pieces of the reply as they come, at temperature 0; never half a character.

        After `cancel` nothing more is yielded, within 0.2 seconds also while the model is loaded or the prompt
        evaluated. A consumer that closes the iterator early stops the model as well.

        Raises:
            ModelError: the model could not be loaded, failed, or its process died.
            Cancelled: `cancel` was set.
        """
        cancel.check()
        message = {
            "op": "generate",
            "messages": [[turn.role, turn.content] for turn in messages],
            "max_tokens": max_tokens,
            "grammar": grammar,
        }
        with self._turns.take(cancel):
            exchange = self._exchange(message, cancel)
            try:
                for reply in exchange:
                    if "text" in reply:
                        yield reply["text"]
            finally:
                exchange.close()
            if self._note is not None:
                self._note(self.record())

    def close(self) -> None:
        """Free the model; a reply in the making fails, a later call loads the model again."""
        self._idle.stop()
        self._worker.close()

    def _exchange(self, message: dict[str, Any], cancel: CancelToken) -> Generator[dict[str, Any], None, None]:
        """Send a request and yield its replies, the last of them checked; called by whoever has the turn."""
        if self._replying:
            raise RuntimeError("a request to a model inside the loop over its own reply would wait forever")
        number = next(self._numbers)
        replies = self._replies({**message, "id": number, "model": asdict(self._options)})
        stop = Stop(self._worker, number)
        forget = cancel.on_cancel(stop.ask)
        finished = False
        self._replying = True
        try:
            for reply in replies:
                if "text" not in reply:
                    finished = True
                    self._ended(_checked(reply))
                if not cancel.cancelled:
                    yield reply
            cancel.check()
        except WorkerDied as death:
            finished = True
            if stop.asked:
                raise Cancelled from death
            raise _died(death) from death
        except OSError as error:
            finished = True
            raise _not_started(error) from error
        finally:
            forget()
            if not finished:
                stop.ask()
                drain(replies)
            replies.close()
            stop.finish()
            self._replying = False
            self._idle.touch()

    def _replies(self, message: dict[str, Any]) -> Generator[dict[str, Any], None, None]:
        """The replies to a request; where the process ends in an attempt to load the model, the next is made."""
        skip = 0
        while True:
            attempt: int | None = None
            replies = self._worker.stream({**message, "skip": skip}, last=_is_last)
            try:
                for reply in replies:
                    if "attempt" in reply:
                        attempt = reply["attempt"]
                    elif "loaded" in reply:
                        attempt, self._report, self._loaded_in = None, reply["loaded"], self._worker.pid
                        log.info("%s: %s", self.id, self._report)
                    else:
                        yield reply
                return
            except WorkerDied as death:
                if attempt is None or death.reason != "crashed":
                    raise
                log.warning("%s: attempt %d to load it ended its process: %s", self.id, attempt, death)
                skip = attempt + 1
            finally:
                replies.close()

    def _ended(self, reply: dict[str, Any]) -> None:
        if "info" in reply:
            self._report, self._loaded_in = reply["info"], self._worker.pid
        done = reply.get("done")
        if done is not None:
            self.last_run = GenerationRun(**{name: done.get(name, 0) for name in GenerationRun.__slots__})
            log.info("%s: %s", self.id, self.last_run)

    def _request(self, message: dict[str, Any], cancel: CancelToken) -> dict[str, Any]:
        with self._turns.take(cancel):
            [reply] = self._exchange(message, cancel)
        return reply

    def _memory(self) -> int:
        """Bytes that the model takes: the process's own, measured, and what lies on a card, estimated."""
        import psutil

        pid = self._worker.pid
        try:
            resident = int(psutil.Process(pid).memory_info().rss) if pid is not None else 0
        except psutil.Error:  # it ended between the two looks
            resident = 0
        return resident + int(self._report["gpu_bytes"])

    def _unload_if_idle(self) -> None:
        with self._turns.if_idle() as idle:
            if idle and self._worker.pid is not None:
                log.info("%s: unloaded, it was not used for a while", self.id)
                self._worker.close()


def _is_last(reply: dict[str, Any]) -> bool:
    return not reply.keys() & {"text", "attempt", "loaded"}


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

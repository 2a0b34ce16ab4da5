"""Long work on models for whoever must not wait: each on a thread of its own, told of by events, cancelled by name."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, HxdError, SettingsError
from hxd_desktop.engine.events import EventBus, ModelProgress

log = logging.getLogger(__name__)


@contextmanager
def told(events: EventBus, job: str, model: str) -> Iterator[None]:
    """Publish how the block ended: `ModelProgress` with "done", "cancelled" or "failed"."""
    try:
        yield
    except Cancelled:
        events.publish(ModelProgress(model, job, "cancelled"))
        raise
    except BaseException as error:
        events.publish(ModelProgress(model, job, "failed", error=error if isinstance(error, HxdError) else None))
        raise
    events.publish(ModelProgress(model, job, "done"))


class ModelJobs:
    """The work under way; any thread may call any method."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: dict[tuple[str, str], tuple[CancelToken, threading.Thread]] = {}
        self._closed = False

    def start(self, job: str, model: str, work: Callable[[CancelToken], object]) -> None:
        """Run `work` on a thread of its own; it tells by events how it goes and ends, and its exceptions end with it.

        Raises:
            SettingsError: the same is under way already.
        """
        key = (job, model)
        token = CancelToken()

        def run() -> None:
            try:
                work(token)
            except HxdError as error:
                log.info("%s of %s ended: %s", job, model, error)
            except Exception:
                log.exception("%s of %s failed", job, model)
            finally:
                with self._lock:
                    self._running.pop(key, None)

        with self._lock:
            if self._closed:
                return
            if key in self._running:
                raise SettingsError(
                    "That is under way already", f"{model} is being worked on.", "Wait until it is done, or cancel it."
                )
            thread = threading.Thread(target=run, name=f"model-{job}", daemon=True)
            self._running[key] = (token, thread)
            thread.start()  # under the lock: `close` cannot join one that was not started

    def cancel(self, job: str, model: str) -> None:
        """Ask a piece of work to stop; nothing happens where it is not under way."""
        with self._lock:
            found = self._running.get((job, model))
        if found is not None:
            found[0].cancel()

    def running(self) -> list[tuple[str, str]]:
        """Return (job, model) of what is under way."""
        with self._lock:
            return list(self._running)

    def close(self) -> None:
        """Cancel everything and wait until it has ended."""
        with self._lock:
            self._closed = True
            running = list(self._running.values())
        for token, _ in running:
            token.cancel()
        for _, thread in running:
            thread.join()

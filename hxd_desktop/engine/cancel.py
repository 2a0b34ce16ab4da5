"""A token by which long work is asked to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable

from hxd_desktop.engine.errors import Cancelled


class CancelToken:
    """Ask work on other threads to stop; any thread may call any method.

    Args:
        parent: A token whose cancelling counts for this one too.
    """

    def __init__(self, parent: CancelToken | None = None) -> None:
        self._event = threading.Event()
        self._parent = parent
        self._lock = threading.Lock()
        self._callbacks: list[Callable[[], None]] = []

    def cancel(self) -> None:
        """Ask the work to stop; a second call does nothing."""
        with self._lock:
            self._event.set()
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def on_cancel(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call `callback` when a stop is asked for, on that thread, or at once if it already was.

        For work that blocks where it cannot look at the token. Returns a function that ends it; a callback that is
        already running is not waited for.
        """
        if self._parent is None:
            return self._add(callback)
        told = threading.Lock()

        def once() -> None:
            if told.acquire(blocking=False):  # one cancelling is enough, this token's or its parent's
                callback()

        forgets = (self._add(once), self._parent.on_cancel(once))

        def forget() -> None:
            for each in forgets:
                each()

        return forget

    def _add(self, callback: Callable[[], None]) -> Callable[[], None]:
        with self._lock:
            waiting = not self._event.is_set()
            if waiting:
                self._callbacks.append(callback)
        if not waiting:
            callback()

        def forget() -> None:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)

        return forget

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set() or (self._parent is not None and self._parent.cancelled)

    def check(self) -> None:
        """Raise `Cancelled` if a stop was asked for."""
        if self.cancelled:
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep up to `seconds`, or until cancelled; return whether it was cancelled."""
        if self._parent is None:
            return self._event.wait(seconds)
        stopped = threading.Event()
        forget = self.on_cancel(stopped.set)
        try:
            return stopped.wait(seconds)
        finally:
            forget()

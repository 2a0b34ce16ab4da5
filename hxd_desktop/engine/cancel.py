"""A token by which long work is asked to stop."""

from __future__ import annotations

import threading

from hxd_desktop.engine.errors import Cancelled


class CancelToken:
    """Ask work on other threads to stop; any thread may call any method."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def cancel(self) -> None:
        """Ask the work to stop; a second call does nothing."""
        self._event.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._event.is_set()

    def check(self) -> None:
        """Raise `Cancelled` if a stop was asked for."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> bool:
        """Sleep up to `seconds`, or until cancelled; return whether it was cancelled."""
        return self._event.wait(seconds)

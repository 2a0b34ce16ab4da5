"""Something is done once nothing else has been done for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class IdleWatch:
    """Calls `act` when `touch` was not called for `seconds`; any thread may call any method.

    Args:
        seconds: how long; 0 for never.
        act: called on a thread of the watch's own, and again after as long.
    """

    def __init__(self, seconds: float, act: Callable[[], None]) -> None:
        self._seconds = seconds
        self._act = act
        self._lock = threading.Lock()
        self._due = 0.0
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    def touch(self) -> None:
        """Begin to count anew."""
        if not self._seconds:
            return
        with self._lock:
            self._due = time.monotonic() + self._seconds
            if self._thread is None:
                self._stopped = threading.Event()
                self._thread = threading.Thread(target=self._run, name="idle", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Count no more until the next `touch`."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._stopped.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _run(self) -> None:
        stopped = self._stopped
        while True:
            with self._lock:
                left = self._due - time.monotonic()
            if stopped.wait(max(left, 0)):
                return
            with self._lock:
                due = self._due <= time.monotonic()
                if due:
                    self._due = time.monotonic() + self._seconds
            if due:
                self._act()

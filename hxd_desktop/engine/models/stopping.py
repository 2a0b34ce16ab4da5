"""Ending a request to a worker in time."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from typing import Any

from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

log = logging.getLogger(__name__)

CANCEL_GRACE_S = 0.12  # a worker that has not stopped by then is killed: silence within 0.2 s


class Stop:
    """Asks a worker to end one request, and kills it if it has not done so soon after.

    Args:
        worker: where the request runs.
        number: its `id`.
    """

    def __init__(self, worker: WorkerProcess, number: int) -> None:
        self._worker = worker
        self._number = number
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None
        self._finished = False
        self.asked = False

    def ask(self) -> None:
        """Ask for the end of the request; once is enough, and after `finish` nothing is asked any more."""
        with self._lock:
            if self.asked or self._finished:
                return
            self.asked = True
            self._timer = threading.Timer(CANCEL_GRACE_S, self._kill)
            self._timer.daemon = True
            self._timer.start()
        self._worker.send({"op": "cancel", "id": self._number})

    def finish(self) -> None:
        """Note that the request is over: nothing is killed after this returns."""
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


def drain(replies: Iterator[dict[str, Any]]) -> None:
    """Read the replies to a request that was asked to stop to their end, so that the next one meets none of them."""
    try:
        for _ in replies:
            pass
    except WorkerDied as death:
        log.debug("the model's process was ended to cancel: %s", death)

"""Ctrl-C and termination as a request to stop, so that work ends where it is safe to end."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType, TracebackType
from typing import Any, Generic, TypeVar

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled

T = TypeVar("T")

# How often the waiting thread looks up: on Windows a wait without a limit does not notice Ctrl-C.
_LOOK_UP_S = 0.05


class Interrupted(Exception):  # noqa: N818 - the user's wish, not an error
    """The work was stopped by a signal; `status` is the exit status, 128 + the signal's number."""

    def __init__(self, status: int) -> None:
        super().__init__(f"exit status {status}")
        self.status = status


class _Job(Generic[T]):
    """A function on a thread of its own, with its result or its exception."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._result: list[T] = []
        self._error: BaseException | None = None
        self.done = threading.Event()

    def run(self) -> None:
        try:
            self._result.append(self._work())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that waits
            self._error = error
        finally:
            self.done.set()

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._result[0]


class Interrupt:
    """While entered, the first Ctrl-C (or SIGTERM) cancels the work; a second one ends the process at once.

    Signals reach the main thread only; entered on another thread it changes nothing.
    """

    def __init__(self) -> None:
        self.status = 128 + signal.SIGINT
        self._token = CancelToken()
        self._asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Interrupt:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        # A handler interrupts any line of the main thread, one that holds a lock included, so it only takes a note.
        if self._asked:
            os._exit(128 + number)
        self.status = 128 + number
        self._asked = True

    def run(self, work: Callable[[CancelToken], T]) -> T:
        """Run `work` on a thread of its own and return its result.

        Raises:
            Interrupted: it was cancelled. Any other exception of `work` is passed on.
        """
        job = _Job(lambda: work(self._token))
        threading.Thread(target=job.run, name="hxd-command", daemon=True).start()
        while not job.done.wait(_LOOK_UP_S):
            if self._asked:
                self._token.cancel()
        try:
            return job.result()
        except Cancelled:
            raise Interrupted(self.status) from None

    def wait(self) -> None:
        """Wait until a signal asks to stop."""
        while not self._asked:
            time.sleep(_LOOK_UP_S)

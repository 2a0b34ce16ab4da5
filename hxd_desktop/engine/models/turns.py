"""Turns at something that serves one caller at a time: first come, first served, and everybody knows their place."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from hxd_desktop.engine.cancel import CancelToken


class Turns:
    """A queue of threads; any thread may call any method."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._queue: list[object] = []
        self._owner: int | None = None

    @contextmanager
    def take(self, cancel: CancelToken | None = None, on_wait: Callable[[int], None] | None = None) -> Iterator[None]:
        """Wait for a turn and hold it; a thread that holds it already goes on at once.

        Args:
            cancel: gives up waiting.
            on_wait: called with the number of callers before this one, at once and whenever it changes; not called
                where there is nobody.

        Raises:
            Cancelled: `cancel` was set.
        """
        if self._owner == threading.get_ident():
            yield
            return
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
        forget = cancel.on_cancel(self._wake) if cancel is not None else None
        try:
            self._wait(ticket, cancel, on_wait)
            self._owner = threading.get_ident()
            yield
        finally:
            if forget is not None:
                forget()
            with self._changed:
                if self._queue[0] is ticket:
                    self._owner = None
                self._queue.remove(ticket)
                self._changed.notify_all()

    @property
    def waiting(self) -> int:
        """How many hold or wait for a turn."""
        with self._changed:
            return len(self._queue)

    @contextmanager
    def if_idle(self) -> Iterator[bool]:
        """Hold the turn where nobody has it or waits for it; tells whether it is held."""
        ticket = object()
        with self._changed:
            idle = not self._queue
            if idle:
                self._queue.append(ticket)
        try:
            yield idle
        finally:
            if idle:
                with self._changed:
                    self._queue.remove(ticket)
                    self._changed.notify_all()

    def _wait(self, ticket: object, cancel: CancelToken | None, on_wait: Callable[[int], None] | None) -> None:
        told = 0
        while True:
            with self._changed:
                # Looked at under the lock under which a cancel wakes: none is missed.
                while (before := self._queue.index(ticket)) == told != 0 and not (cancel and cancel.cancelled):
                    self._changed.wait()
            if cancel is not None:
                cancel.check()
            if not before:
                return
            if before != told and on_wait is not None:
                on_wait(before)
            told = before

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify_all()

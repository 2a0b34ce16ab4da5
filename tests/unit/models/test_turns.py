from __future__ import annotations

import threading

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.models.turns import Turns


class Caller:
    """Takes a turn on a thread of its own and holds it until told."""

    def __init__(self, turns: Turns, cancel: CancelToken | None = None) -> None:
        self.places: list[int] = []
        self.waits = threading.Semaphore(0)
        self.has_it = threading.Event()
        self.let_go = threading.Event()
        self.gave_up = threading.Event()
        self._turns, self._cancel = turns, cancel
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self) -> None:
        try:
            with self._turns.take(self._cancel, self._told):
                self.has_it.set()
                self.let_go.wait(10)
        except Cancelled:
            self.gave_up.set()

    def _told(self, before: int) -> None:
        self.places.append(before)
        self.waits.release()


def test_first_come_first_served_and_everybody_knows_their_place() -> None:
    turns = Turns()
    first = Caller(turns)
    assert first.has_it.wait(10)
    second = Caller(turns)
    assert second.waits.acquire(timeout=10)
    third = Caller(turns)
    assert third.waits.acquire(timeout=10)
    assert turns.waiting == 3
    first.let_go.set()
    assert second.has_it.wait(10)
    assert third.waits.acquire(timeout=10)
    assert not third.has_it.is_set()
    second.let_go.set()
    assert third.has_it.wait(10)
    third.let_go.set()
    for caller in (first, second, third):
        caller.thread.join(10)
    assert (first.places, second.places, third.places) == ([], [1], [2, 1])
    assert turns.waiting == 0


def test_one_who_gives_up_makes_room() -> None:
    turns = Turns()
    first = Caller(turns)
    assert first.has_it.wait(10)
    cancel = CancelToken()
    second = Caller(turns, cancel)
    assert second.waits.acquire(timeout=10)
    third = Caller(turns)
    assert third.waits.acquire(timeout=10)
    cancel.cancel()
    assert second.gave_up.wait(10)
    assert third.waits.acquire(timeout=10)
    first.let_go.set()
    assert third.has_it.wait(10)
    third.let_go.set()
    third.thread.join(10)
    assert third.places == [2, 1]


def test_a_thread_that_has_it_takes_it_again() -> None:
    turns = Turns()
    with turns.take(), turns.take():
        assert turns.waiting == 1
    with turns.if_idle() as idle:
        assert idle


def test_idle_only_where_nobody_is() -> None:
    turns = Turns()
    with turns.take(), turns.if_idle() as idle:
        assert not idle
    with pytest.raises(KeyError), turns.take():
        raise KeyError
    with turns.if_idle() as idle:
        assert idle
        other = Caller(turns)
        assert other.waits.acquire(timeout=10)
    assert other.has_it.wait(10)
    other.let_go.set()
    other.thread.join(10)

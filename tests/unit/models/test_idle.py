from __future__ import annotations

import threading

from hxd_desktop.engine.models.idle import IdleWatch


def test_acts_after_a_while_and_again() -> None:
    acted = threading.Semaphore(0)
    watch = IdleWatch(0.01, acted.release)
    watch.touch()
    assert acted.acquire(timeout=10)
    assert acted.acquire(timeout=10)
    watch.stop()
    watch.touch()
    assert acted.acquire(timeout=10)
    watch.stop()


def test_never_where_it_is_switched_off_or_not_due() -> None:
    acted = threading.Event()
    for seconds in (0, 1000):
        watch = IdleWatch(seconds, acted.set)
        watch.touch()
        watch.stop()
    assert not acted.is_set()
    watch.stop()

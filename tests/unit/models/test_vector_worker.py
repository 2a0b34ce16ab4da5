"""Questions go before passages that wait."""

from __future__ import annotations

import threading
import time

from hxd_desktop.engine.models.vector_worker import _Turn


def test_an_urgent_taker_waits_for_one_patient_taker_at_most() -> None:
    turn = _Turn()
    order: list[str] = []
    started = threading.Event()
    go_on = threading.Event()

    def first() -> None:
        with turn.taken(urgent=False):
            started.set()
            go_on.wait(10)
            order.append("first")

    def take(name: str, urgent: bool) -> None:
        with turn.taken(urgent):
            order.append(name)

    threads = [threading.Thread(target=first)]
    threads[0].start()
    assert started.wait(10)
    for number in range(4):
        threads.append(threading.Thread(target=take, args=(f"patient {number}", False)))
        threads[-1].start()
    threads.append(threading.Thread(target=take, args=("urgent", True)))
    threads[-1].start()
    deadline = time.monotonic() + 10
    while not turn._next.locked():  # the urgent one has taken its place
        assert time.monotonic() < deadline
        time.sleep(0.001)
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert len(order) == 6
    assert order[:2] == ["first", "urgent"]

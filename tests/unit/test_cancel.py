from __future__ import annotations

import threading
import time

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled


def test_a_token_is_not_cancelled_until_asked() -> None:
    token = CancelToken()
    token.check()
    assert not token.cancelled
    assert not token.wait(0)


def test_cancelling_raises_at_the_next_look() -> None:
    token = CancelToken()
    token.cancel()
    token.cancel()
    assert token.cancelled
    with pytest.raises(Cancelled):
        token.check()


def test_a_parents_cancelling_counts_for_its_children_and_not_the_other_way_round() -> None:
    parent = CancelToken()
    child, sibling = CancelToken(parent), CancelToken(parent)
    sibling.cancel()
    assert not parent.cancelled
    assert not child.cancelled
    parent.cancel()
    assert child.cancelled


def test_callbacks_run_once_and_at_once_when_late() -> None:
    token = CancelToken()
    calls: list[str] = []
    token.on_cancel(lambda: calls.append("early"))
    forget = token.on_cancel(lambda: calls.append("forgotten"))
    forget()
    forget()
    token.cancel()
    token.cancel()
    token.on_cancel(lambda: calls.append("late"))
    assert calls == ["early", "late"]


def test_a_callback_of_a_child_hears_of_its_parents_cancelling_once() -> None:
    parent = CancelToken()
    child = CancelToken(CancelToken(parent))
    calls: list[int] = []
    child.on_cancel(lambda: calls.append(1))
    forget = child.on_cancel(lambda: calls.append(2))
    forget()
    parent.cancel()
    child.cancel()
    assert calls == [1]


@pytest.mark.parametrize("which", ["own", "parent"])
def test_waiting_ends_when_cancelled(which: str) -> None:
    parent = CancelToken()
    token = CancelToken(parent)
    started = time.monotonic()
    timer = threading.Timer(0.05, (token if which == "own" else parent).cancel)
    timer.start()
    assert token.wait(30)
    assert time.monotonic() - started < 10
    timer.join()

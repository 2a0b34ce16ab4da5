from __future__ import annotations

import pytest

from hxd_desktop.engine.library import progress
from hxd_desktop.engine.library.progress import RateMeter


class Clock:
    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(progress.time, "monotonic", lambda: self.now)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def test_nothing_is_said_before_there_is_something_to_say(clock: Clock) -> None:
    meter = RateMeter()
    assert (meter.rate, meter.seconds_left(100)) == (0.0, None)
    clock.now += 0.5
    meter.update(50)
    assert meter.rate == 100
    assert meter.seconds_left(100) is None


def test_the_time_left_follows_the_rate(clock: Clock) -> None:
    meter = RateMeter()
    clock.now += 2
    meter.update(100)
    assert meter.rate == 50
    assert meter.seconds_left(200) == 4


def test_only_the_last_ten_seconds_count(clock: Clock) -> None:
    meter = RateMeter()
    for second in range(1, 31):
        clock.now += 1
        meter.update(second if second <= 15 else 15 + (second - 15) * 100)
    assert meter.rate == pytest.approx(100)


def test_a_standstill_promises_nothing(clock: Clock) -> None:
    meter = RateMeter()
    for _ in range(30):
        clock.now += 1
        meter.update(0)
    assert meter.seconds_left(10) is None

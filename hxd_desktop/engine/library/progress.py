"""Rate and time left, from what was done lately."""

from __future__ import annotations

import time
from collections import deque

_WINDOW_SECONDS = 10.0
_SETTLED_SECONDS = 1.0  # before that a rate says nothing


class RateMeter:
    """Measures how fast a rising number rises, over the last ten seconds."""

    def __init__(self) -> None:
        self._points: deque[tuple[float, float]] = deque([(time.monotonic(), 0.0)])

    def update(self, done: float) -> None:
        """Note that `done` is reached now."""
        now = time.monotonic()
        self._points.append((now, done))
        while len(self._points) > 2 and now - self._points[0][0] > _WINDOW_SECONDS:
            self._points.popleft()

    @property
    def rate(self) -> float:
        """Units a second, 0 while unknown."""
        (first, start), (last, end) = self._points[0], self._points[-1]
        return (end - start) / (last - first) if last > first else 0.0

    def seconds_left(self, remaining: float) -> float | None:
        """Return how long `remaining` units will take at this rate, or None while nothing sensible can be said."""
        rate = self.rate
        if rate <= 0 or self._points[-1][0] - self._points[0][0] < _SETTLED_SECONDS:
            return None
        return remaining / rate

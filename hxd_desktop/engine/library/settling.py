"""Holding back files that are still being written. Pure: the caller brings the time."""

from __future__ import annotations

from collections.abc import Iterable

from hxd_desktop.engine.library.changes import Change, ChangeKind, EventKind, RawEvent

_FIRST_PAUSE_S = 0.25


class Settling:
    """Decides when a file that keeps changing is announced again.

    The first change is announced at once. While the file stays open for writing, each further announcement waits
    twice as long as the one before, up to `longest_pause_s`. Closing it ends the waiting.
    """

    def __init__(self, longest_pause_s: float) -> None:
        self._longest_pause_s = longest_pause_s
        self._open: dict[str, tuple[float, float]] = {}  # path: (not again before, pause)
        self._held: set[str] = set()

    def admit(self, changes: Iterable[Change], events: Iterable[RawEvent], now: float) -> list[Change]:
        """Return the changes to announce now; `events` are those that the changes were made from."""
        closed: dict[str, bool] = {}
        for event in events:
            if event.kind in (EventKind.CREATED, EventKind.MODIFIED):
                closed[event.path] = False
            else:
                closed[event.to or event.path] = True
        self._forget(now)
        return [
            change
            for change in changes
            if change.kind is not ChangeKind.UPSERT or self._admit(change.path, closed.get(change.path, True), now)
        ]

    def _admit(self, path: str, closed: bool, now: float) -> bool:
        if closed:
            self._open.pop(path, None)
            self._held.discard(path)
            return True
        not_before, pause = self._open.get(path, (now, _FIRST_PAUSE_S / 2))
        if now < not_before:
            self._held.add(path)
            return False
        pause = min(2 * pause, self._longest_pause_s)
        self._open[path] = (now + pause, pause)
        self._held.discard(path)
        return True

    def due(self, now: float) -> list[Change]:
        """Return the held changes whose pause is over."""
        paths = sorted(path for path in self._held if self._open[path][0] <= now)
        return [Change(ChangeKind.UPSERT, path) for path in paths if self._admit(path, False, now)]

    @property
    def next_due(self) -> float | None:
        """When `due` has something next; None while nothing is held."""
        return min((self._open[path][0] for path in self._held), default=None)

    def _forget(self, now: float) -> None:
        """Forget files that have been quiet for as long as their last pause."""
        for path, (not_before, pause) in list(self._open.items()):
            if path not in self._held and now > not_before + pause:
                del self._open[path]

"""What fails while nobody waits for it: told once, and tried again where that can help."""

from __future__ import annotations

import time
from collections.abc import Callable

from hxd_desktop.engine.errors import HxdError, StorageError
from hxd_desktop.engine.events import EventBus, Notice

_AGAIN_SECONDS = 30.0


class Setbacks:
    """Failures of the work in the background; used by one thread.

    Args:
        events: Where a failure is told, as a `Notice`: once, until all has gone well again.
    """

    def __init__(self, events: EventBus) -> None:
        self._events = events
        self._told: set[str] = set()
        self._again: list[Callable[[], object]] = []
        self._at = 0.0

    def met(self, error: BaseException, again: Callable[[], object]) -> None:
        """Tell a failure; `again` is called by a later `try_again` where the disk or the database was the reason."""
        if isinstance(error, StorageError):
            self._again.append(again)
            self._at = time.monotonic() + _AGAIN_SECONDS
        if isinstance(error, HxdError):
            notice = Notice(error.title, error.message, error.remedy)
        else:
            notice = Notice(
                "Indexing met a fault of the application",
                f"{type(error).__name__}: {error}.",
                "Your documents are unharmed. Report what the log says (Settings, Data).",
            )
        if notice.title not in self._told:
            self._told.add(notice.title)
            self._events.publish(notice)

    def over(self) -> None:
        """All has gone well: the next failure is told again."""
        self._told.clear()

    def try_again(self) -> None:
        """Call what failed some time ago."""
        if self._again and time.monotonic() >= self._at:
            waiting, self._again = self._again, []
            for again in waiting:
                again()

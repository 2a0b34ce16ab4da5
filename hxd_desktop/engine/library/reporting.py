"""What is told while a folder is brought up to date."""

from __future__ import annotations

import time

from hxd_desktop.engine.events import DocumentsChanged, EventBus, IndexProgress, Phase
from hxd_desktop.engine.library.indexing import FolderRun
from hxd_desktop.engine.library.progress import RateMeter

_EVENT_SECONDS = 0.1
_MANY_PATHS = 1000  # more are not named one by one


class Reporter:
    """Turns a folder's progress into events, at most ten a second, and tells what was stored as it is stored."""

    def __init__(self, events: EventBus, library: str) -> None:
        self._events = events
        self._library = library
        self._meter = RateMeter()
        self._last = 0.0
        self._told = 0

    def tell_changed(self, run: FolderRun) -> None:
        """Publish the documents that have changed since the last time; they are committed."""
        paths, self._told = run.paths[self._told :], len(run.paths)
        if paths:
            self._events.publish(DocumentsChanged(self._library, tuple(paths) if len(paths) <= _MANY_PATHS else ()))

    def __call__(self, run: FolderRun, current: str | None) -> None:
        """Tell how far the run is; `current` is the path that is being read."""
        self.tell_changed(run)
        self._meter.update(run.bytes)
        now = time.monotonic()
        if now - self._last < _EVENT_SECONDS and run.files_done < run.files_total:
            return
        self._last = now
        self._events.publish(
            IndexProgress(
                self._library,
                Phase.WORDS,
                files_done=run.files_done,
                files_total=run.files_total,
                bytes_done=run.bytes,
                bytes_total=run.bytes_total,
                rate_bytes_per_s=self._meter.rate,
                seconds_left=self._meter.seconds_left(run.bytes_total - run.bytes),
                current=current,
            )
        )

"""Indexing progress on standard error: one line that rewrites itself on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from types import TracebackType
from typing import TextIO

from hxd_desktop.cli import text
from hxd_desktop.engine.events import Event, EventBus, IndexProgress, Phase

LINE_EVERY_S = 5.0


class Line:
    """One line on standard error that says how far work is; any thread may show it."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._lock = threading.Lock()
        self._shown = 0  # columns of the line that stands on the terminal
        self._last_line_at = time.monotonic()

    def show(self, line: str) -> None:
        """Rewrite the line on a terminal; elsewhere print it if the last one is some seconds old."""
        if self._terminal:
            self._rewrite(line)
            return
        with self._lock:
            now = time.monotonic()
            if now - self._last_line_at >= LINE_EVERY_S:
                self._last_line_at = now
                print(line, file=self._stream, flush=True)

    def clear(self) -> None:
        """Wipe the line from the terminal, so that other lines can be printed."""
        with self._lock:
            if self._shown:
                self._stream.write("\r" + " " * self._shown + "\r")
                self._stream.flush()
                self._shown = 0

    def _rewrite(self, line: str) -> None:
        import wcwidth

        with self._lock:
            # One column stays free: a full line would wrap and could not be rewritten.
            line = text.shorten(line, shutil.get_terminal_size().columns - 1)
            width = wcwidth.width(line)
            self._stream.write("\r" + line + " " * max(self._shown - width, 0))
            self._stream.flush()
            self._shown = width


class Progress:
    """Shows `IndexProgress` events while entered; events may come on any thread."""

    def __init__(self, events: EventBus, stream: TextIO | None = None) -> None:
        self._events = events
        self._line = Line(stream)

    def __enter__(self) -> Progress:
        self._unsubscribe = self._events.subscribe(self._on_event)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._unsubscribe()
        self.clear()

    def clear(self) -> None:
        """Wipe the line from the terminal, so that other lines can be printed."""
        self._line.clear()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, IndexProgress) and event.phase is not Phase.IDLE:
            self._line.show(describe(event))


def describe(event: IndexProgress) -> str:
    """Return one line that says how far indexing is, how fast, and how long it still takes."""
    parts: list[str] = []
    if event.phase is Phase.SCANNING:
        parts.append("looking for changes")
        if event.files_done:
            parts.append(f"{text.number(event.files_done)} files")
    elif event.phase is Phase.WORDS:
        parts.append(f"{_of(event.files_done, event.files_total)} files")
        parts.append(f"{text.size(event.bytes_done)} of {text.size(event.bytes_total)}")
        if event.rate_bytes_per_s > 0:
            parts.append(f"{text.size(event.rate_bytes_per_s)}/s")
    elif event.phase is Phase.VECTORS:
        parts.append(f"vectors {_of(event.chunks_done, event.chunks_total)} passages")
    elif event.phase is Phase.SCANS:
        page = min(event.pages_done + 1, event.pages_total)
        parts.append(f"reading scan page {text.number(page)} of {text.number(event.pages_total)}")
    else:
        parts.append(event.phase.value)
    if event.seconds_left is not None:
        parts.append(f"{text.duration(event.seconds_left)} left")
    if event.current:
        parts.append(os.path.basename(event.current))
    return f"{event.library}: " + " · ".join(parts)


def _of(done: int, total: int) -> str:
    return f"{text.number(done)}/{text.number(total)}"

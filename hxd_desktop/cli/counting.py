"""How far a count has come, on standard error: a line that rewrites itself on a terminal, one now and then else."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TextIO

from hxd_desktop.cli import text

LINE_EVERY_S = 5.0


class Counting:
    """Shows `done` of `total` things while entered."""

    def __init__(self, things: str, stream: TextIO | None = None) -> None:
        self._things = things
        self._stream = stream or sys.stderr
        self._terminal = self._stream.isatty()
        self._shown = 0
        self._last_line_at = time.monotonic()

    def __enter__(self) -> Counting:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._stream.write("\r" + " " * self._shown + "\r")
            self._stream.flush()

    def show(self, done: int, total: int) -> None:
        """Say how far it is."""
        line = f"{text.number(done)}/{text.number(total)} {self._things}"
        if self._terminal:
            self._stream.write("\r" + line)
            self._stream.flush()
            self._shown = len(line)
        elif time.monotonic() - self._last_line_at >= LINE_EVERY_S:
            self._last_line_at = time.monotonic()
            print(line, file=self._stream, flush=True)

"""Standard output and standard error: UTF-8; a JSON object or readable lines, never both."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from hxd_desktop.engine.errors import HxdError

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33"}


class UsageError(Exception):
    """A combination of options that makes no sense; ends with exit status 2."""


class OutputError(Exception):
    """Standard output cannot be written; the message says why."""


def use_utf8() -> None:
    """Write UTF-8 whatever the system's code page says; what cannot be written is shown as an escape.

    A stream that the caller has closed (`>&-`) is one that nobody reads, or that has nothing to say.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 - open as long as the process
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            # A lone surrogate (an undecodable file name) becomes \udcXX, which is also how JSON spells it.
            reconfigure(encoding="utf-8", errors="backslashreplace")
    if reconfigure := getattr(sys.stdin, "reconfigure", None):
        reconfigure(encoding="utf-8", errors="replace")


def emit(value: Mapping[str, Any]) -> None:
    """Print one JSON object on a line of its own, at once."""
    import json

    write(json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n", flush=True)


def say(text: str = "") -> None:
    """Print a line for a reader."""
    write(text + "\n")


def write(text: str, *, flush: bool = False) -> None:
    """Write to standard output.

    Raises:
        BrokenPipeError: nobody reads it any more.
        OutputError: it cannot be written: a disk is full.
    """
    try:
        sys.stdout.write(text)
        if flush:
            sys.stdout.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(error.strerror or str(error)) from error


def note(text: str) -> None:
    """Print a line on standard error."""
    with contextlib.suppress(OSError):  # its reader has gone, or its disk is full: nobody is left to tell
        print(text, file=sys.stderr, flush=True)


def failure_line(error: HxdError) -> str:
    """Return one line that says what happened and what to do."""
    return failure_text(error.title, error.message, error.remedy)


def failure_text(title: str, message: str, remedy: str) -> str:
    """Return an error's three parts as one line."""
    sentences = (f"{title}.", message, remedy)
    return "hxd: " + " ".join(" ".join(sentence.split()) for sentence in sentences if sentence.strip(". "))


def discard_stdout() -> None:
    """Point standard output at nothing, so that Python's last flush does not fail on a closed pipe."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def coloured(stream: TextIO) -> bool:
    """Say whether `stream` shows colours; NO_COLOR and TERM=dumb turn them off."""
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb" or not stream.isatty():
        return False
    return os.name != "nt" or "WT_SESSION" in os.environ


def style(text: str, *names: str, stream: TextIO | None = None) -> str:
    """Return `text` in the styles named ("bold", "dim", "red", "green", "yellow") where colours are shown."""
    if not coloured(stream or sys.stdout):
        return text
    codes = ";".join(_STYLES[name] for name in names)
    return f"\x1b[{codes}m{text}\x1b[0m"

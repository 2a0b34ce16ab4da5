"""Words and child processes: everything is said on standard error, so that `ask --json` stays parseable."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_STANDARD_ERROR = 2


class SetupError(Exception):
    """The set-up cannot go on; the text says what to do about it."""


def say(text: str) -> None:
    """Print one paragraph on standard error, whatever the console's encoding."""
    encoding = getattr(sys.stderr, "encoding", None) or "ascii"
    sys.stderr.write(text.encode(encoding, "backslashreplace").decode(encoding) + "\n")
    sys.stderr.flush()


def run(command: Sequence[str], env: Mapping[str, str] | None = None, output: int | None = _STANDARD_ERROR) -> int:
    """Run a command in the checkout and return its exit status, 127 where it cannot start.

    What it prints goes to standard error, or with `output=None` to standard output.
    """
    try:
        return subprocess.call(list(command), cwd=str(ROOT), env=merged(env), stdout=output)
    except OSError as error:
        say(f"{command[0]}: {error.strerror or error}")
        return 127


def output_of(command: Sequence[str], env: Mapping[str, str] | None = None, seconds: float = 60) -> str | None:
    """Return what a command prints, stripped, or None where it is missing, fails or takes longer."""
    try:
        done = subprocess.run(
            list(command),
            env=merged(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace").strip()


def complaint_of(command: Sequence[str], env: Mapping[str, str] | None = None) -> str | None:
    """Run a command in the checkout, silently; return None where it succeeds, else what it said on standard error."""
    try:
        done = subprocess.run(
            list(command),
            cwd=str(ROOT),
            env=merged(env),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else done.stderr.decode("utf-8", "replace").strip()


def merged(extra: Mapping[str, str] | None) -> Mapping[str, str]:
    """Return this process's environment with `extra` laid over it."""
    return {**os.environ, **(extra or {})}


def hand_over(command: list[str]) -> int:
    """Become `command`; on Windows, which has no exec that a console waits for, run it and return its exit status."""
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)

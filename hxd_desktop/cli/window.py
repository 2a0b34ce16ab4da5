"""Whether there is a screen, whether Qt can run, and how the window is opened."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager

from hxd_desktop.cli import output
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.library.model import Check

PROBE_TIMEOUT_S = 60.0
_PROBE = "from PySide6.QtWidgets import QApplication; QApplication([])"
_REMEDY = "Run python3 bootstrap.py in the project's folder: it names the system package and the line that installs it."


def has_display() -> bool:
    """Say whether a window could be seen: macOS and Windows have a screen, elsewhere a display server is named."""
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in {"offscreen", "minimal"}:
        return False
    if sys.platform in {"win32", "darwin"}:
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def open_targets(arguments: argparse.Namespace) -> int:
    """`hxd open`: folders, files and links, in the window."""
    if arguments.json:
        raise output.UsageError("hxd open shows a window; leave out --json.")
    links = [target for target in arguments.targets if target.lower().startswith("hxd://")]
    paths = [os.path.abspath(target) for target in arguments.targets if target not in links]
    for path in paths:
        if not os.path.exists(path):
            raise HxdError("The file does not exist", f"There is nothing at {path}.", "Check its name.")
    return open_window(arguments, paths=paths, links=links)


def open_window(
    arguments: argparse.Namespace,
    question: str | None = None,
    *,
    paths: Sequence[str] = (),
    links: Sequence[str] = (),
) -> int:
    """Open the window, or raise the one that is open, and ask `question`, add `paths` and follow `links` there.

    Raises:
        HxdError: there is no display, or Qt's libraries are missing.
    """
    if not has_display():
        raise HxdError(
            "There is no display",
            "A window cannot be shown here.",
            "Use hxd ask without --window, or hxd chat.",
        )
    try:
        from hxd_desktop.ui.app import main
    except ImportError as error:
        raise HxdError("The window cannot be opened", f"A library is missing: {error}.", _REMEDY) from error
    from hxd_desktop.cli.logs import logging_to
    from hxd_desktop.engine.paths import DataDirectory

    directory = DataDirectory.resolve(arguments.data_dir)
    if not directory.away:  # else the window says so, and tries again once the drive is connected
        directory.create()

    def logged() -> AbstractContextManager[None]:
        return logging_to(DataDirectory.resolve(arguments.data_dir))

    return main(data_dir=arguments.data_dir, question=question, paths=paths, links=links, logged=logged)


def qt_problem() -> str | None:
    """Start Qt without a screen in a process of its own; return why it fails, None where it works.

    A process of its own, because Qt ends the whole process where a system library of a plug-in is missing.
    """
    if getattr(sys, "frozen", False):  # an installed application brings its libraries, and has no Python to start
        return None
    try:
        done = subprocess.run(
            [sys.executable, "-c", _PROBE],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if done.returncode == 0:
        return None
    lines = [line.strip() for line in done.stderr.decode("utf-8", "replace").splitlines() if line.strip()]
    return lines[-1] if lines else f"it ended with status {done.returncode}"


def check_window() -> Check:
    """Return the doctor's line on the window: a missing library matters only where a window could be seen."""
    problem = qt_problem()
    if problem is None:
        return Check("window", True, "Qt starts" if has_display() else "Qt starts; there is no display here")
    if has_display():
        return Check("window", False, f"Qt does not start: {problem}", _REMEDY)
    return Check("window", True, f"there is no display here, and Qt does not start: {problem}")

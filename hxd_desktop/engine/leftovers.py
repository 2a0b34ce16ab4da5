"""What a killed process may leave behind: files that were being written, downloads that nobody goes on with."""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from hxd_desktop.engine.paths import DataDirectory

_UNFINISHED_S = 3600.0  # what is older is not being written just now
_ABANDONED_S = 30 * 24 * 3600.0
LEFT_WITH_TEXT = (".salvage-*", "trial-*")  # folders in the data directory that hold texts while something runs
_DOWNLOAD, _IMPORTS = ".download-", (".import-", ".convert-")


def find_leftovers(directory: DataDirectory, *, unused: bool = False) -> list[Path]:
    """Return what can go, sorted; with `unused` (nobody else is at work here) also what was left just now.

    A download can be gone on with: it counts as abandoned after 30 days.
    """
    age = 0.0 if unused else _UNFINISHED_S
    found = [path for path in _unfinished(directory) if _idle_s(path) >= age]
    if directory.models.is_dir():
        downloads = (path for path in directory.models.glob(f"{_DOWNLOAD}*") if path.is_dir())
        found += [path for path in downloads if _idle_s(path) >= _ABANDONED_S or not any(path.rglob("*"))]
        # Another copy may import a model without the writer's lock.
        asides = (path for prefix in _IMPORTS for path in directory.models.glob(f"{prefix}*"))
        found += [path for path in asides if _idle_s(path) >= _UNFINISHED_S]
    return sorted(found)


def remove_leftovers(directory: DataDirectory) -> list[Path]:
    """Remove what `find_leftovers` finds; for the process that holds the writer's lock. Return what is gone."""
    gone = []
    for path in find_leftovers(directory, unused=True):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        if not path.exists():
            gone.append(path)
    return gone


def remove_old(folder: Path, *patterns: str) -> None:
    """Remove what a killed process left in a folder an hour ago or longer: it may hold texts that are removed."""
    for path in (path for pattern in patterns for path in folder.glob(pattern)):
        if _idle_s(path) < _UNFINISHED_S:
            continue
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)


def _unfinished(directory: DataDirectory) -> Iterator[Path]:
    for folder in (directory.root, directory.vectors, directory.models):
        if folder.is_dir():
            yield from (path for path in folder.glob("*.new") if path.is_file())  # no model that is called so
    for pattern in LEFT_WITH_TEXT:
        yield from directory.root.glob(pattern)


def _idle_s(path: Path) -> float:
    """Return the time since anything in `path` was written."""
    last = 0.0
    for entry in (path, *path.rglob("*")):
        try:
            last = max(last, entry.stat().st_mtime)
        except OSError:
            continue
    return time.time() - last


def find_public(directory: DataDirectory) -> list[Path]:
    """Return what others on this machine can reach of the data directory: nothing below a folder that is private."""
    if os.name == "nt" or not directory.root.is_dir() or not _open_to_others(directory.root):
        return []
    found = [directory.root]
    waiting = [directory.root]
    while waiting:
        for entry in sorted(waiting.pop().iterdir()):
            if not entry.is_symlink() and _open_to_others(entry):
                found.append(entry)
                if entry.is_dir():
                    waiting.append(entry)
    return found


def make_private(directory: DataDirectory) -> list[Path]:
    """Take from others what they can reach of the data directory; return what it was."""
    found = find_public(directory)
    for path in found:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & 0o700)
    return found


def _open_to_others(path: Path) -> bool:
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False

"""Files that survive a power cut: written aside, flushed, put in place, and their folder flushed as well.

Everything that writes a file goes through here; a test looks for what does not.
"""

from __future__ import annotations

import contextlib
import os
import threading
from pathlib import Path


def replace_file(path: Path, data: bytes) -> None:
    """Put a file that holds `data`, private to the user, in place of `path`; a crash leaves the old or the new one.

    Raises:
        OSError: it cannot be written; what was there stays.
    """
    # Named by its writer: two that write the same file do not meet in it.
    aside = path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}.new")
    _replace(aside, path, data, 0o600)


def export_file(path: Path, data: bytes) -> None:
    """Write a file that the user asked for and may share; one that is there is replaced as a whole, or stays.

    A link is followed. What is no file (a terminal, a pipe) is written to as it is.

    Raises:
        OSError: it cannot be written; a file that was there stays.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(data)
        return
    _replace(target.with_name(f".{target.name}.part"), target, data, 0o666)


def _replace(aside: Path, path: Path, data: bytes, mode: int) -> None:
    try:
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), mode)
        with open(descriptor, "wb") as stream:
            stream.write(data)
        put_in_place(aside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            aside.unlink(missing_ok=True)
        raise


def put_in_place(aside: Path, path: Path) -> None:
    """Flush a file or a folder with all that is in it, rename it to `path`, and make the rename durable.

    Raises:
        OSError: it cannot be flushed or renamed; what was at `path` stays.
    """
    if aside.is_dir():
        sync_tree(aside)
    else:
        sync_file(aside)
    os.replace(aside, path)
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Bring what was written into a file onto the disk."""
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Bring a folder onto the disk, with every file and folder in it."""
    for place, _, names in os.walk(folder):
        for name in names:
            sync_file(Path(place, name))
        sync_folder(Path(place))


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` durable, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

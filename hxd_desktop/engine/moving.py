"""Moving a data directory: copied, checked, switched in one step, and the old one removed once the new one has opened.

A kill at any moment leaves one directory that is whole and used, and that is found by the same name as before; the
[decision](../../docs/decisions/0024-moving-the-data.md) says how.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine import moved
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.durable import sync_folder
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library.database import storage_error
from hxd_desktop.engine.library.lock import WriterLock
from hxd_desktop.engine.move_checks import Plan, kept_files, kept_folders, leftover_files, plan_move
from hxd_desktop.engine.paths import DataDirectory

log = logging.getLogger(__name__)

_PIECE = 1 << 20
_BUSY_S = 1.0

# The step, bytes done, of all. Steps: "copy", "check", "switch", "done".
Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Moved:
    """A move that was made: from where, to where, and how much was taken along."""

    source: Path
    target: Path
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class _Copied:
    size: int
    time_ns: int
    digest: bytes


def move(
    directory: DataDirectory,
    target: Path,
    *,
    watched: Sequence[Path] = (),
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Moved:
    """Move a data directory that nobody writes to; `finish_move`, when the new one opens, removes the old.

    Args:
        directory: what is moved.
        target: where to; see `plan_move`.
        watched: the folders of the libraries.
        progress: told how far it is.
        cancel: stops it before the switch; nothing is left behind.

    Raises:
        StorageError: another copy is at work, it cannot be moved there, or something changed meanwhile.
        Cancelled: `cancel` was used.
    """
    cancel, tell = cancel or CancelToken(), progress or (lambda *_: None)
    plan = plan_move(directory, target, watched)
    lock = WriterLock(directory)
    try:
        finish_move(directory)  # a move before this one that was killed
        with _quiet(directory.database):
            copied = _move(plan, tell, cancel)
    finally:
        lock.release()
    tell("done", plan.bytes, plan.bytes)
    return Moved(plan.source, plan.target, len(copied), sum(known.size for known in copied.values()))


def _move(plan: Plan, tell: Progress, cancel: CancelToken) -> dict[Path, _Copied]:
    source, target = plan.source, plan.target
    made = not target.exists()
    switched = False
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        with contextlib.suppress(OSError):
            target.chmod(0o700)
        _clear(target)
        moved.write_marker(target, moved.Marker(source, whole=False))
        copied = _copy(plan, tell, cancel)
        _check(plan, copied, tell, cancel)
        moved.write_marker(target, moved.Marker(source, whole=True))
        tell("switch", plan.bytes, plan.bytes)
        cancel.check()
        _switch(source, target)
        switched = True
        return copied
    except OSError as error:
        raise StorageError(
            "The data directory cannot be moved",
            f"{error.filename or target}: {error.strerror or error}.",
            f"Everything is still in {source}. Choose a place with enough room that can be written.",
            target,
        ) from error
    finally:
        if not switched and not moved.leads_to(source, target):
            with contextlib.suppress(OSError):
                _clear(target)
                if made:
                    target.rmdir()


def _switch(source: Path, target: Path) -> None:
    """The one step that counts; what follows can be made up for when the new place opens."""
    numbers = [pointer.number for place in (source, target) if (pointer := moved.read_pointer(place)) is not None]
    moved.write_pointer(source, moved.Pointer(target, max(numbers, default=0) + 1))


def finish_move(directory: DataDirectory) -> None:
    """After a directory has opened: remove what it was moved from, if it was and that is still there.

    What cannot be removed is left and told in the log; the next time tries again.
    """
    root = directory.root
    marker = moved.read_marker(root)
    if marker is None or not marker.whole or not moved.leads_to(marker.source, root):
        return
    try:
        (root / moved.POINTER).unlink(missing_ok=True)  # of a move away, before it was moved back
        places = {marker.source, *([directory.named] if directory.named is not None else [])}
        for place in places:
            _shorten(place, root)
        _remove(marker.source)
        (root / moved.MARKER).unlink()
        sync_folder(root)
    except OSError as error:
        log.warning("the old data directory is not removed yet: %s", error)


def _shorten(place: Path, root: Path) -> None:
    """Let a place point straight to where the data are, so that no place between is needed."""
    pointer = moved.read_pointer(place)
    if pointer is not None and pointer.to != root and moved.leads_to(place, root):
        moved.write_pointer(place, moved.Pointer(root, pointer.number))


def _remove(source: Path) -> None:
    for path in [*kept_files(source), *leftover_files(source)]:
        path.unlink(missing_ok=True)
    for folder in kept_folders(source):
        with contextlib.suppress(OSError):  # it holds what is not ours
            folder.rmdir()


def _clear(target: Path) -> None:
    """Remove what a try that did not end well has left; a pointer stays."""
    if moved.read_marker(target) is not None:
        _remove(target)


# -- copying -----------------------------------------------------------------------------------------------------
def _copy(plan: Plan, tell: Progress, cancel: CancelToken) -> dict[Path, _Copied]:
    copied: dict[Path, _Copied] = {}
    done = 0
    for path in kept_files(plan.source):
        inside = path.relative_to(plan.source)
        aim = plan.target / inside
        aim.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        before, digest, size = path.stat(), hashlib.sha256(), 0
        descriptor = os.open(aim, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        with open(path, "rb") as source, open(descriptor, "wb") as out:
            while piece := source.read(_PIECE):
                cancel.check()
                digest.update(piece)
                out.write(piece)
                size += len(piece)
                tell("copy", min(done + size, plan.bytes), plan.bytes)
            out.flush()
            os.fsync(out.fileno())
        done += size
        copied[inside] = _Copied(size, before.st_mtime_ns, digest.digest())
    for folder in (*kept_folders(plan.target), plan.target):
        sync_folder(folder)
    return copied


def _check(plan: Plan, copied: dict[Path, _Copied], tell: Progress, cancel: CancelToken) -> None:
    """Read back what was written, from the disk where the system lets us, and see that the old place is as it was."""
    done = 0
    for inside, known in copied.items():
        digest = hashlib.sha256()
        with open(plan.target / inside, "rb") as stream:
            if hasattr(os, "posix_fadvise"):
                os.posix_fadvise(stream.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            while piece := stream.read(_PIECE):
                cancel.check()
                digest.update(piece)
                done += len(piece)
                tell("check", min(done, plan.bytes), plan.bytes)
        if digest.digest() != known.digest:
            raise StorageError(
                "The copy is not what was copied",
                f"{plan.target / inside} reads back differently.",
                f"Everything is still in {plan.source}. Check the disk of {plan.target}.",
                plan.target,
            )
    for path in _changed(plan, copied):
        raise StorageError(
            "Something was written meanwhile",
            f"{path} changed while the data directory was being copied.",
            "Wait for downloads and other commands to end, then move it again.",
            path,
        )


def _changed(plan: Plan, copied: dict[Path, _Copied]) -> Iterator[Path]:
    left = set(copied)
    for path in kept_files(plan.source):
        inside = path.relative_to(plan.source)
        known = copied.get(inside)
        left.discard(inside)
        now = path.stat()
        if inside.parts[0] == "logs":  # whoever moves it may log
            continue
        if known is None or (known.size, known.time_ns) != (now.st_size, now.st_mtime_ns):
            yield path
    yield from (plan.source / inside for inside in left if inside.parts[0] != "logs")


@contextlib.contextmanager
def _quiet(database: Path) -> Iterator[None]:
    """Bring everything into the database file itself, and let nobody write while it is copied.

    Raises:
        StorageError: another process is reading in it, or it is damaged.
    """
    try:
        connection = sqlite3.connect(database, timeout=_BUSY_S, isolation_level=None)
        try:
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                raise StorageError(
                    "The data directory is being read",
                    f"Another command uses {database}.",
                    "Wait until it has ended, then move it again.",
                    database,
                )
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise storage_error(error, database) from error

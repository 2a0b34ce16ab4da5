"""Whether a data directory can be moved to a place, before anything is copied: what stands against it, with figures."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine import moved
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.paths import DataDirectory

SPARE_BYTES = 64 << 20

# What is made anew, or belongs to a process that runs: neither is copied.
_NOT_COPIED = ("writer.lock", "writer.pid", "window.sock", "window.ini.lock", moved.POINTER, moved.MARKER)
_OURS = ("library.sqlite3", "settings.toml", "window.ini", "chat-history")  # and what repairs keep beside them
_FOLDERS = ("vectors", "models", "logs")
_UNFINISHED = (".new", "-wal", "-shm")
# SQLite's locks and its shared memory do not work over these.
_NETWORK = frozenset(
    (
        "afpfs",
        "cifs",
        "davfs",
        "fuse.davfs",
        "fuse.rclone",
        "fuse.sshfs",
        "ncpfs",
        "nfs",
        "nfs4",
        "smb",
        "smb3",
        "smbfs",
        "webdav",
    )
)


@dataclass(frozen=True, slots=True)
class Plan:
    """A move that can be made: `bytes` in `files` from `source` to `target`, where `free_bytes` are free."""

    source: Path
    target: Path
    files: int
    bytes: int
    free_bytes: int


def plan_move(
    directory: DataDirectory,
    target: Path,
    watched: Sequence[Path] = (),
    *,
    file_system: Callable[[Path], str] | None = None,
    free: Callable[[Path], int] = lambda path: shutil.disk_usage(path).free,
) -> Plan:
    """Check a move and return what it takes; nothing stays changed.

    Args:
        directory: what is to be moved.
        target: where to: a folder that is missing or empty.
        watched: the folders of the libraries; what they hold is indexed, and the data directory must not be.
        file_system: tells the kind of file system of a folder that exists.
        free: tells the free bytes there.

    Raises:
        StorageError: it cannot be moved there.
    """
    source, target = directory.root, Path(os.path.abspath(target.expanduser()))
    if not directory.database.exists():
        raise StorageError("There is nothing to move", f"{source} holds no library.", "Check --data-dir.", source)
    _check_place(source, target, watched)
    parent = next(folder for folder in (target, *target.parents) if folder.is_dir())
    kind = (file_system or _file_system)(parent)
    if kind in _NETWORK:
        raise _refused(
            target,
            f"{target} is on a network drive ({kind}), where the database could be damaged.",
            "Choose a folder on a disk of this machine.",
        )
    _check_writable(target, parent)
    sizes = [path.stat().st_size for path in kept_files(source)]
    journal = directory.database.with_name(f"{directory.database.name}-wal")  # goes into the database first
    total, room = sum(sizes) + (journal.stat().st_size if journal.exists() else 0), free(parent)
    if room < total + SPARE_BYTES:
        raise _refused(
            target,
            f"{_megabytes(total)} are to be moved and {_megabytes(room)} are free there.",
            f"Choose a disk with {_megabytes(total + SPARE_BYTES)} free, or free some space.",
        )
    return Plan(source, target, len(sizes), total, room)


def kept_files(root: Path) -> Iterator[Path]:
    """Every file of a data directory that a move takes along, in a fixed order; what is not ours is left out."""
    if not root.is_dir():
        return
    for entry in sorted(root.iterdir()):
        if entry.name in _NOT_COPIED or entry.name.endswith(_UNFINISHED):
            continue
        if entry.is_dir():
            if entry.name in _FOLDERS:
                yield from (path for path in sorted(entry.rglob("*")) if path.is_file())
        elif entry.is_file() and entry.name.startswith(_OURS):
            yield entry


def leftover_files(root: Path) -> Iterator[Path]:
    """What a data directory holds besides, and only for as long as it is used."""
    for entry in sorted(root.iterdir()):
        named = (entry.name in _NOT_COPIED and entry.name != moved.POINTER) or _half_written(entry.name)
        if named or (entry.name.startswith(_OURS) and entry.name.endswith(_UNFINISHED)):
            yield entry


def _half_written(name: str) -> bool:
    """Whether a kill left it while our own files were written."""
    return name.startswith((moved.POINTER, moved.MARKER)) and name.endswith(".new")


def kept_folders(root: Path) -> list[Path]:
    """The folders that hold them, the innermost first."""
    folders = [root / name for name in _FOLDERS if (root / name).is_dir()]
    inside = [path for folder in folders for path in folder.rglob("*") if path.is_dir()]
    return sorted([*folders, *inside], key=lambda path: len(path.parts), reverse=True)


def _check_place(source: Path, target: Path, watched: Sequence[Path]) -> None:
    real, home = _real(target), _real(source)
    if real == home:
        raise _refused(target, f"The data directory is {target} already.", "Choose another folder.")
    if home in real.parents:
        raise _refused(target, f"{target} is inside the data directory.", "Choose a folder outside of it.")
    if real in home.parents:
        raise _refused(target, f"{target} holds the data directory.", "Choose a folder beside it.")
    for folder in watched:
        inside = _real(folder)
        if inside == real or inside in real.parents:
            raise _refused(
                target,
                f"{target} is inside {folder}, whose files are indexed.",
                "Choose a folder that belongs to no library.",
            )
    if target.exists() and not target.is_dir():
        raise _refused(target, f"{target} is a file.", "Choose a folder.")
    if target.is_dir() and not _free_for(source, target):
        raise _refused(
            target,
            f"{target} holds something already.",
            "Choose a new or empty folder, so that nothing is mixed up.",
        )


def _free_for(source: Path, target: Path) -> bool:
    """Whether a folder is empty, but for our own pointer or what an earlier try of this move left."""
    names = {entry.name for entry in target.iterdir() if not _half_written(entry.name)}
    if names <= {moved.POINTER}:
        return True
    marker = moved.read_marker(target)
    return marker is not None and moved.same(marker.source, source)


def _check_writable(target: Path, parent: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=parent):
            pass
    except OSError as error:
        raise _refused(
            target, f"{parent}: {error.strerror or error}.", "Choose a folder that you may write to."
        ) from error


def _file_system(folder: Path) -> str:
    """The kind of file system, in lower case; "" where it is not known."""
    import psutil

    if sys.platform == "win32" and str(folder).startswith("\\\\"):
        return "smb"
    best, kind = -1, ""
    for part in psutil.disk_partitions(all=True):
        mount = Path(part.mountpoint)
        if (mount == folder or mount in folder.parents) and len(mount.parts) > best:
            best, kind = len(mount.parts), "smb" if "remote" in part.opts.split(",") else part.fstype.lower()
    return kind


def _real(path: Path) -> Path:
    return Path(os.path.normcase(os.path.realpath(path)))


def _refused(target: Path, message: str, remedy: str) -> StorageError:
    return StorageError("The data directory cannot be moved there", message, remedy, target)


def _megabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{max(1, round(count / 1e6))} MB"

"""What is on the disk now: every entry of a folder, each in exactly one list.

Paths are absolute, as the system writes them. Nothing is opened; the names and the status of files are all that
is read. What a scan found and what the library knows are compared by `hxd_desktop.engine.library.comparison`.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Collection
from pathlib import Path

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.library.entries import (
    BAD_NAME,
    LINK_BROKEN,
    LINK_INSIDE,
    LINK_OUTSIDE,
    LINK_TO_FOLDER,
    NOT_REGULAR,
    TOO_LARGE,
    ErrorEntry,
    FileEntry,
    Inode,
    RootOffline,
    Scan,
    SkippedEntry,
)
from hxd_desktop.engine.library.ignore import IgnoreRules

COUNT_LIMIT = 100_000


_LAST_NS = 2**63 - 1  # of the years that the database can hold: until 2262


def scan(
    root: Path | str,
    rules: IgnoreRules,
    *,
    cancel: CancelToken | None = None,
    max_file_bytes: int | None = None,
    known_identity: Inode | None = None,
    below: Collection[str] | None = None,
) -> Scan | RootOffline:
    """List `root` (a folder, or a single file), or only the given files and folders `below` it.

    A missing root is offline; so is an empty one on another device than `known_identity` says: a mount point whose
    disk is away. A part that is missing gives nothing. A root that goes away while it is read is offline.

    Raises:
        Cancelled: `cancel` was used.
    """
    top = os.path.abspath(root)
    started_ns = time.time_ns()
    status = _root_status(top)
    if isinstance(status, RootOffline):
        return status
    identity = (status.st_ino, status.st_dev)
    tops = (top,) if below is None else _without_nested(below)
    walk = _Walk(top, rules.for_root(top), max_file_bytes, cancel)
    found = Scan(top, tops, identity, started_ns, walk.files, walk.skipped, walk.errors)

    if not stat.S_ISDIR(status.st_mode):
        walk.add_file(top, os.path.basename(top), status)
        return found
    if walk.rules.whole_root is not None:
        walk.prune(top, walk.rules.whole_root)
        return found
    if tops == (top,):
        if (reason := walk.folder(top, "")) is not None:
            return RootOffline(top, reason)
        if not found.total and known_identity is not None and known_identity[1] != identity[1]:
            return RootOffline(top, "The folder is empty and on another device than before; is its disk mounted?")
    else:
        for part in tops:
            _scan_part(walk, part)

    after = _root_status(top)
    if isinstance(after, RootOffline):
        return after
    if (after.st_ino, after.st_dev) != identity:
        return RootOffline(top, "The folder was replaced while it was read.")
    return found


class _Walk:
    """Sorts entries into the three lists."""

    def __init__(self, root: str, rules: IgnoreRules, max_file_bytes: int | None, cancel: CancelToken | None) -> None:
        self.root = root
        self.rules = rules
        self.max_file_bytes = max_file_bytes
        self.cancel = cancel
        self.files: list[FileEntry] = []
        self.skipped: list[SkippedEntry] = []
        self.errors: list[ErrorEntry] = []
        self._real_root: str | None = None

    def folder(self, top: str, relative: str) -> str | None:
        """Walk down from a folder; return a reason if `top` itself cannot be listed, else None."""
        waiting = [(top, relative)]
        while waiting:
            if self.cancel is not None:
                self.cancel.check()
            path, relative = waiting.pop()
            try:
                with os.scandir(path) as entries:
                    prefix = f"{relative}/" if relative else ""
                    for entry in entries:
                        self._entry(entry, prefix, waiting)
            except (FileNotFoundError, NotADirectoryError) as error:
                if path == top:
                    return _reason(error)  # else it went away while its parent was read
            except OSError as error:
                if path == top:
                    return _reason(error)
                self.errors.append(ErrorEntry(path, _reason(error), unreadable=True))
        return None

    def _entry(self, entry: os.DirEntry[str], prefix: str, waiting: list[tuple[str, str]]) -> None:
        name = entry.name
        try:
            is_dir = entry.is_dir(follow_symlinks=False)
            rule = self.rules.match(prefix + name, is_dir)
            if rule is not None:
                if is_dir and not _is_junction(entry):
                    self.prune(entry.path, rule)
                else:
                    self.skipped.append(SkippedEntry(_display(entry.path), rule))
            elif is_dir and not _is_junction(entry):
                if _is_text(name):
                    waiting.append((entry.path, prefix + name))
                else:
                    files, _ = count_files(entry.path, self.cancel)
                    self.errors.append(ErrorEntry(_display(entry.path), BAD_NAME, files))
            else:
                self.other(entry.path, name, entry.stat(follow_symlinks=False))
        except FileNotFoundError:
            return  # it went away after it was listed
        except OSError as error:
            self.errors.append(ErrorEntry(_display(entry.path), _reason(error)))

    def other(self, path: str, name: str, status: os.stat_result) -> None:
        """Take something that is not a folder and that no rule leaves out."""
        if stat.S_ISLNK(status.st_mode) or stat.S_ISDIR(status.st_mode):
            self.skipped.append(SkippedEntry(_display(path), self._link_rule(path)))
        else:
            self.add_file(path, name, status)

    def add_file(self, path: str, name: str, status: os.stat_result) -> None:
        """Take a file, or skip it if it is no regular file or too large."""
        if not stat.S_ISREG(status.st_mode):
            self.skipped.append(SkippedEntry(_display(path), NOT_REGULAR))
        elif not _is_text(name):
            self.errors.append(ErrorEntry(_display(path), BAD_NAME))
        elif self.max_file_bytes is not None and status.st_size > self.max_file_bytes:
            self.skipped.append(SkippedEntry(path, TOO_LARGE.format(limit=self.max_file_bytes)))
        else:
            inode = (status.st_ino, status.st_dev) if status.st_ino else None
            self.files.append(FileEntry(path, status.st_size, min(status.st_mtime_ns, _LAST_NS), inode))

    def prune(self, path: str, rule: str) -> None:
        """Skip a whole folder as one row with its number of files."""
        self.skipped.append(SkippedEntry(_display(path), rule, *count_files(path, self.cancel)))

    def _link_rule(self, path: str) -> str:
        """Say why a link is not followed: what is inside is indexed itself, what is outside was not asked for."""
        if os.path.isdir(path):
            return LINK_TO_FOLDER  # never followed, so that there are no loops
        if not os.path.exists(path):
            return LINK_BROKEN
        if self._real_root is None:
            self._real_root = os.path.realpath(self.root)
        inside = os.path.realpath(path).startswith(self._real_root.rstrip(os.sep) + os.sep)
        return LINK_INSIDE if inside else LINK_OUTSIDE


def count_files(folder: str, cancel: CancelToken | None = None, limit: int = COUNT_LIMIT) -> tuple[int, bool]:
    """Count everything below `folder` that is not a folder; return (count, whether there may be more)."""
    files, incomplete, waiting = 0, False, [folder]
    while waiting:
        if cancel is not None:
            cancel.check()
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False) and not _is_junction(entry):
                        waiting.append(entry.path)
                    else:
                        files += 1
                        if files >= limit:
                            return files, True
        except FileNotFoundError:
            continue
        except OSError:
            incomplete = True
    return files, incomplete


def _without_nested(paths: Collection[str]) -> tuple[str, ...]:
    """Leave out paths that lie below another one."""
    kept: list[str] = []
    for path in sorted(set(paths), key=lambda path: path.split(os.sep)):
        if not kept or not path.startswith(kept[-1].rstrip(os.sep) + os.sep):
            kept.append(path)
    return tuple(kept)


def _scan_part(walk: _Walk, below: str) -> None:
    if walk.cancel is not None:
        walk.cancel.check()
    if _below_link(walk.root, below):
        return
    try:
        status = os.lstat(below)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        walk.errors.append(ErrorEntry(_display(below), _reason(error), unreadable=True))
        return
    is_folder, relative = _is_folder(status), _relative(walk.root, below)
    covering = walk.rules.covering(relative, is_folder)
    if covering is not None:
        if covering[0] == relative:
            if is_folder:
                walk.prune(below, covering[1])
            else:
                walk.skipped.append(SkippedEntry(_display(below), covering[1]))
    elif not is_folder:
        walk.other(below, os.path.basename(below), status)
    elif (reason := walk.folder(below, relative)) is not None and os.path.lexists(below):
        walk.errors.append(ErrorEntry(below, reason, unreadable=True))


def _root_status(root: str) -> os.stat_result | RootOffline:
    try:
        return os.stat(root)
    except (OSError, ValueError) as error:
        return RootOffline(root, _reason(error))


def _reason(error: Exception) -> str:
    if isinstance(error, PermissionError):
        return "Permission denied."
    if isinstance(error, OSError):
        if error.errno == errno.ENOENT:
            return "It does not exist."
        return f"{error.strerror or error}."
    return f"{error}."


def _is_folder(status: os.stat_result) -> bool:
    return stat.S_ISDIR(status.st_mode) and not _is_reparse_point(status)


def _is_junction(entry: os.DirEntry[str]) -> bool:
    return os.name == "nt" and _is_reparse_point(entry.stat(follow_symlinks=False))


def _is_reparse_point(status: os.stat_result) -> bool:
    """Say whether this is a junction: a link between folders on Windows that does not call itself a link."""
    return getattr(status, "st_reparse_tag", 0) == getattr(stat, "IO_REPARSE_TAG_MOUNT_POINT", -1)


def _is_text(name: str) -> bool:
    if name.isascii():
        return True
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _display(path: str) -> str:
    """Return `path` as valid text; bytes that are none stand as escapes."""
    return path if _is_text(path) else os.fsencode(path).decode("utf-8", "backslashreplace")


def _relative(root: str, path: str) -> str:
    return path[len(root.rstrip(os.sep)) + 1 :].replace(os.sep, "/")


def _below_link(root: str, path: str) -> bool:
    """Say whether a folder between `root` and `path` is a link: what is behind one is not part of this folder."""
    parent = os.path.dirname(path)
    while len(parent) > len(root):
        if os.path.islink(parent):
            return True
        parent = os.path.dirname(parent)
    return False

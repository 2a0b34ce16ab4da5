"""What has changed between what the library knows and what a scan found. Pure: no disk, no database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.entries import ErrorEntry, FileEntry, Inode, Scan, SkippedEntry

RACY_NS = 2_000_000_000  # the coarsest clock of a common file system (FAT)


class KnownFile(NamedTuple):
    """A row of the library, as far as a comparison needs it; a tuple, as there may be a hundred thousand.

    `size`, `mtime_ns`, `inode`: of the file when it was read; a row that was made from a `SkippedEntry` or an
    `ErrorEntry` has `mtime_ns` 0 (it was never read) and in `files` how many files it stands for.
    `read_ns`: when it was read, since the epoch.
    """

    size: int
    mtime_ns: int
    inode: Inode | None
    state: DocumentState
    reason: str | None = None
    read_ns: int = 0
    files: int = 1

    @property
    def racy(self) -> bool:
        """Whether it was read so soon after its last change that a further one may have left the same time."""
        return self.mtime_ns != 0 and is_racy(self.mtime_ns, self.read_ns)


@dataclass(slots=True)
class Changes:
    """What to do. Every path that was found or known is in exactly one list; a moved one stands once, with both paths.

    `recheck`: looks unchanged, but was read too soon after its last change: compare the content's hash, and keep the
    new time of reading. `moved`: (known path, entry); same file, other path, content as it was.
    `skipped`, `failed`: only those whose row is missing or says something else. `removed`: rows to delete.
    `kept`: rows below folders that could not be listed. `unchanged`: nothing to do.
    """

    new: list[FileEntry] = field(default_factory=list)
    modified: list[FileEntry] = field(default_factory=list)
    recheck: list[FileEntry] = field(default_factory=list)
    moved: list[tuple[str, FileEntry]] = field(default_factory=list)
    skipped: list[SkippedEntry] = field(default_factory=list)
    failed: list[ErrorEntry] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    @property
    def to_read(self) -> list[FileEntry]:
        """Files whose content is needed."""
        return [*self.new, *self.modified, *self.recheck]


def is_racy(mtime_ns: int, read_ns: int) -> bool:
    """Say whether a file changed at `mtime_ns` and read at `read_ns` may have changed again with the same time."""
    return abs(read_ns - mtime_ns) <= RACY_NS


def compare(known: Mapping[str, KnownFile], scan: Scan) -> Changes:
    """Compare the rows of a folder (those at or below `scan.tops`) with a scan of it."""
    changes = Changes()
    seen: set[str] = set()
    new: list[FileEntry] = []
    for entry in scan.files:
        path = entry.path
        row = known.get(path)
        if row is None:
            new.append(entry)
            continue
        seen.add(path)
        if row.mtime_ns != entry.mtime_ns or row.size != entry.size or _other_inode(row.inode, entry.inode):
            changes.modified.append(entry)
        elif row.racy:
            changes.recheck.append(entry)
        else:
            changes.unchanged.append(path)
    _compare_rows(known, scan, changes, seen)
    _find_gone(known, scan, changes, seen, new)
    return changes


def _other_inode(one: Inode | None, other: Inode | None) -> bool:
    return one is not None and other is not None and one != other


def _compare_rows(known: Mapping[str, KnownFile], scan: Scan, changes: Changes, seen: set[str]) -> None:
    for skipped in scan.skipped:
        seen.add(skipped.path)
        row = known.get(skipped.path)
        if row is None or (row.state, row.reason, row.files) != (DocumentState.SKIPPED, skipped.rule, skipped.files):
            changes.skipped.append(skipped)
        else:
            changes.unchanged.append(skipped.path)
    for error in scan.errors:
        seen.add(error.path)
        row = known.get(error.path)
        if row is None or (row.state, row.reason, row.files) != (DocumentState.FAILED, error.reason, error.files):
            changes.failed.append(error)
        else:
            changes.unchanged.append(error.path)


def _find_gone(
    known: Mapping[str, KnownFile], scan: Scan, changes: Changes, seen: set[str], new: list[FileEntry]
) -> None:
    """Tell removed rows from those whose file has moved, and from those in folders that could not be listed."""
    unreadable = tuple(folder.rstrip(os.sep) + os.sep for folder in scan.unreadable)
    movable: dict[tuple[Inode, int, int], str | None] = {}
    gone: dict[str, None] = {}
    for path in known.keys() - seen:
        row = known[path]
        if unreadable and path.startswith(unreadable):
            changes.kept.append(path)
            continue
        gone[path] = None
        if row.inode is not None and row.mtime_ns and not row.racy:
            key = (row.inode, row.size, row.mtime_ns)
            movable[key] = None if key in movable else path  # two names of one file: in doubt, read again
    for entry in new:
        old = movable.pop((entry.inode, entry.size, entry.mtime_ns), None) if entry.inode is not None else None
        if old is None:
            changes.new.append(entry)
        else:
            changes.moved.append((old, entry))
            del gone[old]
    changes.removed.extend(gone)

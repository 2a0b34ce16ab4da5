"""What a scan finds: files to index, entries left out by a rule, entries that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

LINK_INSIDE = "link to a file in this folder"
LINK_OUTSIDE = "link out of this folder"
LINK_TO_FOLDER = "link to a folder"
LINK_BROKEN = "broken link"
NOT_REGULAR = "not a regular file"
TOO_LARGE = "larger than {limit:,} bytes"
BAD_NAME = "its name is not valid text; rename it"

Inode = tuple[int, int]


class FileEntry(NamedTuple):
    """A file to index. `inode` is (st_ino, st_dev), or None where the system does not tell (Windows)."""

    path: str
    size: int
    mtime_ns: int
    inode: Inode | None


class SkippedEntry(NamedTuple):
    """An entry left out by `rule`: a file, or a pruned folder with the number of files in it.

    `at_least`: counting stopped early (at a limit, or where the folder could not be read).
    """

    path: str
    rule: str
    files: int = 1
    at_least: bool = False


class ErrorEntry(NamedTuple):
    """An entry that could not be read. `unreadable`: a folder that could not be listed, so what is in it is unknown.

    A name that is not valid text is shown with escapes; `files` is more than one for a folder of such a name.
    """

    path: str
    reason: str
    files: int = 1
    unreadable: bool = False


@dataclass(frozen=True, slots=True)
class RootOffline:
    """The root is missing, unmounted or cannot be listed: nothing can be said of its files, least of all deletion."""

    root: str
    reason: str


@dataclass(slots=True)
class Scan:
    """Every entry at or below `tops` (the root itself, or parts of it), each in exactly one of three lists.

    `identity`: (st_ino, st_dev) of the root, to be kept and given to the next scan. `started_ns`: since the epoch.
    """

    root: str
    tops: tuple[str, ...]
    identity: Inode
    started_ns: int
    files: list[FileEntry] = field(default_factory=list)
    skipped: list[SkippedEntry] = field(default_factory=list)
    errors: list[ErrorEntry] = field(default_factory=list)

    @property
    def unreadable(self) -> list[str]:
        """Folders that could not be listed; documents known below them are kept."""
        return [entry.path for entry in self.errors if entry.unreadable]

    @property
    def total(self) -> int:
        """Number of files accounted for."""
        return len(self.files) + sum(entry.files for entry in self.skipped) + sum(entry.files for entry in self.errors)

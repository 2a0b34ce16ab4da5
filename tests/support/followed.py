"""A small library that follows folders as the real one does."""

from __future__ import annotations

import errno
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.changes import Change
from hxd_desktop.engine.library.comparison import KnownFile, compare
from hxd_desktop.engine.library.entries import FileEntry, RootOffline
from hxd_desktop.engine.library.ignore import IgnoreRules
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.scanner import scan
from tests.support.moves import move_rows

TIMEOUT_S = 20.0


class Library:
    """Rows and contents of files, kept true by what a watcher tells."""

    def __init__(self, rules: IgnoreRules | None = None) -> None:
        self.rules = rules or IgnoreRules()
        self.rows: dict[str, KnownFile] = {}
        self.contents: dict[str, str] = {}
        self.changes: list[Change] = []
        self.states: list[tuple[FolderState, str]] = []
        self.news = threading.Condition()

    def on_state(self, root: str, state: FolderState, detail: str) -> None:
        with self.news:
            self.states.append((state, detail))
            self.news.notify_all()

    def on_changes(self, root: str, changes: list[Change]) -> None:
        renamed, displaced = move_rows(changes, self.rows)
        rows = {renamed.get(old, old): row for old, row in self.rows.items() if old not in displaced}
        contents = {renamed.get(old, old): text for old, text in self.contents.items() if old not in displaced}
        tops = [change.to or change.path for change in changes]
        found = scan(root, self.rules, below=tops)
        if not isinstance(found, RootOffline):
            inner = tuple(top + os.sep for top in found.tops)
            result = compare(
                {path: row for path, row in rows.items() if path in found.tops or path.startswith(inner)}, found
            )
            for path in result.removed:
                del rows[path], contents[path]
            for old, entry in result.moved:
                rows[entry.path], contents[entry.path] = rows.pop(old), contents.pop(old)
            for entry in result.to_read:
                self.read(entry, rows, contents)
        with self.news:
            self.rows, self.contents = rows, contents
            self.changes.extend(changes)
            self.news.notify_all()

    @staticmethod
    def read(entry: FileEntry, rows: dict[str, KnownFile], contents: dict[str, str]) -> None:
        try:
            contents[entry.path] = Path(entry.path).read_text()
        except OSError:
            return  # gone again: its removal will be told
        rows[entry.path] = KnownFile(
            entry.size, entry.mtime_ns, entry.inode, DocumentState.INDEXED, read_ns=time.time_ns()
        )

    def wait_for(self, true: Callable[[], bool], what: object = "") -> None:
        with self.news:
            if not self.news.wait_for(true, TIMEOUT_S):
                pytest.fail(f"{what}: not so after {TIMEOUT_S} s; {self.states} {sorted(self.contents)}")

    def wait_until_it_is_as(self, root: Path) -> None:
        """Wait until the library holds just what is on the disk."""
        expected = on_disk(root)
        self.wait_for(lambda: self.contents == expected, "as on the disk")


def on_disk(root: Path) -> dict[str, str]:
    return {
        str(path): path.read_text()
        for path in root.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    }


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def refuse(*arguments: Any, **options: Any) -> Any:
    raise OSError(errno.ENOSPC, "inotify watch limit reached")

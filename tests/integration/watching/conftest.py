from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.library.changes import Change, ChangeKind
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.watcher import FolderWatcher
from tests.support.followed import Library, write


@pytest.fixture(autouse=True)
def no_thread_is_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in threading.enumerate() if thread not in before]
    assert left == []


@pytest.fixture
def library() -> Library:
    return Library()


@pytest.fixture
def watcher(library: Library) -> Iterator[FolderWatcher]:
    watcher = FolderWatcher(library.on_changes, library.on_state, poll_seconds=0.3)
    yield watcher
    watcher.close()


@pytest.fixture
def root(tmp_path: Path, watcher: FolderWatcher, library: Library) -> Path:
    """A watched folder with something in it."""
    root = tmp_path / "root"
    for name in ("a.md", "b.md", "d/c.md", "d/e/f.md"):
        write(root / name, name)
    watcher.add(root, library.rules)
    library.wait_until_it_is_as(root)
    assert [state for state, _ in library.states] == [FolderState.ONLINE]
    assert library.changes == [Change(ChangeKind.RESCAN_DIR, str(root))]
    library.changes.clear()
    return root

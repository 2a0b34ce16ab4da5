"""Folders that go away, come back, or are no folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from hxd_desktop.engine.library.changes import Change, ChangeKind
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.watcher import FolderWatcher
from tests.support.followed import Library, write

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")


def test_a_root_that_goes_offline_and_comes_back(root: Path, library: Library, tmp_path: Path) -> None:
    kept = dict(library.contents)
    root.rename(tmp_path / "unmounted")
    library.wait_for(lambda: library.states[-1][0] is FolderState.OFFLINE)
    assert library.contents == kept
    write(tmp_path / "unmounted" / "n.md", "written elsewhere")
    (tmp_path / "unmounted").rename(root)
    library.wait_until_it_is_as(root)
    assert library.states[-1][0] is FolderState.ONLINE
    write(root / "later.md", "it is watched")
    library.wait_until_it_is_as(root)


def test_a_root_that_is_removed_and_made_again(root: Path, library: Library) -> None:
    kept = dict(library.contents)
    for path in sorted(root.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    root.rmdir()
    library.wait_for(lambda: library.states[-1][0] is FolderState.OFFLINE)
    assert set(library.contents) <= set(kept)
    write(root / "x.md", "again")
    library.wait_until_it_is_as(root)


def test_a_root_that_is_missing_at_first(tmp_path: Path, library: Library, watcher: FolderWatcher) -> None:
    watcher.add(tmp_path / "later", library.rules)
    library.wait_for(lambda: [state for state, _ in library.states] == [FolderState.OFFLINE])
    assert library.changes == []
    write(tmp_path / "later" / "a.md", "here now")
    library.wait_until_it_is_as(tmp_path / "later")


def test_an_empty_mount_point_stays_offline(tmp_path: Path, library: Library, watcher: FolderWatcher) -> None:
    status = tmp_path.stat()
    watcher.add(tmp_path, library.rules, known_identity=(status.st_ino, status.st_dev + 1))
    library.wait_for(lambda: [state for state, _ in library.states] == [FolderState.OFFLINE])
    write(tmp_path / "a.md", "mounted")
    library.wait_until_it_is_as(tmp_path)


def test_a_root_that_is_a_single_file(tmp_path: Path, library: Library, watcher: FolderWatcher) -> None:
    path = tmp_path / "notes.md"
    write(path, "one")
    watcher.add(path, library.rules)
    library.wait_for(lambda: library.contents == {str(path): "one"})
    write(tmp_path / "other.md", "not asked for")
    write(path, "two")
    library.wait_for(lambda: library.contents == {str(path): "two"})
    write(tmp_path / "aside", "three")
    os.replace(tmp_path / "aside", path)
    library.wait_for(lambda: library.contents == {str(path): "three"})
    assert {change.path for change in library.changes} == {str(path)}
    path.unlink()
    library.wait_for(lambda: library.states[-1][0] is FolderState.OFFLINE)
    write(path, "four")
    library.wait_for(lambda: library.contents == {str(path): "four"})


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_root_that_is_a_link(tmp_path: Path, library: Library, watcher: FolderWatcher) -> None:
    write(tmp_path / "real" / "a.md", "one")
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "real")
    watcher.add(link, library.rules)
    library.wait_for(lambda: library.contents == {str(link / "a.md"): "one"})
    write(link / "b.md", "two")
    library.wait_for(lambda: library.contents == {str(link / "a.md"): "one", str(link / "b.md"): "two"})


def test_nothing_is_told_of_a_root_that_was_removed(root: Path, library: Library, watcher: FolderWatcher) -> None:
    watcher.remove(root)
    write(root / "n.md", "unseen")
    watcher.add(root / "d", library.rules)
    library.wait_for(lambda: Change(ChangeKind.RESCAN_DIR, str(root / "d")) in library.changes)
    assert {change.path for change in library.changes} == {str(root / "d")}

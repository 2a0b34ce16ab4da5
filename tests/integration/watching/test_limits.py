"""Where the watcher of the system is full, not there, loses events or dies."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.library import follower
from hxd_desktop.engine.library.changes import Change, ChangeKind, EventKind, RawEvent
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.watcher import FolderWatcher
from tests.support.followed import TIMEOUT_S, Library, refuse, write

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")


def test_a_folder_that_cannot_be_watched_is_looked_through(tmp_path: Path, library: Library) -> None:
    write(tmp_path / "root" / "a.md", "one")
    root = tmp_path / "root"
    watcher = FolderWatcher(library.on_changes, library.on_state, poll_seconds=0.05, watch=refuse)
    try:
        watcher.add(root, library.rules)
        library.wait_until_it_is_as(root)
        [(state, detail)] = library.states
        assert state is FolderState.POLLING
        if sys.platform == "linux":
            assert "fs.inotify.max_user_watches=" in detail
        write(root / "b" / "c.md", "two")
        library.wait_until_it_is_as(root)
        (root / "a.md").rename(root / "moved.md")
        library.wait_until_it_is_as(root)
        (root / "moved.md").unlink()
        library.wait_until_it_is_as(root)
        root.rename(tmp_path / "away")
        library.wait_for(lambda: library.states[-1][0] is FolderState.OFFLINE)
    finally:
        watcher.close()


@linux_only
def test_the_limit_reached_by_a_new_folder_is_no_silent_hole(
    root: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    monkeypatch.setattr(InotifyFD, "add_callback", refuse)
    (root / "new").mkdir()
    library.wait_for(lambda: library.states[-1][0] is FolderState.POLLING)
    write(root / "new" / "x.md", "found all the same")
    library.wait_until_it_is_as(root)


@linux_only
def test_the_limit_reached_inside_the_tree_is_no_silent_hole(
    tmp_path: Path, library: Library, watcher: FolderWatcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    original = InotifyFD.add_callback

    def add_callback(self: InotifyFD, path: bytes, *arguments: Any) -> Any:
        return refuse() if path.endswith(b"deep") else original(self, path, *arguments)

    monkeypatch.setattr(InotifyFD, "add_callback", add_callback)
    write(tmp_path / "a" / "deep" / "x.md", "x")
    watcher.add(tmp_path, library.rules)
    library.wait_for(lambda: [state for state, _ in library.states] == [FolderState.POLLING])
    write(tmp_path / "a" / "deep" / "y.md", "y")
    library.wait_until_it_is_as(tmp_path)


@linux_only
def test_lost_events_make_a_rescan(root: Path, library: Library) -> None:
    from watchdog.observers.inotify_c import InotifyConstants, InotifyEvent, InotifyFD, Mask, WatchDescriptor

    [reader] = [thread for thread in threading.enumerate() if isinstance(thread, InotifyFD)]
    reader.handle_event(InotifyEvent(WatchDescriptor(-1), Mask(InotifyConstants.IN_Q_OVERFLOW), 0, b""))
    library.wait_for(lambda: library.changes == [Change(ChangeKind.RESCAN_DIR, str(root))])
    write(root / "d" / "e" / "later.md", "it is watched")
    library.wait_until_it_is_as(root)


@linux_only
def test_a_watch_that_dies_is_started_again(root: Path, library: Library) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    [reader] = [thread for thread in threading.enumerate() if isinstance(thread, InotifyFD)]
    reader.stop()
    reader.join()
    library.wait_for(lambda: library.changes == [Change(ChangeKind.RESCAN_DIR, str(root))])
    write(root / "n.md", "seen")
    library.wait_until_it_is_as(root)


def test_a_listener_that_fails_does_not_end_the_watching(tmp_path: Path) -> None:
    library, failed = Library(), threading.Event()

    def on_changes(root: str, changes: list[Change]) -> None:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("a bug")
        library.on_changes(root, changes)

    watcher = FolderWatcher(on_changes, library.on_state, poll_seconds=0.3)
    try:
        watcher.add(tmp_path, library.rules)
        assert failed.wait(TIMEOUT_S)
        write(tmp_path / "a.md", "told")
        library.wait_until_it_is_as(tmp_path)
    finally:
        watcher.close()


def test_a_fault_in_following_does_not_end_it(root: Path, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    original, failed = follower.coalesce, threading.Event()

    def coalesce(events: Any) -> list[Change]:
        if not failed.is_set():
            failed.set()
            raise RuntimeError("a bug")
        return original(events)

    monkeypatch.setattr(follower, "coalesce", coalesce)
    write(root / "a.md", "lost on the way")
    assert failed.wait(TIMEOUT_S)
    library.wait_until_it_is_as(root)
    write(root / "b.md", "told again")
    library.wait_until_it_is_as(root)


def test_a_closed_watcher_takes_nothing_more(tmp_path: Path, library: Library) -> None:
    watcher = FolderWatcher(library.on_changes, library.on_state)
    watcher.close()
    watcher.close()
    watcher.add(tmp_path, library.rules)
    assert library.states == []


class Storm:
    """A system watch that sends what it is told to."""

    tells_closing = True
    tells_losses = True
    alive = True

    def __call__(self, folder: str, *, recursive: bool, ignored: Any, emit: Any, failed: Any) -> Storm:
        self.emit = emit
        return self

    def close(self) -> None:
        pass


def test_a_storm_of_events_ends_as_one_rescan(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hxd_desktop.engine.library.follower.TOO_MANY_EVENTS", 50)
    monkeypatch.setattr("hxd_desktop.engine.library.follower.QUIET_S", 0.2)
    storm = Storm()
    watcher = FolderWatcher(library.on_changes, library.on_state, watch=storm)
    try:
        watcher.add(tmp_path, library.rules)
        library.wait_for(lambda: len(library.changes) == 1)
        for number in range(120):
            storm.emit(RawEvent(EventKind.CREATED, str(tmp_path / f"{number}")))
        library.wait_for(lambda: len(library.changes) > 1)
    finally:
        watcher.close()
    assert library.changes[1] == Change(ChangeKind.RESCAN_DIR, str(tmp_path))

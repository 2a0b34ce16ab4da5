"""Real folders, the system's real watcher, and a small library that follows them as the real one does."""

from __future__ import annotations

import errno
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.changes import Change, ChangeKind, EventKind, RawEvent, move_rows
from hxd_desktop.engine.library.comparison import KnownFile, compare
from hxd_desktop.engine.library.entries import FileEntry, RootOffline
from hxd_desktop.engine.library.ignore import IgnoreRules
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.scanner import scan
from hxd_desktop.engine.library.system_watch import watch_folder
from hxd_desktop.engine.library.watcher import FolderWatcher

TIMEOUT_S = 20.0
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")


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


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_a_new_file(root: Path, library: Library) -> None:
    write(root / "n.md", "new")
    library.wait_until_it_is_as(root)


def test_a_file_written_in_place(root: Path, library: Library) -> None:
    with open(root / "a.md", "r+") as stream:
        stream.write("A.MD")
    library.wait_until_it_is_as(root)
    assert library.changes == [Change(ChangeKind.UPSERT, str(root / "a.md"))]


def test_a_file_that_is_kept_open_is_told_of_too(root: Path, library: Library) -> None:
    with open(root / "log.md", "w") as stream:
        for text in ("one", "two", "three"):
            stream.write(text)
            stream.flush()
            library.wait_until_it_is_as(root)


def test_a_file_replaced_at_once(root: Path, library: Library) -> None:
    write(root / ".a.md.swp", "replaced")
    os.replace(root / ".a.md.swp", root / "a.md")
    library.wait_until_it_is_as(root)
    write(root / "new-a", "again")
    os.replace(root / "new-a", root / "a.md")
    library.wait_until_it_is_as(root)


def test_a_removed_file(root: Path, library: Library) -> None:
    (root / "a.md").unlink()
    library.wait_until_it_is_as(root)
    assert library.changes == [Change(ChangeKind.REMOVE, str(root / "a.md"))]


def test_a_moved_file_is_one_move(root: Path, library: Library) -> None:
    (root / "a.md").rename(root / "d" / "z.md")
    library.wait_until_it_is_as(root)
    assert library.changes == [Change(ChangeKind.MOVE, str(root / "a.md"), str(root / "d" / "z.md"))]


def test_two_files_change_places(root: Path, library: Library) -> None:
    (root / "a.md").rename(root / "t")
    (root / "b.md").rename(root / "a.md")
    (root / "t").rename(root / "b.md")
    library.wait_until_it_is_as(root)


def test_a_moved_folder_is_one_move(root: Path, library: Library) -> None:
    (root / "d").rename(root / "moved")
    library.wait_until_it_is_as(root)
    assert library.changes == [Change(ChangeKind.MOVE, str(root / "d"), str(root / "moved"))]
    write(root / "moved" / "e" / "later.md", "it is still watched")
    library.wait_until_it_is_as(root)


def test_a_folder_that_leaves_and_comes_back_with_more(root: Path, library: Library, tmp_path: Path) -> None:
    (root / "d").rename(tmp_path / "outside")
    library.wait_until_it_is_as(root)
    write(tmp_path / "outside" / "e" / "more.md", "came from outside")
    (tmp_path / "outside").rename(root / "back")
    library.wait_until_it_is_as(root)
    write(root / "back" / "e" / "later.md", "it is watched")
    library.wait_until_it_is_as(root)


def test_a_file_that_leaves(root: Path, library: Library, tmp_path: Path) -> None:
    (root / "a.md").rename(tmp_path / "a.md")
    library.wait_until_it_is_as(root)


def test_a_removed_folder_made_again(root: Path, library: Library) -> None:
    for path in (root / "d" / "e" / "f.md", root / "d" / "c.md"):
        path.unlink()
    (root / "d" / "e").rmdir()
    (root / "d").rmdir()
    library.wait_until_it_is_as(root)
    write(root / "d" / "e" / "x.md", "again")
    library.wait_until_it_is_as(root)


def test_a_folder_that_turns_into_a_file(root: Path, library: Library, tmp_path: Path) -> None:
    (root / "d").rename(tmp_path / "away")
    write(root / "d", "a file now")
    library.wait_until_it_is_as(root)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_folder_that_turns_into_a_link(root: Path, library: Library, tmp_path: Path) -> None:
    (root / "d").rename(tmp_path / "away")
    (root / "d").symlink_to(tmp_path / "away")
    library.wait_for(lambda: not any(path.startswith(str(root / "d")) for path in library.contents))


def test_a_burst_of_ten_thousand_files(root: Path, library: Library) -> None:
    for folder in range(20):
        (root / f"n{folder}").mkdir()
        for number in range(500):
            (root / f"n{folder}" / f"{number}.md").write_text(str(number))
    library.wait_until_it_is_as(root)


def test_ignored_files_are_not_told_of(root: Path, library: Library) -> None:
    write(root / ".git" / "index", "x")
    write(root / "node_modules" / "x" / "y.js", "x")
    write(root / "a.tmp", "x")
    write(root / ".git" / "index", "y")
    write(root / "z.md", "the last")
    library.wait_for(lambda: str(root / "z.md") in library.contents)
    assert {change.path for change in library.changes} == {str(root / "z.md")}


def test_what_loses_its_ignored_name_is_found(root: Path, library: Library) -> None:
    write(root / ".x" / "in.md", "was hidden")
    (root / ".x").rename(root / "x")
    library.wait_until_it_is_as(root)
    write(root / "x" / "later.md", "it is watched")
    library.wait_until_it_is_as(root)
    (root / "x").rename(root / ".x")
    library.wait_until_it_is_as(root)


@linux_only
def test_ignored_folders_get_no_watch(tmp_path: Path) -> None:
    for name in ("a/b", "node_modules/x/y", ".git/objects"):
        (tmp_path / name).mkdir(parents=True)
    rules = IgnoreRules().for_root(tmp_path)
    events: list[RawEvent] = []
    told = threading.Event()

    def emit(event: RawEvent) -> None:
        events.append(event)
        if event.path.endswith("end"):
            told.set()

    def ignored(path: str) -> bool:
        return rules.covering(os.path.relpath(path, tmp_path), True) is not None

    watch = watch_folder(str(tmp_path), recursive=True, ignored=ignored, emit=emit, failed=pytest.fail)
    try:
        write(tmp_path / "node_modules" / "x" / "z.js", "x")
        write(tmp_path / "a" / "b" / "c.md", "x")
        write(tmp_path / "end", "x")
        assert told.wait(TIMEOUT_S)
    finally:
        watch.close()
    assert {os.path.relpath(event.path, tmp_path) for event in events} == {os.path.join("a", "b", "c.md"), "end"}


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


def refuse(*arguments: Any, **options: Any) -> Any:
    raise OSError(errno.ENOSPC, "inotify watch limit reached")


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


def test_nothing_is_told_of_a_root_that_was_removed(root: Path, library: Library, watcher: FolderWatcher) -> None:
    watcher.remove(root)
    write(root / "n.md", "unseen")
    watcher.add(root / "d", library.rules)
    library.wait_for(lambda: Change(ChangeKind.RESCAN_DIR, str(root / "d")) in library.changes)
    assert {change.path for change in library.changes} == {str(root / "d")}


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


NAMES = ["a", "b", "d", "d/a", "d/b", "e", "e/a", "e/d", ".h"]
OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["write", "remove", "mkdir", "move"]), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    min_size=1,
    max_size=12,
)


def operate(root: Path, kind: str, first: str, second: str, number: int) -> None:
    path = root / first
    try:
        if kind == "write":
            path.write_text(f"{number}")
        elif kind == "mkdir":
            path.mkdir()
        elif kind == "move":
            path.rename(root / second)
        elif path.is_dir():
            for inner in sorted(path.rglob("*"), reverse=True):
                inner.rmdir() if inner.is_dir() else inner.unlink()
            path.rmdir()
        else:
            path.unlink()
    except OSError:
        pass  # what the disk refuses did not happen


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(OPERATIONS, min_size=1, max_size=3))
def test_whatever_happens_the_library_ends_as_the_disk_is(
    tmp_path_factory: pytest.TempPathFactory, bursts: list[list[tuple[str, str, str]]]
) -> None:
    root = tmp_path_factory.mktemp("root")
    library = Library()
    watcher = FolderWatcher(library.on_changes, library.on_state, poll_seconds=60)
    try:
        watcher.add(root, library.rules)
        library.wait_for(lambda: bool(library.changes))
        for burst in bursts:
            for number, (kind, first, second) in enumerate(burst):
                operate(root, kind, first, second, number)
            library.wait_until_it_is_as(root)
    finally:
        watcher.close()

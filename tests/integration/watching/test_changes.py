"""Real folders, the system's real watcher, and a small library that follows them as the real one does."""

from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from hxd_desktop.engine.library.changes import Change, ChangeKind, RawEvent
from hxd_desktop.engine.library.ignore import IgnoreRules
from hxd_desktop.engine.library.system_watch import watch_folder
from tests.support.followed import TIMEOUT_S, Library, write

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="about inotify")


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

from __future__ import annotations

import os

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.comparison import Changes, KnownFile, compare, is_racy
from hxd_desktop.engine.library.entries import ErrorEntry, FileEntry, Scan, SkippedEntry

SECOND = 1_000_000_000
ROOT = os.sep + "root"


def at(*names: str) -> str:
    return os.path.join(ROOT, *names)


def entry(path: str, inode: int | None = 1, size: int = 10, mtime_s: int = 100) -> FileEntry:
    return FileEntry(path, size, mtime_s * SECOND, None if inode is None else (inode, 7))


def row(inode: int | None = 1, size: int = 10, mtime_s: int = 100, read_s: int = 200) -> KnownFile:
    where = None if inode is None else (inode, 7)
    return KnownFile(size, mtime_s * SECOND, where, DocumentState.INDEXED, read_ns=read_s * SECOND)


def found(*files: FileEntry, skipped: tuple[SkippedEntry, ...] = (), errors: tuple[ErrorEntry, ...] = ()) -> Scan:
    return Scan(ROOT, (ROOT,), (1, 7), 300 * SECOND, list(files), list(skipped), list(errors))


def test_nothing_changed() -> None:
    assert compare({at("a"): row()}, found(entry(at("a")))) == Changes(unchanged=[at("a")])


def test_new_and_removed() -> None:
    changes = compare({at("a"): row()}, found(entry(at("b"), inode=2)))
    assert changes == Changes(new=[entry(at("b"), inode=2)], removed=[at("a")])


def test_size_time_and_inode_tell_a_modified_file() -> None:
    for changed in (entry(at("a"), size=11), entry(at("a"), mtime_s=99), entry(at("a"), inode=2)):
        assert compare({at("a"): row()}, found(changed)) == Changes(modified=[changed])


def test_an_unknown_inode_tells_nothing() -> None:
    assert compare({at("a"): row()}, found(entry(at("a"), inode=None))).unchanged == [at("a")]
    assert compare({at("a"): row(inode=None)}, found(entry(at("a")))).unchanged == [at("a")]


def test_a_file_read_right_after_its_last_change_is_read_again() -> None:
    racy = row(mtime_s=100, read_s=101)
    assert compare({at("a"): racy}, found(entry(at("a")))) == Changes(recheck=[entry(at("a"))])
    assert compare({at("a"): racy._replace(read_ns=103 * SECOND)}, found(entry(at("a")))).recheck == []


def test_a_time_far_in_the_future_is_not_racy_for_ever() -> None:
    assert is_racy(100 * SECOND, 101 * SECOND)
    assert is_racy(102 * SECOND, 101 * SECOND)
    assert not is_racy(1000 * SECOND, 101 * SECOND)


def test_a_moved_file_is_one_change() -> None:
    changes = compare({at("a"): row()}, found(entry(at("b"))))
    assert changes == Changes(moved=[(at("a"), entry(at("b")))])


def test_a_move_in_doubt_is_a_removal_and_a_new_file() -> None:
    in_doubt = (
        {at("a"): row(inode=None)},
        {at("a"): row(size=9)},
        {at("a"): row(mtime_s=99)},
        {at("a"): row(read_s=101)},  # racy
        {at("a"): row(), at("c"): row()},  # two names of one file
    )
    for known in in_doubt:
        changes = compare(known, found(entry(at("b"))))
        assert changes.new == [entry(at("b"))]
        assert sorted(changes.removed) == sorted(known)
        assert changes.moved == []


def test_a_copy_of_a_file_that_is_still_there_is_new() -> None:
    changes = compare({at("a"): row()}, found(entry(at("a")), entry(at("b"))))
    assert changes == Changes(new=[entry(at("b"))], unchanged=[at("a")])


def test_rows_below_a_folder_that_cannot_be_listed_are_kept() -> None:
    known = {at("s", "a"): row(1), at("st"): row(2), at("s", "t", "b"): row(3)}
    error = ErrorEntry(at("s"), "Permission denied.", unreadable=True)
    changes = compare(known, found(errors=(error,)))
    assert sorted(changes.kept) == [at("s", "a"), at("s", "t", "b")]
    assert changes.removed == [at("st")]
    assert changes.failed == [error]


def test_skipped_and_failed_rows_are_written_only_when_they_say_something_new() -> None:
    known = {
        at(".git"): KnownFile(0, 0, None, DocumentState.SKIPPED, ".git", files=5),
        at("bad"): KnownFile(0, 0, None, DocumentState.FAILED, "why"),
    }
    same = (SkippedEntry(at(".git"), ".git", 5),)
    assert compare(known, found(skipped=same, errors=(ErrorEntry(at("bad"), "why"),))) == Changes(
        unchanged=[at(".git"), at("bad")]
    )
    more = SkippedEntry(at(".git"), ".git", 6)
    other = ErrorEntry(at("bad"), "other")
    assert compare(known, found(skipped=(more,), errors=(other,))) == Changes(skipped=[more], failed=[other])


def test_a_file_that_no_rule_leaves_out_any_more_is_read() -> None:
    known = {at("a"): KnownFile(0, 0, None, DocumentState.SKIPPED, "hidden")}
    assert compare(known, found(entry(at("a")))) == Changes(modified=[entry(at("a"))])


def test_a_file_that_is_left_out_now_loses_its_rows() -> None:
    known = {at("x", "a"): row(1), at("x", "b"): row(2)}
    pruned = SkippedEntry(at("x"), "x/", 2)
    changes = compare(known, found(skipped=(pruned,)))
    assert changes.skipped == [pruned]
    assert sorted(changes.removed) == [at("x", "a"), at("x", "b")]


def test_what_is_to_be_read() -> None:
    changes = Changes(new=[entry("n")], modified=[entry("m")], recheck=[entry("r")], moved=[("o", entry("p"))])
    assert [file.path for file in changes.to_read] == ["n", "m", "r"]

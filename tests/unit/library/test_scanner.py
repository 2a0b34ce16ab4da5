from __future__ import annotations

import os
import socket
import sys
from pathlib import Path

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.library import entries as found_entries
from hxd_desktop.engine.library import scanner
from hxd_desktop.engine.library.entries import ErrorEntry, RootOffline, Scan, SkippedEntry
from hxd_desktop.engine.library.ignore import HIDDEN, OWN_DATA, IgnoreRules
from hxd_desktop.engine.library.scanner import count_files, scan

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs what only POSIX file systems have")


def write(path: Path, text: str = "text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def scanned(root: Path, rules: IgnoreRules | None = None, **options: object) -> Scan:
    result = scan(root, rules or IgnoreRules(), **options)  # type: ignore[arg-type]
    assert isinstance(result, Scan)
    return result


def names(root: Path, result: Scan) -> set[str]:
    return {os.path.relpath(entry.path, root) for entry in result.files}


def skipped(root: Path, result: Scan) -> dict[str, tuple[str, int]]:
    return {os.path.relpath(entry.path, root): (entry.rule, entry.files) for entry in result.skipped}


def test_every_file_is_accounted_for_once(tmp_path: Path) -> None:
    for name in ("a.md", "b/c.txt", "b/d/e.txt", ".hidden", "b/node_modules/x/y.js", "b/node_modules/z.js"):
        write(tmp_path / name)
    (tmp_path / "empty").mkdir()
    result = scanned(tmp_path)
    assert names(tmp_path, result) == {"a.md", os.path.join("b", "c.txt"), os.path.join("b", "d", "e.txt")}
    assert skipped(tmp_path, result) == {
        ".hidden": (HIDDEN, 1),
        os.path.join("b", "node_modules"): ("node_modules", 2),
    }
    assert result.total == 6
    assert result.errors == []


def test_an_entry_carries_what_tells_a_changed_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", "12345")
    [entry] = scanned(tmp_path).files
    status = path.stat()
    assert (entry.path, entry.size, entry.mtime_ns) == (str(path), 5, status.st_mtime_ns)
    assert entry.inode in {None, (status.st_ino, status.st_dev)}


def test_deep_trees_are_no_trouble(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(300):
        deep = deep / "d"
    deep.mkdir(parents=True)
    write(deep / "a.md")
    assert scanned(tmp_path).total == 1


def test_counting_a_pruned_folder_is_bounded(tmp_path: Path) -> None:
    for number in range(7):
        write(tmp_path / "node_modules" / f"{number % 2}" / f"{number}.js")
    assert count_files(str(tmp_path)) == (7, False)
    assert count_files(str(tmp_path), limit=5) == (5, True)


def test_a_pruned_folder_that_is_not_counted_to_the_end_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "count_files", lambda folder, cancel: (9, True))
    (tmp_path / ".git").mkdir()
    assert scanned(tmp_path).skipped == [SkippedEntry(str(tmp_path / ".git"), ".git", 9, True)]


@posix_only
def test_links_are_never_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside" / "x.md")
    root = tmp_path / "root"
    inside = write(root / "a.md")
    (root / "to-file").symlink_to(inside)
    (root / "out").symlink_to(outside)
    (root / "loop").symlink_to(root)
    (root / "broken").symlink_to(root / "nothing")
    result = scanned(root)
    assert names(root, result) == {"a.md"}
    assert skipped(root, result) == {
        "to-file": (found_entries.LINK_INSIDE, 1),
        "out": (found_entries.LINK_OUTSIDE, 1),
        "loop": (found_entries.LINK_TO_FOLDER, 1),
        "broken": (found_entries.LINK_BROKEN, 1),
    }


@posix_only
def test_a_root_that_is_a_link_is_followed(tmp_path: Path) -> None:
    write(tmp_path / "real" / "a.md")
    (tmp_path / "real" / "b").symlink_to(tmp_path / "real" / "a.md")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    result = scanned(tmp_path / "link")
    assert [entry.path for entry in result.files] == [str(tmp_path / "link" / "a.md")]
    assert skipped(tmp_path / "link", result) == {"b": (found_entries.LINK_INSIDE, 1)}


@posix_only
def test_what_is_no_regular_file_is_never_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        result = scanned(tmp_path)
    assert skipped(tmp_path, result) == {
        "pipe": (found_entries.NOT_REGULAR, 1),
        "socket": (found_entries.NOT_REGULAR, 1),
    }


def test_large_files_are_skipped_by_rule(tmp_path: Path) -> None:
    write(tmp_path / "large.txt", "x" * 2001)
    write(tmp_path / "fits.txt", "x" * 2000)
    result = scanned(tmp_path, max_file_bytes=2000)
    assert names(tmp_path, result) == {"fits.txt"}
    assert skipped(tmp_path, result) == {"large.txt": ("larger than 2,000 bytes", 1)}


def test_a_single_file_can_be_a_root(tmp_path: Path) -> None:
    path = write(tmp_path / ".notes")
    result = scanned(path)  # chosen by name: no rule leaves it out
    assert [entry.path for entry in result.files] == [str(path)]
    assert scanned(path, max_file_bytes=1).total == 1


@pytest.mark.parametrize("name", ["missing", "file/below"])
def test_a_missing_root_is_offline(tmp_path: Path, name: str) -> None:
    write(tmp_path / "file")
    result = scan(tmp_path / name, IgnoreRules())
    assert isinstance(result, RootOffline)
    assert result.reason


def test_an_empty_mount_point_is_offline(tmp_path: Path) -> None:
    identity = scanned(tmp_path).identity
    other_device = (identity[0], identity[1] + 1)
    assert isinstance(scan(tmp_path, IgnoreRules(), known_identity=other_device), RootOffline)
    assert scanned(tmp_path, known_identity=identity).total == 0
    write(tmp_path / "a.md")
    assert scanned(tmp_path, known_identity=other_device).total == 1


def test_a_root_that_goes_away_while_it_is_read_is_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "root"
    write(root / "a.md")
    original = scanner._Walk.folder

    def folder(self: scanner._Walk, top: str, relative: str) -> str | None:
        result = original(self, top, relative)
        root.rename(tmp_path / "away")
        return result

    monkeypatch.setattr(scanner._Walk, "folder", folder)
    assert isinstance(scan(root, IgnoreRules()), RootOffline)


def refuse(monkeypatch: pytest.MonkeyPatch, refused: Path) -> None:
    """Permissions do not stop root, who runs some of these tests."""
    original = os.scandir

    def scandir(path: str) -> object:
        if path == str(refused):
            raise PermissionError(13, "Permission denied", path)
        return original(path)

    monkeypatch.setattr(os, "scandir", scandir)


def test_a_folder_that_cannot_be_listed_is_reported_and_the_scan_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "secret" / "a.md")
    write(tmp_path / "z" / "b.md")
    refuse(monkeypatch, tmp_path / "secret")
    result = scanned(tmp_path)
    assert names(tmp_path, result) == {os.path.join("z", "b.md")}
    assert result.errors == [ErrorEntry(str(tmp_path / "secret"), "Permission denied.", unreadable=True)]
    assert result.unreadable == [str(tmp_path / "secret")]


def test_a_root_that_cannot_be_listed_is_offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse(monkeypatch, tmp_path)
    assert scan(tmp_path, IgnoreRules()) == RootOffline(str(tmp_path), "Permission denied.")


@pytest.mark.skipif(sys.platform != "linux", reason="needs a file system that takes any bytes as a name")
def test_names_that_are_no_text_fail_with_that_reason(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    Path(os.fsdecode(folder + b"/caf\xe9.md")).write_text("x")
    os.mkdir(folder + b"/d\xff")
    write(Path(os.fsdecode(folder + b"/d\xff")) / "a.md")
    write(Path(os.fsdecode(folder + b"/d\xff")) / "b.md")
    result = scanned(tmp_path)
    assert sorted(result.errors) == [
        ErrorEntry(f"{tmp_path}/caf\\xe9.md", found_entries.BAD_NAME),
        ErrorEntry(f"{tmp_path}/d\\xff", found_entries.BAD_NAME, 2),
    ]
    for entry in result.errors:
        entry.path.encode()


def test_own_data_inside_a_root_is_one_row(tmp_path: Path) -> None:
    write(tmp_path / "data" / "library.sqlite3")
    write(tmp_path / "a.md")
    rules = IgnoreRules(own_folders=[tmp_path / "data"])
    assert skipped(tmp_path, scanned(tmp_path, rules)) == {"data": (OWN_DATA, 1)}
    assert skipped(tmp_path / "data", scanned(tmp_path / "data", rules)) == {".": (OWN_DATA, 1)}


def test_parts_are_scanned_as_the_whole_would_be(tmp_path: Path) -> None:
    for name in ("a/b.md", "a/c/d.md", "e.md", ".x/f.md", "node_modules/g.md", "h.tmp"):
        write(tmp_path / name)
    whole = scanned(tmp_path)
    tops = [str(tmp_path / name) for name in ("a", "a/c", "e.md", ".x/f.md", "node_modules", "h.tmp", "missing")]
    parts = scanned(tmp_path, below=tops)
    assert sorted(parts.files) == sorted(whole.files)
    assert sorted(parts.skipped) == sorted(entry for entry in whole.skipped if not entry.path.endswith(".x"))
    assert str(tmp_path / "a" / "c") not in parts.tops
    assert scanned(tmp_path, below=[str(tmp_path / "a" / "c")]).total == 1
    assert isinstance(scan(tmp_path / "gone", IgnoreRules(), below=[str(tmp_path / "gone" / "x")]), RootOffline)


@posix_only
def test_a_part_behind_a_link_is_not_part_of_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "a.md")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "link").symlink_to(tmp_path / "elsewhere")
    assert scanned(tmp_path / "root", below=[str(tmp_path / "root" / "link" / "a.md")]).total == 0
    assert scanned(tmp_path / "root", below=[str(tmp_path / "root" / "link")]).total == 1


def test_nothing_nested_is_scanned_twice(tmp_path: Path) -> None:
    for name in ("a", "a b", "a.b", "a/x"):
        write(tmp_path / name / "f.md") if name != "a/x" else write(tmp_path / name)
    tops = [str(tmp_path / name) for name in ("a.b", "a/x", "a b", "a", "a")]
    result = scanned(tmp_path, below=tops)
    assert sorted(result.tops) == sorted(str(tmp_path / name) for name in ("a", "a b", "a.b"))
    assert result.total == 4


def test_a_scan_can_be_cancelled(tmp_path: Path) -> None:
    cancel = CancelToken()
    cancel.cancel()
    with pytest.raises(Cancelled):
        scan(tmp_path, IgnoreRules(), cancel=cancel)

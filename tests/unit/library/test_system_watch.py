from __future__ import annotations

import errno
import io
import sys
from typing import Any

import pytest
from watchdog import events

from hxd_desktop.engine.library.changes import EventKind, RawEvent
from hxd_desktop.engine.library.system_watch import is_remote, remedy, translate


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (events.FileCreatedEvent("/a"), RawEvent(EventKind.CREATED, "/a")),
        (events.DirCreatedEvent("/a"), RawEvent(EventKind.CREATED, "/a", is_dir=True)),
        (events.FileModifiedEvent("/a"), RawEvent(EventKind.MODIFIED, "/a")),
        (events.FileClosedEvent("/a"), RawEvent(EventKind.CLOSED, "/a")),
        (events.FileAttribEvent("/a"), RawEvent(EventKind.CLOSED, "/a")),
        (events.FileDeletedEvent(b"/a"), RawEvent(EventKind.DELETED, "/a")),
        (events.DirMovedEvent("/a", "/b"), RawEvent(EventKind.MOVED, "/a", "/b", True)),
        (events.FileMovedEvent("", "/b"), RawEvent(EventKind.CREATED, "/b")),
        (events.FileMovedEvent("/a", ""), RawEvent(EventKind.DELETED, "/a")),
        (events.FileOpenedEvent("/a"), None),
        (events.FileMovedEvent("/a", "/b", is_synthetic=True), None),
    ],
)
def test_events_of_watchdog_become_ours(event: events.FileSystemEvent, expected: RawEvent | None) -> None:
    assert translate(event) == expected


def mounts(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("builtins.open", lambda *arguments, **options: io.StringIO(text))


@pytest.mark.parametrize(
    ("folder", "remote"),
    [
        ("/", False),
        ("/mnt/nasty", False),
        ("/mnt/nas", True),
        ("/mnt/nas/deep/er", True),
        ("/mnt/nas/local/x", False),
        ("/mnt/two words/x", True),
        ("/mnt/网盘/x", True),
        ("/mnt/usb", False),
    ],
)
def test_a_network_share_is_known_by_its_mount(monkeypatch: pytest.MonkeyPatch, folder: str, remote: bool) -> None:
    mounts(
        monkeypatch,
        "/dev/sda1 / ext4 rw 0 0\nserver:/x /mnt/nas nfs4 rw 0 0\n/dev/sdb1 /mnt/nas/local ext4 rw 0 0\n"
        "ssh /mnt/two\\040words fuse.sshfs rw 0 0\n//s/x /mnt/网盘 cifs rw 0 0\n/dev/sdc1 /mnt/usb fuseblk rw 0 0\n",
    )
    assert is_remote(folder) is remote


def test_no_list_of_mounts_means_no_share(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*arguments: Any, **options: Any) -> Any:
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", missing)
    assert not is_remote("/mnt/nas")


@pytest.mark.skipif(sys.platform != "linux", reason="about inotify")
@pytest.mark.parametrize(
    ("number", "current", "line"),
    [
        (errno.ENOSPC, "8192", "echo fs.inotify.max_user_watches=524288 |"),
        (errno.ENOSPC, "600000", "echo fs.inotify.max_user_watches=1200000 |"),
        (errno.EMFILE, "128", "echo fs.inotify.max_user_instances=1024 |"),
    ],
)
def test_a_limit_comes_with_the_line_that_raises_it(
    monkeypatch: pytest.MonkeyPatch, number: int, current: str, line: str
) -> None:
    mounts(monkeypatch, current)
    text = remedy(OSError(number, "limit"), "/folder")
    assert line in text
    assert current in text
    assert "/folder" in text


def test_another_reason_is_told_as_it_is() -> None:
    assert "Function not implemented" in remedy(OSError(errno.ENOSYS, "Function not implemented"), "/folder")

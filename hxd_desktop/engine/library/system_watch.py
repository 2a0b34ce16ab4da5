"""The system's own watcher of one folder, through watchdog: inotify, FSEvents, ReadDirectoryChangesW.

On Linux watchdog's parts are used with three differences: ignored folders get no watch, reaching the system's limit
is an error instead of a silently half-watched tree, and lost events are told.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable
from typing import Any, Protocol

from hxd_desktop.engine.library.changes import EventKind, RawEvent

Emit = Callable[[RawEvent], None]
Failed = Callable[[OSError], None]
Ignored = Callable[[str], bool]


class SystemWatch(Protocol):
    """A running watch. `tells_closing`: CLOSED follows the last MODIFIED. `tells_losses`: LOST is told."""

    tells_closing: bool
    tells_losses: bool

    @property
    def alive(self) -> bool:
        """Whether all its threads run."""

    def close(self) -> None:
        """End the watch and join its threads."""


class SystemWatchFactory(Protocol):
    """Starts a watch; `watch_folder` is the real one."""

    def __call__(self, folder: str, *, recursive: bool, ignored: Ignored, emit: Emit, failed: Failed) -> SystemWatch:
        """Watch `folder`; see `watch_folder`."""


def watch_folder(folder: str, *, recursive: bool, ignored: Ignored, emit: Emit, failed: Failed) -> SystemWatch:
    """Watch a folder. `emit` and `failed` are called on the watch's own threads, with paths below `folder`.

    Args:
        folder: absolute and without links, as some systems report nothing else.
        recursive: whether what is in its folders counts too.
        ignored: says of a folder whether it needs no watch.
        emit: takes each event.
        failed: is told when the watch cannot be kept up: the limit was reached by a new folder.

    Raises:
        OSError: it cannot be watched; ENOSPC or EMFILE where a limit of the system is reached.
    """
    if sys.platform == "linux":
        from hxd_desktop.engine.library.inotify import PrunedObserver

        observer: Any = PrunedObserver(ignored=ignored, emit=emit, failed=failed)
    else:
        from watchdog.observers import Observer

        observer = Observer()
    try:
        observer.schedule(_handler(emit), folder, recursive=recursive, event_filter=_wanted())
        observer.start()
    except BaseException:
        observer.stop()
        raise
    return _Watch(observer, tells_closing=sys.platform == "linux", tells_losses=sys.platform == "linux")


class _Watch:
    def __init__(self, observer: Any, *, tells_closing: bool, tells_losses: bool) -> None:
        self._observer = observer
        self.tells_closing = tells_closing
        self.tells_losses = tells_losses

    @property
    def alive(self) -> bool:
        threads = [self._observer, *self._observer.emitters, *getattr(self._observer, "readers", ())]
        return all(thread.is_alive() for thread in threads)

    def close(self) -> None:
        self._observer.stop()
        self._observer.join()


def _wanted() -> list[Any]:
    """What is asked of the system; reading files, which the library does itself, is not."""
    from watchdog import events

    return [
        events.FileCreatedEvent,
        events.DirCreatedEvent,
        events.FileModifiedEvent,
        events.FileAttribEvent,
        events.FileClosedEvent,
        events.FileDeletedEvent,
        events.DirDeletedEvent,
        events.FileMovedEvent,
        events.DirMovedEvent,
    ]


_KINDS = {
    "created": EventKind.CREATED,
    "modified": EventKind.MODIFIED,
    "attrib": EventKind.CLOSED,  # nobody is writing: the time or the permissions were set
    "closed": EventKind.CLOSED,
    "deleted": EventKind.DELETED,
}


def _handler(emit: Emit) -> Any:
    from watchdog.events import FileSystemEvent, FileSystemEventHandler

    class Handler(FileSystemEventHandler):
        def dispatch(self, event: FileSystemEvent) -> None:
            raw = translate(event)
            if raw is not None:
                emit(raw)

    return Handler()


def translate(event: Any) -> RawEvent | None:
    """Turn an event of watchdog into ours; None for one that watchdog has made up from another one."""
    if event.is_synthetic:
        return None
    source, target = os.fsdecode(event.src_path), os.fsdecode(event.dest_path)
    if event.event_type != "moved":
        kind = _KINDS.get(event.event_type)
        return None if kind is None else RawEvent(kind, source, is_dir=event.is_directory)
    if not source:
        return RawEvent(EventKind.CREATED, target, is_dir=event.is_directory)
    if not target:
        return RawEvent(EventKind.DELETED, source, is_dir=event.is_directory)
    return RawEvent(EventKind.MOVED, source, target, event.is_directory)


def remedy(error: OSError, folder: str) -> str:
    """Say why `folder` is looked through now and then instead of watched, and what to do about it."""
    name = {errno.ENOSPC: "max_user_watches", errno.EMFILE: "max_user_instances"}.get(error.errno or 0)
    if name is None or sys.platform != "linux":
        return f"{folder} cannot be watched ({error.strerror or error}); it is looked through now and then instead."
    try:
        with open(f"/proc/sys/fs/inotify/{name}", encoding="ascii") as stream:
            current = int(stream.read())
    except (OSError, ValueError):
        current = 0
    value = max(524_288 if name == "max_user_watches" else 1024, 2 * current)
    return (
        f"The system's limit fs.inotify.{name} ({current or 'unknown'}) is reached, so {folder} is looked through "
        f"now and then instead of watched. To raise it: echo fs.inotify.{name}={value} | "
        "sudo tee /etc/sysctl.d/60-hxd-desktop.conf && sudo sysctl --system; then start HXD Desktop again."
    )


_REMOTE = frozenset("9p afs ceph cifs davfs fuse glusterfs lustre ncpfs nfs nfs4 smb3 smbfs vboxsf virtiofs".split())


def is_remote(folder: str) -> bool:
    """Say whether others can change `folder` without this system noticing: a network or shared file system (Linux)."""
    try:
        with open("/proc/self/mounts", encoding="utf-8", errors="surrogateescape") as stream:
            mounts = [line.split(" ")[1:3] for line in stream]  # (where, kind)
    except OSError:
        return False
    best, kind = "", ""
    for point, file_system in mounts:
        place = re.sub(r"\\([0-7]{3})", lambda octal: chr(int(octal[1], 8)), point)  # spaces and the like
        if len(place) >= len(best) and (folder == place or folder.startswith(place.rstrip("/") + "/")):
            best, kind = place, file_system
    return kind in _REMOTE or kind.startswith("fuse.")

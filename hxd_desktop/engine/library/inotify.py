"""Watchdog's inotify observer with ignored folders left out, and limits and losses told. Linux only."""

from __future__ import annotations

import errno
import itertools
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from watchdog.observers.api import BaseObserver
from watchdog.observers.inotify import InotifyEmitter, InotifyWatchGroup
from watchdog.observers.inotify_c import CallbackId, InotifyEvent, InotifyFD, WatchDescriptor
from watchdog.observers.inotify_move_event_grouper import InotifyMoveEventGrouper

from hxd_desktop.engine.library.changes import EventKind, RawEvent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hxd_desktop.engine.library.system_watch import Emit, Failed, Ignored

_LIMITS = frozenset({errno.ENOSPC, errno.EMFILE, errno.ENOMEM})


class _MoveGrouper(InotifyMoveEventGrouper):
    """The kernel writes both halves of a move at once; half a second of waiting for the second would be felt."""

    delay = 0.05


@dataclass(eq=False)
class _WatchGroup(InotifyWatchGroup):
    """The watches of one tree.

    A folder is watched as what it is, not by its path, and events are read later than they happen: the paths that
    stand beside the watches can get wrong when folders come and go quickly. Where that shows, all are made anew.
    """

    ignored: Ignored = field(kw_only=True)
    failed: Failed = field(kw_only=True)
    lost: Callable[[], None] = field(kw_only=True)
    _move_event_grouper: InotifyMoveEventGrouper = field(default_factory=_MoveGrouper, init=False)
    _ids: dict[WatchDescriptor, CallbackId] = field(default_factory=dict, init=False)
    _next_id: Iterator[int] = field(default_factory=itertools.count, init=False)
    _departing: tuple[int, bytes] | None = field(default=None, init=False)  # cookie, path
    _confused: bool = field(default=False, init=False)

    def on_event(self, event: InotifyEvent) -> None:
        with self._lock:
            if self.is_active:
                self._see_departures(event)
        super().on_event(event)
        if self._confused:
            self._confused = False
            self.on_queue_overflow()

    def on_queue_overflow(self) -> None:
        self._departing = None
        super().on_queue_overflow()
        self.lost()

    def _see_departures(self, event: InotifyEvent) -> None:
        """Drop the watches of a folder that left the tree: its move out was not followed by a move in."""
        if self._departing is not None:
            cookie, path = self._departing
            if not (event.is_moved_to and event.cookie == cookie):
                inside = path + os.sep.encode()
                self._remove_callbacks(
                    [
                        wd
                        for place, wd in self._active_callbacks_by_path.items()
                        if place == path or place.startswith(inside)
                    ]
                )
            self._departing = None
        if event.is_moved_from and event.is_directory:
            source = self._build_event_source_path(event)
            if source is not None:
                self._departing = (event.cookie, source)

    def _add_all_callbacks(self, path: bytes) -> None:
        if path != self.path and self.ignored(os.fsdecode(path)):
            return
        self._add_callback(path)
        if not self.is_recursive:
            return
        for folder, names, _ in os.walk(path):
            wanted = []
            for name in names:
                child = os.path.join(folder, name)
                if not os.path.islink(child) and not self.ignored(os.fsdecode(child)):
                    wanted.append(name)
                    self._add_callback(child)
            names[:] = wanted

    def _add_callback(self, path: bytes) -> None:
        try:
            if path != self.path and not os.access(path, os.R_OK):
                return  # nothing in it can be read either
            own_id = CallbackId(next(self._next_id))
            wd = self._inotify_fd.add_callback(path, self.event_mask, self._callback, own_id)
        except OSError as error:
            if path == self.path or (error.errno in _LIMITS and not self._is_active):
                raise
            if error.errno in _LIMITS:
                self.failed(error)
            return  # else it went away in the meantime, and its parent tells
        before = self._active_callbacks_by_watch.get(wd)
        if before is not None:
            self._inotify_fd.remove_callbacks([(wd, self._ids[wd])])
            if before != path:
                self._confused = True
                self._active_callbacks_by_path.pop(before, None)
        self._ids[wd] = own_id
        self._active_callbacks_by_path[path] = wd
        self._active_callbacks_by_watch[wd] = path

    def _remove_callbacks(self, wds: list[WatchDescriptor]) -> None:
        self._inotify_fd.remove_callbacks([(wd, self._ids[wd]) for wd in wds])
        for wd in wds:
            self._remove_watch_internally(wd)

    def _remove_watch_internally(self, wd: WatchDescriptor) -> None:
        del self._ids[wd]
        path = self._active_callbacks_by_watch.pop(wd)
        if self._active_callbacks_by_path.get(path) == wd:  # else the path belongs to another watch by now
            del self._active_callbacks_by_path[path]


class _Emitter(InotifyEmitter):
    def __init__(self, *arguments: Any, ignored: Ignored, emit: Emit, failed: Failed, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._ignored = ignored
        self._emit = emit
        self._failed = failed

    def on_thread_start(self) -> None:
        self._inotify = _WatchGroup(
            self._inotify_fd,
            os.fsencode(self.watch.path),
            is_recursive=self.watch.is_recursive,
            event_mask=self.get_event_mask_from_filter(),
            ignored=self._ignored,
            failed=self._failed,
            lost=lambda: self._emit(RawEvent(EventKind.LOST, os.fsdecode(self.watch.path), is_dir=True)),
        )


class PrunedObserver(BaseObserver):
    """An observer for one folder; arguments as in `system_watch.watch_folder`.

    Raises:
        OSError: EMFILE where the limit of inotify instances is reached.
    """

    def __init__(self, *, ignored: Ignored, emit: Emit, failed: Failed) -> None:
        self._inotify_fd = InotifyFD()
        self._inotify_fd.start()
        super().__init__(_Emitter, inotify_fd=self._inotify_fd, ignored=ignored, emit=emit, failed=failed)

    @property
    def readers(self) -> tuple[InotifyFD, ...]:
        """The threads besides the observer and its emitters."""
        return (self._inotify_fd,)

    def on_thread_stop(self) -> None:
        """Stop the emitter and the reader of the inotify instance."""
        super().on_thread_stop()
        self._inotify_fd.stop()
        self._inotify_fd.join()

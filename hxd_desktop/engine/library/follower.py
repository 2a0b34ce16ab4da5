"""Follows one root on a thread of its own."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.library.changes import Change, ChangeKind, EventKind, RawEvent, coalesce
from hxd_desktop.engine.library.entries import Inode, RootOffline
from hxd_desktop.engine.library.ignore import IgnoreRules
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.scanner import scan
from hxd_desktop.engine.library.settling import Settling
from hxd_desktop.engine.library.system_watch import SystemWatch, SystemWatchFactory, is_remote, remedy

log = logging.getLogger(__name__)

OnChanges = Callable[[str, list[Change]], None]
OnState = Callable[[str, FolderState, str], None]

QUIET_S = 0.1  # a burst is over when nothing has happened for so long
LONGEST_S = 0.4  # but is announced in parts when it takes longer than this
TOO_MANY_EVENTS = 50_000  # more at once: look through the folder instead
RESCAN_S = 300.0  # where the system does not tell that it lost events

_PAUSE_CLOSING_TOLD_S = 5.0
_PAUSE_CLOSING_UNTOLD_S = 0.5  # the last save must not wait longer where nobody tells that it was the last
_POLL_SHARE = 20  # polling takes at most one part in so many of a thread's time
_JOIN_S = 5.0  # a thread that hangs longer in a dead network share is left to die with the process


class Follower(threading.Thread):
    """Follows one root; arguments as in `FolderWatcher`.

    The system's threads call `_emit` and `_fail`; everything else runs on this thread, callbacks included.
    """

    def __init__(
        self,
        root: str,
        rules: IgnoreRules,
        known_identity: Inode | None,
        on_changes: OnChanges,
        on_state: OnState,
        poll_seconds: float,
        watch: SystemWatchFactory,
    ) -> None:
        super().__init__(name=f"folder {os.path.basename(root)}", daemon=True)
        self._root = root
        self._rules = rules
        self._identity = known_identity
        self._on_changes = on_changes
        self._on_state = on_state
        self._poll_seconds = poll_seconds
        self._start_watch = watch

        self._wake = threading.Condition()
        self._cancel = CancelToken()
        self._events: list[RawEvent] = []
        self._first_at = self._last_at = 0.0
        self._check_at = 0.0
        self._failure: OSError | None = None

        self._state: FolderState | None = None
        self._system_watch: SystemWatch | None = None
        self._settling = Settling(_PAUSE_CLOSING_UNTOLD_S)
        self._is_file = False
        self._real_root = root
        self._known: dict[str, tuple[int, int, Inode | None]] | None = None  # what polling saw; None: not polling
        self._poll_at = 0.0
        self._rescan_at = float("inf")

    # -- from other threads ----------------------------------------------------------------------

    def ask_to_stop(self) -> None:
        """End soon; any thread may call."""
        self._cancel.cancel()
        with self._wake:
            self._wake.notify()

    def stop(self) -> None:
        """End, and wait for it unless called on this very thread."""
        self.ask_to_stop()
        if threading.current_thread() is not self:
            self.join(_JOIN_S)

    def _emit(self, event: RawEvent) -> None:
        """Take an event of the system's watch."""
        if event.path == self._real_root and event.kind in (EventKind.DELETED, EventKind.MOVED):
            self._check_soon()
            return
        told = self._own(event)
        if told is None:
            return
        with self._wake:
            self._last_at = time.monotonic()
            if not self._events:
                self._first_at = self._last_at
                self._wake.notify()
            if len(self._events) >= TOO_MANY_EVENTS:
                told = RawEvent(EventKind.LOST, self._root, is_dir=True)
                self._events.clear()
            self._events.append(told)

    def _fail(self, error: OSError) -> None:
        """Take the news that the system's watch is not complete any more."""
        self._failure = error
        self._check_soon()

    def _check_soon(self) -> None:
        with self._wake:
            self._check_at = min(self._check_at, time.monotonic() + QUIET_S)
            self._wake.notify()

    # -- on this thread --------------------------------------------------------------------------

    def run(self) -> None:
        """Check the root, tell changes, and wait, until asked to stop."""
        try:
            while not self._cancel.cancelled:
                try:
                    self._turn()
                except Cancelled:
                    break
                except Exception:
                    log.exception("following %s failed; it is begun anew", self._root)
                    self._begin_anew()
                self._wait()
        finally:
            self._detach()

    def _turn(self) -> None:
        if time.monotonic() >= self._check_at:
            self._check()
        events = self._take_events()
        if events:
            self._tell(self._settling.admit(coalesce(events), events, time.monotonic()))
        self._tell(self._settling.due(time.monotonic()))

    def _begin_anew(self) -> None:
        """Forget what is being followed: the next check attaches to the root and has it looked through."""
        self._detach()
        self._state = None
        self._check_at = time.monotonic() + self._poll_seconds

    def _wait(self) -> None:
        with self._wake:
            if self._cancel.cancelled:
                return
            due = min(self._check_at, self._settling.next_due or float("inf"), self._events_due())
            self._wake.wait(max(0.0, due - time.monotonic()))

    def _events_due(self) -> float:
        return min(self._last_at + QUIET_S, self._first_at + LONGEST_S) if self._events else float("inf")

    def _take_events(self) -> list[RawEvent]:
        with self._wake:
            if time.monotonic() < self._events_due():
                return []
            events, self._events = self._events, []
            return events

    def _check(self) -> None:
        """See whether the root is there, and is the same; watch it (again) or look through it where needed."""
        self._check_at = time.monotonic() + self._poll_seconds
        found = self._look()
        if isinstance(found, RootOffline):
            if self._state is not FolderState.OFFLINE:
                self._detach()
                self._tell_state(FolderState.OFFLINE, found.reason)
        elif self._state in (None, FolderState.OFFLINE) or found != self._identity or self._is_broken():
            self._detach()
            self._attach(found)
        elif self._known is not None and time.monotonic() >= self._poll_at:
            self._poll()
        elif time.monotonic() >= self._rescan_at:
            self._rescan_at = time.monotonic() + RESCAN_S
            self._tell([Change(ChangeKind.RESCAN_DIR, self._root)])

    def _is_broken(self) -> bool:
        return self._failure is not None or (self._system_watch is not None and not self._system_watch.alive)

    def _look(self) -> Inode | RootOffline:
        """Return what identifies the root (for a file: the folder it is in), or that it is offline."""
        try:
            self._is_file = not os.path.isdir(self._root)
            os.stat(self._root)
            status = os.stat(os.path.dirname(self._root) if self._is_file else self._root)
            identity = (status.st_ino, status.st_dev)
            if self._identity is not None and self._identity[1] != identity[1] and not self._is_file:
                with os.scandir(self._root) as entries:
                    if next(entries, None) is None:
                        return RootOffline(self._root, "The folder is empty and on another device than before.")
        except OSError as error:
            return RootOffline(self._root, f"{error.strerror or error}.")
        return identity

    def _attach(self, identity: Inode) -> None:
        """Start to follow a root that is there."""
        self._identity = identity
        failure, self._failure = self._failure, None
        self._real_root = os.path.realpath(self._root)
        self._rules = self._rules.for_root(self._root)
        state, detail = FolderState.ONLINE, ""
        if failure is None:
            try:
                self._system_watch = self._start_watch(
                    os.path.dirname(self._real_root) if self._is_file else self._real_root,
                    recursive=not self._is_file,
                    ignored=self._ignored_folder,
                    emit=self._emit,
                    failed=self._fail,
                )
            except OSError as error:
                failure = error
        if self._system_watch is not None:
            told = self._system_watch.tells_closing
            self._settling = Settling(_PAUSE_CLOSING_TOLD_S if told else _PAUSE_CLOSING_UNTOLD_S)
            lossless = self._system_watch.tells_losses
            self._rescan_at = float("inf") if lossless else time.monotonic() + RESCAN_S
            if is_remote(self._real_root):
                detail = f"On a network: what others change is found within about {self._poll_seconds:g} seconds."
        if failure is not None:
            if not os.path.exists(self._root):
                self._check_soon()
                return
            log.warning("%s", failure)
            state, detail = FolderState.POLLING, remedy(failure, self._root)
        if failure is not None or self._is_file or is_remote(self._real_root):
            self._known = {}
            self._poll(tell=False)
        self._tell_state(state, detail)
        self._tell([Change(ChangeKind.RESCAN_DIR, self._root)])

    def _detach(self) -> None:
        watch, self._system_watch = self._system_watch, None
        if watch is not None:
            watch.close()
        with self._wake:
            self._events.clear()
        self._known = None

    def _poll(self, *, tell: bool = True) -> None:
        """Look through the root and tell what differs from the last time."""
        started = time.monotonic()
        found = scan(self._root, self._rules, cancel=self._cancel)
        if isinstance(found, RootOffline):
            self._check_soon()
            return
        before, self._known = self._known or {}, {file.path: file[1:] for file in found.files}
        unreadable = tuple(folder + os.sep for folder in found.unreadable)
        changes = []
        for path, seen in self._known.items():
            if before.get(path) != seen:
                changes.append(Change(ChangeKind.UPSERT, path))
        for path in before.keys() - self._known.keys():
            if path.startswith(unreadable):
                self._known[path] = before[path]
            else:
                changes.append(Change(ChangeKind.REMOVE, path))
        self._poll_at = time.monotonic() + max(0.0, _POLL_SHARE * (time.monotonic() - started) - self._poll_seconds)
        if tell:
            self._tell(sorted(changes))

    # -- what is told ----------------------------------------------------------------------------

    def _tell(self, changes: list[Change]) -> None:
        if changes and not self._cancel.cancelled:
            try:
                self._on_changes(self._root, changes)
            except Exception:
                log.exception("changes of %s could not be taken", self._root)

    def _tell_state(self, state: FolderState, detail: str) -> None:
        self._state = state
        if not self._cancel.cancelled:
            try:
                self._on_state(self._root, state, detail)
            except Exception:
                log.exception("the state of %s could not be taken", self._root)

    def _own(self, event: RawEvent) -> RawEvent | None:
        """Put an event in terms of the root; None where it is about something ignored, or outside the root."""
        source = self._own_path(event.path, event.is_dir)
        if event.kind is not EventKind.MOVED:
            return None if source is None else event._replace(path=source)
        target = self._own_path(event.to, event.is_dir)
        if source is not None and target is not None:
            return event._replace(path=source, to=target)
        if target is not None:
            return RawEvent(EventKind.CREATED, target, is_dir=event.is_dir)
        return None if source is None else RawEvent(EventKind.DELETED, source, is_dir=event.is_dir)

    def _own_path(self, path: str, is_dir: bool) -> str | None:
        if path == self._real_root:
            return self._root
        relative = self._relative(path)
        if relative is None or self._is_file or self._rules.covering(relative, is_dir) is not None:
            return None
        try:
            relative.encode()
        except UnicodeEncodeError:
            return None  # the next scan reports it
        return self._root.rstrip(os.sep) + path[len(self._real_root.rstrip(os.sep)) :]

    def _ignored_folder(self, path: str) -> bool:
        relative = self._relative(path)
        return relative is not None and self._rules.covering(relative, True) is not None

    def _relative(self, path: str) -> str | None:
        base = self._real_root.rstrip(os.sep) + os.sep
        return path[len(base) :].replace(os.sep, "/") if path.startswith(base) else None

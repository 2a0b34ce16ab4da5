"""Follows folders: tells what changed soon after it did, and whether a folder can be reached at all.

Each folder has a thread of its own, so that a network share that hangs delays no other folder.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

from hxd_desktop.engine.library.entries import Inode
from hxd_desktop.engine.library.follower import Follower, OnChanges, OnState
from hxd_desktop.engine.library.ignore import IgnoreRules
from hxd_desktop.engine.library.system_watch import SystemWatchFactory, watch_folder


class FolderWatcher:
    """Watches folders until closed. Any thread may call any method.

    Callbacks are called on a folder's own thread and return soon; paths are as `add` was given the root.
    Whenever a folder comes (back) into reach, its state is told and then a RESCAN_DIR of it: looking through it at
    the start and following it take one path.

    Args:
        on_changes: takes (root, changes).
        on_state: takes (root, state, why or what to do about it).
        poll_seconds: how often a folder is checked for being there, and looked through where it cannot be watched.
        watch: starts the system's watch; for tests.
    """

    def __init__(
        self,
        on_changes: OnChanges,
        on_state: OnState,
        *,
        poll_seconds: float = 5.0,
        watch: SystemWatchFactory = watch_folder,
    ) -> None:
        self._on_changes = on_changes
        self._on_state = on_state
        self._poll_seconds = poll_seconds
        self._watch = watch
        self._lock = threading.Lock()
        self._followers: dict[str, Follower] = {}
        self._closed = False

    def add(self, root: Path | str, rules: IgnoreRules, *, known_identity: Inode | None = None) -> None:
        """Follow a folder or a single file; returns at once. A root that is followed already gets the new rules.

        `known_identity`: what `Scan.identity` was; an empty mount point in its place is then known as offline.
        """
        path = os.path.abspath(root)
        self.remove(path)
        with self._lock:
            if self._closed:
                return
            follower = Follower(
                path, rules, known_identity, self._on_changes, self._on_state, self._poll_seconds, self._watch
            )
            self._followers[path] = follower
            follower.start()

    def remove(self, root: Path | str) -> None:
        """Follow a root no longer; nothing is told of it after this returns."""
        with self._lock:
            follower = self._followers.pop(os.path.abspath(root), None)
        if follower is not None:
            follower.stop()

    def close(self) -> None:
        """Follow nothing any more and join every thread; a second call does nothing."""
        with self._lock:
            self._closed = True
            followers = list(self._followers.values())
            self._followers.clear()
        for follower in followers:
            follower.ask_to_stop()
        for follower in followers:
            follower.stop()

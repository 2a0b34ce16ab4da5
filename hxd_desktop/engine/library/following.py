"""Folders followed: what the watcher sees becomes work for the indexer thread."""

from __future__ import annotations

import logging
import threading

from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.events import EventBus, LibrariesChanged, Notice
from hxd_desktop.engine.library import catalog
from hxd_desktop.engine.library.changes import Change
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.indexing import FolderIndexer
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.engine.library.service import IndexService
from hxd_desktop.engine.library.watcher import FolderWatcher

log = logging.getLogger(__name__)


class Following:
    """Keeps the watcher's folders equal to the database's, and hands what it sees to the indexer thread.

    A path that belongs to several libraries is watched once.
    """

    def __init__(
        self,
        database: Database,
        service: IndexService,
        indexer: FolderIndexer,
        events: EventBus,
        poll_seconds: float,
    ) -> None:
        self._database = database
        self._service = service
        self._indexer = indexer
        self._events = events
        self._watcher = FolderWatcher(self._on_changes, self._on_state, poll_seconds=poll_seconds)
        self._followed: dict[int, str] = {}  # folder id -> path
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Follow every folder that the database knows, and no other; a new one is looked through at once."""
        with self._lock:
            found = catalog.folders(self._database.reader)
            folders = {folder.path: folder for folder in found}
            before, self._followed = self._followed, {folder.id: folder.path for folder in found}
            watched = set(before.values())
            for path in watched - folders.keys():
                self._watcher.remove(path)
            for path in folders.keys() - watched:
                folder = folders[path]  # the watcher tells all of it when it begins
                self._watcher.add(path, self._indexer.rules(folder), known_identity=self._indexer.identity(folder))
            for folder in found:
                if folder.id not in before and folder.path in watched:
                    self._service.update_parts(folder, None)

    def close(self) -> None:
        """Stop following and join the watcher's threads."""
        self._watcher.close()

    def _on_changes(self, root: str, changes: list[Change]) -> None:
        parts: set[str] = set()
        for change in changes:
            parts.add(change.path)
            if change.to:
                parts.add(change.to)
        try:
            for folder in catalog.folders(self._database.reader):
                if folder.path == root:
                    self._service.update_parts(folder, None if root in parts else parts)
        except HxdError:
            log.warning("changes below %s could not be taken up", root, exc_info=True)

    def _on_state(self, root: str, state: FolderState, detail: str) -> None:
        def write_states() -> None:
            self._database.write(
                lambda connection: connection.execute(
                    "UPDATE folders SET state = ?, detail = ? WHERE path = ?", (state.value, detail, root)
                )
            )

        try:
            write_states()
        except HxdError:
            log.warning("the state of %s could not be kept", root, exc_info=True)
        self._events.publish(LibrariesChanged())
        if state is FolderState.POLLING:
            self._events.publish(Notice("A folder is looked through instead of watched", root, detail))

"""Folders followed: what the watcher sees becomes work for the indexer thread."""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Iterable

from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.events import EventBus, LibrariesChanged, Notice
from hxd_desktop.engine.library import catalog
from hxd_desktop.engine.library.changes import Change
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.indexing import FolderIndexer
from hxd_desktop.engine.library.model import FolderInfo, FolderState
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
        self._followed: dict[int, FolderInfo] = {}
        self._lock = threading.Lock()

    def refresh(self) -> None:
        """Follow every folder that the database knows, and no other; a new one is looked through at once."""
        with self._lock:
            found = catalog.folders(self._database.reader)
            before, self._followed = self._followed, {folder.id: folder for folder in found}
            watched, wanted = _watched(before.values()), _watched(found)
            for path in watched.keys() - wanted.keys():
                self._watcher.remove(path)
            for path, folder in wanted.items():
                known = watched.get(path)
                if known is None or known.ignore != folder.ignore:  # the watcher tells all of it when it begins
                    self._watcher.add(path, self._indexer.rules(folder), known_identity=self._indexer.identity(folder))
            for folder in found:
                old = before.get(folder.id)
                if folder.path in watched and (old is None or old.ignore != folder.ignore):
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


def _watched(folders: Iterable[FolderInfo]) -> dict[str, FolderInfo]:
    """The folders by path, each watched with what all libraries that have it leave out: no one's files are missed."""
    found: dict[str, FolderInfo] = {}
    for folder in folders:
        other = found.setdefault(folder.path, folder)
        if other.ignore != folder.ignore:
            found[folder.path] = dataclasses.replace(other, ignore=())
    return found

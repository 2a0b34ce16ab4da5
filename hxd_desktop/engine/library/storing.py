"""What parsers made of a folder's files, stored batch by batch beside the reading of the next ones."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import store
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.parsing import ParseJob
from hxd_desktop.engine.library.recent import RecentTerms

_BATCH_BYTES = 4 << 20  # of files, per transaction
_BATCH_FILES = 400
_BATCH_SECONDS = 0.25  # so that a single change is searchable at once
_MOST_SECONDS = 2.0  # also among many files: what is lost by a crash, and what progress shows at a time


@dataclass(frozen=True, slots=True)
class StoredBatch:
    """What one transaction stored: files and their bytes, documents with text, changed paths, the last file's path."""

    files: int
    bytes: int
    indexed: int
    paths: tuple[str, ...]
    last: str


class BatchWriter:
    """Collects replies of the parsers and stores them a few megabytes at a time; used by one thread.

    One batch is stored while the next is collected, so that neither the parsers nor the disk wait. A batch counts,
    and is told to `on_stored`, once it is committed.

    Args:
        database: Where to.
        library_id: The library of all the files.
        fingerprint: What their chunks depend on besides their bytes.
        on_stored: Called on the using thread for each batch, in order.
        recent: Where terms are kept for the embedder.
    """

    def __init__(
        self,
        database: Database,
        library_id: int,
        fingerprint: str,
        on_stored: Callable[[StoredBatch], None],
        recent: RecentTerms | None = None,
    ) -> None:
        self._database = database
        self._library_id = library_id
        self._fingerprint = fingerprint
        self._on_stored = on_stored
        self._recent = recent
        self._batch: list[tuple[ParseJob, dict[str, Any]]] = []
        self._size = 0
        self._added = 0
        self._started = time.monotonic()
        self._storing: Future[StoredBatch | None] | None = None
        self.folder_gone = False

    def add(self, job: ParseJob, reply: dict[str, Any]) -> None:
        """Take what was made of one file; a folder that was removed meanwhile does not get it back.

        Raises:
            StorageError: a batch before this file could not be stored.
        """
        self._batch.append((job, reply))
        if self._recent is not None:
            self._recent.keep(reply)
        self._size += job.size_bytes
        self._added += 1
        waited = time.monotonic() - self._started
        if self._size > _BATCH_BYTES or len(self._batch) >= _BATCH_FILES:
            self._store()
        elif (
            waited > _BATCH_SECONDS and (self._added < _BATCH_FILES or self._size > _BATCH_BYTES // 4)
        ) or waited > _MOST_SECONDS:
            self._store_unless_busy()

    def look(self) -> None:
        """Store what has waited long enough; called now and then while no file comes."""
        if self._batch and time.monotonic() - self._started > _BATCH_SECONDS:
            self._store_unless_busy()
        elif self._storing is not None and self._storing.done():
            self._collect()

    def finish(self) -> None:
        """Store the rest and wait until all is committed.

        Raises:
            StorageError: a batch could not be stored; the others are.
        """
        try:
            self._collect()
        finally:
            self._store()
            self._collect()

    def _store_unless_busy(self) -> None:
        if self._storing is None or self._storing.done():
            self._store()

    def _store(self) -> None:
        self._collect()
        batch, self._batch = self._batch, []
        self._size, self._started = 0, time.monotonic()
        if batch and not self.folder_gone:
            self._storing = self._database.submit(lambda connection: self._write(connection, batch))

    def _collect(self) -> None:
        """Wait for the batch that is being stored, and tell of it."""
        storing, self._storing = self._storing, None
        if storing is not None:
            stored = storing.result()
            if stored is None:
                self.folder_gone = True
            else:
                self._on_stored(stored)

    def _write(
        self, connection: sqlite3.Connection, batch: list[tuple[ParseJob, dict[str, Any]]]
    ) -> StoredBatch | None:
        """Store what was made of some files of one folder, on the writing thread; None where the folder is gone."""
        if not folder_exists(connection, batch[0][0].folder_id):
            return None
        files: list[tuple[int, store.ParsedFile]] = []
        missing: list[str] = []
        indexed = 0
        for job, reply in batch:
            state = reply["state"]
            if state == "unchanged" and job.document_id is not None:
                store.touch_document(connection, job.document_id, reply["size"], reply["mtime_ns"], job.inode)
            elif state == "missing":
                missing.append(job.path)
            else:
                if state == "changed":
                    reply = {"state": DocumentState.FAILED.value, "reason": "It keeps changing while it is read."}
                file = store.parsed_file(reply, job.path, job.size_bytes, job.mtime_ns, job.inode, self._fingerprint)
                files.append((job.folder_id, file))
                indexed += file.state is DocumentState.INDEXED
        store.store_documents(connection, self._library_id, files)
        ids = [
            row[0]
            for path in missing
            for row in connection.execute(
                "SELECT id FROM documents WHERE library_id = ? AND path = ?", (self._library_id, path)
            )
        ]
        store.remove_documents(connection, self._library_id, ids)
        return StoredBatch(
            len(batch),
            sum(job.size_bytes for job, _ in batch),
            indexed,
            (*missing, *(file.path for _, file in files)),
            batch[-1][0].path,
        )


def folder_exists(connection: sqlite3.Connection, folder_id: int) -> bool:
    """Say whether a folder is still among those of the libraries."""
    return connection.execute("SELECT 1 FROM folders WHERE id = ?", (folder_id,)).fetchone() is not None

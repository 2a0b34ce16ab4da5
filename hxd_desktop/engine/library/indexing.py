"""One folder brought up to date with the disk: scan, compare, read, store. The one path for start-up and events."""

from __future__ import annotations

import dataclasses
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import store
from hxd_desktop.engine.library.comparison import Changes, KnownFile, compare
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.entries import Inode, RootOffline
from hxd_desktop.engine.library.ignore import IgnoreRules
from hxd_desktop.engine.library.model import FolderInfo, FolderState
from hxd_desktop.engine.library.parsing import ParseJob, ParserPool
from hxd_desktop.engine.library.recent import RecentTerms
from hxd_desktop.engine.library.scanner import scan
from hxd_desktop.engine.library.storing import BatchWriter, StoredBatch, folder_exists
from hxd_desktop.engine.settings import Settings
from hxd_desktop.engine.text.words import VERSION as TERMS_VERSION

# Raised when parsers or chunking change what they make of a file: every file is then read again.
PARSERS_VERSION = 3

_MAX_TRIES = 3
_STATES = {state.value: state for state in DocumentState}


def fingerprint(settings: Settings) -> str:
    """Return what a document's chunks depend on besides its bytes."""
    chunks = settings.chunks
    return f"{PARSERS_VERSION}.{TERMS_VERSION}.{chunks.max_tokens}.{chunks.max_cjk_chars}"


@dataclass(slots=True)
class FolderRun:
    """What one pass over a folder did. `bytes`: read. `paths`: documents whose words have changed."""

    indexed: int = 0
    removed: int = 0
    bytes: int = 0
    files_total: int = 0
    bytes_total: int = 0
    files_done: int = 0
    offline: bool = False
    paths: list[str] = field(default_factory=list)


OnProgress = Callable[[FolderRun, str | None], None]


class FolderIndexer:
    """Brings folders up to date; used by one thread at a time.

    Args:
        database: Where everything is kept.
        pool: The parser processes.
        settings: Limits, ignore patterns, chunking.
        own_folders: The data directory, which is never indexed.
        recent: Where terms are kept for the embedder.
    """

    def __init__(
        self,
        database: Database,
        pool: ParserPool,
        settings: Settings,
        own_folders: tuple[Path, ...],
        recent: RecentTerms | None = None,
    ) -> None:
        self._database = database
        self._pool = pool
        self._settings = settings
        self._recent = recent
        self._own_folders = own_folders
        self._rules = IgnoreRules(settings.index.ignore, own_folders=own_folders)
        self._fingerprint = fingerprint(settings)

    def rules(self, folder: FolderInfo) -> IgnoreRules:
        """Return the ignore rules as they apply below `folder`."""
        if not folder.ignore:
            return self._rules.for_root(folder.path)
        patterns = (*self._settings.index.ignore, *folder.ignore)
        return IgnoreRules(patterns, own_folders=self._own_folders).for_root(folder.path)

    def identity(self, folder: FolderInfo) -> Inode | None:
        """Return what `folder` was when it was last scanned, None for never."""
        with translated(self._database.path):
            row = self._database.reader.execute("SELECT identity FROM folders WHERE id = ?", (folder.id,)).fetchone()
        return _parse_inode(row[0]) if row is not None else None

    def update(
        self,
        folder: FolderInfo,
        cancel: CancelToken,
        on_progress: OnProgress,
        below: Collection[str] | None = None,
    ) -> FolderRun:
        """Bring `folder` (or only the parts `below`) up to date by words.

        Files are stored in transactions of a few megabytes: what was stored stays, whatever happens next.

        Raises:
            Cancelled: `cancel` was used; the rest stays queued.
        """
        run = FolderRun()
        with translated(self._database.path):
            library_id, identity = self._database.reader.execute(
                "SELECT library_id, identity FROM folders WHERE id = ?", (folder.id,)
            ).fetchone() or (0, None)
        if not library_id:  # removed meanwhile
            return run
        if not folder.is_file and os.path.isfile(folder.path):
            self._set_state(folder, FolderState.OFFLINE, "A file has taken its place.", None)
            run.offline = True
            return run
        found = scan(
            folder.path,
            self.rules(folder),
            cancel=cancel,
            max_file_bytes=self._settings.index.max_file_bytes,
            known_identity=_parse_inode(identity),
            below=below,
        )
        if isinstance(found, RootOffline):
            self._set_state(folder, FolderState.OFFLINE, found.reason, None)
            run.offline = True
            return run
        if folder.state is FolderState.OFFLINE or _parse_inode(identity) != found.identity:
            state = FolderState.POLLING if folder.state is FolderState.POLLING else FolderState.ONLINE
            self._set_state(folder, state, folder.detail if state is FolderState.POLLING else "", found.identity)
        known, ids, hashes, outdated = self._known(folder, found.tops if below is not None else None)
        changes = compare(known, found)
        if outdated:
            unchanged = set(changes.unchanged)
            changes.modified += [e for e in found.files if e.path in outdated and e.path in unchanged]
        if not self._write_rows(library_id, folder, changes, ids, run):
            return run
        changes.modified += [entry for old, entry in changes.moved if _may_be_another_format(old, entry.path)]
        jobs = [
            ParseJob(
                entry.path,
                entry.size,
                entry.mtime_ns,
                folder.id,
                _store_inode(entry.inode),
                None if entry.path in outdated else hashes.get(entry.path),
                ids.get(entry.path),
            )
            for entry in changes.to_read
        ]
        run.files_total = len(jobs)
        run.bytes_total = sum(job.size_bytes for job in jobs)
        if jobs:
            on_progress(run, None)
            self._read(library_id, jobs, run, cancel, on_progress)
        return run

    def _set_state(self, folder: FolderInfo, state: FolderState, detail: str, identity: Inode | None) -> None:
        self._database.write(
            lambda connection: connection.execute(
                "UPDATE folders SET state = ?, detail = ?, identity = coalesce(?, identity) WHERE id = ?",
                (state.value, detail, _store_inode(identity), folder.id),
            )
        )

    def _known(
        self, folder: FolderInfo, tops: Collection[str] | None
    ) -> tuple[dict[str, KnownFile], dict[str, int], dict[str, bytes], set[str]]:
        """Return the folder's rows (below `tops`), their ids and hashes, and the paths to read in any case.

        Those are the ones that still wait to be read, and those of another fingerprint.
        """
        known: dict[str, KnownFile] = {}
        ids: dict[str, int] = {}
        hashes: dict[str, bytes] = {}
        outdated: set[str] = set()
        with translated(self._database.path):
            for row in self._rows(folder, tops):
                document_id, path, size, mtime_ns, inode, state, reason, read_at, files, digest, made_by = row
                known[path] = KnownFile(
                    size,
                    mtime_ns,
                    _parse_inode(inode),
                    _STATES[state],
                    reason,
                    int((read_at or 0) * 1e9),
                    files,
                )
                ids[path] = document_id
                if digest is not None:
                    hashes[path] = digest
                queued = state == DocumentState.QUEUED
                if queued or (made_by is not None and made_by != self._fingerprint):
                    outdated.add(path)
        return known, ids, hashes, outdated

    def _rows(self, folder: FolderInfo, tops: Collection[str] | None) -> Iterator[tuple[Any, ...]]:
        columns = (
            "SELECT id, path, size_bytes, mtime_ns, inode, state, reason, indexed_at, files, content_hash, fingerprint"
            " FROM documents"
        )
        connection = self._database.reader
        if tops is None:
            yield from connection.execute(f"{columns} WHERE folder_id = ?", (folder.id,))
            return
        library = connection.execute("SELECT library_id FROM folders WHERE id = ?", (folder.id,)).fetchone()[0]
        for top in tops:
            # The range of paths below a folder: its name and a separator, up to the next character.
            lower = top.rstrip(os.sep) + os.sep
            upper = lower[:-1] + chr(ord(os.sep) + 1)
            yield from connection.execute(
                f"{columns} WHERE library_id = ? AND (path = ? OR path >= ? AND path < ?) AND folder_id = ?",
                (library, top, lower, upper, folder.id),
            )

    def _write_rows(
        self, library_id: int, folder: FolderInfo, changes: Changes, ids: dict[str, int], run: FolderRun
    ) -> bool:
        """Store what needs no reading (moves, removals, skipped, queue); return whether the folder is still there."""
        rows = [
            store.ParsedFile(entry.path, DocumentState.SKIPPED, 0, 0, reason=entry.rule, files=entry.files)
            for entry in changes.skipped
        ] + [
            store.ParsedFile(entry.path, DocumentState.FAILED, 0, 0, reason=entry.reason, files=entry.files)
            for entry in changes.failed
        ]
        if not (rows or changes.moved or changes.removed or changes.new):
            return True

        def write(connection: sqlite3.Connection) -> bool:
            if not folder_exists(connection, folder.id):
                return False
            for old, entry in changes.moved:
                store.move_document(connection, library_id, ids[old], folder.id, entry.path, _store_inode(entry.inode))
            store.remove_documents(connection, library_id, [ids[path] for path in changes.removed])
            store.store_documents(connection, library_id, ((folder.id, row) for row in rows))
            store.queue_documents(
                connection, library_id, ((folder.id, entry.path, entry.size) for entry in changes.new)
            )
            return True

        if not self._database.write(write):
            return False
        run.removed += len(changes.removed)
        run.paths += [*changes.removed, *(old for old, _ in changes.moved), *(e.path for _, e in changes.moved)]
        return True

    def _read(
        self, library_id: int, jobs: list[ParseJob], run: FolderRun, cancel: CancelToken, on_progress: OnProgress
    ) -> None:
        again: list[ParseJob] = []

        def stored(batch: StoredBatch) -> None:
            run.files_done += batch.files
            run.bytes += batch.bytes
            run.indexed += batch.indexed
            run.paths += batch.paths
            on_progress(run, batch.last)

        storing = BatchWriter(self._database, library_id, self._fingerprint, stored, self._recent)
        try:
            for job, reply in self._pool.parse(jobs, cancel, storing.look):
                if reply["state"] == "changed" and job.tries < _MAX_TRIES:
                    again.append(dataclasses.replace(job, tries=job.tries + 1))
                    continue
                storing.add(job, reply)
                if storing.folder_gone:
                    return
        finally:
            # Also after a stop: what was read is kept.
            storing.finish()
        if again and not storing.folder_gone:
            cancel.wait(0.2)  # somebody is writing these files right now
            self._read(library_id, again, run, cancel, on_progress)


def _may_be_another_format(old: str, new: str) -> bool:
    suffix = os.path.splitext(new)[1]
    same = suffix and suffix.lower() == os.path.splitext(old)[1].lower()
    return not same and os.path.basename(old) != os.path.basename(new)


def _store_inode(inode: Inode | None) -> str | None:
    return None if inode is None else f"{inode[0]}:{inode[1]}"


def _parse_inode(text: str | None) -> Inode | None:
    if not text:
        return None
    number, _, device = text.partition(":")
    return int(number), int(device)

"""Scans read page by page while nothing else is to do: files whose pages are pictures become text."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.documents.ocr.engines import INSTALL, OcrEngine, find_engine
from hxd_desktop.engine.events import DocumentsChanged, EventBus, IndexProgress, Phase
from hxd_desktop.engine.library import readings, store
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.indexing import fingerprint
from hxd_desktop.engine.library.replies import well_formed
from hxd_desktop.engine.settings import Settings
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

_OFF = "Reading scans is switched off in the settings (documents.ocr)."
_FOLDER_OFF = "Reading scans is off for this folder; hxd index FOLDER --ocr reads them."
_PAGES, _PICTURE = "Its pages are images without text.", "It is a picture; text in it is not read."
_DEATHS = {
    "timeout": "took longer than {seconds:.0f} s for a page",
    "memory": "needed more memory than is allowed",
    "crashed": "crashed on it",
}


class _Scan(NamedTuple):
    """A file with pages that nobody has read."""

    id: int
    library_id: int
    library: str
    folder_id: int
    path: str
    size_bytes: int
    mtime_ns: int
    inode: str | None
    content_hash: bytes
    pages: int
    state: str


class ScanReader:
    """Reads the pages of scans, one at each step, with the engine that is there; used by one thread.

    What was read is kept at once: whatever ends the process, a page is read once. `stop` may be called by any thread.

    Args:
        database: Where everything is kept.
        settings: Whether, by which engine and in which limits.
        events: Where progress and changes are published.
    """

    def __init__(self, database: Database, settings: Settings, events: EventBus) -> None:
        self._database = database
        self._settings = settings
        self._events = events
        self._worker = WorkerProcess("ocr", memory_bytes=settings.documents.ocr_memory_bytes)
        self._under_way: tuple[_Scan, Iterator[None]] | None = None
        self._passed: set[int] = set()
        self._stopped = False
        self._interrupted = False
        self.indexed: dict[str, int] = {}  # library -> documents that have become text since the start

    @property
    def engine(self) -> OcrEngine | None:
        """The engine that reads scans, None where there is none or the settings say no."""
        documents = self._settings.documents
        return None if documents.ocr == "off" else find_engine(documents.ocr_engine)

    def step(self, paused: Collection[str]) -> bool:
        """Read one page, or store a file whose last page was read; return whether there was anything to do."""
        if self._under_way is not None and (
            self._interrupted or self._under_way[0].library in paused or not self._wanted()
        ):
            self._leave()
        if self._under_way is None:
            scan = self._next(paused)
            engine = self.engine if scan is not None else None
            if scan is None or engine is None:
                return False
            self._under_way = (scan, self._read(scan, engine))
        scan, pages = self._under_way
        try:
            next(pages)
        except StopIteration:
            self._under_way = None
            self._events.publish(IndexProgress(scan.library, Phase.IDLE))
        except BaseException:
            self._leave()
            raise
        return True

    def begin(self) -> None:
        """Files may have changed: look at those again that could not be opened as they were known."""
        self._passed.clear()
        self._interrupted = False

    def settle(self, folder_ids: Collection[int]) -> None:
        """After a look at folders: forget what was read of files that are gone, and let those that wait say for what.

        A file that moves may be removed before it is found again: what was read of it stays until then.
        """
        with translated(self._database.path):
            concerned = self._database.reader.execute(
                "SELECT EXISTS (SELECT 1 FROM scans)"
                " OR EXISTS (SELECT 1 FROM documents WHERE scan_pages > 0 AND state = 'needs_ocr')"
            ).fetchone()[0]
        if concerned:
            self._database.write(lambda connection: self._settle(connection, folder_ids))

    def _settle(self, connection: sqlite3.Connection, folder_ids: Collection[int]) -> None:
        readings.forget_orphans(connection)
        off = self._settings.documents.ocr == "off"
        missing = _OFF if off else "" if self.engine is not None else INSTALL
        for folder_id in folder_ids:
            row = connection.execute("SELECT ocr FROM folders WHERE id = ?", (folder_id,)).fetchone()
            hint = missing if off or row is None or row[0] else _FOLDER_OFF
            for condition, reason in (("= 'image'", _PICTURE), ("<> 'image'", _PAGES)):
                connection.execute(
                    "UPDATE documents SET reason = ?1 WHERE folder_id = ?2 AND state = 'needs_ocr'"
                    f" AND ocr_engine IS NULL AND type {condition} AND reason IS NOT ?1",
                    (f"{reason} {hint}".strip(), folder_id),
                )

    def interrupt(self) -> None:
        """End the page under way; nothing is read until somebody looks at the folders again. Any thread may call it."""
        self._interrupted = True
        self._worker.kill()

    def stop(self) -> None:
        """End what is being read; it goes on from its last page at the next start."""
        self._stopped = True
        self._worker.kill()

    def close(self) -> None:
        """End the process."""
        self._leave()
        self._worker.close()

    def _leave(self) -> None:
        under_way, self._under_way = self._under_way, None
        if under_way is not None:
            under_way[1].close()  # type: ignore[attr-defined]
            self._events.publish(IndexProgress(under_way[0].library, Phase.IDLE))

    def _wanted(self) -> bool:
        """Whether the file under way is still there as it was, in a folder whose scans are read."""
        assert self._under_way is not None
        scan = self._under_way[0]
        with translated(self._database.path):
            row = self._database.reader.execute(
                "SELECT d.content_hash, d.path, f.ocr FROM documents d JOIN folders f ON f.id = d.folder_id"
                " WHERE d.id = ?",
                (scan.id,),
            ).fetchone()
        return row is not None and row == (scan.content_hash, scan.path, 1)

    def _next(self, paused: Collection[str]) -> _Scan | None:
        """Return a file with unread pages that the present engine has not failed on."""
        if self._stopped or self._interrupted:
            return None
        engine = self.engine
        if engine is None:
            return None
        with translated(self._database.path):
            rows = self._database.reader.execute(
                "SELECT d.id, d.library_id, l.name, d.folder_id, d.path, d.size_bytes, d.mtime_ns, d.inode,"
                " d.content_hash, d.scan_pages, d.state FROM documents d JOIN folders f ON f.id = d.folder_id"
                " JOIN libraries l ON l.id = d.library_id"
                " WHERE d.scan_pages > 0 AND d.content_hash IS NOT NULL AND d.ocr_places IS NULL"
                " AND (d.ocr_engine IS NULL OR d.ocr_engine <> ?) AND f.ocr = 1 AND f.state <> 'offline'"
                " ORDER BY d.scan_pages, d.id",
                (engine.id,),
            )
            return next(
                (s for s in map(_Scan._make, rows) if s.library not in paused and s.id not in self._passed), None
            )

    def _read(self, scan: _Scan, engine: OcrEngine) -> Iterator[None]:
        documents = self._settings.documents
        with translated(self._database.path):
            known = readings.known_pages(self._database.reader, scan.content_hash, engine.id)
        job = {
            "path": scan.path,
            "max_bytes": self._settings.index.max_file_bytes,
            "chunks": dataclasses.asdict(self._settings.chunks),
            "hash": scan.content_hash,
            "engine": engine.name,
            "engine_id": engine.id,
            "languages": list(engine.languages),
            "timeout_s": documents.ocr_page_timeout_s,
            "limit": documents.ocr_confidence,
            "known": known,
        }
        done = len(known)
        self._tell(scan, done)
        if self._stopped or self._interrupted:
            return
        try:
            for reply in self._worker.stream(job, timeout_s=documents.ocr_page_timeout_s, last=lambda r: "state" in r):
                if "state" in reply:
                    if not well_formed(reply):
                        self._worker.kill("crashed")
                        raise WorkerDied("crashed")
                    self._finish(scan, engine, reply)
                    return
                page, lines = reply["page"], reply["lines"]
                self._database.write(
                    lambda connection, page=page, lines=lines: readings.keep_page(  # type: ignore[misc]
                        connection, scan.content_hash, engine.id, page, lines
                    )
                )
                done += 1
                self._tell(scan, done)
                yield
        except WorkerDied as death:
            if death.reason == "killed":
                self._passed.add(scan.id)
                return
            reason = _DEATHS[death.reason].format(seconds=documents.ocr_page_timeout_s)
            told = f"{engine.id} {reason}."
            self._finish(scan, engine, {"state": DocumentState.NEEDS_OCR.value, "reason": told})

    def _tell(self, scan: _Scan, done: int) -> None:
        progress = IndexProgress(
            scan.library, Phase.SCANS, current=scan.path, pages_done=min(done, scan.pages), pages_total=scan.pages
        )
        self._events.publish(progress)

    def _finish(self, scan: _Scan, engine: OcrEngine, reply: dict[str, Any]) -> None:
        """Store what became of a file; one that has changed on the disk waits for the next scan."""
        if reply["state"] in ("changed", "missing"):
            self._passed.add(scan.id)
            return
        read = reply.get("ocr")

        def write(connection: sqlite3.Connection) -> bool:
            row = connection.execute(
                "SELECT content_hash, path, state FROM documents WHERE id = ?", (scan.id,)
            ).fetchone()
            if row is None or row[:2] != (scan.content_hash, scan.path):
                return False
            if read is None:
                state = reply["state"] if row[2] == DocumentState.NEEDS_OCR else row[2]
                connection.execute(
                    "UPDATE documents SET ocr_engine = ?, state = ?, reason = ? WHERE id = ?",
                    (engine.id, state, reply["reason"], scan.id),
                )
                return True
            file = store.parsed_file(
                reply, scan.path, scan.size_bytes, scan.mtime_ns, scan.inode, fingerprint(self._settings)
            )
            file = dataclasses.replace(
                file, ocr_engine=engine.id, ocr_confidence=read["confidence"], ocr_places=read["places"]
            )
            store.store_documents(connection, scan.library_id, [(scan.folder_id, file)])
            return True

        if not self._database.write(write):
            return
        if read is not None and reply["state"] == DocumentState.INDEXED and scan.state != DocumentState.INDEXED:
            self.indexed[scan.library] = self.indexed.get(scan.library, 0) + 1
        self._events.publish(DocumentsChanged(scan.library, (scan.path,)))

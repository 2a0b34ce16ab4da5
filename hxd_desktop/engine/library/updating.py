"""One library brought up to date and waited for, with the report of what was done."""

from __future__ import annotations

import time
from concurrent.futures import Future
from typing import TypeVar

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library import catalog
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.model import IndexReport
from hxd_desktop.engine.library.service import IndexService

T = TypeVar("T")


def update_library(
    database: Database, service: IndexService, library: str, cancel: CancelToken, *, vectors: bool
) -> IndexReport:
    """Scan, read and store what has changed in a library's folders; with `vectors`, wait for the last one too.

    Raises:
        Cancelled: `cancel` was used; what was stored stays.
        StorageError, ModelError: storing or embedding failed.
    """
    started = time.perf_counter()
    scans_before = service.scans_indexed(library)
    run = _wait(service.update(library, cancel))
    seconds_words = time.perf_counter() - started
    if vectors:
        _wait(service.wait_for_vectors(library, cancel))
    seconds = time.perf_counter() - started
    with translated(database.path):
        connection = database.reader
        info = catalog.libraries(connection, library)[0]
        failures = connection.execute(
            "SELECT path, reason FROM documents WHERE library_id = ? AND state = ? ORDER BY path",
            (info.id, DocumentState.FAILED.value),
        ).fetchall()
    counts = info.counts
    indexed = run.indexed + service.scans_indexed(library) - scans_before
    documents = {
        "indexed": indexed,
        "unchanged": counts.get(DocumentState.INDEXED, 0) - indexed,
        "removed": run.removed,
        "empty": counts.get(DocumentState.EMPTY, 0),
        "failed": counts.get(DocumentState.FAILED, 0),
        "skipped": counts.get(DocumentState.SKIPPED, 0),
        "needs_ocr": counts.get(DocumentState.NEEDS_OCR, 0),
    }
    return IndexReport(
        library,
        documents,
        info.chunks,
        seconds,
        seconds_words,
        run.bytes,
        tuple({"path": path, "reason": reason or ""} for path, reason in failures),
    )


def _wait(future: Future[T]) -> T:
    # In short waits, so that Ctrl-C is seen on Windows too.
    while True:
        try:
            return future.result(timeout=0.2)
        except TimeoutError:
            if future.done():  # the work itself raised it
                return future.result()

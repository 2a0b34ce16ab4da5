"""The indexer thread: words first, vectors behind, scans last, one thing at a time.

Tasks are scans of folders and changes that the watcher reports; both end in `FolderIndexer.update`. Between tasks the
thread embeds queued chunks in small batches, so that a saved file never waits for vectors, and saves vector indexes
when it has nothing else to do.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Collection
from concurrent.futures import Future

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, StorageError
from hxd_desktop.engine.events import EventBus, IndexProgress, LibrariesChanged, Phase
from hxd_desktop.engine.library import catalog, purging
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.embedding import VectorFiller
from hxd_desktop.engine.library.indexing import FolderIndexer
from hxd_desktop.engine.library.model import FolderInfo, FolderState
from hxd_desktop.engine.library.reporting import Reporter
from hxd_desktop.engine.library.scans import ScanReader
from hxd_desktop.engine.library.setbacks import Setbacks
from hxd_desktop.engine.library.tasks import Run, Task, settle

log = logging.getLogger(__name__)

_SAVE_AFTER_SECONDS = 20.0


class IndexService:
    """Owns the indexer thread. Any thread may call any method; work happens on the indexer thread.

    Args:
        database: Open for writing.
        indexer: Brings a folder up to date.
        filler: Embeds queued chunks.
        events: Where progress and changes are published.
        scans: Reads pages that are pictures while nothing else is to do.
    """

    def __init__(
        self,
        database: Database,
        indexer: FolderIndexer,
        filler: VectorFiller,
        events: EventBus,
        scans: ScanReader | None = None,
    ) -> None:
        self._database = database
        self._indexer = indexer
        self._filler = filler
        self._scans = scans
        self._failed_scans = False
        self._events = events
        self._setbacks = Setbacks(events)
        self._tasks: deque[Task] = deque()
        self._wake = threading.Condition()
        self._closing = CancelToken()
        self._current: Task | None = None
        self._failed_vectors: BaseException | None = None
        self._woken = False
        self._waiting_vectors: list[tuple[str, CancelToken, Future[None]]] = []
        self._thread = threading.Thread(target=self._serve, name="indexer", daemon=True)
        self._thread.start()

    # -- asking for work ------------------------------------------------------------------------------

    def update(self, library: str, cancel: CancelToken | None = None) -> Future[Run]:
        """Queue a scan of all folders of a library; the future is done when its words are."""
        with translated(self._database.path):
            folders = catalog.folders(self._database.reader, library)
        return self._put(library, {folder.id: None for folder in folders}, cancel)

    def update_parts(self, folder: FolderInfo, parts: Collection[str] | None) -> Future[Run]:
        """Queue a look at parts of a folder (None: all of it), as the watcher reports them."""
        return self._put(folder.library, {folder.id: None if parts is None else set(parts)}, None)

    def wait_for_vectors(self, library: str, cancel: CancelToken) -> Future[None]:
        """Return a future that is done when no scan and no chunk's vector waits any more and the index is saved."""
        future: Future[None] = Future()
        with self._wake:
            if self._closing.cancelled:
                future.set_exception(Cancelled())
                return future
            self._waiting_vectors.append((library, cancel, future))
            self._wake.notify()
        if self._scans is not None:  # a page takes seconds, and nobody waits for it any more
            forget = cancel.on_cancel(self._scans.interrupt)
            future.add_done_callback(lambda _: forget())
        return future

    def wake(self) -> None:
        """Look for work again: a library was resumed, an embedder changed."""
        with self._wake:
            self._failed_vectors = None
            self._failed_scans = False
            self._woken = True
            self._wake.notify()

    def pause(self, library: str) -> None:
        """Stop after the current batch where the library is being read; it is taken up again by `wake`."""
        with self._wake:
            current = self._current
            if current is not None and current.library == library:
                current.pausing = True
                current.cancel.cancel()

    def scans_indexed(self, library: str) -> int:
        """Return how many scans of a library have become text since the start."""
        return 0 if self._scans is None else self._scans.indexed.get(library, 0)

    def busy(self, library: str) -> bool:
        """Whether files of the library are being read or wait to be."""
        with self._wake:
            current = self._current
            return (current is not None and current.library == library) or any(
                task.library == library for task in self._tasks
            )

    def close(self) -> None:
        """Stop after the current batch, save vector indexes, and join the thread."""
        with self._wake:
            self._closing.cancel()
            if self._current is not None:
                self._current.cancel.cancel()
            self._wake.notify()
        if self._scans is not None:
            self._scans.stop()
        self._thread.join()

    def _put(self, library: str, below: dict[int, set[str] | None], cancel: CancelToken | None) -> Future[Run]:
        future: Future[Run] = Future()
        with self._wake:
            if self._closing.cancelled:
                future.set_exception(Cancelled())
                return future
            # Never joined to a task that somebody may cancel: the watcher tells each change once.
            task = next((t for t in self._tasks if t.library == library and cancel is None and t.asked is None), None)
            if task is None:
                task = Task(library, {}, cancel, CancelToken(cancel))
                self._tasks.append(task)
            for folder_id, parts in below.items():
                known = task.below.get(folder_id, set())
                task.below[folder_id] = None if parts is None or known is None else known | parts
            task.futures.append(future)
            self._wake.notify()
        return future

    # -- the indexer thread -----------------------------------------------------------------------------

    def _serve(self) -> None:
        idle_since: float | None = None
        while True:
            with self._wake:
                if self._closing.cancelled:
                    break
                self._woken = False
                task = self._next_task()
                self._current = task
            self._drop_cancelled()
            if task is not None:
                self._work(task)
                idle_since = None
                continue
            if self._fill() or self._read_scan():
                idle_since = None
                continue
            self._setbacks.try_again()
            idle_since = idle_since or time.monotonic()
            self._settle(waited=time.monotonic() - idle_since)
            with self._wake:
                if self._nothing_to_do():
                    self._wake.wait(_SAVE_AFTER_SECONDS)
        self._finish()

    def _nothing_to_do(self) -> bool:
        if self._closing.cancelled or self._woken or self._waiting_vectors:
            return False
        return self._next_task(peek=True) is None

    def _next_task(self, *, peek: bool = False) -> Task | None:
        paused = self._paused() if self._tasks else set()
        for task in self._tasks:
            if task.library not in paused:
                if not peek:
                    self._tasks.remove(task)
                return task
        return None

    def _paused(self) -> set[str]:
        try:
            with translated(self._database.path):
                rows = self._database.reader.execute("SELECT name FROM libraries WHERE paused = 1").fetchall()
        except StorageError:  # the work itself meets it too, and reports it to whoever waits
            return set()
        return {name for (name,) in rows}

    def _work(self, task: Task) -> None:
        run = Run()
        phase = Phase.IDLE
        self._failed_scans = False
        if self._scans is not None:
            self._scans.begin()
        try:
            for folder_id, parts in task.below.items():
                folder = self._folder(folder_id)
                if folder is None:
                    continue
                self._events.publish(IndexProgress(task.library, Phase.SCANNING, current=folder.path))
                reporter = Reporter(self._events, task.library)
                done = self._indexer.update(folder, task.cancel, reporter, parts)
                reporter.tell_changed(done)
                run.indexed += done.indexed
                run.removed += done.removed
                run.bytes += done.bytes
                run.offline += done.offline
                if done.offline != (folder.state is FolderState.OFFLINE):
                    self._events.publish(LibrariesChanged())
            if self._scans is not None:
                self._scans.settle(task.below)
        except Cancelled as stop:
            if task.pausing and not (task.asked is not None and task.asked.cancelled):
                phase = Phase.PAUSED
                with self._wake:  # it goes on where it was when the library is resumed
                    self._tasks.appendleft(
                        Task(task.library, task.below, task.asked, CancelToken(task.asked), False, task.futures)
                    )
            else:
                settle(task.futures, stop)
        except BaseException as error:
            log.warning("indexing %s failed", task.library, exc_info=True)
            settle(task.futures, error)
            if task.asked is None:  # whoever asked has been told
                self._setbacks.met(error, lambda: self._put(task.library, task.below, None))
        else:
            settle(task.futures, None, run)
        finally:
            with self._wake:
                self._current = None
        self._events.publish(IndexProgress(task.library, phase))

    def _folder(self, folder_id: int) -> FolderInfo | None:
        with translated(self._database.path):
            return next((f for f in catalog.folders(self._database.reader) if f.id == folder_id), None)

    def _fill(self) -> bool:
        """Embed one batch; return whether there was one."""
        if self._failed_vectors is not None:
            return False
        try:
            return self._filler.step(self._paused()) > 0
        except Exception as error:
            # Words stay searchable; vectors go on when somebody wakes the service (another model, a retry).
            log.warning("embedding stopped", exc_info=True)
            self._failed_vectors = error
            if not self._waiting_vectors:
                self._setbacks.met(error, self.wake)
            return False

    def _read_scan(self) -> bool:
        """Read one page of a scan; return whether there was one."""
        if self._scans is None or self._failed_scans:
            return False
        try:
            return self._scans.step(self._paused())
        except Exception:
            log.warning("reading scans stopped", exc_info=True)
            self._failed_scans = True
            return False

    def _drop_cancelled(self) -> None:
        """Tell those who have stopped waiting for vectors."""
        with self._wake:
            over = [item for item in self._waiting_vectors if item[1].cancelled]
            self._waiting_vectors = [item for item in self._waiting_vectors if not item[1].cancelled]
        for _, _, future in over:
            settle([future], Cancelled())

    def _settle(self, waited: float) -> None:
        """Nothing is left to do: save what is unsaved, and tell those who wait."""
        with self._wake:
            waiting, self._waiting_vectors = self._waiting_vectors, []
        error = self._failed_vectors
        quiet = waited >= _SAVE_AFTER_SECONDS
        try:
            # Where files change all the time there is no quiet time: nothing may grow until one comes.
            quiet = quiet or self._filler.overdue()
            if waiting or quiet:
                self._filler.save()
        except Exception as problem:
            log.warning("saving the vectors failed", exc_info=True)
            error = error or problem
            if not waiting:
                self._setbacks.met(problem, self.wake)
        else:
            if quiet and error is None:
                self._setbacks.over()
        for _, _, future in waiting:
            settle([future], error, None)
        if quiet:
            try:
                purging.purge(self._database)
            except StorageError:
                log.warning("what was removed could not be purged yet", exc_info=True)

    def _finish(self) -> None:
        for task in self._tasks:
            settle(task.futures, Cancelled())
        self._tasks.clear()
        for _, _, future in self._waiting_vectors:
            settle([future], Cancelled())
        try:
            self._filler.save()
        except Exception:
            log.warning("saving the vectors failed; they are rebuilt at the next start", exc_info=True)
        self._filler.close()
        if self._scans is not None:
            self._scans.close()

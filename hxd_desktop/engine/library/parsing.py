"""Parser processes at work: files in, what is kept of each out, whatever becomes of the process."""

from __future__ import annotations

import dataclasses
import os
import queue
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.replies import well_formed
from hxd_desktop.engine.settings import ChunkSettings, IndexSettings
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess

_MAX_WORKERS = 4
_DEPTH = 4  # jobs sent ahead: the process never waits for the next one
_RESULTS = 64  # replies waiting for the writer: bounds memory
_NAP_SECONDS = 0.01  # between looks at the replies while many are to come: waking up for each costs more than it holds
_ALONE_BYTES = 4 << 20  # larger files are sent one at a time, so that a limit hits the right one

_DEATHS = {
    "timeout": "Reading it took longer than {seconds:.0f} s, which is the limit for one file.",
    "memory": "Reading it needed more memory than is allowed for one file.",
    "crashed": "The parser crashed on it; the file may be damaged.",
    "killed": "Reading it was stopped.",
}


@dataclass(frozen=True, slots=True)
class ParseJob:
    """A file to read; `known_hash` is the content that is indexed already, if any. `tries`: how often it was read."""

    path: str
    size_bytes: int
    mtime_ns: int
    folder_id: int
    inode: str | None = None
    known_hash: bytes | None = None
    document_id: int | None = None
    tries: int = 0


def worker_count(settings: IndexSettings) -> int:
    """Return how many parser processes to run."""
    return settings.workers or max(1, min(_MAX_WORKERS, os.cpu_count() or 1))


class ParserPool:
    """A few parser processes, kept between uses; one `parse` at a time.

    Processes start when they are first needed and end with `close`.
    """

    def __init__(self, settings: IndexSettings, chunks: ChunkSettings) -> None:
        self._settings = settings
        self._chunks = dataclasses.asdict(chunks)
        self._workers = [
            WorkerProcess("parser", memory_bytes=settings.parse_memory_bytes) for _ in range(worker_count(settings))
        ]

    def warm(self, count: int | None = None) -> None:
        """Start the first `count` processes, None for all, so that the next file does not wait for them."""
        for worker in self._workers[:count]:
            worker.start()

    def parse(
        self, jobs: Sequence[ParseJob], cancel: CancelToken, while_waiting: Callable[[], None] = lambda: None
    ) -> Iterator[tuple[ParseJob, dict[str, Any]]]:
        """Read files and yield (job, reply of `documents.parse.parse_file`) as they are done, in no order.

        A file that its parser dies of yields a failed reply, and the others go on. `while_waiting` is called about
        ten times a second while no reply comes.

        Raises:
            Cancelled: `cancel` was used; what was yielded stands.
        """
        run = _Run(deque(jobs), cancel, self._settings, self._chunks)
        threads = [
            threading.Thread(target=run.serve, args=(worker,), name=f"parse-{n}", daemon=True)
            for n, worker in enumerate(self._workers[: max(1, len(jobs))])
        ]
        for thread in threads:
            thread.start()
        try:
            for _ in range(len(jobs)):
                result = run.next_result(threads, while_waiting)
                if result is None:
                    cancel.check()
                    raise run.failure or RuntimeError("the parser threads ended early")
                yield result
        finally:
            run.stopped = True
            run.drain()
            if run.unfinished:
                for worker in self._workers:
                    worker.kill()
            for thread in threads:
                while thread.is_alive():
                    run.drain()
                    thread.join(0.01)

    def close(self) -> None:
        """End the processes; a later `parse` starts them again."""
        for worker in self._workers:
            worker.close()


class _Run:
    """One call of `parse`, shared by its threads."""

    def __init__(
        self, jobs: deque[ParseJob], cancel: CancelToken, settings: IndexSettings, chunks: dict[str, Any]
    ) -> None:
        self._jobs = jobs
        self._cancel = cancel
        self._settings = settings
        self._chunks = chunks
        self._results: queue.Queue[tuple[ParseJob, dict[str, Any]]] = queue.Queue(_RESULTS)
        self._left = len(jobs)
        self.stopped = False
        self.failure: BaseException | None = None

    @property
    def unfinished(self) -> bool:
        return self._left > 0

    def next_result(
        self, threads: Sequence[threading.Thread], while_waiting: Callable[[], None]
    ) -> tuple[ParseJob, dict[str, Any]] | None:
        """Wait for a result; None where it will not come, because of a stop or a bug."""
        if self._left > _RESULTS and self._results.empty():
            self._cancel.wait(_NAP_SECONDS)
        while not self._cancel.cancelled:
            try:
                result = self._results.get(timeout=0.1)
            except queue.Empty:
                if not any(thread.is_alive() for thread in threads) and self._results.empty():
                    return None
                while_waiting()
                continue
            self._left -= 1
            return result
        return None

    def drain(self) -> None:
        """Throw results away, so that no thread waits to hand one over."""
        while True:
            try:
                self._results.get_nowait()
            except queue.Empty:
                return

    def serve(self, worker: WorkerProcess) -> None:
        """Feed one process until no job is left."""
        try:
            while not self._over() and self._jobs:
                self._feed(worker)
        except BaseException as error:  # noqa: BLE001 - shown by the consumer, on its thread
            self.failure = error

    def _over(self) -> bool:
        return self.stopped or self._cancel.cancelled

    def _feed(self, worker: WorkerProcess) -> None:
        sent: deque[ParseJob] = deque()

        def messages() -> Iterator[dict[str, Any]]:
            while not self._over():
                if sent and (sent[-1].size_bytes > _ALONE_BYTES or self._next_is_large()):
                    return
                try:
                    job = self._jobs.popleft()
                except IndexError:
                    return
                sent.append(job)
                yield {
                    "path": job.path,
                    "max_bytes": self._settings.max_file_bytes,
                    "chunks": self._chunks,
                    "known_hash": job.known_hash,
                }

        try:
            for reply in worker.pipeline(messages(), depth=_DEPTH, timeout_s=self._settings.parse_timeout_s):
                job = sent.popleft()
                if not well_formed(reply):  # whatever sends that is not trusted with another file
                    self._jobs.extendleft(reversed(sent))
                    worker.kill("crashed")
                    self._results.put((job, {"state": DocumentState.FAILED.value, "reason": _DEATHS["crashed"]}))
                    return
                self._results.put((job, reply))
                if self._over() and sent:  # with nothing under way the process lives on for the next files
                    return
        except WorkerDied as death:
            if self._over() or not sent:
                return
            culprit = sent.popleft()
            self._jobs.extendleft(reversed(sent))
            reason = _DEATHS[death.reason].format(seconds=self._settings.parse_timeout_s)
            self._results.put((culprit, {"state": DocumentState.FAILED.value, "reason": reason}))

    def _next_is_large(self) -> bool:
        try:
            return self._jobs[0].size_bytes > _ALONE_BYTES
        except IndexError:
            return False

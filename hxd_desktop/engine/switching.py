"""Another embedder: what it costs, and its index, made beside the one in use until it is whole.

The index in use answers all the while and takes up what changes in the documents, as the new one does. Nothing that was
embedded is lost by a stop, a failure or a kill: it is kept under the embedder, and the next try goes on from there.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.keys import embedding_text
from hxd_desktop.engine.errors import HxdError, StorageError
from hxd_desktop.engine.events import EventBus, ModelProgress
from hxd_desktop.engine.library import journal
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.embedding import VectorFiller
from hxd_desktop.engine.library.progress import RateMeter
from hxd_desktop.engine.library.vectorstore import VectorStore
from hxd_desktop.engine.paths import DataDirectory

if TYPE_CHECKING:
    from hxd_desktop.engine.models.protocols import Embedder

_PROBE_TEXTS = 64
_PROBE_AT_ONCE = 8
_PROBE_SECONDS = 1.0
_ROW_BYTES = 48  # of a stored embedding besides its numbers
_GRAPH_BYTES = 100  # of a vector's place in the index besides its numbers
_HALF_BYTES = 2
_SPARE_BYTES = 64 << 20  # left free on the disk
_EVENT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class EmbedderCost:
    """What using another embedder takes.

    `chunks`: all there are, of which the `to_embed` different ones have no vector of this embedder yet and `cached`
    have. `chunks_per_s`: measured just now on some of them; None where nothing is to be embedded. `seconds`: estimated
    from it. `disk_bytes`: about what embeddings and index will take besides what is there.
    """

    model: str
    in_use: str
    chunks: int
    cached: int
    to_embed: int
    chunks_per_s: float | None
    seconds: float
    disk_bytes: int
    disk_free_bytes: int


class EmbedderSwitch:
    """Makes the index of one embedder beside that of another; used by one thread.

    Args:
        directory: Where everything is kept.
        database: Open; for `build`, for writing.
        model_id: Of the embedder, as the settings name it.
        embedder: It; with a process of its own, so that questions do not wait for it. Closed by whoever opened it.
        events: Where `ModelProgress` is published.
    """

    def __init__(
        self, directory: DataDirectory, database: Database, model_id: str, embedder: Embedder, events: EventBus
    ) -> None:
        self._directory = directory
        self._database = database
        self._model_id = model_id
        self._embedder = embedder
        self._events = events
        self._meter = RateMeter()
        self._told_at = 0.0
        self._done = self._total = 0  # chunks

    def cost(self, in_use: str) -> EmbedderCost:
        """Count what is to be done and measure, for a second or so, how fast it goes.

        Raises:
            ModelError: the embedder cannot be loaded or fails.
        """
        embedder = self._embedder
        with translated(self._database.path):
            chunks, different, cached = journal.work_for(self._database.reader, embedder.id)
        to_embed = different - cached
        rate = self._rate() if to_embed else None
        seconds = to_embed / rate if rate else 0.0
        free = shutil.disk_usage(self._directory.root).free
        disk = self._disk_bytes(chunks, to_embed)
        return EmbedderCost(self._model_id, in_use, chunks, cached, to_embed, rate, seconds, disk, free)

    def _disk_bytes(self, chunks: int, to_embed: int) -> int:
        dim = self._embedder.dim
        kept = dim * (_HALF_BYTES if self._embedder.semantic else 1) + _ROW_BYTES
        return to_embed * kept + chunks * (dim * _HALF_BYTES + _GRAPH_BYTES)

    def _rate(self) -> float:
        with translated(self._database.path):
            rows = journal.sample(self._database.reader, _PROBE_TEXTS)
        texts = [embedding_text(heading, text) for heading, text in rows]
        self._embedder.embed_passages(texts[:1])  # loads the model, which is no part of the rate
        done, started = 0, time.perf_counter()
        while True:
            self._embedder.embed_passages(texts[done : done + _PROBE_AT_ONCE])
            done = min(done + _PROBE_AT_ONCE, len(texts))
            passed = time.perf_counter() - started
            if done == len(texts) or passed >= _PROBE_SECONDS:
                return done / max(passed, 1e-6)

    def build(self, cancel: CancelToken) -> None:
        """Embed what is missing, library by library, until no chunk waits, and save the indexes.

        Raises:
            Cancelled: `cancel` was used.
            ModelError, StorageError: embedding or storing failed; there is no room on the disk.
        """
        self._check_room()
        embedder = self._embedder
        store = VectorStore(self._database, self._directory.vectors, embedder.id, embedder.dim)
        filler = VectorFiller(self._database, store, embedder, EventBus(), beside=True)
        forget = cancel.on_cancel(embedder.close)  # a batch under way ends at once
        try:
            self._total = self._waiting()
            self._tell(0, force=True)
            cancel.check()
            while count := filler.step():
                # More may have come; this batch still stands in the queue, or has left it just now.
                self._total = max(self._total, self._done + self._waiting())
                self._tell(count)
                cancel.check()
            filler.save()
            cancel.check()
            self._total = self._done
            self._tell(0, force=True)
        except HxdError:
            cancel.check()  # closing the embedder made it fail
            raise
        finally:
            forget()
            filler.close()

    def _check_room(self) -> None:
        with translated(self._database.path):
            chunks, different, cached = journal.work_for(self._database.reader, self._embedder.id)
        needed = self._disk_bytes(chunks, different - cached)
        free = shutil.disk_usage(self._directory.root).free
        if free < needed + _SPARE_BYTES:
            raise StorageError(
                "Not enough room on the disk",
                f"The vectors take about {needed / 1e6:,.0f} MB; {free / 1e6:,.0f} MB are free.",
                "Free some space, or move the data directory with --data-dir. The embedder in use stays.",
                self._directory.root,
            )

    def _waiting(self) -> int:
        with translated(self._database.path):
            return journal.waiting(self._database.reader, self._embedder.id)

    def _tell(self, more: int, *, force: bool = False) -> None:
        self._done += more
        self._meter.update(self._done)
        now = time.monotonic()
        if not force and now - self._told_at < _EVENT_SECONDS:
            return
        self._told_at = now
        left = self._meter.seconds_left(self._total - self._done)
        self._events.publish(
            ModelProgress(self._model_id, "use", "running", self._done, self._total, self._meter.rate, left)
        )

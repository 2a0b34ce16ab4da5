"""Vectors behind the words: chunks without a vector are embedded in small batches."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.keys import embedding_terms, embedding_text
from hxd_desktop.engine.events import EventBus, IndexProgress, Phase
from hxd_desktop.engine.library import journal
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.embeddings import encode
from hxd_desktop.engine.library.progress import RateMeter
from hxd_desktop.engine.library.recent import RecentTerms
from hxd_desktop.engine.library.vectorstore import VectorStore
from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hxd_desktop.engine.models.protocols import Embedder

# A neural model takes long for each chunk: small batches keep words and cancelling quick.
_BATCH_LEXICAL = 2000
_BATCH_NEURAL = 64
_EVENT_SECONDS = 0.1


class VectorFiller:
    """Embeds queued chunks of every library with one embedder; used by one thread at a time.

    Args:
        database: Open for writing.
        vectors: The open indexes.
        embedder: Makes the vectors.
        events: Where progress is published.
        recent: Terms of passages that were just read; for the built-in embedder.
        beside: Leave the indexes of other embedders as they are; otherwise a new index takes their place.
    """

    def __init__(
        self,
        database: Database,
        vectors: VectorStore,
        embedder: Embedder,
        events: EventBus,
        recent: RecentTerms | None = None,
        *,
        beside: bool = False,
    ) -> None:
        self._database = database
        self._vectors = vectors
        self._embedder = embedder
        self._events = events
        self._recent = recent
        self._beside = beside
        self._meters: dict[int, tuple[RateMeter, int, float]] = {}
        # Storing one batch (SQLite and USearch leave the interpreter free) goes on beside computing the next.
        self._storer = ThreadPoolExecutor(1, thread_name_prefix="vectors")
        self._storing: Future[None] | None = None
        self._storing_up_to: dict[int, int] = {}

    def step(self, paused: Collection[str] = ()) -> int:
        """Embed one batch of one library that is not paused; return how many chunks it had, 0 where none waits.

        Raises:
            ModelError: the embedder failed; nothing is lost, the chunks stay queued.
        """
        connection = self._database.reader
        with translated(self._database.path):
            rows = connection.execute("SELECT id, name FROM libraries ORDER BY id").fetchall()
        for library_id, name in rows:
            if name in paused:
                continue
            index_id = self._vectors.index_id(library_id)
            if index_id is None:
                index_id = self._make_index(library_id)
            if done := self._step(library_id, name, index_id):
                return done
        return 0

    def _make_index(self, library_id: int) -> int:
        embedder = self._embedder

        def make(connection: sqlite3.Connection) -> int:
            if not self._beside:
                journal.drop_indexes(connection, (embedder.id,), library_id)
            return journal.ensure_index(connection, library_id, embedder.id, embedder.dim)

        return self._database.write(make)

    def _step(self, library_id: int, name: str, index_id: int) -> int:
        limit = _BATCH_NEURAL if self._embedder.semantic else _BATCH_LEXICAL
        batch = self._next_batch(index_id, limit, self._storing_up_to.get(index_id, 0))
        if not batch:
            self._stored()
            # Chunks that were queued meanwhile, with ids below those being stored, are seen only now.
            batch = self._next_batch(index_id, limit, 0)
        if not batch:
            if self._recent is not None:
                self._recent.clear()  # of passages that were there already
            if self._meters.pop(index_id, None) is not None:
                self._events.publish(IndexProgress(name, Phase.IDLE))
            return 0
        missing = {key: (heading, text) for _, key, heading, text, known in batch if known is None}
        new: list[tuple[bytes, bytes]] = []
        if missing:
            new = list(zip(missing, encode(self._embed(missing), compact=not self._embedder.semantic), strict=True))
        ids = [row[0] for row in batch]
        # The batch before this one was stored while this one was computed.
        self._stored()
        self._storing = self._storer.submit(self._store, library_id, index_id, new, ids)
        self._storing_up_to[index_id] = ids[-1]
        self._report(name, index_id, ids)
        return len(ids)

    def _embed(self, passages: Mapping[bytes, tuple[str, str]]) -> NDArray[np.float32]:
        """Embed passages given as key -> (heading, text)."""
        if self._recent is None or not isinstance(self._embedder, HashedEmbedder):
            return self._embedder.embed_passages([embedding_text(*passage) for passage in passages.values()])
        terms = []
        for key, (heading, text) in passages.items():
            known = self._recent.take(key)
            terms.append(embedding_terms(heading, text, index_terms(text) if known is None else known))
        return self._embedder.embed_terms(terms)

    def _next_batch(self, index_id: int, limit: int, after: int) -> list[tuple[int, bytes, str, str, bytes | None]]:
        with translated(self._database.path):
            return journal.next_batch(self._database.reader, index_id, limit, after)

    def _store(self, library_id: int, index_id: int, new: Sequence[tuple[bytes, bytes]], ids: Sequence[int]) -> None:
        self._database.write(lambda connection: journal.record_vectors(connection, index_id, new, ids))
        self._vectors.current(library_id)

    def _stored(self) -> None:
        """Wait for the batch that is being stored."""
        storing, self._storing = self._storing, None
        self._storing_up_to.clear()
        if storing is not None:
            storing.result()

    def close(self) -> None:
        """Finish storing and end the thread that does it."""
        self._storer.shutdown()

    def overdue(self) -> bool:
        """Whether an index has changed so much since it was saved that saving is not to wait for a quiet time."""
        with translated(self._database.path):
            ids = [row[0] for row in self._database.reader.execute("SELECT id FROM libraries")]
        return any(self._vectors.overdue(library_id) for library_id in ids)

    def save(self) -> None:
        """Save every index that has changed, and forget embeddings that nothing uses any more."""
        self._stored()
        with translated(self._database.path):
            connection = self._database.reader
            ids = [row[0] for row in connection.execute("SELECT id FROM libraries")]
            # Saving prunes the journal, which tells whether anything was removed since the last time.
            removed = connection.execute("SELECT EXISTS (SELECT 1 FROM vector_changes WHERE removed)").fetchone()[0]
        unsaved = [library_id for library_id in ids if self._vectors.unsaved(library_id)]
        if removed and unsaved:  # before the journal is pruned: a kill in between must leave it due
            self._database.write(journal.forget_orphans)
        for library_id in unsaved:
            self._vectors.save(library_id)
        self._vectors.forget_gone()

    def _report(self, name: str, index_id: int, ids: Sequence[int]) -> None:
        meter, done, last = self._meters.get(index_id, (RateMeter(), 0, 0.0))
        done += len(ids)
        meter.update(done)
        now = time.monotonic()
        if now - last >= _EVENT_SECONDS:
            last = now
            with translated(self._database.path):
                left = journal.queued(self._database.reader, index_id, ids[-1])  # this batch may still be stored
            self._events.publish(
                IndexProgress(
                    name,
                    Phase.VECTORS,
                    chunks_done=done,
                    chunks_total=done + left,
                    seconds_left=meter.seconds_left(left),
                )
            )
        self._meters[index_id] = (meter, done, last)

"""The indexing half of the engine, put together for one data directory and one embedder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hxd_desktop.engine.events import EventBus
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.library.embedding import VectorFiller
from hxd_desktop.engine.library.following import Following
from hxd_desktop.engine.library.indexing import FolderIndexer
from hxd_desktop.engine.library.parsing import ParserPool
from hxd_desktop.engine.library.recent import RecentTerms
from hxd_desktop.engine.library.scans import ScanReader
from hxd_desktop.engine.library.service import IndexService
from hxd_desktop.engine.library.vectorstore import VectorStore
from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings

if TYPE_CHECKING:
    from hxd_desktop.engine.models.protocols import Embedder


class Indexing:
    """Parser processes, the indexer thread and the watcher, started in order and taken apart in reverse."""

    def __init__(
        self,
        directory: DataDirectory,
        database: Database,
        pool: ParserPool,
        vectors: VectorStore,
        embedder: Embedder,
        settings: Settings,
        events: EventBus,
    ) -> None:
        self._database = database
        self._events = events
        self._poll_seconds = settings.index.poll_seconds
        self._pool = pool
        recent = RecentTerms() if isinstance(embedder, HashedEmbedder) else None
        self._indexer = FolderIndexer(database, self._pool, settings, (directory.root,), recent)
        filler = VectorFiller(database, vectors, embedder, events, recent)
        self.service = IndexService(database, self._indexer, filler, events, ScanReader(database, settings, events))
        self._following: Following | None = None

    @property
    def watching(self) -> bool:
        """Whether folders are followed."""
        return self._following is not None

    def watch(self) -> None:
        """Follow every folder from now on; a second call does nothing."""
        if self._following is None:
            self._pool.warm(1)
            self._following = Following(self._database, self.service, self._indexer, self._events, self._poll_seconds)
            self._following.refresh()

    def folders_changed(self) -> None:
        """Follow what the database says now, if folders are followed at all."""
        if self._following is not None:
            self._following.refresh()

    def close(self) -> None:
        """Stop the watcher, the indexer thread and the parser processes."""
        if self._following is not None:
            self._following.close()
            self._following = None
        self.service.close()
        self._pool.close()

"""What the front door is made of: the parts of the engine, made when first needed and exchanged with the settings."""

from __future__ import annotations

import contextlib
import threading
from typing import TYPE_CHECKING

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import SettingsError, StorageError
from hxd_desktop.engine.events import EventBus, ModelsChanged
from hxd_desktop.engine.library import purging
from hxd_desktop.engine.library.database import Database
from hxd_desktop.engine.model_jobs import ModelJobs
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings
from hxd_desktop.engine.usual import UsualSignals

if TYPE_CHECKING:
    from hxd_desktop.engine.asking import Answering
    from hxd_desktop.engine.indexes import Indexing
    from hxd_desktop.engine.library.lock import WriterLock
    from hxd_desktop.engine.library.parsing import ParserPool
    from hxd_desktop.engine.library.vectorstore import VectorStore
    from hxd_desktop.engine.viewing import Viewer


class Parts:
    """State of one open data directory.

    Attributes:
        events: What happens, for whoever listens.
        settings: The settings in force; changed by `update_settings`.
        writable: Whether this process may change anything.
        model_jobs: What `start_download`, `start_import` and `start_use` have begun; cancels it.
    """

    def __init__(
        self,
        directory: DataDirectory,
        database: Database,
        settings: Settings,
        lock: WriterLock | None,
        pool: ParserPool | None = None,
    ) -> None:
        from hxd_desktop.engine.models.active import ActiveModels

        self.directory = directory
        self.settings = settings
        self.events = EventBus()
        self.writable = lock is not None
        self._database = database
        self._lock = lock
        self._pool = pool
        self._models = ActiveModels(directory.models, settings.models)
        self._indexing_parts: Indexing | None = None
        self._answering_parts: Answering | None = None
        self._vector_store: VectorStore | None = None
        self._viewer: Viewer | None = None
        self._parts = threading.RLock()  # held while parts are made or exchanged
        self._preparing: tuple[str, str, CancelToken] | None = None  # another embedder: its model, its id
        self._prepared = threading.Lock()
        self._usual = UsualSignals(database)
        self.model_jobs = ModelJobs()
        self._closed = False

    def close(self) -> None:
        """Stop watching, indexing and models, and join every thread; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.model_jobs.close()
        if (preparing := self._preparing) is not None:
            preparing[2].cancel()
        with self._prepared:
            pass
        if self._indexing_parts is not None:
            self._indexing_parts.close()
        elif self._pool is not None:
            self._pool.close()
        if self._viewer is not None:
            self._viewer.close()
        self._models.close()
        if self.writable:
            with contextlib.suppress(StorageError):  # it stays due
                purging.purge(self._database)
        self._database.close()
        if self._lock is not None:
            self._lock.release()

    # -- settings -----------------------------------------------------------------------------------------

    def _check_writable(self) -> None:
        if not self.writable:
            raise SettingsError(
                "Settings cannot be changed", "This copy only reads.", "Change them in the running copy."
            )

    def update_settings(self, settings: Settings) -> None:
        """Save settings and put them in force; a changed embedder or chunking is taken up at once.

        `use_model` changes the embedder without a time in which words alone decide.
        """
        self._check_writable()
        if (preparing := self._preparing) is not None and settings.models.embedder != self.settings.models.embedder:
            raise busy_embedder(preparing[0])
        self._put_in_force(settings)

    def _put_in_force(self, settings: Settings) -> None:
        settings.save(self.directory.settings)
        before, self.settings = self.settings, settings
        if _of_indexing(before) != _of_indexing(settings):
            self._rebuild()
        else:
            self._answering_parts = None
        self.events.publish(ModelsChanged())

    def _rebuild(self) -> None:
        with self._parts:
            watching = self._indexing_parts is not None and self._indexing_parts.watching
            if self._indexing_parts is not None:
                self._indexing_parts.close()
                self._indexing_parts = None
            elif self._pool is not None:
                self._pool.close()
            self._pool = None  # its processes know the limits and the chunking of before
            self._models.configure(self.settings.models)
            self._vector_store = None
            self._answering_parts = None  # before indexing begins anew: both share the vectors of the embedder in use
        if watching:
            self._indexing.watch()

    # -- parts, made when first needed ----------------------------------------------------------------------

    @property
    def _answering(self) -> Answering:
        if (made := self._answering_parts) is not None:  # asked while other parts are exchanged, too
            return made
        with self._parts:
            if self._answering_parts is None:
                from hxd_desktop.engine.asking import Answering

                self._answering_parts = Answering(
                    self._database, self._vectors, self._models.embedder, self._models, self.settings
                )
            return self._answering_parts

    @property
    def _vectors(self) -> VectorStore:
        with self._parts:
            if self._vector_store is None:
                from hxd_desktop.engine.library.vectorstore import VectorStore

                embedder = self._models.embedder
                self._vector_store = VectorStore(self._database, self.directory.vectors, embedder.id, embedder.dim)
            return self._vector_store

    @property
    def _indexing(self) -> Indexing:
        with self._parts:
            if self._indexing_parts is None:
                from hxd_desktop.engine.indexes import Indexing
                from hxd_desktop.engine.library import journal
                from hxd_desktop.engine.library.parsing import ParserPool

                embedder, preparing = self._models.embedder, self._preparing
                keep = (embedder.id, preparing[1]) if preparing is not None else (embedder.id,)
                # What a kill left of an index that was made beside this one would be kept up to date for nobody.
                self._database.write(lambda connection: journal.drop_indexes(connection, keep))
                pool, self._pool = self._pool or ParserPool(self.settings.index, self.settings.chunks), None
                self._indexing_parts = Indexing(
                    self.directory, self._database, pool, self._vectors, embedder, self.settings, self.events
                )
            return self._indexing_parts


def busy_embedder(model_id: str) -> SettingsError:
    """The error of a change that has to wait until another embedder is ready."""
    return SettingsError(
        "Another embedder is being prepared",
        f"The vectors of {model_id} are being made.",
        "Wait until that is done, or cancel it first.",
    )


def _of_indexing(settings: Settings) -> tuple[object, ...]:
    """Return what the parts that index are made from."""
    return settings.models, settings.index, settings.chunks, settings.documents

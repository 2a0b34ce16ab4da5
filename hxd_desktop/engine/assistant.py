"""The front door: open a data directory, add folders, ask, search, calibrate, evaluate."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from array import array
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering.model import Answer, Filters, Source
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.errors import Cancelled, SettingsError, StorageError, WatchError
from hxd_desktop.engine.events import EventBus, ExamplesChanged, LibrariesChanged, ModelProgress, ModelsChanged
from hxd_desktop.engine.library import catalog, coverage, documents, examples, purging
from hxd_desktop.engine.library.coverage import Order
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.model import (
    Check,
    Conversation,
    DocumentInfo,
    Example,
    Facets,
    FolderInfo,
    IndexReport,
    LibraryInfo,
    Message,
    Repair,
    Status,
)
from hxd_desktop.engine.model_jobs import ModelJobs, told
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings
from hxd_desktop.engine.text.characters import whole

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.calibration import Calibration
    from hxd_desktop.engine.answering.pipeline import Pipeline
    from hxd_desktop.engine.asking import Answering
    from hxd_desktop.engine.chats import Chats
    from hxd_desktop.engine.documents.ocr.model import Place
    from hxd_desktop.engine.evaluating import Evaluations
    from hxd_desktop.engine.indexes import Indexing
    from hxd_desktop.engine.library.lock import WriterLock
    from hxd_desktop.engine.library.parsing import ParserPool
    from hxd_desktop.engine.library.vectorstore import VectorStore
    from hxd_desktop.engine.models.downloading import DownloadProgress
    from hxd_desktop.engine.models.remote import RemoteModel
    from hxd_desktop.engine.models.tryout import Tryout
    from hxd_desktop.engine.switching import EmbedderCost
    from hxd_desktop.engine.viewing import Viewer

_ALL, _LATEST = 1_000_000, 3  # examples that are marked when that is asked for, and beside learning one more

OnStage = Callable[[str], None]
OnText = Callable[[str], None]


class Assistant:
    """The engine of one data directory; made by `open`, used from any thread, ended by `close`.

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
        self.model_jobs = ModelJobs()
        self._closed = False

    @classmethod
    def open(
        cls,
        data_dir: Path | str | None = None,
        *,
        writable: bool = True,
        will_index: bool = False,
        models: Path | None = None,
    ) -> Assistant:
        """Open (or make) a data directory.

        Args:
            data_dir: The folder, None for HXD_DATA_DIR or the platform's place.
            writable: Whether to take the writer lock.
            will_index: Start the parser processes at once, beside opening the database.
            models: The folder of models of another data directory, to use them from here.

        Raises:
            StorageError: another copy holds the writer lock (its process id is named), the schema is newer than
                this version, or the directory cannot be used.
            SettingsError: the settings file is not valid.
        """
        from hxd_desktop.engine.opening import open_database

        directory = dataclasses.replace(DataDirectory.resolve(data_dir), shared_models=models)
        directory.create()
        settings = Settings.load(directory.settings)
        pool = None
        if will_index:
            from hxd_desktop.engine.library.parsing import ParserPool

            pool = ParserPool(settings.index, settings.chunks)
            pool.warm()
        try:
            database, lock = open_database(directory, writable=writable)
        except BaseException:
            if pool is not None:
                pool.close()
            raise
        return cls(directory, database, settings, lock, pool)

    @staticmethod
    def repair(data_dir: Path | str | None = None) -> list[Repair]:
        """Mend a data directory that nobody uses, and return what was done; nothing where all was well.

        Raises:
            StorageError: another copy is at work, the schema is newer than this version, or nothing can be written.
        """
        from hxd_desktop.engine.repairing import repair_directory

        return repair_directory(DataDirectory.resolve(data_dir))

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

    # -- libraries and folders ------------------------------------------------------------------------

    def libraries(self) -> list[LibraryInfo]:
        """Return every library with its folders and counts."""
        with translated(self._database.path):
            found = catalog.libraries(self._database.reader)
        service = self._indexing_parts.service if self._indexing_parts is not None else None
        return [dataclasses.replace(info, indexing=service is not None and service.busy(info.name)) for info in found]

    def create_library(self, name: str) -> LibraryInfo:
        """Make an empty library; one that exists is returned."""
        self._database.write(lambda connection: catalog.ensure_library(connection, name))
        self.events.publish(LibrariesChanged())
        return next(info for info in self.libraries() if info.name == name)

    def rename_library(self, name: str, new_name: str) -> None:
        """Give a library another name."""
        self._database.write(lambda connection: catalog.rename_library(connection, name, new_name))
        self.events.publish(LibrariesChanged())

    def remove_library(self, name: str) -> None:
        """Remove a library with all that it knows, so that no byte of it stays; the user's files are not touched."""
        self._database.write(lambda connection: catalog.remove_library(connection, name))
        self._folders_changed()
        purging.purge(self._database)

    def add_folder(self, path: Path | str, library: str = "default", *, ocr: bool | None = None) -> FolderInfo:
        """Add a folder (or single file) to a library, made if new.

        `ocr`: whether its scans are read; None leaves it as it is (yes for a new one). Where folders are followed it is
        indexed at once in the background; otherwise by `index`.

        Raises:
            WatchError: there is nothing at `path`.
        """
        absolute = Path(path).expanduser().resolve()
        if not absolute.exists():
            raise WatchError(
                "The folder does not exist", f"There is nothing at {absolute}.", "Check its name.", absolute
            )
        folder = self._database.write(lambda connection: catalog.add_folder(connection, library, absolute, ocr))
        self._folders_changed()
        return folder

    def remove_folder(self, folder_id: int) -> None:
        """Remove a folder from its library with its documents, so that no byte of them stays."""
        self._database.write(lambda connection: catalog.remove_folder(connection, folder_id))
        self._folders_changed()
        purging.purge(self._database)

    def set_ignore(self, folder_id: int, patterns: Sequence[str]) -> None:
        """Leave out what gitignore-style patterns match below a folder, on top of those of the settings.

        Raises:
            SettingsError: a pattern is not valid.
        """
        self._database.write(lambda connection: catalog.set_ignore(connection, folder_id, patterns))
        self._folders_changed()

    def held_by(self, folder_id: int) -> tuple[int, int]:
        """Return how many documents and passages of a folder are indexed: what removing it costs."""
        with translated(self._database.path):
            return catalog.held_by(self._database.reader, folder_id)

    def documents(self, library: str, *, state: DocumentState | None = None) -> list[DocumentInfo]:
        """Return every file of a library with its state, ordered by path."""
        with translated(self._database.path):
            return documents.list_documents(self._database.reader, library, state)

    def document_ids(
        self,
        library: str,
        *,
        state: DocumentState | None = None,
        text: str = "",
        order: Order = Order.PATH,
        descending: bool = False,
    ) -> array[int]:
        """Return the ids of a library's files in order: all, those of one state, those whose path or reason holds text.

        With `documents_by_id` a table of any size is read in pieces.
        """
        with translated(self._database.path):
            return coverage.document_ids(
                self._database.reader, library, state=state, text=text, order=order, descending=descending
            )

    def documents_by_id(self, library: str, ids: Sequence[int]) -> dict[int, DocumentInfo]:
        """Return files of a library by their ids; those that are gone are left out."""
        with translated(self._database.path):
            return coverage.documents_by_id(self._database.reader, library, ids)

    def document_text(self, library: str, path: str) -> str:
        """Return a document's extracted text, which all offsets refer to."""
        with translated(self._database.path):
            return documents.document_text(self._database.reader, library, path)

    def places(self, library: str, path: str, start: int, end: int) -> list[Place]:
        """Return where characters `start` to `end` stand on pages read by OCR: page, box in shares of the page."""
        with translated(self._database.path):
            return documents.places(self._database.reader, library, path, start, end)

    @property
    def viewer(self) -> Viewer:
        """Documents to be looked at, with passages marked."""
        with self._parts:
            if self._viewer is None:
                from hxd_desktop.engine.viewing import Viewer

                self._viewer = Viewer(self._database, self.settings.index)
            return self._viewer

    def retry(self, library: str, paths: Sequence[str] | None = None) -> None:
        """Read failed (or the given) files again, in the background."""
        self._database.write(lambda connection: documents.mark_for_retry(connection, library, paths))
        self._indexing.service.update(library)

    def reindex(self, library: str) -> None:
        """Read every file of a library again, in the background; what is found now serves until then."""
        self._database.write(lambda connection: documents.mark_all(connection, library))
        self._indexing.service.update(library)

    def index(
        self, library: str = "default", *, cancel: CancelToken | None = None, vectors: bool = True
    ) -> IndexReport:
        """Bring a library up to date with its folders and wait for it; resumes what an earlier run left.

        Raises:
            Cancelled: `cancel` was used; what was stored stays.
        """
        from hxd_desktop.engine.library.updating import update_library

        self.resume(library)
        return update_library(self._database, self._indexing.service, library, cancel or CancelToken(), vectors=vectors)

    def start_watching(self) -> None:
        """Scan all folders in the background, then follow their changes until `close`; returns at once."""
        self._indexing.watch()

    def pause(self, library: str) -> None:
        """Leave a library as it is until `resume`; the batch under way is finished."""
        self._set_paused(library, paused=True)
        self._indexing.service.pause(library)

    def resume(self, library: str) -> None:
        """Go on indexing a library that was paused."""
        self._set_paused(library, paused=False)
        self._indexing.service.wake()

    def _set_paused(self, library: str, *, paused: bool) -> None:
        self._database.write(lambda connection: catalog.set_paused(connection, library, paused))
        self.events.publish(LibrariesChanged())

    def _folders_changed(self) -> None:
        if self._indexing_parts is not None:
            self._indexing_parts.folders_changed()
        self.events.publish(LibrariesChanged())

    # -- asking -----------------------------------------------------------------------------------------

    def ask(
        self,
        question: str,
        libraries: Sequence[str] = ("default",),
        *,
        top_k: int | None = None,
        filters: Filters | None = None,
        history: Sequence[tuple[str, str]] = (),
        on_stage: OnStage | None = None,
        on_text: OnText | None = None,
        cancel: CancelToken | None = None,
        conversation: int | None = None,
        after: int | None = None,
        force: bool = False,
    ) -> Answer:
        """Take one question through the whole pipeline; blocks, so call it off the UI thread.

        Args:
            question: The question as it was asked.
            libraries: Names of the libraries asked; each is gated by its own threshold.
            top_k: Sources given to the answer, None for the setting.
            filters: What is searched, narrowed.
            history: (question, answer) pairs, oldest first.
            on_stage: Called with each stage's name before it runs.
            on_text: Called with pieces of the answer as they come.
            cancel: Stops the answer.
            conversation: Where to keep question and answer, None for nowhere.
            after: The message that the question follows there, 0 for none, None for the end of the branch shown.
            force: The gate still scores but does not refuse.

        Returns:
            The record. A stage that fails gives the outcome FAILED, never a refusal.

        Raises:
            SettingsError: a library does not exist.
        """
        question = whole(question)
        answer = self._answering.pipeline(libraries).ask(
            question,
            top_k=top_k,
            filters=filters,
            history=history,
            on_stage=on_stage,
            on_text=on_text,
            cancel=cancel,
            force=force,
        )
        if conversation is not None:
            from hxd_desktop.engine.answering.record import to_dict

            self.chats.add_exchange(conversation, question, answer.answer, to_dict(answer), after)
        return answer

    def search(
        self,
        query: str,
        libraries: Sequence[str] = ("default",),
        *,
        limit: int = 10,
        filters: Filters | None = None,
        cancel: CancelToken | None = None,
    ) -> list[Source]:
        """Return the best passages for a query, whatever the gate would say; `cancel` ends it with `Cancelled`."""
        return self._answering.pipeline(libraries).search(whole(query), limit=limit, filters=filters, cancel=cancel)

    def facets(self, libraries: Sequence[str] = ("default",)) -> Facets:
        """Return the types and languages of what can be found, to narrow a search by."""
        with translated(self._database.path):
            return documents.facets(self._database.reader, libraries)

    def pipeline(self, libraries: Sequence[str] = ("default",)) -> Pipeline:
        """Return the pipeline that `ask` uses, for measuring its parts."""
        return self._answering.pipeline(libraries)

    # -- examples, calibration, evaluation ---------------------------------------------------------------

    def examples(self, library: str = "default") -> list[Example]:
        """Return a library's good and bad questions."""
        with translated(self._database.path):
            return examples.all_examples(self._database.reader, library)

    def add_example(self, question: str, answerable: bool, library: str = "default", source: str = "typed") -> Example:
        """Keep a good or bad question and let the library's gate learn from it."""
        added = self._database.write(lambda c: examples.add(c, library, question, answerable, source))
        self._learn(library)
        return added

    def import_examples(
        self, file: Path | str, library: str = "default", answerable: bool | None = None
    ) -> list[Example]:
        """Import questions from a JSON or JSONL file; all or, where one is not valid, none."""
        pairs = examples.read_file(Path(file), answerable)
        self._database.write(
            lambda c: [examples.add(c, library, question, verdict, "imported") for question, verdict in pairs]
        )
        self._learn(library)
        return self.examples(library)

    def remove_example(self, example_id: int) -> None:
        """Forget an example; the library's gate forgets it too."""
        library = self._database.write(lambda c: examples.remove(c, example_id))
        self._learn(library)
        self._database.forget()

    def change_examples(
        self, library: str, *, keep: Sequence[tuple[str, bool, str]] = (), drop: Sequence[str] = ()
    ) -> None:
        """Keep (question, answerable, source) examples, forget the questions `drop`, and learn once from it all."""
        self._database.write(lambda c: examples.change(c, library, keep, drop))
        self._learn(library)
        if drop:
            self._database.forget()

    def export_examples(self, file: Path | str, library: str = "default") -> None:
        """Write a library's examples as JSON that `import_examples` reads."""
        examples.write_file(Path(file), self.examples(library))

    def calibration(self, library: str = "default") -> Calibration:
        """Return how a library's gate stands with its examples; changes nothing."""
        return self._answering.calibration(library)

    def calibrate(
        self, library: str = "default", *, threshold: float | None = None, reset: bool = False, scores: bool = False
    ) -> Calibration:
        """Fit a library's gate to its examples, set its threshold by hand, or reset it; return how it stands.

        With `scores` the language model first marks every example that it has not marked; that may take minutes.
        """
        most = _ALL if scores else 0
        calibration = self._answering.calibrate(library, threshold=threshold, reset=reset, scores=most)
        self.events.publish(ExamplesChanged(library))
        return calibration

    def _learn(self, library: str) -> None:
        self._answering.calibrate(library, scores=_LATEST)
        self.events.publish(ExamplesChanged(library))

    def evaluate_refusal(
        self, questions: Path | str, library: str = "default", *, calibrate: Path | str | None = None
    ) -> dict[str, Any]:
        """Score every question of a file and return the figures; `evaluations` gives more."""
        return dict(self.evaluations.refusal(questions, library, calibrate=calibrate or ()).figures)

    def evaluate_qa(
        self, questions: Path | str, library: str = "default", *, passages: str | None = None
    ) -> dict[str, Any]:
        """Ask every question of a file and return the figures; `evaluations` gives more."""
        return dict(self.evaluations.qa(questions, library, passages=passages).figures)

    @property
    def evaluations(self) -> Evaluations:
        """Measuring on files of questions, and the runs that are kept."""
        from hxd_desktop.engine.evaluating import Evaluations

        return Evaluations(self.directory, self._database, self._answering)

    # -- models --------------------------------------------------------------------------------------------

    def models(self) -> list[dict[str, Any]]:
        """Return every model that is there, built in or imported."""
        return self._models.list()

    def import_model(self, path: Path | str, *, cancel: CancelToken | None = None) -> dict[str, Any]:
        """Import a model from a file or folder: recognised by content, checked by loading it, then verified.

        Needs no writer lock. Progress comes as `ModelProgress`, `model` being the path.
        """
        name = str(path)

        def tell(done: int, total: int) -> None:
            self.events.publish(ModelProgress(name, "import", "running", done, total))

        with told(self.events, "import", name):
            imported = self._models.import_path(Path(path), progress=tell, cancel=cancel)
        self.events.publish(ModelsChanged())
        return imported

    def start_import(self, path: Path | str) -> None:
        """Begin `import_model` on a thread of its own."""
        self.model_jobs.start("import", str(path), lambda token: self.import_model(path, cancel=token))

    def available_models(self) -> list[dict[str, Any]]:
        """Return the catalogue of models that can be downloaded, each with its state; asks no network."""
        return self._models.available()

    def download_model(
        self,
        model_id: str,
        *,
        mirror: str = "",
        progress: Callable[[DownloadProgress], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> dict[str, Any]:
        """Fetch a model of the catalogue over the network, checked by SHA-256 and tried out; an unfinished one goes on.

        Opens network connections, as nothing else does but a remote model that is turned on. Needs no writer lock:
        folders are indexed beside it. Progress comes as `ModelProgress` as well. `mirror`: an address like Hugging
        Face's to ask first.

        Raises:
            SettingsError: the settings forbid downloads, or there is no such model.
            ModelError: no source gave it, it cannot be used, or it is being downloaded already.
            Cancelled: `cancel` was set; what was fetched is kept.
        """

        def tell(now: DownloadProgress) -> None:
            if progress is not None:
                progress(now)
            event = ModelProgress(
                model_id, "download", "running", now.bytes_done, now.bytes_total, now.bytes_per_s, now.seconds_left,
                now.source,
            )  # fmt: skip
            self.events.publish(event)

        with told(self.events, "download", model_id):
            downloaded = self._models.download(
                model_id, self.settings.downloads, mirror=mirror, progress=tell, cancel=cancel
            )
        self.events.publish(ModelsChanged())
        return downloaded

    def start_download(self, model_id: str, *, mirror: str = "") -> None:
        """Begin `download_model` on a thread of its own."""
        self.model_jobs.start(
            "download", model_id, lambda token: self.download_model(model_id, mirror=mirror, cancel=token)
        )

    def remove_model(self, model_id: str) -> None:
        """Delete an imported model that is not in use, or what is there of an unfinished download."""
        if (preparing := self._preparing) is not None and preparing[0] == model_id:
            raise _busy_embedder(model_id)
        self._models.remove(model_id)
        self.events.publish(ModelsChanged())

    def embedder_cost(self, model_id: str) -> EmbedderCost:
        """Return what using another embedder takes; loads it and measures for a second where there is much to do.

        Raises:
            SettingsError, ModelError: there is no such embedder, or it cannot be used.
        """
        from hxd_desktop.engine.switching import EmbedderSwitch

        self._models.choose(model_id)
        candidate = self._models.candidate(model_id)
        try:
            switch = EmbedderSwitch(self.directory, self._database, model_id, candidate, self.events)
            return switch.cost(self.settings.models.embedder)
        finally:
            candidate.close()

    def use_model(self, model_id: str, *, cancel: CancelToken | None = None) -> None:
        """Use a model for what it is made for.

        For another embedder its index is made first, beside the one in use, which answers until then; progress comes
        as `ModelProgress`. Blocks until it is in use. A stop, a failure or a kill leaves the old embedder in use;
        a second call goes on where the first one stopped.

        Raises:
            SettingsError: there is no such model, this copy only reads, or another embedder is being prepared.
            ModelError, StorageError: the model failed, or there is no room for its vectors.
            Cancelled: `cancel` was used.
        """
        self._check_writable()
        models = self._models.choose(model_id)
        if models.embedder == self.settings.models.embedder:
            with told(self.events, "use", model_id):
                self.update_settings(dataclasses.replace(self.settings, models=models))
            return
        if not self._prepared.acquire(blocking=False):
            raise _busy_embedder(self._preparing[0] if self._preparing else model_id)
        try:
            with told(self.events, "use", model_id):
                self._exchange_embedder(model_id, CancelToken(cancel))
        finally:
            self._preparing = None
            self._prepared.release()

    def start_use(self, model_id: str) -> None:
        """Begin `use_model` on a thread of its own."""
        self.model_jobs.start("use", model_id, lambda token: self.use_model(model_id, cancel=token))

    def _exchange_embedder(self, model_id: str, cancel: CancelToken) -> None:
        from hxd_desktop.engine.library import journal
        from hxd_desktop.engine.switching import EmbedderSwitch

        if self._closed:
            raise Cancelled
        candidate = self._models.candidate(model_id)
        self._preparing = (model_id, candidate.id, cancel)
        try:
            EmbedderSwitch(self.directory, self._database, model_id, candidate, self.events).build(cancel)
            models = dataclasses.replace(self.settings.models, embedder=model_id)
            self._preparing = None
            self._put_in_force(dataclasses.replace(self.settings, models=models))
        finally:
            candidate.close()
            in_use = self.settings.models.embedder == model_id  # also where putting it in force failed half-way
            drop = journal.drop_indexes if in_use else journal.drop_indexes_of
            self._database.write(lambda connection: drop(connection, (candidate.id,)))

    def try_generator(self, prompt: str, on_text: OnText, cancel: CancelToken) -> Tryout:
        """Let the language model in use answer a prompt without documents; say what runs where, and how fast.

        Raises:
            SettingsError: answers are quotations, no model is chosen.
            ModelError, Cancelled: as for any answer.
        """
        from hxd_desktop.engine.models.tryout import try_out

        generator = self._models.generator
        if generator is None:
            raise SettingsError(
                "There is no language model to try", "Answers are quotations.", "Choose a language model first."
            )
        return try_out(generator, prompt, on_text, cancel)

    @property
    def remote(self) -> RemoteModel:
        """The remote model of the settings, and its key."""
        from hxd_desktop.engine.models.remote import RemoteModel

        return RemoteModel(self.settings.remote)

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
            raise _busy_embedder(preparing[0])
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

    # -- conversations -------------------------------------------------------------------------------------

    @property
    def chats(self) -> Chats:
        """The conversations that are kept."""
        from hxd_desktop.engine.chats import Chats

        return Chats(self._database)

    def conversations(self) -> list[Conversation]:
        """Return every conversation, the latest first."""
        return self.chats.all()

    def create_conversation(self, title: str = "", libraries: Sequence[str] = ("default",)) -> Conversation:
        """Start a conversation; without a title it takes that of its first question."""
        return self.chats.create(title, libraries)

    def rename_conversation(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        self.chats.rename(conversation_id, title)

    def delete_conversation(self, conversation_id: int) -> None:
        """Delete a conversation for good; nothing of it stays in the database."""
        self.chats.erase(conversation_id)

    def messages(self, conversation_id: int) -> list[Message]:
        """Return the messages of a conversation, the oldest first; of a branched one, those of the branch shown."""
        return self.chats.messages(conversation_id)

    # -- the rest ------------------------------------------------------------------------------------------

    def status(self) -> Status:
        """Return libraries, models and device as they stand."""
        from hxd_desktop import __version__
        from hxd_desktop.engine.documents.ocr.engines import find_engine
        from hxd_desktop.engine.library.lock import writer_pid

        engine = find_engine(self.settings.documents.ocr_engine)
        return Status(
            __version__,
            str(self.directory.root),
            tuple(self.libraries()),
            self._models.in_use() | ({"remote": self.settings.remote.model} if self.settings.remote.allowed else {}),
            self._models.device(),
            writer_pid(self.directory),
            None if engine is None else {"engine": engine.name, "version": engine.version},
        )

    def check(self, *, compare: bool = False) -> list[Check]:
        """Look at machine, data directory, folders and models; with `compare`, also at what the index holds.

        Args:
            compare: Compare database, full text and vectors with each other; reads all of them.
        """
        from hxd_desktop.engine import doctor

        found = doctor.examine(self.directory, self.libraries(), self._models, self.settings)
        if compare:
            from hxd_desktop.engine.library.checks import check_consistency

            found += check_consistency(self._database, self._vectors)
            found.append(doctor.check_leftovers(self.directory))
        return found

    # -- parts, made when first needed ------------------------------------------------------------------------

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


def _busy_embedder(model_id: str) -> SettingsError:
    return SettingsError(
        "Another embedder is being prepared",
        f"The vectors of {model_id} are being made.",
        "Wait until that is done, or cancel it first.",
    )


def _of_indexing(settings: Settings) -> tuple[object, ...]:
    """Return what the parts that index are made from."""
    return settings.models, settings.index, settings.chunks, settings.documents

"""The answering half of the engine, put together: readers, gates, models, one pipeline for everything."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering.dialogue import Dialogues
from hxd_desktop.engine.answering.gate import Gate
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.answering.safety import Safety
from hxd_desktop.engine.answering.writing import Remote, Writer
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.library import catalog, examples
from hxd_desktop.engine.library.database import Database, translated
from hxd_desktop.engine.library.reader import LibraryReader
from hxd_desktop.engine.library.vectorstore import VectorStore
from hxd_desktop.engine.models.active import ActiveModels
from hxd_desktop.engine.paths import assets
from hxd_desktop.engine.settings import Settings

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.calibration import Calibration, LabelledExample
    from hxd_desktop.engine.answering.marks import Marker
    from hxd_desktop.engine.answering.rewriting import Rewriter
    from hxd_desktop.engine.models.protocols import Embedder


class Answering:
    """Makes pipelines over libraries; any thread may call any method."""

    def __init__(
        self, database: Database, vectors: VectorStore, embedder: Embedder, models: ActiveModels, settings: Settings
    ) -> None:
        self._database = database
        self._embedder = embedder  # that of `vectors`: the two are exchanged together
        self._models = models
        self._settings = settings
        self._lock = threading.Lock()
        self._readers: dict[int, LibraryReader] = {}
        self._vectors = vectors
        self._dialogues = Dialogues()
        self._learning = threading.Lock()
        self._read: dict[int, tuple[object, dict[str, LabelledExample]]] = {}

    def pipeline(self, libraries: Sequence[str], *, own_gates: bool = True) -> Pipeline:
        """Return a pipeline over the named libraries, each with its own gate unless the default is asked for.

        Raises:
            SettingsError: a library does not exist.
        """
        names = list(dict.fromkeys(libraries))
        readers = [self._reader(name) for name in names]
        gates = {reader.name: self._gate(reader.library_id) for reader in readers} if own_gates else {}
        models, settings = self._models, self._settings
        return Pipeline(
            readers,
            self._embedder,
            models.reranker,
            models.generator,
            gates,
            settings.answers,
            Safety(settings.safety),
            self._dialogues,
            self._remote(),
            self._rewriter(),
            self._marker(),
        )

    def _marker(self) -> Marker | None:
        settings, generator = self._settings, self._models.generator
        if generator is None or not self._may(settings.scores.mode):
            return None
        from hxd_desktop.engine.answering.marks import Marker

        return Marker(generator, settings.scores, settings.safety)

    def _rewriter(self) -> Rewriter | None:
        settings, generator = self._settings.rewriting, self._models.generator
        if generator is None or not self._may(settings.mode):
            return None
        from hxd_desktop.engine.answering.rewriting import Rewriter

        return Rewriter(generator, settings)

    def _may(self, mode: str) -> bool:
        """Whether a mode may ask the model for more: what "auto" needs is not there in a build without a GPU."""
        from hxd_desktop.engine.models.hardware import llama_backends

        return mode == "on" or (mode == "auto" and self._settings.models.gpu_layers != 0 and bool(llama_backends()))

    def _remote(self) -> Remote | None:
        settings = self._settings.remote
        if not settings.allowed:
            return None
        from hxd_desktop.engine.models.remote import RemoteModel

        generator = RemoteModel(settings).generator()
        return Remote(Writer(generator, generator.host), always=settings.when == "always")

    def _reader(self, name: str) -> LibraryReader:
        with self._lock, translated(self._database.path):
            library_id = catalog.library_id(self._database.reader, name)
            reader = self._readers.get(library_id)
            if reader is None or reader.name != name:
                reader = self._readers[library_id] = LibraryReader(self._database, library_id, name, self._vectors)
            return reader

    def _gate(self, library_id: int) -> Gate:
        with translated(self._database.path):
            state = examples.calibration_state(self._database.reader, library_id)
        if state is None:
            return Gate()
        from hxd_desktop.engine.answering.calibration import gate_from_state

        return gate_from_state(state)

    def calibrate(
        self,
        library: str,
        *,
        threshold: float | None = None,
        reset: bool = False,
        scores: int = 0,
        progress: Callable[[int, int], None] | None = None,
        cancel: CancelToken | None = None,
    ) -> Calibration:
        """Fit the library's gate to its examples, or set or reset its threshold; keep and return the result.

        `scores`: the language model first marks as many of the examples that it has not marked, the latest first;
        `progress` is called with those done of all that it marks now.
        """
        with self._learning:
            if scores:
                self._mark(library, scores, progress, cancel or CancelToken())
            library_id, state, calibration = self._fitted(library, threshold, reset)
            self._database.write(lambda c: examples.set_calibration_state(c, library_id, state))
        return calibration

    def examples(self, library: str) -> tuple[list[tuple[str, bool]], dict[str, Any] | None]:
        """Return a library's examples as (question, answerable), and what its gate has learnt."""
        with translated(self._database.path):
            connection = self._database.reader
            library_id = catalog.library_id(connection, library)
            pairs = [(e.question, e.answerable) for e in examples.all_examples(connection, library)]
            return pairs, examples.calibration_state(connection, library_id)

    def calibration(self, library: str) -> Calibration:
        """Return what the library's examples say about its gate as it stands, and keep nothing."""
        with self._learning:
            return self._fitted(library, None, reset=False)[2]

    def _fitted(self, library: str, threshold: float | None, reset: bool) -> tuple[int, dict[str, Any], Calibration]:
        from hxd_desktop.engine.answering.calibration import calibrate

        pairs, known = self.examples(library)
        pipeline = self.pipeline([library], own_gates=False)
        [reader] = pipeline.scorer.readers
        library_id = reader.library_id
        read = self._signals_read(library_id, pipeline)
        marks = self._marks(library_id, pipeline.marker.generator.id) if pipeline.marker is not None else None
        state, calibration = calibrate(pipeline, pairs, known, threshold=threshold, reset=reset, read=read, marks=marks)
        return library_id, state, calibration

    def _mark(self, library: str, most: int, progress: Callable[[int, int], None] | None, cancel: CancelToken) -> None:
        pipeline = self.pipeline([library], own_gates=False)
        if pipeline.marker is None or not pipeline.marker.wanted(cancel):
            return
        library_id, by = pipeline.scorer.readers[0].library_id, pipeline.marker.generator.id
        known = self._marks(library_id, by)
        missing = [question for question, _ in reversed(self.examples(library)[0]) if question not in known]
        missing = missing[:most]
        for done, question in enumerate(missing):
            cancel.check()
            if progress is not None:
                progress(done, len(missing))
            marks = pipeline.marks_of(question, cancel)
            if marks is not None:
                given = {"question": marks.question, "relevance": marks.relevance}
                self._database.write(
                    partial(examples.set_marks, library=library_id, question=question, by=by, given=given)
                )

    def _marks(self, library_id: int, by: str) -> dict[str, dict[str, int]]:
        with translated(self._database.path):
            return examples.marks(self._database.reader, library_id, by)

    def _signals_read(self, library_id: int, pipeline: Pipeline) -> dict[str, LabelledExample]:
        """Signals of examples read before, as long as the library holds the same: one more is learned at once."""
        [reader] = pipeline.scorer.readers
        stats, embedder = reader.stats(), pipeline.scorer.embedder
        version = (stats.n_documents, stats.n_chunks, stats.avg_terms, embedder.id if embedder else None)
        if library_id not in self._read or self._read[library_id][0] != version:
            self._read[library_id] = (version, {})
        return self._read[library_id][1]

    def setup(self, library: str, calibrate_on: Sequence[Path] = ()) -> dict[str, Any]:
        """What tells one evaluation from another: JSON of version, gate, models, size of the library, settings.

        `gate` changes with the default weights, with what the library has learnt or is told, and with what the gate
        learns from for this run.
        """
        from hxd_desktop import __version__
        from hxd_desktop.engine.evaluation.run import names_of, sha256_of

        reader = self._reader(library)
        with translated(self._database.path):
            state = examples.calibration_state(self._database.reader, reader.library_id)
        learnt = sha256_of(calibrate_on) if calibrate_on else json.dumps(state, sort_keys=True)
        weights = (assets() / "gate" / "default.json").read_bytes()
        stats, models = reader.stats(), self._models
        return {
            "version": __version__,
            "gate": hashlib.sha256(weights + learnt.encode()).hexdigest()[:12],
            "calibrated_on": names_of(calibrate_on) or None,
            "embedder": self._embedder.id,
            "reranker": models.reranker.id if models.reranker else None,
            "generator": models.generator.id if models.generator else "extractive",
            "documents": stats.n_documents,
            "chunks": stats.n_chunks,
            "settings": dataclasses.asdict(self._settings.answers),
        }

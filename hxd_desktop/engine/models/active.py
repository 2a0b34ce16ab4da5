"""The models in use: opened when first needed, exchanged when another is chosen."""

from __future__ import annotations

import dataclasses
import json
import logging
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.models.names import BUILTIN, EXTRACTIVE
from hxd_desktop.engine.models.protocols import LocalGenerator
from hxd_desktop.engine.paths import bundled
from hxd_desktop.engine.settings import DownloadSettings, ModelSettings

if TYPE_CHECKING:
    from hxd_desktop.engine.models.downloading import Progress
    from hxd_desktop.engine.models.gguf_vectors import GgufWorker
    from hxd_desktop.engine.models.onnx import OnnxWorker
    from hxd_desktop.engine.models.protocols import Embedder, Generator, Reranker
    from hxd_desktop.engine.models.registry import ModelRegistry
    from hxd_desktop.engine.models.running import Running

_LAST_RUN = "last-run.json"

log = logging.getLogger(__name__)


class ActiveModels:
    """Embedder, reranker and generator as the settings say; any thread may call any method.

    The built-in embedder and quoted answers need nothing from disk, and touch no registry.
    """

    def __init__(self, folder: Path, settings: ModelSettings) -> None:
        self._folder = folder
        self._settings = settings
        self._lock = threading.RLock()
        self._onnx: OnnxWorker | None = None
        self._gguf: GgufWorker | None = None
        self._embedder: Embedder | None = None
        self._reranker: Reranker | None = None
        self._generator: Generator | None = None

    @property
    def registry(self) -> ModelRegistry:
        """The models in the data directory."""
        from hxd_desktop.engine.models.registry import ModelRegistry

        return ModelRegistry(self._folder, bundled("models"))

    @property
    def embedder(self) -> Embedder:
        """The embedder in use."""
        with self._lock:
            if self._embedder is None:
                if self._settings.embedder == BUILTIN:
                    self._embedder = HashedEmbedder()
                else:
                    from hxd_desktop.engine.models.embedding import open_embedder

                    self._embedder = open_embedder(self._settings.embedder, self.registry, self._shared())
            return self._embedder

    @property
    def reranker(self) -> Reranker | None:
        """The reranker in use, None for none."""
        with self._lock:
            if self._reranker is None and self._settings.reranker:
                from hxd_desktop.engine.models.reranking import open_reranker

                self._reranker = open_reranker(self._settings.reranker, self.registry, self._shared())
            return self._reranker

    @property
    def generator(self) -> Generator | None:
        """The generator in use, None where answers are quotations."""
        with self._lock:
            if self._generator is None and self._settings.generator != EXTRACTIVE:
                from hxd_desktop.engine.models.generation import open_generator

                self._generator = open_generator(
                    self._settings.generator, self.registry, self._settings, self._note_run
                )
            return self._generator

    def _shared(self) -> Running:
        """How embedder and reranker are run: by the settings, in processes that they share."""
        if self._onnx is None or self._gguf is None:
            from hxd_desktop.engine.models.gguf_vectors import GgufWorker
            from hxd_desktop.engine.models.onnx import OnnxWorker

            self._onnx, self._gguf = OnnxWorker(), GgufWorker()  # each starts with its first request
        return dataclasses.replace(self._by_settings(), onnx=self._onnx, gguf=self._gguf)

    def _by_settings(self) -> Running:
        from hxd_desktop.engine.models.running import Running

        settings = self._settings
        return Running(settings.threads, settings.gpu_layers, settings.onnx_device)

    def available(self) -> list[dict[str, Any]]:
        """Return what can be downloaded, with its `state`: "available", "partial" (begun), or "ready" (it is here)."""
        from hxd_desktop.engine.models.catalogue import entries
        from hxd_desktop.engine.models.downloading import ASIDE

        here = {model["id"] for model in self.registry.list()}
        rows = []
        for entry in entries():
            begun = (self._folder / f"{ASIDE}{entry.id}").is_dir()
            rows.append(entry.row() | {"state": "ready" if entry.id in here else "partial" if begun else "available"})
        return rows

    def list(self) -> list[dict[str, Any]]:
        """Return every model that is there."""
        return self.registry.list()

    def import_path(
        self, path: Path, *, progress: Callable[[int, int], None] | None = None, cancel: CancelToken | None = None
    ) -> dict[str, Any]:
        """Import a model from a file or folder, see `ModelRegistry.import_path`."""
        return self.registry.import_path(path, progress=progress, cancel=cancel)

    def download(
        self,
        model_id: str,
        settings: DownloadSettings,
        *,
        mirror: str = "",
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> dict[str, Any]:
        """Fetch a model of the catalogue, check it, try it out, and return its row.

        What is here already is not fetched again; what an earlier run left unfinished is gone on with.

        Raises:
            SettingsError: the settings forbid downloads.
            ModelError: it is not in the catalogue, no source gave it, it cannot be used, or is being downloaded.
            Cancelled: `cancel` was set.
        """
        from hxd_desktop.engine.models import catalogue, locks
        from hxd_desktop.engine.models.downloading import Download

        entry = catalogue.find(model_id)
        download = Download(entry, self._folder, settings, mirror=mirror)
        with locks.download_lock(self._folder, entry.id):
            for row in self.list():
                if row["id"] == entry.id and row["state"] == "ready" and row["verified"]:
                    download.discard()  # a kill came between its last two steps
                    return row
            files = download.run(progress=progress, cancel=cancel)
            imported = self.registry.import_path(files, name=entry.id, link=True, cancel=cancel)
            download.discard()
            return imported

    def remove(self, model_id: str) -> None:
        """Delete an imported model, or what was fetched of one whose download did not end.

        Raises:
            SettingsError: it is in use.
        """
        if model_id in (self._settings.embedder, self._settings.generator, self._settings.reranker):
            raise SettingsError(
                "The model is in use", f"{model_id} cannot be removed.", "Choose another first: hxd models use ID."
            )
        from hxd_desktop.engine.models.downloading import ASIDE
        from hxd_desktop.engine.models.locks import download_lock

        begun = self._folder / f"{ASIDE}{model_id}"
        if begun.parent == self._folder and begun.is_dir():
            with download_lock(self._folder, model_id):
                shutil.rmtree(begun, ignore_errors=True)
            if not (self._folder / model_id).exists():
                return
        self.registry.remove(model_id)

    def choose(self, model_id: str) -> ModelSettings:
        """Return the settings with this model in the place that its kind says.

        Raises:
            SettingsError: there is no such model.
            ModelError: its files are not whole.
        """
        models = self.list()
        kind = next((model["kind"] for model in models if model["id"] == model_id), None)
        if model_id not in (BUILTIN, EXTRACTIVE) and kind is not None:
            self.registry.prepare(model_id)
            self.registry.ready(model_id, kind)
        if kind == "embedder":
            return dataclasses.replace(self._settings, embedder=model_id)
        if kind == "reranker":
            return dataclasses.replace(self._settings, reranker=model_id)
        if kind == "generator":
            return dataclasses.replace(self._settings, generator=model_id)
        names = ", ".join(model["id"] for model in models)
        raise SettingsError("There is no such model", f"None is called {model_id!r}.", f"Choose one of: {names}.")

    def candidate(self, model_id: str) -> Embedder:
        """Open an embedder that is not in use, with a process of its own; the caller closes it.

        Raises:
            ModelError: it is not there, or its files are not whole.
        """
        from hxd_desktop.engine.models.embedding import open_embedder

        return open_embedder(model_id, self.registry, self._by_settings())

    def configure(self, settings: ModelSettings) -> None:
        """Use other models from now on; what a request still needs is freed once it is answered."""
        with self._lock:
            before, self._settings = self._settings, settings
            if before == settings:
                return
            for worker in (self._onnx, self._gguf):
                if worker is not None:
                    worker.retire()
            self._embedder = self._reranker = None
            if dataclasses.replace(before, embedder=settings.embedder, reranker=settings.reranker) == settings:
                return  # a language model takes long to load, and stays
            if self._generator is not None:
                self._generator.close()
                self._generator = None

    def in_use(self) -> dict[str, str | None]:
        """Return the ids of the models in use, without loading any."""
        settings = self._settings
        return {
            "embedder": settings.embedder,
            "reranker": settings.reranker or None,
            "generator": settings.generator,
        }

    def device(self) -> dict[str, Any]:
        """Return what this machine offers for computing.

        `onnx_gpu` lists the GPU providers of ONNX Runtime that are installed; `vectors` says what embedder and reranker
        were computed on last, None before their first use, and `vectors_note` why a GPU was passed by. `generator` is
        what the language model last ran on, in this or another process: nothing is loaded to find out. It is None where
        answers are quotations or the model in use was never loaded.
        """
        from hxd_desktop.engine.models import onnx_devices
        from hxd_desktop.engine.models.hardware import describe

        used = [worker for worker in (self._onnx, self._gguf) if worker is not None and worker.device]
        return describe() | {
            "onnx_gpu": list(onnx_devices.installed()),
            "vectors": ", ".join(dict.fromkeys(worker.device for worker in used)) or None,
            "vectors_note": "; ".join(worker.note for worker in used if worker.note),
            "generator": self._last_run(),
        }

    def _note_run(self, record: dict[str, Any]) -> None:
        try:
            replace_file(self._folder / _LAST_RUN, json.dumps(record).encode())
        except OSError as error:  # shown by the next status: not worth an answer
            log.warning("what the model runs on cannot be noted: %s", error)

    def _last_run(self) -> dict[str, Any] | None:
        with self._lock:
            generator, settings = self._generator, self._settings
        if generator is not None and isinstance(generator, LocalGenerator) and (record := generator.record()):
            return record
        try:
            noted = json.loads((self._folder / _LAST_RUN).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(noted, dict) or noted.get("model") != settings.generator:
            return None
        return noted | {"loaded": False}

    def close(self) -> None:
        """Free every model; a later use opens it again."""
        with self._lock:
            for model in (self._embedder, self._reranker, self._generator):
                if model is not None:
                    model.close()
            self._embedder = self._reranker = self._generator = None
            for worker in (self._onnx, self._gguf):
                if worker is not None:
                    worker.close()
            self._onnx = self._gguf = None

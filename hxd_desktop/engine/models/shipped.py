"""Models that come with the application, in a bundle's own folder: used where they lie, never changed or copied."""

from __future__ import annotations

import contextlib
import dataclasses
import json
from pathlib import Path
from typing import Any

from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.stored import StoredModel
from hxd_desktop.engine.settings import ModelSettings, Settings

EDITION = "edition.json"  # which of them are used in a new data directory: {"use": {kind: id}}
_LEDGER = ".shipped.json"
_KINDS = ("embedder", "reranker", "generator")


class ShippedModels:
    """The models in a folder that is only read, one folder each, as an import lays them out.

    Args:
        folder: None where the application brings none.
        notes: The data directory's folder of models, where it is kept which of them were checked.
    """

    def __init__(self, folder: Path | None, notes: Path) -> None:
        self._folder = folder
        self._ledger = notes / _LEDGER

    def list(self) -> list[StoredModel]:
        """Return those whose record can be read, by id."""
        found = []
        for place in sorted(self._folder.iterdir()) if self._folder is not None and self._folder.is_dir() else ():
            with contextlib.suppress(ModelError):
                found.append(StoredModel.load(place))
        return found

    def find(self, model_id: str) -> StoredModel | None:
        """Return the model with this id."""
        return next((model for model in self.list() if model.id == model_id), None)

    def is_checked(self, model: StoredModel) -> bool:
        """Tell whether its files were read and found right, and have the same size and time since."""
        return bool(self._notes().get(model.id) == _print_of(model))

    def check(self, model: StoredModel) -> None:
        """Read its files and compare their SHA-256 before it is first used; note that they were right.

        Raises:
            ModelError: they are not.
        """
        if self.is_checked(model):
            return
        if not model.is_whole():
            raise ModelError(
                "A model of the application is damaged",
                f"Of {model.id}, which comes with the application, a file is gone or is not what it was made with.",
                "Install the application again, or choose another model with hxd models use ID.",
                model.folder,
            )
        notes = self._notes() | {model.id: _print_of(model)}
        with contextlib.suppress(OSError):  # it is read once more the next time
            replace_file(self._ledger, json.dumps(notes, indent=1).encode())

    def _notes(self) -> dict[str, Any]:
        try:
            notes = json.loads(self._ledger.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return notes if isinstance(notes, dict) else {}


def _print_of(model: StoredModel) -> list[Any]:
    stats = [(file, (model.folder / file.path).stat()) for file in model.files if (model.folder / file.path).exists()]
    return [str(model.folder), model.fingerprint, *([file.path, at.st_size, at.st_mtime_ns] for file, at in stats)]


def choose_first(folder: Path | None, settings: Settings) -> Settings:
    """Return the settings of a new data directory, in which the models that the application brings are used."""
    try:
        chosen = json.loads((folder / EDITION).read_text(encoding="utf-8"))["use"] if folder is not None else {}
        models = {kind: str(chosen[kind]) for kind in _KINDS if kind in chosen}
    except (OSError, ValueError, KeyError, TypeError):
        return settings
    used: ModelSettings = dataclasses.replace(settings.models, **models)  # type: ignore[arg-type]
    return dataclasses.replace(settings, models=used)

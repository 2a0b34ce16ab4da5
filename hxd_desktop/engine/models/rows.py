"""A model as a row of the list of models; `ModelRegistry.list` says what its keys are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hxd_desktop.engine.models.stored import RECORD, StoredModel


def of(model: StoredModel) -> dict[str, Any]:
    """Return the row of an imported model."""
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
        "shipped": False,
    }


def unreadable(folder: Path) -> dict[str, Any]:
    """Return the row of a folder whose record is gone or cannot be read."""
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
        "shipped": False,
    }


def builtin(model_id: str, kind: str, name: str) -> dict[str, Any]:
    """Return the row of a model that has no files."""
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
        "shipped": False,
    }

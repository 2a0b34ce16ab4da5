"""A model in the data directory: its folder, its files, and what is known of it (`model.json`)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import ModelError, unreadable

RECORD = "model.json"
_FORMAT = 1
_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file: path in the model's folder with forward slashes, size, lower-case hex SHA-256."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredModel:
    """A model as its `model.json` describes it.

    `kind` is "embedder", "reranker" or "generator"; `main` the file that holds the weights or the graph.
    `verified`: it was really loaded and used after it was copied. `source`: a digest of the files as they were
    imported. `details` depend on the kind:

    - generator: `architecture`, `context_tokens`, `layers`
    - embedder: `pooling`, `dim`, `max_tokens`, `query_prefix`, `passage_prefix`, `languages`, `bridges_languages`
    - reranker: `max_tokens`, `languages`, `scores` ("logit" or "probability")

    An embedder or reranker whose `main` is a GGUF file is run by llama.cpp, others by ONNX Runtime.
    """

    id: str
    kind: str
    name: str
    folder: Path
    main: str
    files: tuple[ModelFile, ...]
    verified: bool
    source: str
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def main_file(self) -> Path:
        """The file with the weights."""
        return self.folder / self.main

    @property
    def bytes(self) -> int:
        """Size of all its files."""
        return sum(file.bytes for file in self.files)

    @property
    def sha256(self) -> str:
        """SHA-256 of the main file, which is what hubs publish."""
        return next((file.sha256 for file in self.files if file.path == self.main), "")

    @property
    def fingerprint(self) -> str:
        """Twelve hex digits that change with everything that changes what the model computes."""
        parts = {"files": sorted((file.path, file.sha256) for file in self.files), "details": self.details}
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:12]

    def state(self) -> str:
        """Say "ready", "missing" (a file is gone) or "damaged" (one has another size), without reading the files."""
        for file in self.files:
            try:
                size = (self.folder / file.path).stat().st_size
            except OSError:
                return "missing"
            if size != file.bytes:
                return "damaged"
        return "ready"

    def is_whole(self) -> bool:
        """Read every file and compare its SHA-256; takes seconds for each gigabyte."""
        try:
            return all(sha256_of(self.folder / file.path) == file.sha256 for file in self.files)
        except OSError:
            return False

    def save(self) -> None:
        """Write `model.json` into its folder."""
        record = {
            "format": _FORMAT,
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "main": self.main,
            "files": [{"path": file.path, "bytes": file.bytes, "sha256": file.sha256} for file in self.files],
            "verified": self.verified,
            "source": self.source,
            "details": self.details,
        }
        text = json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True)
        replace_file(self.folder / RECORD, f"{text}\n".encode())

    @classmethod
    def load(cls, folder: Path) -> StoredModel:
        """Read `model.json` of a model's folder.

        Raises:
            ModelError: it is missing or not what `save` writes.
        """
        try:
            record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
            return cls(
                id=str(record["id"]),
                kind=str(record["kind"]),
                name=str(record["name"]),
                folder=folder,
                main=str(record["main"]),
                files=tuple(ModelFile(f["path"], int(f["bytes"]), f["sha256"]) for f in record["files"]),
                verified=bool(record["verified"]),
                source=str(record["source"]),
                details=dict(record["details"]),
            )
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise ModelError(
                "A model's record cannot be read",
                f"{folder.name}/{RECORD}: {unreadable(error)}.",
                f"Remove the model with `hxd models remove {folder.name}` and import it again.",
                folder,
            ) from error


def sha256_of(path: Path) -> str:
    """Return the lower-case hex SHA-256 of a file.

    Raises:
        OSError: it cannot be read.
    """
    digest = hashlib.sha256()
    with open(path, "rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            digest.update(block)
    return digest.hexdigest()

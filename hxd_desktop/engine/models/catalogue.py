"""The models that can be downloaded by name, as `assets/models/catalogue.json` lists them.

The file holds what is known without a network: sizes are rounded unless a source gave the exact one, and checksums
stand there only where they are known; all others come from the hub when a model is downloaded.
"""

from __future__ import annotations

import difflib
import functools
import json
from dataclasses import dataclass
from typing import Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.paths import assets

_FORMAT = 1
_USUAL_CONTEXT = 4096  # tokens, as the settings have it
_WORKING_BYTES = 300 << 20  # what computing takes beside weights and cache, roughly


@dataclass(frozen=True, slots=True)
class CatalogueFile:
    """A file of a model: where it lies in its repository, and what it is called in the model's folder.

    `repo` is "" for the source's own. `sha256` is "" where only the hub knows it.
    """

    path: str
    name: str
    sha256: str = ""
    repo: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A repository on a hub: "huggingface" or "modelscope"."""

    hub: str
    repo: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A model that can be downloaded.

    `bytes` is the size of its files, about; `memory_bytes` what it takes while it runs, about (a language model with
    a context of 4,096 tokens). `use` says how it wants to be used, as `hxd.json` does (see docs/models.md).
    """

    id: str
    kind: str
    name: str
    licence: str
    languages: tuple[str, ...]
    context_tokens: int
    bytes: int
    memory_bytes: int
    use: dict[str, Any]
    files: tuple[CatalogueFile, ...]
    sources: tuple[Source, ...]

    def row(self) -> dict[str, Any]:
        """Return it as `hxd models list --available` prints it, without its state."""
        return {
            "id": self.id,
            "kind": self.kind,
            "name": self.name,
            "bytes": self.bytes,
            "memory_bytes": self.memory_bytes,
            "licence": self.licence,
            "languages": list(self.languages),
            "context_tokens": self.context_tokens,
            "hubs": sorted({source.hub for source in self.sources}),
        }


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Return every model of the catalogue, a language model once for each of its quantisations."""
    text = (assets() / "models" / "catalogue.json").read_text(encoding="utf-8")
    record = json.loads(text)
    if record["format"] != _FORMAT:
        raise ValueError(f"catalogue.json has the format {record['format']}, not {_FORMAT}")
    return tuple(entry for model in record["models"] for entry in _entries(model))


def find(model_id: str) -> Entry:
    """Return the model with this id, whatever its case.

    Raises:
        ModelError: the catalogue has none.
    """
    known = {entry.id.lower(): entry for entry in entries()}
    found = known.get(model_id.lower())
    if found is not None:
        return found
    near = difflib.get_close_matches(model_id.lower(), known, 3, 0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise ModelError(
        "The model is not in the catalogue",
        f"None is called {model_id}.{hint}",
        "`hxd models list --available` shows them all. Any other GGUF or ONNX model can be fetched with a browser and "
        "taken in with `hxd models import PATH`.",
    )


def _entries(model: dict[str, Any]) -> list[Entry]:
    variants: dict[str, int] = model.get("variants", {"": model.get("bytes", 0)})
    return [_entry(model, variant, size) for variant, size in variants.items()]


def _entry(model: dict[str, Any], variant: str, size: int) -> Entry:
    known = model.get("sha256", {}).get(variant, "")
    cache = model.get("memory_per_token", 0) * _USUAL_CONTEXT
    files = []
    for file in model["files"]:
        path = file["path"].format(variant=variant)
        name = file.get("name", path.rpartition("/")[2])
        files.append(CatalogueFile(path, name, file.get("sha256", known), file.get("repo", "")))
    return Entry(
        id=model["id"].format(variant=variant),
        kind=model["kind"],
        name=f"{model['name']} ({variant.upper()})" if variant else model["name"],
        licence=model["licence"],
        languages=tuple(model["languages"]),
        context_tokens=model["context_tokens"],
        bytes=size,
        memory_bytes=size + cache + _WORKING_BYTES,
        use=model.get("use", {}),
        files=tuple(files),
        sources=tuple(Source(source["hub"], source["repo"]) for source in model["sources"]),
    )

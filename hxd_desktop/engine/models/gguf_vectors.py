"""Embedding and reranking GGUF models, seen from this process: a client of the worker in which llama.cpp runs them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.families import family_of
from hxd_desktop.engine.models.vector_worker import VectorWorker

if TYPE_CHECKING:
    from hxd_desktop.engine.models.stored import StoredModel

MAIN = "model.gguf"


@dataclass(frozen=True, slots=True)
class GgufSpec:
    """A model as the worker loads it.

    `pooling` is "MEAN", "CLS", "LAST_TOKEN", or "RANK" for a reranker. `gpu_layers`: -1 for all, where the build can
    use a GPU. `threads`: 0 leaves the choice to llama.cpp.
    """

    path: str
    pooling: str
    max_tokens: int
    dim: int = 0
    gpu_layers: int = -1
    threads: int = 0


def gguf_spec(model: StoredModel, threads: int, gpu_layers: int) -> GgufSpec:
    """Return how the worker loads a stored GGUF embedder or reranker."""
    from hxd_desktop.engine.models.hardware import physical_cores

    details = model.details
    return GgufSpec(
        str(model.main_file),
        details.get("pooling", "RANK"),
        details["max_tokens"],
        details.get("dim", 0),
        gpu_layers,
        threads or physical_cores(),
    )


class GgufWorker(VectorWorker):
    """The process of all GGUF embedders and rerankers."""

    kind = "gguf"

    def __init__(self) -> None:
        # Threads that spin while they wait for each other slow everything else down, indexing for one.
        super().__init__({"OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY", "passive")})


def details_of(
    found: Mapping[str, Any], names: Sequence[str], inspected: Mapping[str, Any], ours: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the `details` of an embedder or reranker.

    Args:
        found: `pooling`, `max_tokens` and `architecture`.
        names: What it may be called; its family is known by them.
        inspected: What the worker says of it.
        ours: What `hxd.json` beside it says, which outweighs everything.

    Raises:
        ModelError: it is a reranker that gives more than one score.
    """
    family = family_of(*names)
    languages = family.languages if family else frozenset(inspected["languages"])
    details: dict[str, Any] = {"max_tokens": found["max_tokens"], "languages": sorted(languages)}
    if found["pooling"] == "RANK":
        # The head of Qwen3's rerankers ends in a softmax over "yes" and "no", the first being "yes".
        probability = found["architecture"].startswith("qwen3")
        if inspected["outputs"] not in ((1, 2) if probability else (1,)):
            raise ModelError(
                "Not a reranker that can be used",
                f"It gives {inspected['outputs']} scores for each pair.",
                "Use a cross-encoder with one output.",
            )
        details["scores"] = "probability" if probability else "logit"
    else:
        details |= {
            "pooling": found["pooling"],
            "query_prefix": family.query_prefix if family else "",
            "passage_prefix": family.passage_prefix if family else "",
            "bridges_languages": family.bridges_languages if family else False,
        }
    return details | {key: value for key, value in ours.items() if type(value) is type(details.get(key))}


def is_gguf(model: StoredModel) -> bool:
    """Whether a stored embedder or reranker is run by llama.cpp."""
    return Path(model.main).suffix == ".gguf"

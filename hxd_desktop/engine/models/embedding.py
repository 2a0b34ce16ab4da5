"""Embedders by the id that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.models.hashed import HashedEmbedder
from hxd_desktop.engine.models.names import BUILTIN
from hxd_desktop.engine.models.running import Running
from hxd_desktop.engine.text.language import detect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.models.protocols import Embedder
    from hxd_desktop.engine.models.registry import ModelRegistry
    from hxd_desktop.engine.models.stored import StoredModel
    from hxd_desktop.engine.models.vector_worker import VectorSpec, VectorWorker

_REVISION = 1  # of how the worker makes vectors; raising it makes every saved vector stale


def open_embedder(choice: str, registry: ModelRegistry, running: Running | None = None) -> Embedder:
    """Return the embedder with this id; a model is loaded when first used.

    Args:
        choice: "builtin", or the id of an imported embedder.
        registry: Where imported models are.
        running: What it is computed with, None for the defaults.

    Raises:
        ModelError: there is no such embedder, or its files are not whole.
    """
    if choice == BUILTIN:
        return HashedEmbedder()
    model = registry.ready(choice, "embedder")
    return ModelEmbedder(model, *(running or Running()).of(model))


class ModelEmbedder:
    """An `Embedder` over an imported model, computed in a worker process.

    Any thread may call any method; a question goes before passages that wait. `id` changes with the model's files,
    its pooling, prefixes and limits.
    """

    semantic = True

    def __init__(self, model: StoredModel, spec: VectorSpec, worker: VectorWorker) -> None:
        details = model.details
        self.id = f"{model.id}-{model.fingerprint}.{_REVISION}"
        self.dim: int = details["dim"]
        self.languages: frozenset[str] = frozenset(details["languages"])
        self.bridges_languages: bool = details["bridges_languages"]
        self._query_prefix: str = details["query_prefix"]
        self._passage_prefix: str = details["passage_prefix"]
        self._spec = spec
        self._worker = worker

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages: float32, shape (len(texts), dim), L2-normalised.

        Raises:
            ModelError: the model could not be loaded, failed, or its process died.
        """
        return self._worker.embed(self._spec, [self._passage_prefix + text for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question: float32, shape (dim,), L2-normalised.

        A question in a language that the model was not made for gets all zeros, which weigh nothing: what an English
        model makes of Chinese is noise that looks like a cosine.

        Raises:
            ModelError: as `embed_passages`.
        """
        if not self._understands(text):
            return np.zeros(self.dim, np.float32)
        vector: NDArray[np.float32] = self._worker.embed(self._spec, [self._query_prefix + text], urgent=True)[0]
        return vector

    def _understands(self, text: str) -> bool:
        if not self.languages or "*" in self.languages:
            return True
        return detect(text) in {"", *self.languages}

    def close(self) -> None:
        """End the process and free its models; a later call starts it again."""
        self._worker.close()

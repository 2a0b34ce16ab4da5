"""Rerankers by the id that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine.models.running import Running

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hxd_desktop.engine.models.registry import ModelRegistry
    from hxd_desktop.engine.models.stored import StoredModel
    from hxd_desktop.engine.models.vector_worker import VectorSpec, VectorWorker


def open_reranker(choice: str, registry: ModelRegistry, running: Running | None = None) -> ModelReranker:
    """Return the reranker with this id; it is loaded when first used.

    Args:
        choice: The id of an imported reranker.
        registry: Where imported models are.
        running: What it is computed with, None for the defaults.

    Raises:
        ModelError: there is no such reranker, or its files are not whole.
    """
    model = registry.ready(choice, "reranker")
    return ModelReranker(model, *(running or Running()).of(model))


class ModelReranker:
    """A `Reranker` over an imported cross-encoder, computed in a worker process; any thread may call any method."""

    def __init__(self, model: StoredModel, spec: VectorSpec, worker: VectorWorker) -> None:
        self.id = f"{model.id}-{model.fingerprint}"
        self._is_probability = model.details.get("scores") == "probability"
        self._spec = spec
        self._worker = worker

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, shape (len(passages),), 0 to 1: the logistic function of the model's score.

        That is the scale on which the BCE and BGE rerankers are described by their makers. A graph that ends in the
        logistic function itself says so in its `hxd.json`.

        Raises:
            ModelError: the model could not be loaded, failed, or its process died.
        """
        import numpy as np

        logits = self._worker.rerank(self._spec, question, passages)
        if self._is_probability:
            return np.clip(logits, 0, 1)
        # Beyond 30 the result is 0 or 1 in float32, and the exponential would overflow.
        scores: NDArray[np.float32] = np.reciprocal(np.float32(1) + np.exp(-np.clip(logits, -30, 30)))
        return scores

    def close(self) -> None:
        """End the process and free its models; a later call starts it again."""
        self._worker.close()

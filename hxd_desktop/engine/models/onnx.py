"""ONNX models, seen from this process: a client of the worker in which ONNX Runtime runs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from hxd_desktop.engine.models.vector_worker import VectorWorker

# The libraries of the hub look here before they think of a network.
OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TOKENIZERS_PARALLELISM": "true",
}


@dataclass(frozen=True, slots=True)
class OnnxSpec:
    """A model as the worker loads it.

    `pooling` is "MEAN", "CLS", "LAST_TOKEN" or "DISABLED" (the graph gives one vector for a text); rerankers ignore
    it and `dim`. `threads`: 0 leaves the choice to ONNX Runtime. `device`: "auto" for a GPU where one works, or "cpu".
    """

    folder: str
    model_file: str
    pooling: str = "MEAN"
    dim: int = 0
    threads: int = 0
    device: str = "auto"


class OnnxWorker(VectorWorker):
    """The process of all ONNX models."""

    kind = "onnx"

    def __init__(self) -> None:
        super().__init__(OFFLINE)

    def convert(self, source: Path, target: Path) -> None:
        """Turn the BERT encoder in the folder `source` into `model.onnx` in `target`, see `bert_onnx.convert`.

        Raises:
            ModelError: it cannot be done.
        """
        self._request({"op": "convert", "source": str(source), "target": str(target)}, urgent=False)

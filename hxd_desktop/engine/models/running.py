"""How an embedder or a reranker is run: by which processes, and what is theirs of the machine."""

from __future__ import annotations

from dataclasses import dataclass

from hxd_desktop.engine.models.gguf_vectors import GgufWorker, gguf_spec, is_gguf
from hxd_desktop.engine.models.onnx import OnnxSpec, OnnxWorker
from hxd_desktop.engine.models.stored import StoredModel
from hxd_desktop.engine.models.vector_worker import VectorSpec, VectorWorker


@dataclass(frozen=True, slots=True)
class Running:
    """What models are computed with.

    `threads`: 0 for one a physical core. `gpu_layers`: how much of a GGUF model goes to the GPU, -1 for all. `device`:
    what ONNX models are computed on, "auto" or "cpu". `onnx`, `gguf`: the processes to share with other models, None
    for one of its own.
    """

    threads: int = 0
    gpu_layers: int = -1
    device: str = "auto"
    onnx: OnnxWorker | None = None
    gguf: GgufWorker | None = None

    def of(self, model: StoredModel) -> tuple[VectorSpec, VectorWorker]:
        """Return how a model's process loads it, and the process, which starts with the first request."""
        if is_gguf(model):
            return gguf_spec(model, self.threads, self.gpu_layers), self.gguf or GgufWorker()
        return _onnx_spec(model, self.threads, self.device), self.onnx or OnnxWorker()


def _onnx_spec(model: StoredModel, threads: int, device: str) -> OnnxSpec:
    from hxd_desktop.engine.models.hardware import physical_cores

    return OnnxSpec(
        folder=str(model.folder),
        model_file=model.main,
        pooling=model.details.get("pooling", "DISABLED"),
        dim=model.details.get("dim", 0),
        threads=threads or physical_cores(),
        device=device,
    )

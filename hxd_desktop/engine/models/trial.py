"""Trying out a copied model in a worker process before it gets its place."""

from __future__ import annotations

from dataclasses import replace

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models import gguf_vectors, onnx_files
from hxd_desktop.engine.models.families import family_of
from hxd_desktop.engine.models.generation import LlamaGenerator
from hxd_desktop.engine.models.generation_run import LlamaOptions
from hxd_desktop.engine.models.gguf_vectors import GgufSpec, GgufWorker
from hxd_desktop.engine.models.hardware import llama_backends, physical_cores
from hxd_desktop.engine.models.identify import GGUF, Candidate
from hxd_desktop.engine.models.onnx import OnnxSpec, OnnxWorker
from hxd_desktop.engine.models.protocols import ChatMessage
from hxd_desktop.engine.models.stored import ModelFile, StoredModel, sha256_of

_TEXTS = ("How is it installed?", "怎么安装？")
_TRIAL_CONTEXT = 512


def verified(candidate: Candidate, model: StoredModel) -> StoredModel:
    """Load and use a model that was copied to `model.folder`; return it with its kind and details.

    A GGUF model is copied but stays unverified where llama-cpp-python is not installed.

    Raises:
        ModelError: it cannot be loaded, or what it computes cannot be used.
        OSError: its folder cannot be written.
    """
    if candidate.format == GGUF:
        return _vectors(candidate, model) if "pooling" in candidate.details else _generator(candidate, model)
    return _onnx(candidate, model)


def _generator(candidate: Candidate, model: StoredModel) -> StoredModel:
    model = replace(model, kind="generator", details=dict(candidate.details))
    if llama_backends() is None:
        return model
    options = LlamaOptions(str(model.main_file), _TRIAL_CONTEXT, gpu_layers=0, threads=physical_cores())
    generator = LlamaGenerator(model.name, options)
    try:
        for _ in generator.stream([ChatMessage("user", _TEXTS[0])], max_tokens=1, cancel=CancelToken()):
            pass
    finally:
        generator.close()
    return replace(model, verified=True)


def _vectors(candidate: Candidate, model: StoredModel) -> StoredModel:
    """An embedder or reranker of llama.cpp; without it, there is no saying what it would be good for."""
    found = candidate.details
    names = [name for name in (model.name, found["alias"]) if name]
    pooling = found["pooling"] or (family.pooling if (family := family_of(*names)) else "") or "MEAN"
    spec = GgufSpec(str(model.main_file), pooling, found["max_tokens"], gpu_layers=0, threads=physical_cores())
    worker = GgufWorker()
    try:
        inspected = worker.inspect(spec)
        ours = onnx_files.read_json(model.folder / "hxd.json")
        details = gguf_vectors.details_of(found | {"pooling": pooling}, names, inspected, ours)
        if pooling == "RANK":
            worker.rerank(spec, _TEXTS[0], _TEXTS)
            return replace(model, kind="reranker", details=details, verified=True)
        if details["pooling"] not in ("MEAN", "CLS", "LAST_TOKEN"):
            raise ModelError(
                "The model's files cannot be read",
                f"hxd.json: pooling cannot be {details['pooling']}.",
                "Write MEAN, CLS or LAST_TOKEN.",
            )
        vectors = worker.embed(replace(spec, pooling=details["pooling"]), _TEXTS)
    finally:
        worker.close()
    return replace(model, kind="embedder", details=details | {"dim": int(vectors.shape[1])}, verified=True)


def _onnx(candidate: Candidate, model: StoredModel) -> StoredModel:
    names = [name for name in (model.name, candidate.details.get("alias", "")) if name]
    onnx_files.complete_tokenizer(model.folder)
    spec = OnnxSpec(str(model.folder), model.main, threads=physical_cores())
    worker = OnnxWorker()
    try:
        inspected = worker.inspect(spec)
        if onnx_files.is_reranker(model.folder, inspected["outputs"]):
            details = onnx_files.reranker_details(model.folder, names, inspected)
            worker.rerank(spec, _TEXTS[0], _TEXTS)
            model = replace(model, kind="reranker", details=details)
        else:
            details = onnx_files.embedder_details(model.folder, names, inspected)
            vectors = worker.embed(replace(spec, pooling=details["pooling"]), _TEXTS)
            if not vectors.any():
                raise ModelError(
                    "The model gives no usable vectors", "They are all zero.", "Use another export of the model."
                )
            model = replace(model, kind="embedder", details=details | {"dim": int(vectors.shape[1])})
    finally:
        worker.close()
    return replace(model, verified=True, files=_recorded(model))


def _recorded(model: StoredModel) -> tuple[ModelFile, ...]:
    """The files as they are now: completing the tokenizer changed or added one."""
    changed = model.folder / "tokenizer_config.json"
    files = {file.path: file for file in model.files}
    files[changed.name] = ModelFile(changed.name, changed.stat().st_size, sha256_of(changed))
    return tuple(files.values())

"""The process in which ONNX Runtime runs: embedders and rerankers through fastembed.

A process of its own, because ONNX Runtime and USearch in one process crash when they are imported in the wrong order.
Nothing is fetched: a model is a local folder.

Requests (`model` is an `OnnxSpec` as a dict; a model that is not loaded yet is loaded first):

- `{"op": "embed", "model", "texts"}` -> `{"vectors": bytes, "dim": n, "device", "note"}`, float32 in rows,
  little-endian; `note` says why a GPU was passed by
- `{"op": "rerank", "model", "question", "passages"}` -> `{"scores": bytes, "device", "note"}`, float32, as the model
  gives them
- `{"op": "inspect", "model"}` -> `{"inputs": [name, ...], "outputs": [[name, shape], ...], "languages": [code, ...]}`,
  a shape being a list of sizes with -1 for one that is not fixed
- `{"op": "convert", "source", "target"}` -> `{}`: see `bert_onnx.convert`
- anything that fails -> `{"error": {"title", "message", "remedy"}}`
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import HxdError, ModelError
from hxd_desktop.engine.models.onnx_devices import CPU, first_that_works, name_of
from hxd_desktop.engine.models.vector_requests import serve
from hxd_desktop.engine.models.vocabularies import languages_of
from hxd_desktop.engine.workers.channel import Channel
from hxd_desktop.engine.workers.onnx_threads import let_threads_sleep

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH = 8  # larger ones are slower on a processor, and take more memory


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: Any
    device: str
    note: str

    def says(self) -> dict[str, str]:
        return {"device": self.device, "note": self.note}


def main(channel: Channel) -> None:
    """Answer requests until the parent closes the pipe."""
    if "usearch" in sys.modules:
        raise RuntimeError("USearch is in this process already: ONNX Runtime would crash it")
    models: dict[str, _Loaded] = {}
    serve(channel, lambda message: _answer(models, message))


def _answer(models: dict[str, _Loaded], message: dict[str, Any]) -> dict[str, Any]:
    spec = message.get("model", {})
    match message["op"]:
        case "embed":
            texts = [_whole(text) for text in message["texts"]]
            loaded = _loaded(models, spec, _embedder)
            vectors = _embed(loaded.model, texts)
            return {"vectors": vectors.astype("<f4").tobytes(), "dim": vectors.shape[1], **loaded.says()}
        case "rerank":
            passages = [_whole(text) for text in message["passages"]]
            loaded = _loaded(models, spec, _cross_encoder)
            scores = _scores(loaded.model, _whole(message["question"]), passages)
            return {"scores": scores.astype("<f4").tobytes(), **loaded.says()}
        case "inspect":
            return _inspect(spec)
        case "convert":
            from hxd_desktop.engine.models import bert_onnx

            _guarded("converted", bert_onnx.convert, Path(message["source"]), Path(message["target"]))
            return {}
        case other:
            raise ModelError("The model process was asked nonsense", f"It knows no {other!r}.", "Report this.")


def _whole(text: str) -> str:
    """Replace lone surrogates, which the tokenizers refuse."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _loaded(models: dict[str, _Loaded], spec: dict[str, Any], load: Any) -> _Loaded:
    key = json.dumps(spec, sort_keys=True)
    if key not in models:
        models[key] = _guarded("loaded", load, spec, key)
    return models[key]


def _guarded(verb: str, function: Any, *arguments: Any) -> Any:
    """Call into fastembed and ONNX Runtime; whatever they raise becomes a `ModelError`."""
    try:
        return function(*arguments)
    except (HxdError, MemoryError):
        raise
    except Exception as error:  # both raise bare Exception and types of their own
        first = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise ModelError(
            f"The model cannot be {verb}",
            f"{first.rstrip('.')}.",
            "Import it again; if that does not help, use another export of the model.",
        ) from error


def _on_device(spec: dict[str, Any], load: Callable[[list[str]], Any], use: Callable[[Any], object]) -> _Loaded:
    import onnxruntime

    let_threads_sleep()

    def tried(providers: list[str]) -> tuple[Any, str]:
        model = load(providers)
        if providers != [CPU]:
            use(model)  # some providers load what they cannot compute
        return model, model.model.model.get_providers()[0]

    model, provider, note = first_that_works(spec["device"], onnxruntime.get_available_providers(), tried)
    return _Loaded(model, name_of(provider), note)


def _embedder(spec: dict[str, Any], key: str) -> _Loaded:
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    TextEmbedding.add_custom_model(
        model=key,
        pooling=PoolingType[spec["pooling"]],
        normalization=True,
        sources=ModelSource(url="http://localhost/none"),
        dim=spec["dim"] or 1,
        model_file=spec["model_file"],
    )
    return _on_device(
        spec,
        lambda providers: TextEmbedding(key, **_loading(spec, providers)),
        lambda model: list(model.embed(["a"])),
    )


def _loading(spec: dict[str, Any], providers: list[str]) -> dict[str, Any]:
    # The folder for downloads is made by fastembed even where it is given a model: one that is there already.
    return {
        "cache_dir": tempfile.gettempdir(),
        "threads": spec["threads"] or None,
        "specific_model_path": spec["folder"],
        "providers": providers,
    }


def _cross_encoder(spec: dict[str, Any], key: str) -> _Loaded:
    from fastembed.common.model_description import ModelSource
    from fastembed.rerank.cross_encoder import TextCrossEncoder

    TextCrossEncoder.add_custom_model(
        model=key, sources=ModelSource(url="http://localhost/none"), model_file=spec["model_file"]
    )
    return _on_device(
        spec,
        lambda providers: TextCrossEncoder(key, **_loading(spec, providers)),
        lambda model: list(model.rerank("a", ["a"])),
    )


def _embed(model: Any, texts: list[str]) -> NDArray[np.float32]:
    import numpy as np

    # A batch is padded to its longest text: like lengths go together.
    order = np.argsort([len(text) for text in texts], kind="stable")
    sorted_texts = [texts[i] for i in order]
    rows: NDArray[np.float32] = _guarded(
        "used", lambda: np.array(list(model.embed(sorted_texts, batch_size=BATCH)), np.float32)
    )
    if rows.ndim != 2:
        raise ModelError(
            "The model is not an embedder", "It gives no one vector for a text.", "Use a sentence embedding model."
        )
    if not np.isfinite(rows).all():
        raise ModelError(
            "The model gives no usable vectors", "They hold values that are not numbers.", "Import the model again."
        )
    vectors = np.empty_like(rows)
    vectors[order] = rows
    return vectors


def _scores(model: Any, question: str, passages: list[str]) -> NDArray[np.float32]:
    import numpy as np

    order = np.argsort([len(passage) for passage in passages], kind="stable")
    sorted_passages = [passages[i] for i in order]
    found = _guarded("used", lambda: list(model.rerank(question, sorted_passages, batch_size=BATCH)))
    scores = np.empty(len(passages), np.float32)
    scores[order] = np.array(found, np.float32)
    return scores


def _inspect(spec: dict[str, Any]) -> dict[str, Any]:
    folder = Path(spec["folder"])
    session = _guarded("loaded", _session, folder / spec["model_file"])
    vocabulary = _guarded("loaded", _vocabulary, folder / "tokenizer.json")
    return {
        "inputs": [node.name for node in session.get_inputs()],
        "outputs": [
            [node.name, [size if isinstance(size, int) else -1 for size in node.shape]]
            for node in session.get_outputs()
        ],
        "languages": sorted(languages_of(vocabulary)),
    }


def _session(path: Path) -> Any:
    import onnxruntime

    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])


def _vocabulary(path: Path) -> list[str]:
    from tokenizers import Tokenizer

    return list(Tokenizer.from_file(str(path)).get_vocab())

"""The process in which llama.cpp embeds texts and scores pairs, on the GPU where its build and the machine have one.

Apart from the language model's: a question is embedded while an answer is written.

Requests (`model` is a `GgufSpec` as a dict; a model that is not loaded yet is loaded first):

- `{"op": "embed", "model", "texts"}` -> `{"vectors": bytes, "dim": n, "device"}`, float32 in rows,
  little-endian, L2-normalised
- `{"op": "rerank", "model", "question", "passages"}` -> `{"scores": bytes, "device"}`, float32, as the model gives them
- `{"op": "inspect", "model"}` -> `{"dim", "outputs", "languages": [code, ...], "device"}`, `outputs` being the scores
  that a reranker gives for a pair
- anything that fails -> `{"error": {"title", "message", "remedy"}}`
"""

from __future__ import annotations

import ctypes
import json
from collections import deque
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.vector_requests import serve
from hxd_desktop.engine.models.vocabularies import languages_of
from hxd_desktop.engine.workers.channel import Channel

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

_CPU_TOKENS = 512  # evaluated together; more are no faster on a processor
_GPU_TOKENS = 2048
_POOLINGS = {"MEAN": 1, "CLS": 2, "LAST_TOKEN": 3, "RANK": 4}


def main(channel: Channel) -> None:
    """Answer requests until the parent closes the pipe."""
    models: dict[str, _Model] = {}
    serve(channel, lambda message: _answer(models, message))


def _answer(models: dict[str, _Model], message: dict[str, Any]) -> dict[str, Any]:
    key = json.dumps(message["model"], sort_keys=True)
    if key not in models:
        models[key] = _Model(message["model"])
    model = models[key]
    match message["op"]:
        case "embed":
            vectors = model.embed(message["texts"])
            return {"vectors": vectors.astype("<f4").tobytes(), "dim": vectors.shape[1], "device": model.device}
        case "rerank":
            scores = model.rerank(message["question"], message["passages"])
            return {"scores": scores.astype("<f4").tobytes(), "device": model.device}
        case "inspect":
            return model.inspect()
        case other:
            raise ModelError("The model process was asked nonsense", f"It knows no {other!r}.", "Report this.")


class _Model:
    """A loaded model that gives one vector, or one score, for a sequence of tokens."""

    def __init__(self, spec: dict[str, Any]) -> None:
        try:
            import llama_cpp
        except (ImportError, OSError, RuntimeError) as error:  # RuntimeError: its shared library does not load
            raise ModelError(
                "llama-cpp-python is not installed",
                f"A GGUF model needs it ({error}).",
                "Build it with `python3 bootstrap.py llm`, or use the same model as ONNX.",
            ) from error
        self._api = llama_cpp
        self._log: deque[str] = deque(maxlen=8)
        self._log_callback = llama_cpp.llama_log_callback(self._keep_log)
        llama_cpp.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        offload = spec["gpu_layers"] if llama_cpp.llama_supports_gpu_offload() else 0
        self._limit: int = spec["max_tokens"]
        tokens = max(self._limit, _GPU_TOKENS if offload else _CPU_TOKENS)
        try:
            self._llama = llama_cpp.Llama(
                spec["path"],
                embedding=True,
                pooling_type=_POOLINGS[spec["pooling"]],
                n_ctx=tokens,
                n_batch=tokens,
                n_ubatch=tokens,
                n_threads=spec["threads"] or None,
                n_threads_batch=spec["threads"] or None,
                n_gpu_layers=offload,
                verbose=False,
            )
        except (ValueError, RuntimeError, OSError, AssertionError) as error:
            raise ModelError(
                "The model cannot be loaded",
                f"llama.cpp: {' '.join(self._log) or error}.",
                "Import the file again, choose a smaller model, or set models.gpu_layers = 0.",
            ) from error
        llama_cpp.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        self._together = tokens
        self.device = "gpu" if offload else "cpu"
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)
        self._pair: str = self._llama.metadata.get("tokenizer.chat_template.rerank", "")

    def inspect(self) -> dict[str, Any]:
        api, vocabulary = self._api, self._vocabulary
        count = api.llama_vocab_n_tokens(vocabulary)
        texts = [api.llama_vocab_get_text(vocabulary, token).decode("utf-8", "replace") for token in range(count)]
        return {
            "dim": self._llama.n_embd(),
            "outputs": int(api.llama_model_n_cls_out(self._llama.model)),
            "languages": sorted(languages_of(texts)),
            "device": self.device,
        }

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, shape (len(texts), dim), L2-normalised."""
        import numpy as np

        vectors = self._evaluate([self._cut(self._tokens(text, whole=True)) for text in texts], self._llama.n_embd())
        if not np.isfinite(vectors).all():
            raise ModelError(
                "The model gives no usable vectors", "They hold values that are not numbers.", "Import the model again."
            )
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-12))
        return vectors

    def rerank(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """Return float32, shape (len(passages),): the first output of the model's head."""
        return self._evaluate([self._joined(question, passage) for passage in passages], 1)[:, 0]

    def _tokens(self, text: str, *, whole: bool = False, special: bool = False) -> list[int]:
        content = text.encode("utf-8", "replace")
        found: list[int] = self._llama.tokenize(content, add_bos=whole, special=special)
        return found

    def _cut(self, tokens: list[int]) -> list[int]:
        """Keep the beginning, and the token that ends every text."""
        return tokens if len(tokens) <= self._limit else [*tokens[: self._limit - 1], tokens[-1]]

    def _joined(self, question: str, passage: str) -> list[int]:
        """Question and passage as the model was taught to read them; a passage that is too long is cut."""
        if self._pair:
            begin, _, rest = self._pair.partition("{query}")
            between, _, end = rest.partition("{document}")
            first = [*self._tokens(begin, special=True), *self._tokens(question), *self._tokens(between, special=True)]
            last = self._tokens(end, special=True)
        else:
            api, vocabulary = self._api, self._vocabulary
            stop = api.llama_vocab_eos(vocabulary)
            sep = api.llama_vocab_sep(vocabulary)
            if stop < 0:
                stop = sep
            first = [api.llama_vocab_bos(vocabulary)] if api.llama_vocab_get_add_bos(vocabulary) else []
            first += self._tokens(question)
            last = []
            if api.llama_vocab_get_add_eos(vocabulary):
                first.append(stop)
                last.append(stop)
            if api.llama_vocab_get_add_sep(vocabulary):
                first.append(sep)
                if not last:
                    last.append(sep)
        room = max(self._limit - len(first) - len(last), 0)
        return [*first, *self._tokens(passage)[:room], *last][: self._limit]

    def _evaluate(self, inputs: Sequence[list[int]], size: int) -> NDArray[np.float32]:
        import numpy as np

        result = np.zeros((len(inputs), size), np.float32)
        for group in self._groups(inputs):
            batch, context = self._llama._batch, self._llama._ctx
            batch.reset()
            for place, number in enumerate(group):
                batch.add_sequence(inputs[number], place, True)
            context.kv_cache_clear()
            try:
                context.decode(batch)
            except RuntimeError as error:
                raise ModelError(
                    "The model failed",
                    f"llama.cpp: {' '.join(self._log) or error}.",
                    "Try again; set models.gpu_layers = 0 if it happens again.",
                ) from error
            for place, number in enumerate(group):
                pointer = self._api.llama_get_embeddings_seq(context.ctx, place)
                if not pointer:
                    raise ModelError(
                        "The model is no embedder", "It gives no one vector for a text.", "Use an embedding model."
                    )
                result[number] = pointer[:size]
        return result

    def _groups(self, inputs: Sequence[list[int]]) -> Iterator[list[int]]:
        """Put numbers of inputs together, like lengths first, as many as are evaluated at once; empty ones are left."""
        group: list[int] = []
        tokens = 0
        for number in sorted(range(len(inputs)), key=lambda number: len(inputs[number])):
            length = len(inputs[number])
            if not length:
                continue
            if group and (tokens + length > self._together or len(group) == self._llama.context_params.n_seq_max):
                yield group
                group, tokens = [], 0
            group.append(number)
            tokens += length
        if group:
            yield group

    def _keep_log(self, level: int, text: bytes, _: Any) -> None:
        if level in (3, 4):  # warnings and errors
            self._log.append(text.decode("utf-8", "replace").strip().rstrip("."))

"""The process in which llama.cpp runs.

Requests are answered one at a time on the main thread. Another thread reads the pipe, so that a wish to cancel
arrives while a prompt is evaluated: llama.cpp asks between the nodes of its graph whether to go on.

Requests (`model` is a `LlamaOptions` as a dict; a model that is not loaded yet is loaded first):

- `{"op": "info", "model"}` -> `{"info": {"device", "gpu_layers", "layers", "context_tokens"}}`
- `{"op": "count", "model", "text"}` -> `{"tokens": n}`
- `{"op": "generate", "id", "model", "messages": [[role, content], ...], "max_tokens", "grammar"}` -> any number of
  `{"text"}`, within the GBNF grammar if there is one, then `{"done": {"reason", "prompt_tokens", "reused_tokens",
  "tokens", "prompt_ms", "decode_ms"}}`, `reason` being "end", "length" or "cancelled"
- `{"op": "cancel", "id"}` -> nothing; the request that it names ends with "cancelled"
- anything that fails -> `{"error": {"title", "message", "remedy"}}`
"""

from __future__ import annotations

import codecs
import ctypes
import os
import queue
import re
import threading
import time
from collections import deque
from typing import Any

from hxd_desktop.engine.errors import HxdError, ModelError
from hxd_desktop.engine.models.chat_format import Neutraliser, UnusableFormatError, end_of_turn, render
from hxd_desktop.engine.workers.channel import Channel, ChannelClosed

_CPU_BATCH = 64  # one node of the graph, and so a cancel, takes well under 0.2 s; larger ones are no faster
_GPU_BATCH = 512
_BACKENDS = {"CUDA": "cuda", "ROCm": "rocm", "HIP": "rocm", "Metal": "metal", "MTL": "metal", "Vulkan": "vulkan"}
_CONTROL = 1 << 3  # LLAMA_TOKEN_ATTR_CONTROL


def main(channel: Channel) -> None:
    """Answer requests until the parent closes the pipe."""
    service = _Service(channel)
    requests: queue.SimpleQueue[dict[str, Any]] = queue.SimpleQueue()

    def read() -> None:
        try:
            while True:
                message = channel.receive()
                if message.get("op") == "cancel":
                    service.cancel(message["id"])
                else:
                    requests.put(message)
        except ChannelClosed:
            # The parent is gone or wants no more; the main thread may be deep inside llama.cpp.
            os._exit(0)

    threading.Thread(target=read, name="requests", daemon=True).start()
    while True:
        service.answer(requests.get())


class _Service:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._model: _Model | None = None
        self._options: dict[str, Any] | None = None
        self._cancelled: set[int] = set()

    def cancel(self, request: int) -> None:
        self._cancelled.add(request)
        if self._model is not None:
            self._model.cancelled_request = request

    def answer(self, message: dict[str, Any]) -> None:
        try:
            self._answer(message)
        except HxdError as error:
            self._channel.send({"error": {"title": error.title, "message": error.message, "remedy": error.remedy}})
        except MemoryError:
            self._channel.send(
                {
                    "error": {
                        "title": "Not enough memory for the model",
                        "message": "The model does not fit into the free memory.",
                        "remedy": "Choose a smaller model or quantisation, or a shorter context.",
                    }
                }
            )

    def _answer(self, message: dict[str, Any]) -> None:
        model = self._load(message["model"])
        match message["op"]:
            case "info":
                self._channel.send({"info": model.info()})
            case "count":
                self._channel.send({"tokens": model.count(message["text"])})
            case "generate":
                try:
                    self._generate(model, message)
                finally:
                    self._cancelled.discard(message["id"])
            case other:
                raise ModelError("The model process was asked nonsense", f"It knows no {other!r}.", "Report this.")

    def _load(self, options: dict[str, Any]) -> _Model:
        if self._model is None or self._options != options:
            if self._model is not None:
                self._model.close()
                self._model = None
            self._model, self._options = _Model(options), options
        return self._model

    def _generate(self, model: _Model, message: dict[str, Any]) -> None:
        request: int = message["id"]
        if request in self._cancelled:
            self._channel.send({"done": {"reason": "cancelled", "tokens": 0}})
            return
        prompt = model.prompt([(role, content) for role, content in message["messages"]])
        for reply in model.generate(request, prompt, message["max_tokens"], message.get("grammar", "")):
            self._channel.send(reply)


class _Model:
    """A loaded model with its chat format."""

    def __init__(self, options: dict[str, Any]) -> None:
        try:
            import llama_cpp
            from llama_cpp.llama_chat_format import Jinja2ChatFormatter
        except (ImportError, OSError, RuntimeError) as error:  # RuntimeError: its shared library does not load
            raise ModelError(
                "llama-cpp-python is not installed",
                f"A GGUF model needs it ({error}).",
                "Build it with `python3 bootstrap.py llm`, or use quotations: `hxd models use extractive`.",
            ) from error
        self._api = llama_cpp
        self._log: deque[str] = deque(maxlen=8)
        self._log_callback = llama_cpp.llama_log_callback(self._keep_log)
        llama_cpp.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        self.cancelled_request = -1
        self._request = -1

        offload = bool(llama_cpp.llama_supports_gpu_offload())
        self._gpu_layers = options["gpu_layers"] if offload else 0
        self._device = self._backend() if self._gpu_layers else "cpu"
        batch = _GPU_BATCH if self._gpu_layers else _CPU_BATCH
        try:
            self._llama = llama_cpp.Llama(
                options["path"],
                n_ctx=options["context_tokens"],
                n_batch=batch,
                n_ubatch=batch,
                n_threads=options["threads"] or None,
                n_threads_batch=options["threads"] or None,
                n_gpu_layers=self._gpu_layers,
                verbose=False,
            )
        except (ValueError, RuntimeError, OSError, AssertionError) as error:
            raise ModelError(
                "The model cannot be loaded",
                f"llama.cpp: {' '.join(self._log) or error}.",
                "Choose a smaller model, a shorter context or fewer GPU layers, or import the file again.",
            ) from error
        llama_cpp.llama_log_set(self._log_callback, ctypes.c_void_p(0))
        self._abort = llama_cpp.ggml_abort_callback(lambda _: self.cancelled_request == self._request)
        llama_cpp.llama_set_abort_callback(self._llama.ctx, self._abort, ctypes.c_void_p(0))
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._llama.model)

        metadata: dict[str, str] = self._llama.metadata
        self._architecture = metadata.get("general.architecture", "")
        template = metadata.get("tokenizer.chat_template", "")
        if not template:
            raise ModelError(
                "The model has no chat template",
                "Its GGUF file does not say how a conversation is written, and a guess would spoil its answers.",
                "Use a chat (instruct) model whose GGUF holds tokenizer.chat_template.",
            )
        try:
            end = end_of_turn(self._architecture, template)
        except UnusableFormatError as error:
            raise _unusable(error) from error
        self._stops = self._stop_tokens(end)
        self._neutralise = Neutraliser(self._control_tokens())
        self._formatter = Jinja2ChatFormatter(
            template, eos_token=self._text(self._llama.token_eos()), bos_token=self._text(self._llama.token_bos())
        )

    def close(self) -> None:
        self._llama.close()

    def info(self) -> dict[str, Any]:
        layers = int(self._llama.metadata.get(f"{self._architecture}.block_count", 0))
        wanted = layers + 1 if self._gpu_layers < 0 else self._gpu_layers
        return {
            "device": self._device,
            "gpu_layers": min(wanted, layers + 1),
            "layers": layers + 1,  # the output layer counts as one, as llama.cpp counts it
            "context_tokens": self._llama.n_ctx(),
        }

    def count(self, text: str) -> int:
        return len(self._llama.tokenize(text.encode("utf-8", "replace"), add_bos=False, special=False))

    def prompt(self, messages: list[tuple[str, str]]) -> list[int]:
        try:
            text = render(self._formatter, messages, self._neutralise)
        except UnusableFormatError as error:
            raise _unusable(error) from error
        bos = self._text(self._llama.token_bos())
        # Most templates write the beginning of sequence themselves.
        add_bos = self._api.llama_vocab_get_add_bos(self._vocabulary) and not (bos and text.startswith(bos))
        tokens: list[int] = self._llama.tokenize(text.encode("utf-8", "replace"), add_bos=add_bos, special=True)
        return tokens

    def generate(self, request: int, prompt: list[int], max_tokens: int, grammar: str = "") -> Any:
        """Yield the messages that answer a "generate" request."""
        room = self._llama.n_ctx() - len(prompt)
        if room < 1:
            raise ModelError(
                "The question and its sources are too long for the model",
                f"They take {len(prompt)} tokens; its context holds {self._llama.n_ctx()}.",
                "Raise models.context_tokens, or lower answers.context_tokens.",
            )
        self._request = request
        held: list[int] = list(self._llama.eval_tokens)
        done: dict[str, Any] = {"reason": "length", "prompt_tokens": len(prompt), "tokens": 0, "decode_ms": 0.0}
        done["reused_tokens"] = min(self._llama.longest_token_prefix(held, prompt), len(prompt) - 1)
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        begun = time.perf_counter()
        first: float | None = None
        started = False
        try:
            rules = self._api.LlamaGrammar.from_string(grammar, verbose=False) if grammar else None
            for token in self._llama.generate(prompt, temp=0.0, repeat_penalty=1.0, grammar=rules):
                if first is None:
                    first = time.perf_counter()
                if token in self._stops or self._api.llama_vocab_is_eog(self._vocabulary, token):
                    done["reason"] = "end"
                    break
                if self.cancelled_request == request:
                    done["reason"] = "cancelled"
                    break
                done["tokens"] += 1
                text = decoder.decode(self._piece(token))
                if not started:
                    text = text.lstrip()  # SentencePiece puts a space before the first word
                    started = bool(text)
                if text:
                    yield {"text": text}
                if done["tokens"] >= min(max_tokens, room):
                    break
            rest = decoder.decode(b"", final=True)
            if rest and done["reason"] != "cancelled":
                yield {"text": rest}
        except RuntimeError as error:
            if self.cancelled_request != request:
                raise ModelError(
                    "The model failed while answering",
                    f"llama.cpp: {' '.join(self._log) or error}.",
                    "Ask again; choose a shorter context or fewer GPU layers if it happens again.",
                ) from error
            done["reason"] = "cancelled"
        finally:
            self._request = -1
        ended = time.perf_counter()
        done["prompt_ms"] = ((first or ended) - begun) * 1000
        done["decode_ms"] = (ended - first) * 1000 if first else 0.0
        yield {"done": done}

    def _keep_log(self, level: int, text: bytes, _: Any) -> None:
        if level in (2, 3):  # warnings and errors
            self._log.append(text.decode("utf-8", "replace").strip().rstrip("."))

    def _backend(self) -> str:
        """The name of the first GPU backend in llama.cpp's description of itself."""
        system: str = self._api.llama_print_system_info().decode("utf-8", "replace")
        for name in re.findall(r"(\w+) :", system):
            if name in _BACKENDS:
                return _BACKENDS[name]
        return "gpu"

    def _text(self, token: int) -> str:
        return self._api.llama_vocab_get_text(self._vocabulary, token).decode("utf-8", "replace") if token >= 0 else ""

    def _piece(self, token: int) -> bytes:
        size = 64
        while True:
            buffer = ctypes.create_string_buffer(size)
            written = self._api.llama_token_to_piece(self._vocabulary, token, buffer, size, 0, False)
            if written >= 0:
                return buffer.raw[:written]
            size = -written

    def _stop_tokens(self, end: str | None) -> frozenset[int]:
        if end is None:
            return frozenset()
        tokens = self._llama.tokenize(end.encode(), add_bos=False, special=True)
        if len(tokens) != 1:
            raise ModelError(
                "The model would not know where to stop",
                f"Its chat template ends a turn with {end}, which is not a token of its vocabulary.",
                "Use another conversion of the model.",
            )
        return frozenset(tokens)

    def _control_tokens(self) -> list[str]:
        count = self._api.llama_vocab_n_tokens(self._vocabulary)
        attributes = self._api.llama_vocab_get_attr
        return [self._text(token) for token in range(count) if attributes(self._vocabulary, token) & _CONTROL]


def _unusable(error: UnusableFormatError) -> ModelError:
    return ModelError(
        "The model's chat template cannot be used",
        f"Of this model, {error}.",
        "Use another conversion of the model, or another model.",
    )

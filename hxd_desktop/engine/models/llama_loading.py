"""Loading a GGUF into llama.cpp: laid out by what is free, step by step with less where that fails.

Runs in the worker process. Speaks llama.cpp's own functions, not `llama_cpp.Llama`: that keeps the scores of every
token of the context in memory (1.5 GB for InternLM2's vocabulary and 4,096 tokens).
"""

from __future__ import annotations

import ctypes
import os
import re
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models import offload
from hxd_desktop.engine.models.gguf_file import GgufHeader, read_header
from hxd_desktop.engine.models.offload import Device, LoadPlan, LoadWishes, ModelShape

SEQUENCES = 4  # prompts whose beginnings are kept at a time
_FLASH = {"auto": -1, "off": 0, "on": 1}
_WARNING, _ERROR = 3, 4  # enum ggml_log_level
_MEMORY = re.compile(r"alloc|out of (device )?memory|OutOfDeviceMemory|buffer|insufficient", re.IGNORECASE)


class LoadCancelledError(Exception):
    """Loading was stopped by the one who wanted the model."""


class Llama:
    """llama.cpp with what it logs; loading it fails with advice.

    Raises:
        ModelError: it is not installed.
    """

    def __init__(self) -> None:
        try:
            import llama_cpp
        except (ImportError, OSError, RuntimeError) as error:  # RuntimeError: its shared library does not load
            raise ModelError(
                "llama-cpp-python is not installed",
                f"A GGUF model needs it ({error}).",
                "Build it with `python3 bootstrap.py llm`, or use quotations: `hxd models use extractive`.",
            ) from error
        self.api: Any = llama_cpp
        self.log: deque[str] = deque(maxlen=6)
        self._callback = llama_cpp.llama_log_callback(self._keep)
        llama_cpp.llama_log_set(self._callback, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()

    def complaint(self) -> str:
        """What it said last; empties the log."""
        text = " ".join(self.log)
        self.log.clear()
        return text

    def _keep(self, level: int, text: bytes, _: Any) -> None:
        line = text.decode("utf-8", "replace").strip().rstrip(".")
        if level in (_WARNING, _ERROR) and line:
            self.log.append(line)

    def devices(self) -> list[Device]:
        """The graphics cards that this build can use."""
        if not self.api.llama_supports_gpu_offload():
            return []
        from hxd_desktop.engine.models.llama_devices import gpu_devices

        return gpu_devices()


class Loaded:
    """A model and its context in memory.

    Args:
        llama: the library.
        options: a `LlamaOptions` as a dict.
        stop: asked while loading; True stops it.
        begin: told the number of each attempt before it is made, so that an attempt that ends the process is known.
        skip: attempts that are not made.

    Raises:
        ModelError: the file is not whole, there is no memory for it, or llama.cpp does not load it.
        LoadCancelledError: `stop` said so.
    """

    def __init__(
        self,
        llama: Llama,
        options: dict[str, Any],
        stop: Callable[[], bool],
        begin: Callable[[int], None],
        skip: int = 0,
    ) -> None:
        self._llama, self._api = llama, llama.api
        self._options = options
        self.model: Any = None
        self.context: Any = None
        self._stop = stop
        self._abort = self._api.ggml_abort_callback(lambda _: stop())
        self._progress = self._api.llama_progress_callback(lambda *_: not stop())
        self.header: GgufHeader = read_header(Path(options["path"]))
        self.devices = llama.devices()
        plans = self._plans()
        self.failures: list[str] = []
        for number, plan in list(enumerate(plans))[skip:]:
            begin(number)
            if self._load(plan):
                self.plan = plan
                return
            complaint = llama.complaint()
            self.failures.append(f"{plan.gpu_layers} layers, {plan.context_tokens} tokens: {complaint}")
            if stop():
                raise LoadCancelledError
            if not _MEMORY.search(complaint):
                raise _not_loaded(complaint)
        raise _no_memory(self.failures[-1] if self.failures else "the process ended while loading")

    def _plans(self) -> list[LoadPlan]:
        options = self._options
        wishes = LoadWishes(
            options["gpu_layers"],
            options["context_tokens"],
            options["batch"],
            options["kv_type"],
            options["flash_attention"] != "off",
        )
        return offload.attempts(ModelShape.of(self.header), wishes, self.devices, _free_memory())

    def _load(self, plan: LoadPlan) -> bool:
        api, options = self._api, self._options
        parameters = api.llama_model_default_params()
        parameters.n_gpu_layers = plan.gpu_layers
        parameters.progress_callback = self._progress
        model = api.llama_model_load_from_file(os.fsencode(options["path"]), parameters)
        if not model:
            return False
        wanted = api.llama_context_default_params()
        wanted.n_ctx = plan.context_tokens
        wanted.n_batch = wanted.n_ubatch = plan.batch
        wanted.n_seq_max = SEQUENCES
        wanted.n_outputs_max = SEQUENCES  # the scores of one token a prompt are ever looked at
        wanted.kv_unified = True
        wanted.n_threads = wanted.n_threads_batch = options["threads"] or os.cpu_count() or 1
        flash = options["flash_attention"]
        wanted.flash_attn_type = _FLASH[flash]
        kind = getattr(api, f"GGML_TYPE_{plan.kv_type.upper()}")
        wanted.type_k = kind
        wanted.type_v = kind if flash != "off" else api.GGML_TYPE_F16  # quantised values need flash attention
        wanted.offload_kqv = wanted.op_offload = plan.gpu_layers > 0
        wanted.no_perf = True
        wanted.abort_callback = self._abort
        context = None if self._stop() else api.llama_init_from_model(model, wanted)
        if not context:
            api.llama_model_free(model)
            return False
        self.model, self.context = model, context
        return True

    @property
    def report(self) -> dict[str, Any]:
        """What was done: device, layers of all, memory, and what had failed before."""
        return {
            **offload.describe(self.plan, self.devices),
            "flash_attention": self._options["flash_attention"],
            "threads": self._api.llama_n_threads(self.context),
            "backed_off": self.failures,
            "devices": [
                {
                    "name": device.name,
                    "description": device.description,
                    "backend": device.backend,
                    "free_bytes": device.free_bytes,
                    "total_bytes": device.total_bytes,
                }
                for device in self.devices
            ],
        }

    def close(self) -> None:
        """Free context and model."""
        if self.context is not None:
            self._api.llama_free(self.context)
            self._api.llama_model_free(self.model)
            self.context = self.model = None


def _free_memory() -> int:
    """Bytes that this process may still take."""
    import psutil

    free = int(psutil.virtual_memory().available)
    try:
        import resource
    except ImportError:  # Windows
        return free
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if limit != resource.RLIM_INFINITY:
        free = min(free, limit - int(psutil.Process().memory_info().vms))
    return max(free, 0)


def _not_loaded(complaint: str) -> ModelError:
    return ModelError(
        "The model cannot be loaded",
        f"llama.cpp: {complaint or 'it gave no reason'}.",
        "Import the file again, or choose another conversion of the model.",
    )


def _no_memory(last: str) -> ModelError:
    return ModelError(
        "Not enough memory for the model",
        f"Loading it failed, also with fewer layers on the graphics card and a shorter context ({last}).",
        "Close other programs, or choose a smaller model or quantisation.",
    )


def tokens_of(api: Any, vocabulary: Any, text: str, *, begin: bool, special: bool) -> list[int]:
    """Tokenise a text; `special`: control tokens in it are read as such."""
    data = text.encode("utf-8", "replace")
    room = len(data) + 8
    while True:
        buffer = (api.llama_token * room)()
        count = api.llama_tokenize(vocabulary, data, len(data), buffer, room, begin, special)
        if count >= 0:
            return list(buffer[:count])
        room = -count


def prefix_length(a: Sequence[int], b: Sequence[int]) -> int:
    """How many tokens two prompts begin with alike."""
    for place, (x, y) in enumerate(zip(a, b, strict=False)):
        if x != y:
            return place
    return min(len(a), len(b))

"""How a model is laid out over processor and graphics cards: an estimate from its file, then a list of attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.gguf_file import GgufHeader

# Bytes of a value in the cache of keys and values.
KV_BYTES = {"f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
MIN_CONTEXT = 1024
_CPU_CONTEXT = 4096
_GPU_CONTEXT = 8192
_CPU_BATCH = 64  # one node of the graph, and so a cancel, takes well under 0.2 s; larger ones are no faster
_GPU_BATCH = 512
_GPU_RESERVE = 384 << 20  # what a card's driver and its kernels take before the first tensor
_GPU_USABLE = 0.92  # the rest is for the desktop, which draws on the same card
_HOST_RESERVE = 160 << 20  # the process itself
_HOST_USABLE = 0.95


@dataclass(frozen=True, slots=True)
class Device:
    """A device that llama.cpp can compute on.

    `backend`: "cuda", "metal", "vulkan", "rocm" ..., or "cpu". `shared`: its memory is the processor's.
    """

    name: str
    description: str
    backend: str
    free_bytes: int
    total_bytes: int
    shared: bool = False


@dataclass(frozen=True, slots=True)
class ModelShape:
    """What of a GGUF decides the memory that it takes; sizes in bytes, `kv_values` a token and layer."""

    layer_bytes: tuple[int, ...]
    input_bytes: int
    output_bytes: int
    kv_values: int
    vocabulary: int
    widest: int
    heads: int
    trained_context: int

    @property
    def weights(self) -> int:
        """Bytes of all weights."""
        return sum(self.layer_bytes) + self.input_bytes + self.output_bytes

    @classmethod
    def of(cls, header: GgufHeader) -> ModelShape:
        """Read it off a file's header."""

        def number(key: str) -> int:
            return header.integer(f"{header.architecture}.{key}")

        hidden = number("embedding_length")
        heads = number("attention.head_count") or 1
        kv_heads = number("attention.head_count_kv") or heads
        key = number("attention.key_length") or hidden // heads
        value = number("attention.value_length") or hidden // heads
        return cls(
            header.layer_bytes,
            header.input_bytes,
            header.output_bytes,
            kv_heads * (key + value),
            header.counts.get("tokenizer.ggml.tokens", 0),
            max(number("feed_forward_length") or 4 * hidden, 4 * hidden),
            heads,
            header.context_tokens,
        )


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """One attempt to load a model. `gpu_layers`: of all, the output layer counted as one, as llama.cpp counts it.

    `gpu_bytes`, `host_bytes`: what it takes, estimated.
    """

    gpu_layers: int
    layers: int
    context_tokens: int
    batch: int
    kv_type: str
    flash: bool = True
    gpu_bytes: int = 0
    host_bytes: int = 0


@dataclass(frozen=True, slots=True)
class LoadWishes:
    """What the settings ask for; 0 or "" (-1 for `gpu_layers`) leaves a choice to the plan.

    `flash`: whether flash attention may be used; without it the scores of a step are kept.
    """

    gpu_layers: int = -1
    context_tokens: int = 0
    batch: int = 0
    kv_type: str = ""
    flash: bool = True


def attempts(shape: ModelShape, wishes: LoadWishes, devices: Sequence[Device], host_free: int) -> list[LoadPlan]:
    """Return what to try, the best first; each next one takes less memory.

    Args:
        shape: of the model.
        wishes: from the settings; they are kept in the first attempts, and given up only where loading failed.
        devices: graphics cards, by which the number of layers is chosen.
        host_free: free memory of the machine, bytes.

    Raises:
        ModelError: not even the smallest fits; says what it needs and what can be used.
    """
    everything = len(shape.layer_bytes) + 1
    wanted = wishes.gpu_layers
    if not devices or wanted == 0:
        most = 0
    else:
        most = _fitting_layers(shape, _planned(shape, wishes, everything), devices)
        # A number that was asked for is tried; what does not fit fails and is backed off from.
        most = min(wanted, everything) if wanted > 0 else most
    steps = list(dict.fromkeys([most, most * 3 // 4, most // 2, most // 4, 0]))
    plans = [_planned(shape, wishes, layers) for layers in steps]
    smallest = plans[-1]
    context = smallest.context_tokens // 2
    while context >= MIN_CONTEXT:
        plans.append(_sized(shape, replace(smallest, context_tokens=context)))
        context //= 2
    # Where the memory of a card is the machine's own, what lies there is taken from the same.
    shared = any(device.shared for device in devices)
    usable = [plan for plan in plans if plan.host_bytes + shared * plan.gpu_bytes <= host_free * _HOST_USABLE]
    if not usable:
        raise too_large(plans[-1].host_bytes, int(host_free * _HOST_USABLE))
    return usable


def too_large(needed: int, free: int) -> ModelError:
    """The refusal of a model that the machine has no memory for."""
    return ModelError(
        "The model is too large for the free memory",
        f"It needs about {_gb(needed)}, and {_gb(free)} can be used.",
        "Close other programs, or choose a smaller model or quantisation, or a smaller models.context_tokens.",
    )


def _planned(shape: ModelShape, wishes: LoadWishes, gpu_layers: int) -> LoadPlan:
    everything = len(shape.layer_bytes) + 1
    context = wishes.context_tokens or (_GPU_CONTEXT if gpu_layers == everything else _CPU_CONTEXT)
    plan = LoadPlan(
        gpu_layers,
        everything,
        min(context, shape.trained_context or context),
        wishes.batch or (_GPU_BATCH if gpu_layers else _CPU_BATCH),
        wishes.kv_type or "f16",
        wishes.flash,
    )
    return _sized(shape, plan)


def _sized(shape: ModelShape, plan: LoadPlan) -> LoadPlan:
    """The same plan with its estimate."""
    cut = len(shape.layer_bytes) - min(plan.gpu_layers, len(shape.layer_bytes))
    cache = _cache_bytes(shape, plan)
    compute = _compute_bytes(shape, plan)
    whole = plan.gpu_layers == plan.layers
    on_gpu = sum(shape.layer_bytes[cut:]) + cache * (len(shape.layer_bytes) - cut) + shape.output_bytes * whole
    on_host = sum(shape.layer_bytes[:cut]) + cache * cut + shape.input_bytes + shape.output_bytes * (not whole)
    gpu = on_gpu + compute + _GPU_RESERVE if plan.gpu_layers else 0
    return replace(plan, gpu_bytes=gpu, host_bytes=on_host + compute * (not whole) + _HOST_RESERVE)


def _fitting_layers(shape: ModelShape, plan: LoadPlan, devices: Sequence[Device]) -> int:
    """How many layers the cards hold together, counted from the last, as llama.cpp places them."""
    room = sum(max(0, int(device.free_bytes * _GPU_USABLE) - _GPU_RESERVE) for device in devices)
    room -= _compute_bytes(shape, plan) * len(devices)
    cache = _cache_bytes(shape, plan)
    fitting = 0
    for size in reversed(shape.layer_bytes):
        room -= size + cache
        if room < 0:
            return fitting
        fitting += 1
    return fitting + (room >= shape.output_bytes)


def _cache_bytes(shape: ModelShape, plan: LoadPlan) -> int:
    """Of one layer's keys and values."""
    return int(plan.context_tokens * shape.kv_values * KV_BYTES[plan.kv_type])


def _compute_bytes(shape: ModelShape, plan: LoadPlan) -> int:
    """Of the buffers of one step: activations, attention scores and the scores of the vocabulary."""
    scores = 0 if plan.flash else plan.context_tokens * shape.heads
    return 4 * (plan.batch * (3 * shape.widest + scores) + 8 * shape.vocabulary)


def _gb(size: int) -> str:
    return f"{size / 1e9:.2f} GB"


def describe(plan: LoadPlan, devices: Sequence[Device]) -> dict[str, Any]:
    """Where a model lies, as its status shows it."""
    used = devices if plan.gpu_layers else ()
    return {
        "device": used[0].backend if used else "cpu",
        "device_name": ", ".join(device.description for device in used),
        "gpu_layers": plan.gpu_layers,
        "layers": plan.layers,
        "context_tokens": plan.context_tokens,
        "kv_type": plan.kv_type,
        "batch": plan.batch,
        "gpu_bytes": plan.gpu_bytes,
        "host_bytes": plan.host_bytes,
    }

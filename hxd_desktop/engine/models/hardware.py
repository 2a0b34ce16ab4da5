"""What this machine offers for computing, found out without loading a native library."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
from pathlib import Path
from typing import Any

# What llama.cpp calls the library of each backend, in the order in which it is preferred.
_BACKENDS = (("cuda", "cuda"), ("hip", "rocm"), ("metal", "metal"), ("vulkan", "vulkan"), ("sycl", "sycl"))


def physical_cores() -> int:
    """Number of processor cores without hyper-threads; threads beyond them slow a model down."""
    import psutil

    return psutil.cpu_count(logical=False) or os.cpu_count() or 1


def llama_backends() -> tuple[str, ...] | None:
    """GPU backends that the installed llama.cpp was built with, by the libraries that it brought.

    Returns:
        Names such as "cuda"; empty for a build for processors alone, None where llama-cpp-python is not installed.
    """
    spec = importlib.util.find_spec("llama_cpp")
    if spec is None or spec.origin is None:
        return None
    names = [path.name for path in (Path(spec.origin).parent / "lib").glob("*ggml-*")]
    return tuple(name for part, name in _BACKENDS if any(f"ggml-{part}" in file for file in names))


def describe() -> dict[str, Any]:
    """Return cores, memory and what llama.cpp can use, as `hxd status` shows them.

    Keys: `cores` (physical), `threads` (logical), `memory_bytes`, `memory_available_bytes`, `llama_cpp` (version or
    None), `gpu` (names of the GPU backends that llama.cpp was built with; what is present is known once it loads).
    """
    import psutil

    memory = psutil.virtual_memory()
    backends = llama_backends()
    return {
        "cores": physical_cores(),
        "threads": os.cpu_count() or 1,
        "memory_bytes": memory.total,
        "memory_available_bytes": memory.available,
        "llama_cpp": importlib.metadata.version("llama-cpp-python") if backends is not None else None,
        "gpu": list(backends or ()),
    }

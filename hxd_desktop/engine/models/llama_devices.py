"""What llama.cpp, as it was built, finds on this machine; runs in the worker process."""

from __future__ import annotations

import ctypes
from typing import Any

from hxd_desktop.engine.models.offload import Device

_CPU, _GPU, _INTEGRATED = 0, 1, 2  # enum ggml_backend_dev_type
_BACKENDS = {"CUDA": "cuda", "ROCM": "rocm", "HIP": "rocm", "METAL": "metal", "MTL": "metal", "VULKAN": "vulkan"}


def gpu_devices() -> list[Device]:
    """Return the graphics cards that llama.cpp would put layers on: dedicated ones, or else the integrated ones.

    llama.cpp has to be imported before: that registers its backends.
    """
    library = _Ggml()
    found: dict[int, list[Device]] = {_GPU: [], _INTEGRATED: []}
    for index in range(library.ggml_backend_dev_count()):
        handle = library.ggml_backend_dev_get(index)
        kind = library.ggml_backend_dev_type(handle)
        if kind in found:
            found[kind].append(_device(library, handle, kind == _INTEGRATED))
    return found[_GPU] or found[_INTEGRATED]


def _device(library: _Ggml, handle: int, shared: bool) -> Device:
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    library.ggml_backend_dev_memory(handle, ctypes.byref(free), ctypes.byref(total))
    backend = library.ggml_backend_reg_name(library.ggml_backend_dev_backend_reg(handle)).decode("utf-8", "replace")
    return Device(
        library.ggml_backend_dev_name(handle).decode("utf-8", "replace"),
        library.ggml_backend_dev_description(handle).decode("utf-8", "replace").strip(),
        _BACKENDS.get(backend.upper(), backend.lower()),
        free.value,
        total.value,
        shared,
    )


class _Ggml:
    """ggml's functions with their types, which llama-cpp-python does not declare."""

    def __init__(self) -> None:
        from llama_cpp import _ggml
        from llama_cpp._ctypes_extensions import load_shared_library

        # One library holds the registry and the other the devices; where the system's loader looks through a library
        # at those that it depends on, the first is enough.
        libraries = [_ggml.libggml, load_shared_library("ggml-base", _ggml.libggml_base_path)]
        handle, text = ctypes.c_void_p, ctypes.c_char_p
        size = ctypes.POINTER(ctypes.c_size_t)
        signatures: dict[str, tuple[list[Any], Any]] = {
            "ggml_backend_dev_count": ([], ctypes.c_size_t),
            "ggml_backend_dev_get": ([ctypes.c_size_t], handle),
            "ggml_backend_dev_name": ([handle], text),
            "ggml_backend_dev_description": ([handle], text),
            "ggml_backend_dev_type": ([handle], ctypes.c_int),
            "ggml_backend_dev_memory": ([handle, size, size], None),
            "ggml_backend_dev_backend_reg": ([handle], handle),
            "ggml_backend_reg_name": ([handle], text),
        }
        for name, (arguments, result) in signatures.items():
            function = next(getattr(library, name) for library in libraries if hasattr(library, name))
            function.argtypes, function.restype = arguments, result
            setattr(self, name, function)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)

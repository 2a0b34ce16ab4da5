"""What ONNX Runtime computes on: the GPU providers that it knows, which of them are installed, and which one works."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

CPU = "CPUExecutionProvider"
AUTO = "auto"

# In the order in which they are tried. TensorRT is left out: it builds an engine for minutes for each length of text.
_GPU = {
    "CUDAExecutionProvider": "cuda",
    "MIGraphXExecutionProvider": "migraphx",
    "ROCMExecutionProvider": "rocm",
    "DmlExecutionProvider": "directml",
    "CoreMLExecutionProvider": "coreml",
}


def name_of(provider: str) -> str:
    """Return the short name of a provider, such as "cuda"."""
    return _GPU.get(provider, "cpu")


def installed() -> tuple[str, ...]:
    """Return the short names of the GPU providers that the installed ONNX Runtime brought, without loading it."""
    spec = importlib.util.find_spec("onnxruntime")
    if spec is None or spec.origin is None:
        return ()
    files = {path.name.lower() for path in (Path(spec.origin).parent / "capi").glob("*")}
    found = [name for name in _GPU.values() if any(f"providers_{name}." in file for file in files)]
    if "directml.dll" in files:
        found.append("directml")
    if sys.platform == "darwin":  # part of every build for it
        found.append("coreml")
    return tuple(found)


def first_that_works(
    wanted: str, available: Sequence[str], load: Callable[[list[str]], tuple[T, str]]
) -> tuple[T, str, str]:
    """Load a model on the first GPU provider that really takes it, else on the processor.

    Args:
        wanted: "auto", or "cpu" for the processor alone.
        available: The providers of this build of ONNX Runtime.
        load: Loads and tries out the model with these providers; returns it with the provider that it ended on, as
            ONNX Runtime passes one by silently whose libraries are missing.

    Returns:
        The model, its provider, and why each one before it was passed by ("" if none was). What `load` raises for the
        processor is passed on.
    """
    notes = []
    for provider in _GPU if wanted == AUTO else ():
        if provider not in available:
            continue
        try:
            model, used = load([provider, CPU])
        except Exception as error:  # noqa: BLE001 - each provider has errors of its own
            notes.append(f"{name_of(provider)}: {(str(error).strip() or type(error).__name__).splitlines()[0]}")
            continue
        if used == provider:
            return model, used, "; ".join(notes)
        notes.append(f"{name_of(provider)}: its libraries do not load")
    model, used = load([CPU])
    return model, used, "; ".join(notes)

"""Choosing what ONNX Runtime computes on: providers that are there, that fail to load, and that cannot compute."""

from __future__ import annotations

import sys

import pytest

from hxd_desktop.engine.models.onnx_devices import CPU, first_that_works, installed, name_of

CUDA, DML = "CUDAExecutionProvider", "DmlExecutionProvider"


class Runtime:
    """Loads a model on the first provider given that works, as ONNX Runtime does; remembers what was tried."""

    def __init__(self, **faults: str) -> None:
        self.faults = faults
        self.tried: list[list[str]] = []

    def load(self, providers: list[str]) -> tuple[str, str]:
        self.tried.append(providers)
        fault = self.faults.get(name_of(providers[0]), "")
        if fault == "silent":
            return "model", CPU
        if fault:
            raise RuntimeError(f"{fault}\nwith a second line")
        return "model", providers[0]


def test_the_first_gpu_that_works() -> None:
    runtime = Runtime()
    assert first_that_works("auto", [DML, CUDA, CPU], runtime.load) == ("model", CUDA, "")
    assert runtime.tried == [[CUDA, CPU]]


def test_what_fails_is_passed_by_with_its_reason() -> None:
    runtime = Runtime(cuda="out of memory", directml="silent")
    found = first_that_works("auto", [CUDA, DML, CPU], runtime.load)
    assert found == ("model", CPU, "cuda: out of memory; directml: its libraries do not load")
    assert runtime.tried == [[CUDA, CPU], [DML, CPU], [CPU]]


def test_the_processor_alone() -> None:
    runtime = Runtime()
    assert first_that_works("cpu", [CUDA, CPU], runtime.load) == ("model", CPU, "")
    assert first_that_works("auto", ["TensorrtExecutionProvider", CPU], runtime.load) == ("model", CPU, "")
    assert runtime.tried == [[CPU], [CPU]]
    with pytest.raises(RuntimeError, match="no such file"):
        first_that_works("auto", [CPU], Runtime(cpu="no such file").load)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems bring a GPU provider with every build")
def test_what_is_installed_is_found_without_loading_it() -> None:
    import importlib.metadata

    names = {d.name for d in importlib.metadata.distributions()}
    assert ("cuda" in installed()) == ("onnxruntime-gpu" in names)

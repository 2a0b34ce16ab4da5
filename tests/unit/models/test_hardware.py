"""Hardware is described without loading llama.cpp."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from hxd_desktop.engine.models import hardware


def test_describe() -> None:
    found = hardware.describe()
    assert 1 <= found["cores"] <= found["threads"]
    assert 0 < found["memory_available_bytes"] <= found["memory_bytes"]
    assert "llama_cpp" not in sys.modules


def test_backends_by_their_libraries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr(hardware.importlib.util, "find_spec", lambda name: spec)
    assert hardware.llama_backends() == ()
    (tmp_path / "lib").mkdir()
    for name in ("libggml-base.so", "libggml-cpu.so", "libggml-vulkan.so", "ggml-cuda.dll"):
        (tmp_path / "lib" / name).touch()
    assert hardware.llama_backends() == ("cuda", "vulkan")
    monkeypatch.setattr(hardware.importlib.util, "find_spec", lambda name: None)
    assert hardware.llama_backends() is None
    assert hardware.describe()["llama_cpp"] is None

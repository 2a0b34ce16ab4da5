from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.models.generation import LlamaGenerator
from tests.support import tiny_gguf
from tests.support.llama import SCRIPT, opened


@pytest.fixture(scope="package")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gguf")


@pytest.fixture(scope="package")
def scripted(folder: Path) -> Iterator[LlamaGenerator]:
    generator = opened(tiny_gguf.make(folder / "scripted.gguf", script=SCRIPT))
    yield generator
    generator.close()


@pytest.fixture(scope="package")
def babbling(folder: Path) -> Iterator[LlamaGenerator]:
    """A model that never ends its turn and takes seconds to read a long prompt."""
    generator = opened(tiny_gguf.make(folder / "babbling.gguf", layers=16, hidden=256, context=16_384), 8192)
    yield generator
    generator.close()

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.library import Workbench


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """An empty data directory, opened."""
    opened = Workbench(tmp_path / "data")
    yield opened
    opened.close()

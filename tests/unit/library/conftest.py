from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.busy import Busy
from tests.support.library import Workbench, write


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    """An empty data directory, opened."""
    opened = Workbench(tmp_path / "data")
    yield opened
    opened.close()


@pytest.fixture
def busy(bench: Workbench, tmp_path: Path) -> Iterator[Busy]:
    """A running indexer thread and a folder of two files that it has not read yet."""
    made = Busy(bench, tmp_path / "folders")
    made.add()
    made.write("a.txt", "Alpha is the first.")
    made.write("b.txt", "Beta is the second.")
    yield made
    made.go_on.set()
    made.service.close()


@pytest.fixture
def folder(tmp_path: Path, bench: Workbench) -> Path:
    """A folder of the library "default" with two files that are not read yet."""
    found = tmp_path / "folder"
    write(found / "a.txt", "Alpha is the first letter.")
    write(found / "sub" / "b.txt", "Beta is the second letter.")
    bench.add(found)
    return found

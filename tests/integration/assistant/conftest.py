from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.assistant import Assistant
from tests.support.front import QUICK


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "folder"
    (found / "sub").mkdir(parents=True)
    (found / "coffee.md").write_text(
        "# Coffee\n\nThe coffee machine is cleaned on every Friday afternoon by the office team.\n"
    )
    (found / "sub" / "travel.txt").write_text(
        "Travel costs are refunded within ten days after the receipt was handed in."
    )
    return found


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    QUICK.save(tmp_path / "data" / "settings.toml")
    opened = Assistant.open(tmp_path / "data")
    yield opened
    opened.close()
    assert not [t for t in threading.enumerate() if t.name in ("indexer", "writer") or t.name.startswith("folder ")]

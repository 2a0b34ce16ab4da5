from __future__ import annotations

import dataclasses
from pathlib import Path

import psutil
import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.settings import ChunkSettings
from tests.support.front import QUICK


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children(recursive=True)}


def test_parser_processes_started_ahead_are_used_and_end_with_the_assistant(tmp_path: Path, folder: Path) -> None:
    before = children()
    QUICK.save(tmp_path / "data" / "settings.toml")
    assistant = Assistant.open(tmp_path / "data", will_index=True)
    started = children() - before
    assert len(started) == 1
    assistant.add_folder(folder)
    assert assistant.index().documents["indexed"] == 2
    assert children() - before == started
    with pytest.raises(StorageError):
        Assistant.open(tmp_path / "data", will_index=True)
    assistant.close()
    assert children() <= before


def test_parser_processes_started_ahead_do_not_outlive_their_settings(tmp_path: Path, folder: Path) -> None:
    before = children()
    assistant = Assistant.open(tmp_path / "data", will_index=True)
    assistant.update_settings(dataclasses.replace(QUICK, chunks=ChunkSettings(max_tokens=10)))
    assert children() <= before
    assistant.add_folder(folder)
    assistant.index()
    assert assistant.libraries()[0].chunks > 2
    assistant.close()
    assert children() <= before

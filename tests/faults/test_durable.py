"""Power cuts: what we write ourselves is flushed before it is put in place, and its folder after that."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import HxdError
from hxd_desktop.engine.library.vectors import VectorIndex
from hxd_desktop.engine.models.stored import StoredModel
from hxd_desktop.engine.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="folders cannot be flushed there")


def settings(folder: Path) -> Path:
    Settings().save(folder / "settings.toml")
    return folder / "settings.toml"


def vectors(folder: Path) -> Path:
    index = VectorIndex(8, seq=3)
    index.add(np.arange(5, dtype=np.uint64), np.eye(5, 8, dtype=np.float32))
    index.save(folder / "1-aa.json")
    return folder / "1-aa.json"


def model(folder: Path) -> Path:
    StoredModel("m", "llm", "M", folder, "m.gguf", (), verified=True, source="s").save()
    return folder / "model.json"


def plain(folder: Path) -> Path:
    replace_file(folder / "plain", b"new" * 1000)
    return folder / "plain"


WRITERS = (settings, vectors, model, plain)


class Disk:
    """Keeps what a power cut leaves: a file holds what was flushed of it, a rename what its folder was flushed for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.flushed: set[int] = set()  # inodes
        self.renamed: list[tuple[Path, Path]] = []  # since their folder was flushed
        self.wrong: list[str] = []
        fsync, replace = os.fsync, os.replace

        def watched_fsync(descriptor: int) -> None:
            found = os.fstat(descriptor)
            self.flushed.add(found.st_ino)
            self.renamed = [pair for pair in self.renamed if os.stat(pair[1].parent).st_ino != found.st_ino]
            fsync(descriptor)

        def watched_replace(source: str | Path, target: str | Path) -> None:
            if os.stat(source).st_ino not in self.flushed:
                self.wrong.append(f"{source} was put in place before it was on the disk")
            replace(source, target)
            self.renamed.append((Path(source), Path(target)))

        monkeypatch.setattr(os, "fsync", watched_fsync)
        monkeypatch.setattr(os, "replace", watched_replace)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
def test_flushed_then_renamed_then_the_folder_is_flushed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path]
) -> None:
    disk = Disk(monkeypatch)
    target = write(tmp_path)
    assert target.exists()
    assert disk.flushed
    assert disk.wrong == []
    assert disk.renamed == [], "no rename waits for its folder"


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize("at", ["fsync", "replace"])
def test_a_full_disk_leaves_what_was_there_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path], at: str
) -> None:
    before = write(tmp_path).read_bytes()
    names = {path.name for path in tmp_path.iterdir()}

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, at, full)
        with pytest.raises((HxdError, OSError)) as raised:
            write(tmp_path)
    if isinstance(raised.value, HxdError):
        assert "space" in raised.value.remedy
    assert {path.name for path in tmp_path.iterdir()} == names
    target = tmp_path / next(name for name in names if not name.endswith(".usearch"))
    assert target.read_bytes() == before
    write(tmp_path)

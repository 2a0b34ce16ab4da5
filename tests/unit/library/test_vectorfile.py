from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import vectorfile
from hxd_desktop.engine.library.vectors import VectorIndex
from tests.unit.library.test_vectors import DIM, filled, kept, unit_vectors

__all__ = ["kept"]


def test_an_empty_index_can_be_saved(tmp_path: Path) -> None:
    VectorIndex(DIM, 3).save(tmp_path / "1-abc.json")
    loaded = VectorIndex.load(tmp_path / "1-abc.json", DIM)
    assert loaded is not None
    assert (len(loaded), loaded.seq) == (0, 3)


def test_a_later_save_replaces_the_earlier_one_and_what_a_crash_left(tmp_path: Path) -> None:
    meta = tmp_path / "1-abc.json"
    (tmp_path / "1-abc.3.new").write_bytes(b"cut off")
    (tmp_path / "1-abc.json.new").write_bytes(b"{")
    (tmp_path / "11-abc.json").write_bytes(b"of another index")
    filled(5, seq=1)[0].save(meta)
    filled(6, seq=2)[0].save(meta)
    assert sorted(os.listdir(tmp_path)) == ["1-abc.2.usearch", "1-abc.json", "11-abc.json"]
    loaded = VectorIndex.load(meta, DIM)
    assert loaded is not None
    assert len(loaded) == 6


def flip(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 0x40
    path.write_bytes(data)


def edit(meta: Path, **changes: Any) -> None:
    meta.write_text(json.dumps({**json.loads(meta.read_text()), **changes}))


@pytest.mark.parametrize(
    "damage",
    [
        lambda meta, data: data.unlink(),
        lambda meta, data: meta.unlink(),
        lambda meta, data: flip(data),
        lambda meta, data: data.write_bytes(data.read_bytes()[:-100]),
        lambda meta, data: data.write_bytes(b""),
        lambda meta, data: meta.write_bytes(b""),
        lambda meta, data: meta.write_bytes(meta.read_bytes()[:-4]),
        lambda meta, data: meta.write_bytes(b"\xff\xfe{}"),
        lambda meta, data: meta.write_text("[1]"),
        lambda meta, data: edit(meta, seq=None),
        lambda meta, data: edit(meta, file=5),
        lambda meta, data: edit(meta, count=3),
        lambda meta, data: edit(meta, dim=DIM + 1),
    ],
)
def test_a_damaged_index_is_not_opened(tmp_path: Path, kept: str, damage: Callable[[Path, Path], None]) -> None:
    meta = tmp_path / "1-abc.json"
    filled(50)[0].save(meta)
    damage(meta, tmp_path / "1-abc.5.usearch")
    assert VectorIndex.load(meta, DIM) is None


def test_an_index_of_another_length_is_not_opened(tmp_path: Path) -> None:
    filled(5)[0].save(tmp_path / "1-abc.json")
    assert VectorIndex.load(tmp_path / "1-abc.json", DIM * 2) is None


@pytest.mark.parametrize("seq", [6, 5])
@pytest.mark.parametrize("crash_at", [1, 2])
def test_a_crash_while_saving_leaves_the_old_index(
    tmp_path: Path, kept: str, monkeypatch: pytest.MonkeyPatch, crash_at: int, seq: int
) -> None:
    meta = tmp_path / "1-abc.json"
    filled(5, seq=5)[0].save(meta)
    renames: list[object] = []
    replace = os.replace

    def crash(source: Any, target: Any) -> None:
        renames.append(target)
        if len(renames) == crash_at:
            raise KeyboardInterrupt
        replace(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", crash)
        with pytest.raises(KeyboardInterrupt):
            filled(9, seq=seq)[0].save(meta)
    loaded = VectorIndex.load(meta, DIM)
    assert loaded is not None
    assert (len(loaded), loaded.seq) == (5, 5)
    filled(7, seq=8)[0].save(meta)
    assert sorted(os.listdir(tmp_path)) == ["1-abc.8.usearch", "1-abc.json"]


def test_a_file_that_may_be_mapped_is_never_written_over(tmp_path: Path, kept: str) -> None:
    meta = tmp_path / "1-abc.json"
    filled(5, seq=5)[0].save(meta)
    mapped = VectorIndex.load(meta, DIM)
    filled(9, seq=5)[0].save(meta)
    assert mapped is not None
    assert len(mapped.search(unit_vectors(1)[0], 20)[0]) == 5
    saved = VectorIndex.load(meta, DIM)
    assert saved is not None
    assert len(saved) == 9
    assert sorted(os.listdir(tmp_path)) == ["1-abc.5-1.usearch", "1-abc.json"]


def test_a_file_that_is_mapped_where_that_forbids_its_removal_goes_with_a_later_save(
    tmp_path: Path, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta = tmp_path / "1-abc.json"
    filled(5, seq=5)[0].save(meta)

    def used(path: Path, missing_ok: bool = False) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used by another process")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", used)
        filled(6, seq=6)[0].save(meta)
    assert "1-abc.5.usearch" in os.listdir(tmp_path)
    saved = VectorIndex.load(meta, DIM)
    assert saved is not None
    assert len(saved) == 6
    filled(7, seq=7)[0].save(meta)
    assert sorted(os.listdir(tmp_path)) == ["1-abc.7.usearch", "1-abc.json"]


def test_a_mapped_file_is_read_through_only_where_it_is_not_the_one_that_was_saved(
    tmp_path: Path, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    meta, read = tmp_path / "1-abc.json", []
    crc32_of = vectorfile.crc32_of
    filled(50)[0].save(meta)
    monkeypatch.setattr(vectorfile, "crc32_of", lambda path: (read.append(path), crc32_of(path))[1])
    assert VectorIndex.load(meta, DIM) is not None
    assert len(read) == (0 if kept == "mapped" else 1)
    read.clear()
    data = tmp_path / "1-abc.5.usearch"
    copy = shutil.copy2(data, tmp_path / "copy")
    os.replace(copy, data)
    assert VectorIndex.load(meta, DIM) is not None
    assert len(read) == 1


def test_a_check_looks_at_every_bit_whatever_the_file_system_says(tmp_path: Path, kept: str) -> None:
    meta, data = tmp_path / "1-abc.json", tmp_path / "1-abc.5.usearch"
    filled(50)[0].save(meta)
    assert vectorfile.is_sound(meta)
    status = data.stat()
    with open(data, "rb+") as stream:
        stream.seek(status.st_size // 2)
        byte = stream.read(1)
        stream.seek(-1, os.SEEK_CUR)
        stream.write(bytes([byte[0] ^ 1]))
    os.utime(data, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not vectorfile.is_sound(meta)
    data.unlink()
    assert not vectorfile.is_sound(meta)
    assert vectorfile.count_of(meta) is None


def test_a_save_that_fails_is_an_error_with_a_remedy_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StorageError) as raised:
        filled(5)[0].save(tmp_path / "1-abc.json")
    assert "Free some space" in raised.value.remedy
    assert os.listdir(tmp_path) == []
    monkeypatch.undo()
    with pytest.raises(StorageError):
        filled(5)[0].save(tmp_path / "missing" / "1-abc.json")

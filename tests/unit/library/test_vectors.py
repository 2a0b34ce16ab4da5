from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import vectors
from hxd_desktop.engine.library.vectors import VectorIndex

DIM = 16


def unit_vectors(count: int, seed: int = 0) -> NDArray[np.float32]:
    found = np.random.default_rng(seed).standard_normal((count, DIM)).astype(np.float32)
    unit: NDArray[np.float32] = found / np.linalg.norm(found, axis=1, keepdims=True)
    return unit


def filled(count: int, seq: int = 5, first: int = 1) -> tuple[VectorIndex, NDArray[np.float32]]:
    index = VectorIndex(DIM, seq)
    made = unit_vectors(count)
    index.add(np.arange(first, first + count, dtype=np.uint64), made.astype(np.float16))
    return index, made


def ids(index: VectorIndex) -> list[int]:
    return sorted(map(int, index.ids()))


def test_an_empty_index_finds_nothing() -> None:
    index = VectorIndex(DIM)
    found, cosines = index.search(unit_vectors(1)[0], 5)
    assert (len(index), len(found), len(cosines)) == (0, 0, 0)
    index.remove([1, 2])


def test_search_is_by_cosine_best_first() -> None:
    index, made = filled(200)
    found, cosines = index.search(made[41], 10)
    expected = made @ made[41]
    best = np.argsort(-expected)[:10]
    assert int(found[0]) == 42
    assert set(map(int, found)) == {int(i) + 1 for i in best}
    assert cosines == pytest.approx(np.sort(expected)[::-1][:10], abs=2e-3)
    assert found.dtype == np.uint64
    assert cosines.dtype == np.float32


def test_asking_for_more_than_there_are() -> None:
    index, made = filled(3)
    assert len(index.search(made[0], 100)[0]) == 3


def test_removing_and_replacing() -> None:
    index, made = filled(10)
    index.remove([3, 4, 99])
    assert ids(index) == [1, 2, 5, 6, 7, 8, 9, 10]
    index.add(np.array([5, 11], np.uint64), made[[0, 1]])
    assert len(index) == 9
    found, cosines = index.search(made[0], 2)
    assert set(map(int, found)) == {1, 5}
    assert cosines == pytest.approx([1, 1], abs=2e-3)


def test_an_index_is_worn_when_much_of_it_was_removed() -> None:
    index, _ = filled(4000)
    index.remove(range(1, 1001))
    assert not index.worn
    index.remove(range(1001, 1500))
    assert index.worn


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    index, made = filled(50, seq=7)
    meta = tmp_path / "1-abc.json"
    index.save(meta)
    loaded = VectorIndex.load(meta, DIM)
    assert loaded is not None
    assert (loaded.seq, loaded.dim, ids(loaded)) == (7, DIM, ids(index))
    assert int(loaded.search(made[9], 1)[0][0]) == 10
    loaded.add(np.array([99], np.uint64), made[:1])
    loaded.remove([1])
    assert len(loaded) == 50


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
def test_a_damaged_index_is_not_opened(tmp_path: Path, damage: Callable[[Path, Path], None]) -> None:
    meta = tmp_path / "1-abc.json"
    filled(50)[0].save(meta)
    damage(meta, tmp_path / "1-abc.5.usearch")
    assert VectorIndex.load(meta, DIM) is None


def test_an_index_of_another_length_is_not_opened(tmp_path: Path) -> None:
    filled(5)[0].save(tmp_path / "1-abc.json")
    assert VectorIndex.load(tmp_path / "1-abc.json", DIM * 2) is None


@pytest.mark.parametrize("seq", [6, 5])
@pytest.mark.parametrize("crash_at", [1, 2])
def test_a_crash_while_saving_leaves_the_old_index_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash_at: int, seq: int
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
    if seq == 5 and crash_at == 2:
        assert loaded is None  # the vectors were replaced, their description was not: built anew, never mixed up
    else:
        assert loaded is not None
        assert (len(loaded), loaded.seq) == (5, 5)
    filled(7, seq=8)[0].save(meta)
    assert sorted(os.listdir(tmp_path)) == ["1-abc.8.usearch", "1-abc.json"]


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


def test_approximate_search_finds_what_exact_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    index, made = filled(2000)
    exact = [set(map(int, index.search(vector, 10)[0])) for vector in made[:50]]
    monkeypatch.setattr(vectors, "_EXACT_BELOW", 0)
    near = [set(map(int, index.search(vector, 10)[0])) for vector in made[:50]]
    recall = sum(len(a & b) for a, b in zip(exact, near, strict=True)) / 500
    assert recall > 0.9

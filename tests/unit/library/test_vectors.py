from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.library import vectorfile, vectors
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


@pytest.fixture(params=["in memory", "mapped"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Whether a saved index is read into memory or mapped, however small it is."""
    monkeypatch.setattr(vectorfile, "MAPPED_FROM", 1 if request.param == "mapped" else 10**9)
    return str(request.param)


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


def test_approximate_search_finds_what_exact_search_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    index, made = filled(2000)
    exact = [set(map(int, index.search(vector, 10)[0])) for vector in made[:50]]
    monkeypatch.setattr(vectors, "_EXACT_BELOW", 0)
    near = [set(map(int, index.search(vector, 10)[0])) for vector in made[:50]]
    recall = sum(len(a & b) for a, b in zip(exact, near, strict=True)) / 500
    assert recall > 0.9


def test_what_is_saved_is_loaded_and_can_be_changed(tmp_path: Path, kept: str) -> None:
    index, made = filled(50, seq=7)
    meta = tmp_path / "1-abc.json"
    index.save(meta)
    loaded = VectorIndex.load(meta, DIM)
    assert loaded is not None
    assert (loaded.seq, loaded.dim, ids(loaded)) == (7, DIM, ids(index))
    assert int(loaded.search(made[9], 1)[0][0]) == 10
    loaded.add(np.array([99], np.uint64), made[:1])
    loaded.remove([1, 2])
    loaded.add(np.array([3], np.uint64), made[40:41])
    assert (len(loaded), ids(loaded)) == (49, [*range(3, 51), 99])
    found, cosines = loaded.search(made[0], 1)
    assert (list(map(int, found)), cosines[0]) == ([99], pytest.approx(1, abs=2e-3))
    assert {int(key) for key in loaded.search(made[40], 2)[0]} == {3, 41}


def test_layers_are_searched_as_one_index(tmp_path: Path, kept: str) -> None:
    """Whatever was saved, added, replaced and removed in whatever order: what is found is what a plain list finds."""
    chosen = np.random.default_rng(5)
    meta = tmp_path / "1-abc.json"
    pool = unit_vectors(400, seed=9)
    there: dict[int, NDArray[np.float32]] = {}
    index = VectorIndex(DIM)
    for step in range(60):
        new = np.unique(chosen.integers(1, 200, size=8)).astype(np.uint64)
        rows = pool[chosen.integers(0, len(pool), size=len(new))]
        index.add(new, rows)
        there |= {int(key): row for key, row in zip(new, rows, strict=True)}
        gone = [int(key) for key in chosen.integers(1, 200, size=6)]
        index.remove(gone)
        for key in gone:
            there.pop(key, None)
        index.seq = step
        if step % 7 == 3:
            index.save(meta)
        if step % 20 == 13:
            opened = VectorIndex.load(meta, DIM)
            assert opened is not None
            index.save(meta)
            index = VectorIndex.load(meta, DIM) or index
        assert ids(index) == sorted(there)
        assert len(index) == len(there)
        query = pool[step]
        found, cosines = index.search(query, 5)
        expected = sorted((float(row @ query) for row in there.values()), reverse=True)[:5]
        assert cosines == pytest.approx(expected, abs=4e-3)
        assert all(
            float(there[int(key)] @ query) == pytest.approx(cosine, abs=4e-3)
            for key, cosine in zip(found, cosines, strict=True)
        )


def test_the_nearest_that_are_there_are_found_behind_many_that_were_removed(tmp_path: Path, kept: str) -> None:
    index, made = filled(3000)
    index.save(tmp_path / "1-abc.json")
    nearest = [int(key) for key in index.search(made[0], 1500)[0]]
    index.remove(nearest[:1400])
    assert [int(key) for key in index.search(made[0], 5)[0]] == nearest[1400:1405]
    assert len(index.search(made[0], 5000)[0]) == 1600


def test_a_mapped_index_is_worn_when_much_of_it_was_removed(tmp_path: Path, kept: str) -> None:
    index, _ = filled(4000)
    index.save(tmp_path / "1-abc.json")
    index.remove(range(1, 1001))
    assert not index.worn
    index.remove(range(1001, 1500))
    assert index.worn
    index.save(tmp_path / "1-abc.json")
    assert index.worn  # its graph still has them


def test_what_changes_while_it_is_saved_is_kept_and_not_in_the_file(tmp_path: Path, kept: str) -> None:
    meta = tmp_path / "1-abc.json"
    index, made = filled(20)
    for round_ in (1, 2):
        frozen = index.freeze()
        index.add(np.array([100 * round_], np.uint64), made[:1])
        index.remove([round_])
        index.seq += 1
        index.save_frozen(frozen, meta)
        expected = [*range(1 + round_, 21), *(100 * n for n in range(1, round_ + 1))]
        assert ids(index) == expected
        saved = VectorIndex.load(meta, DIM)
        assert saved is not None
        assert (saved.seq, ids(saved)) == (frozen.seq, sorted({*expected, round_} - {100 * round_}))
    assert {int(key) for key in index.search(made[0], 2)[0]} == {100, 200}


def test_a_save_that_fails_loses_nothing(tmp_path: Path, kept: str, monkeypatch: pytest.MonkeyPatch) -> None:
    meta = tmp_path / "1-abc.json"
    index, made = filled(20)
    index.save(meta)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: (_ for _ in ()).throw(OSError(28, "full")))
        for number in (50, 51):
            index.add(np.array([number], np.uint64), made[:1])
            index.remove([number - 40])
            with pytest.raises(StorageError):
                index.save(meta)
    index.remove([51])
    assert ids(index) == [*range(1, 10), *range(12, 21), 50]
    index.save(meta)
    saved = VectorIndex.load(meta, DIM)
    assert saved is not None
    assert ids(saved) == ids(index)


def test_removed_vectors_are_in_no_saved_file_and_the_rest_is_found(tmp_path: Path, kept: str) -> None:
    index, matrix = filled(60, 3, 0)
    index.remove(range(10, 20))
    index.save(tmp_path / "1-abc.json")
    (file,) = tmp_path.glob("*.usearch")
    content = file.read_bytes()
    rows = [row.astype(np.float16).tobytes() for row in matrix]
    assert [number for number, row in enumerate(rows) if row in content] == [*range(10), *range(20, 60)]
    loaded = VectorIndex.load(tmp_path / "1-abc.json", DIM)
    assert loaded is not None
    for number in (0, 25, 59):
        ids, cosines = loaded.search(matrix[number], 1)
        assert (int(ids[0]), round(float(cosines[0]), 2)) == (number, 1.0)
    loaded.add(np.array([15], dtype=np.uint64), matrix[15:16])
    loaded.remove([0])
    loaded.seq = 4
    loaded.save(tmp_path / "1-abc.json")
    (file,) = tmp_path.glob("*.usearch")
    content = file.read_bytes()
    assert rows[0] not in content and rows[15] in content and rows[59] in content

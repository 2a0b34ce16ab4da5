"""Vectors as they are kept in the database."""

from __future__ import annotations

import numpy as np
import pytest

from hxd_desktop.engine.library.embeddings import decode, encode


def normalised(count: int, dim: int) -> np.ndarray:
    vectors = np.random.default_rng(7).normal(size=(count, dim)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.mark.parametrize(("compact", "error", "size"), [(False, 1e-3, 256), (True, 5e-3, 130)])
def test_a_vector_comes_back_with_nearly_the_same_cosines(compact: bool, error: float, size: int) -> None:
    vectors = normalised(50, 128)
    blobs = encode(vectors, compact=compact)
    assert {len(blob) for blob in blobs} == {size}
    back = decode(blobs, 128).astype(np.float32)
    assert np.abs(back @ vectors.T - vectors @ vectors.T).max() < error


def test_a_text_without_features_stays_all_zeros() -> None:
    assert not decode(encode(np.zeros((2, 16), np.float32), compact=True), 16).any()


def test_no_vectors_at_all() -> None:
    assert decode([], 8).shape == (0, 8)

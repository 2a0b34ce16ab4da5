from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.library.embeddings import decode, encode


def test_half_floats_have_a_fixed_byte_order() -> None:
    vectors = np.array([[1.0, -0.5, 0.0], [0.25, 0.0, 2.0]], np.float32)
    blobs = encode(vectors, compact=False)
    assert blobs == [b"\x00\x3c\x00\xb8\x00\x00", b"\x00\x34\x00\x00\x00\x40"]
    assert decode(blobs, 3).tolist() == vectors.tolist()


def test_compact_is_a_scale_and_one_byte_a_value() -> None:
    (blob,) = encode(np.array([[127.0, -127.0, 0.0, 64.0]], np.float32), compact=True)
    assert blob == b"\x00\x3c" + bytes([127, 129, 0, 64])
    assert decode([blob], 4).tolist() == [[127.0, -127.0, 0.0, 64.0]]


@pytest.mark.parametrize("compact", [True, False])
def test_a_text_without_features_stays_all_zeros(compact: bool) -> None:
    assert decode(encode(np.zeros((2, 8), np.float32), compact=compact), 8).tolist() == [[0.0] * 8] * 2


@pytest.mark.parametrize("compact", [True, False])
def test_no_vectors(compact: bool) -> None:
    assert encode(np.zeros((0, 8), np.float32), compact=compact) == []
    assert decode([], 8).shape == (0, 8)


@given(st.integers(0, 2**32 - 1), st.sampled_from([8, 128, 384]), st.booleans())
def test_cosines_are_kept(seed: int, dim: int, compact: bool) -> None:
    vectors = np.random.default_rng(seed).standard_normal((4, dim)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    back = decode(encode(vectors, compact=compact), dim).astype(np.float32)
    assert back @ back.T == pytest.approx(vectors @ vectors.T, abs=0.02 if dim == 8 else 0.006)

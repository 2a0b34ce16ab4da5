"""How a vector is kept in the database: a few bytes, good enough to build the index from again.

A neural model's vectors are kept as float16, which is what the index holds. Built-in vectors, lexical and cheap, are
kept as 8-bit integers with one scale each: half the size, and cosines within 0.005.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HALF = "<f2"
_HALF_BYTES = 2
_LEVELS = 127


def encode(vectors: NDArray[np.float32], *, compact: bool) -> list[bytes]:
    """Return each row (float32, shape (n, dim)) as bytes: float16, or with `compact` int8 after a float16 scale."""
    import numpy as np

    if not compact:
        return [row.tobytes() for row in vectors.astype(_HALF)]
    scales = (np.abs(vectors).max(axis=1, initial=0.0) / _LEVELS).astype(_HALF)
    divisors = np.where(scales > 0, scales, 1).astype(np.float32)[:, None]
    levels = np.clip(np.rint(vectors / divisors), -_LEVELS, _LEVELS).astype(np.int8)
    return [scale.tobytes() + row.tobytes() for scale, row in zip(scales, levels, strict=True)]


def decode(blobs: Sequence[bytes], dim: int) -> NDArray[Any]:
    """Return stored vectors, all of one kind, as float16 or float32, shape (len(blobs), dim)."""
    import numpy as np

    joined = b"".join(blobs)
    if not blobs or len(blobs[0]) == dim * _HALF_BYTES:
        return np.frombuffer(joined, dtype=_HALF).reshape(len(blobs), dim)
    rows = np.frombuffer(joined, dtype=np.uint8).reshape(len(blobs), _HALF_BYTES + dim)
    scales = np.ascontiguousarray(rows[:, :_HALF_BYTES]).view(_HALF).astype(np.float32)
    return rows[:, _HALF_BYTES:].view(np.int8).astype(np.float32) * scales

"""The texts of a library's good and bad questions as numbers: hashed words and characters, and the topics in them."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Row = tuple[NDArray[np.intp], NDArray[np.float32]]

BUCKETS = 1 << 14
N_TOPICS = 40

_COMMON = 24  # buckets in this many texts go through one matrix product
_ROUNDS = 6  # of the power iteration: the leading topics come out to a few digits, which is all that is needed
_SPARE = 10  # further directions that make it converge
_FAINT = 1e-3  # of the strongest topic: below this it is rounding


class TextFeatures:
    """Words, bigrams and characters of a question, hashed, weighted by how rare they are among the examples.

    Args:
        idf: float32, shape (BUCKETS,).
    """

    def __init__(self, idf: NDArray[np.float32]) -> None:
        self.idf = idf

    @classmethod
    def fitted(cls, texts: Sequence[str]) -> TextFeatures:
        """Count in how many of `texts` each feature stands."""
        df = np.zeros(BUCKETS)
        for text in texts:
            df[list({_bucket(f) for part in _features(text) for f in part})] += 1
        return cls((np.log((1 + len(texts)) / (1 + df)) + 1).astype(np.float32))

    def vector(self, text: str) -> Row:
        """Buckets and their values, of length 1: words and characters have half each; empty for an empty text."""
        parts = [self._part(features) for features in _features(text) if features]
        if not parts:
            return np.zeros(0, np.intp), np.zeros(0, np.float32)
        buckets, place = np.unique(np.concatenate([b for b, _ in parts]), return_inverse=True)
        values = np.bincount(place, np.concatenate([v for _, v in parts]))
        return buckets, (values / np.linalg.norm(values)).astype(np.float32)

    def _part(self, features: list[str]) -> Row:
        counts = Counter(map(_bucket, features))
        buckets = np.fromiter(counts, dtype=np.intp, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[buckets]
        return buckets, (values / np.linalg.norm(values)).astype(np.float32)


def _features(text: str) -> tuple[list[str], list[str]]:
    return index_terms(text).split(), ["\x00" + c for c in fold(text) if not c.isspace()]


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS


def text_gram(rows: Sequence[Row]) -> NDArray[np.float64]:
    """Inner products of the texts, shape (n, n), bucket by bucket: most stand in few texts."""
    n = len(rows)
    gram = np.zeros((n, n))
    if not n:
        return gram
    owners = np.concatenate([np.full(len(buckets), i) for i, (buckets, _) in enumerate(rows)])
    buckets = np.concatenate([b for b, _ in rows])
    values = np.concatenate([v for _, v in rows])
    order = np.argsort(buckets, kind="stable")
    owners, buckets, values = owners[order], buckets[order], values[order]
    starts = np.flatnonzero(np.diff(buckets, prepend=-1))
    sizes = np.diff(starts, append=len(buckets))
    common = [slice(a, a + k) for a, k in zip(starts, sizes, strict=True) if k >= _COMMON]
    dense = np.zeros((n, len(common)), np.float32)
    for column, where in enumerate(common):
        dense[owners[where], column] = values[where]
    gram += dense @ dense.T
    for a, k in zip(starts, sizes, strict=True):
        if k < _COMMON:
            these = owners[a : a + k]
            gram[these[:, None], these] += np.outer(values[a : a + k], values[a : a + k])
    return gram


class Topics:
    """The leading directions of the examples' texts (latent semantic analysis), and where a text lies in them.

    Questions that share no word are near each other where other examples use their words together.

    Args:
        basis: float32, shape (BUCKETS, n_topics).
    """

    def __init__(self, basis: NDArray[np.float32]) -> None:
        self.basis = basis

    @classmethod
    def fitted(cls, rows: Sequence[Row], gram: NDArray[np.float64]) -> Topics:
        """Find the topics of `rows`, whose inner products are `gram`; the same for the same texts."""
        n = len(rows)
        if not gram.any():
            return cls(np.zeros((BUCKETS, 0), np.float32))
        directions = np.random.default_rng(0).standard_normal((n, min(n, N_TOPICS + _SPARE)))
        for _ in range(_ROUNDS):
            directions = np.linalg.qr(gram @ directions)[0]
        strength, within = np.linalg.eigh(directions.T @ gram @ directions)
        kept = np.flatnonzero(strength > _FAINT * strength[-1])[-N_TOPICS:]
        coefficients = (directions @ within[:, kept] / np.sqrt(strength[kept])).astype(np.float32)
        basis = np.zeros((BUCKETS, len(kept)), np.float32)
        for (buckets, values), row in zip(rows, coefficients, strict=True):
            basis[buckets] += values[:, None] * row
        return cls(basis)

    def place(self, row: Row) -> NDArray[np.float32]:
        """Where a text lies, shape (n_topics,), of length 1, or 0 where it shares nothing with the examples."""
        buckets, values = row
        place: NDArray[np.float32] = values @ self.basis[buckets]
        norm = float(np.linalg.norm(place))
        return place / np.float32(norm) if norm > 0 else place

"""The built-in embedder: feature hashing of words and parts of words, with nothing to download.

It is lexical. Two texts are alike when they share words, parts of words or CJK characters; it knows no synonyms and
no second language. What it adds to full text is tolerance (other inflections, misspellings, reordered compounds) and
one comparable number for a whole passage.

Features, all summed with raw term frequency (see docs/decisions for what was measured):

- each CJK bigram, and each of its two characters (characters repeat across the words of one subject, which is what a
  short vector can hold);
- each other word, and its character 3- to 5-grams with word boundaries, as fastText does (Bojanowski et al., 2017).

Every feature is hashed to one signed coordinate (Weinberger et al., 2009, "Feature Hashing"), which keeps inner
products unbiased with variance 1/dim. Weights fall with how common a character or word is in general language, by
smooth inverse frequency a / (a + p) (Arora et al., 2017): no statistics of the user's documents enter, so a vector
depends on its text alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from hxd_desktop.engine.models.frequent import FREQUENT_CHARACTERS, FREQUENT_WORDS
from hxd_desktop.engine.text import words

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VERSION = 1
DIM = 128

_FIRST_CJK = 0x3005
_SMOOTHING = 0.003  # the `a` of a / (a + p)
_PAIR_WEIGHT = 1.0
_CHARACTER_WEIGHT = 0.5  # for each of the two characters of a bigram, so 1.0 inside a run
_WORD_WEIGHT = 1.0
_NGRAM_WEIGHT = 1.5  # of all n-grams of a word together (as a Euclidean length)
_NGRAM_LENGTHS = (3, 4, 5)
_BATCH_CHARS = 1 << 15  # of joined terms: temporaries of a batch stay in the processor's cache

# Different seeds keep the kinds of features apart: the word "a" is not the 1-gram "a".
_PAIR_SEED, _CHARACTER_SEED, _WORD_SEED, _NGRAM_SEED = 0x1B56C4E9, 0x7FEB352D, 0x31848BAB, 0x68BC21EB
_BASE = 0x01000193  # of the polynomial over code points (the FNV prime)


class HashedEmbedder:
    """An `Embedder` that is always there. Stateless after construction: any thread may call any method.

    Args:
        dim: Length of the vectors.
    """

    semantic = False
    languages = frozenset({"*"})
    bridges_languages = False

    def __init__(self, dim: int = DIM) -> None:
        self.dim = dim
        self.id = f"builtin-v{VERSION}.{words.VERSION}-{dim}"

    def embed_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages: float32, shape (len(texts), dim), L2-normalised (a text without words is all zeros)."""
        return self.embed_terms([words.index_terms(text) for text in texts])

    def embed_query(self, text: str) -> NDArray[np.float32]:
        """Embed a question: float32, shape (dim,), L2-normalised or all zeros."""
        vector: NDArray[np.float32] = self.embed_passages([text])[0]
        return vector

    def embed_terms(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Embed passages given as `index_terms` output (terms joined by single spaces).

        Equal to `embed_passages` of the texts that the terms were made from, without cutting them into words again.
        """
        import numpy as np

        vectors = np.zeros((len(terms), self.dim), np.float32)
        for start, end in _batches(terms):
            vectors[start:end] = _sums(terms[start:end], self.dim)
        lengths = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))[:, None]
        np.divide(vectors, lengths, out=vectors, where=lengths > 0)
        return vectors

    def close(self) -> None:
        """Nothing is held."""


def _batches(terms: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = size = 0
    for i, text in enumerate(terms):
        size += len(text)
        if size >= _BATCH_CHARS:
            yield start, i + 1
            start, size = i + 1, 0
    if start < len(terms):
        yield start, len(terms)


def _sums(terms: Sequence[str], dim: int) -> NDArray[np.float64]:
    """Sum the signed features of each text: float64, shape (len(terms), dim)."""
    import numpy as np

    # One array of code points: a space, then each term followed by one. Spaces are the words' boundaries too.
    joined = " " + " ".join(terms) + " "
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), "<u4").astype(np.uint32)
    spaces = np.flatnonzero(codes == 32)
    starts = spaces[:-1] + 1
    lengths = np.diff(spaces) - 1
    text_ends = np.cumsum([len(text) + 1 for text in terms])
    terms_before = np.searchsorted(starts, text_ends, side="right")
    rows = np.repeat(np.arange(len(terms)) * dim, np.diff(terms_before, prepend=0))

    accumulator = np.zeros(len(terms) * dim)
    is_cjk = (codes[starts] >= _FIRST_CJK) & (lengths <= 2)
    is_word = ~is_cjk & (lengths > 0)
    if is_cjk.any():
        _add_cjk(accumulator, codes, starts[is_cjk], lengths[is_cjk] == 2, rows[is_cjk], dim)
    if is_word.any():
        _add_words(accumulator, codes, starts[is_word], lengths[is_word], rows[is_word], dim)
    return accumulator.reshape(len(terms), dim)


def _add_cjk(
    accumulator: NDArray[np.float64],
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    is_pair: NDArray[np.bool_],
    rows: NDArray[np.int64],
    dim: int,
) -> None:
    import numpy as np

    table = _character_weights()
    first, second = codes[starts], codes[starts + 1]
    first_weight = table[np.minimum(first, 0xFFFF)]
    second_weight = table[np.minimum(second, 0xFFFF)]
    has_second = is_pair.astype(np.float32)
    paired = has_second * np.float32(_PAIR_WEIGHT) * first_weight * second_weight
    _add(accumulator, first * np.uint32(0x9E3779B1) + second * np.uint32(0x85EBCA77), _PAIR_SEED, paired, rows, dim)
    _add(accumulator, first, _CHARACTER_SEED, first_weight * np.float32(_CHARACTER_WEIGHT), rows, dim)
    # In a term of one character `second` is the space after it.
    _add(accumulator, second, _CHARACTER_SEED, has_second * second_weight * np.float32(_CHARACTER_WEIGHT), rows, dim)


def _add_words(
    accumulator: NDArray[np.float64],
    codes: NDArray[np.uint32],
    starts: NDArray[np.int64],
    lengths: NDArray[np.int64],
    rows: NDArray[np.int64],
    dim: int,
) -> None:
    import numpy as np

    # Copy the words together, each with the space before it, then one space: in mixed text most terms are CJK.
    widths = lengths + 1
    ends = np.cumsum(widths)
    begins = ends - widths
    owner = np.repeat(np.arange(len(starts)), widths)
    places = np.arange(ends[-1])
    text = np.append(codes[places + (starts - 1 - begins)[owner]], np.uint32(32))

    # Polynomial hash of whole words as differences of prefix sums, all modulo 2**32.
    powers = _powers(len(text))
    prefix = np.concatenate([np.zeros(1, np.uint32), np.cumsum(text[:-1] * powers[: len(text) - 1], dtype=np.uint32)])
    whole = (prefix[ends] - prefix[begins]) * _inverse_powers(len(text))[begins]
    weight = _word_weights(whole)
    _add(accumulator, whole, _WORD_SEED, weight * np.float32(_WORD_WEIGHT), rows, dim)

    # A word of n characters has n + 3 - k windows of k characters with its two boundaries.
    counts = np.maximum(lengths[:, None] + 3 - np.array(_NGRAM_LENGTHS), 0).sum(axis=1)
    share = (weight * (_NGRAM_WEIGHT / np.sqrt(np.maximum(counts, 1))).astype(np.float32))[owner]
    row = rows[owner]
    # A window may begin at the word's own space and end on the next word's, not beyond.
    room = (ends + 1)[owner] - places
    window = text[:-1].copy()
    power = 1
    for k in range(2, max(_NGRAM_LENGTHS) + 1):
        if len(text) < k:
            break
        power = power * _BASE & 0xFFFFFFFF
        window = window[: len(text) - k + 1] + text[k - 1 :] * np.uint32(power)
        if k in _NGRAM_LENGTHS:
            inside = np.flatnonzero(room[: len(window)] >= k)
            keys = window.take(inside) + np.uint32(k)
            _add(accumulator, keys, _NGRAM_SEED, share.take(inside), row.take(inside), dim)


def _add(
    accumulator: NDArray[np.float64],
    keys: NDArray[np.uint32],
    seed: int,
    weights: NDArray[np.float32],
    rows: NDArray[np.int64],
    dim: int,
) -> None:
    import numpy as np

    mixed = _mixed(keys ^ np.uint32(seed))
    # The lowest bit chooses the sign, which is the highest bit of a number; the upper half the coordinate, scaled
    # without a division.
    signed = (weights.view(np.uint32) ^ ((~mixed & np.uint32(1)) << np.uint32(31))).view(np.float32)
    mixed >>= np.uint32(16)
    mixed *= np.uint32(dim)
    mixed >>= np.uint32(16)
    accumulator += np.bincount(rows + mixed, weights=signed, minlength=len(accumulator))


def _mixed(keys: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Mix bits so that each output bit depends on each input bit (Wellons' lowbias32); overwrites nothing."""
    import numpy as np

    shifted = keys >> np.uint32(16)
    mixed = keys ^ shifted
    mixed *= np.uint32(0x21F0AAAD)
    mixed ^= np.right_shift(mixed, np.uint32(15), out=shifted)
    mixed *= np.uint32(0xD35A2D97)
    mixed ^= np.right_shift(mixed, np.uint32(15), out=shifted)
    return mixed


def _probabilities(count: int) -> NDArray[np.float64]:
    """Share of running text that the word or character of each rank has: Zipf-Mandelbrot, p = c / (rank + q)**s."""
    import numpy as np

    return 0.25 * np.power(np.arange(16, count + 16, dtype=np.float64), -1.05)


@cache
def _character_weights() -> NDArray[np.float32]:
    """Weight of each code point of the basic plane: float32, shape (65536,)."""
    import numpy as np

    weights = np.ones(0x10000, np.float32)
    ranked = [ord(character) for character in FREQUENT_CHARACTERS]
    weights[ranked] = _SMOOTHING / (_SMOOTHING + _probabilities(len(ranked)))
    return weights


@cache
def _frequent_words() -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Sorted hashes of the frequent words, and their weights."""
    import numpy as np

    weight_of: dict[int, float] = {}
    for word, p in zip(FREQUENT_WORDS.split(), _probabilities(len(FREQUENT_WORDS.split())), strict=True):
        term = words.index_terms(word)
        key = sum(ord(c) * pow(_BASE, i, 1 << 32) for i, c in enumerate(" " + term)) & 0xFFFFFFFF
        weight_of.setdefault(key, _SMOOTHING / (_SMOOTHING + p))
    keys = np.array(sorted(weight_of), np.uint32)
    return keys, np.array([weight_of[int(key)] for key in keys], np.float32)


def _word_weights(hashes: NDArray[np.uint32]) -> NDArray[np.float32]:
    import numpy as np

    keys, weights = _frequent_words()
    place = np.minimum(np.searchsorted(keys, hashes), len(keys) - 1)
    return np.where(keys[place] == hashes, weights[place], np.float32(1))


def _powers(count: int) -> NDArray[np.uint32]:
    return _power_table(_BASE, 1 << max(17, (count - 1).bit_length()))[:count]


def _inverse_powers(count: int) -> NDArray[np.uint32]:
    return _power_table(pow(_BASE, -1, 1 << 32), 1 << max(17, (count - 1).bit_length()))[:count]


@cache
def _power_table(base: int, count: int) -> NDArray[np.uint32]:
    """Powers 0 to count - 1 of an odd base modulo 2**32."""
    import numpy as np

    factors = np.full(count, base, np.uint32)
    factors[0] = 1
    return np.multiply.accumulate(factors, dtype=np.uint32)

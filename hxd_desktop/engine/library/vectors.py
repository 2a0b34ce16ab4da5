"""The vectors of one library by chunk id, in up to three layers that are searched together.

At the bottom lies the saved index, mapped: its pages are read as searches need them. It never changes. What was added
since lies in a small index in memory, what was removed since in a set. While all of it is being saved, what is added
goes to a further layer, so that nobody waits.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.library import vectorfile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from usearch.index import Index

# Small indexes are searched exactly, where the graph's quality does not matter.
_EXACT_BELOW = 20_000
_DEAD_SHARE = 0.25  # recall falls as removed entries pile up in the graph: rebuild instead
_ADD_AT_ONCE = 10_000


@dataclass(slots=True)
class _Layer:
    """Some of the vectors. `path`: the file that `index` is a map of. `gone`: removed since it became immutable."""

    index: Index
    path: Path | None = None
    gone: set[int] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self.index) - len(self.gone)

    def holds(self, chunk_id: int) -> bool:
        return chunk_id not in self.gone and chunk_id in self.index

    def ids(self) -> NDArray[np.uint64]:
        import numpy as np

        found = np.asarray(self.index.keys[:], dtype=np.uint64)
        return found[~np.isin(found, _array(self.gone))] if self.gone else found

    def search(self, vector: NDArray[np.float32], limit: int) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
        """Return ids and distances of the nearest, of more than `limit` where that many were removed."""
        import numpy as np

        size = len(self.index)
        asked = limit
        while True:
            matches = self.index.search(vector, min(asked, size), exact=size < _EXACT_BELOW)
            ids, distances = matches.keys.astype(np.uint64), matches.distances.astype(np.float32)
            if not self.gone:
                return ids, distances
            there = np.fromiter((key not in self.gone for key in ids.tolist()), dtype=bool, count=len(ids))
            if there.sum() >= min(limit, len(self)) or asked >= size:
                return ids[there][:limit], distances[there][:limit]
            asked = min(2 * asked + int((~there).sum()), size)


@dataclass(frozen=True, slots=True)
class Frozen:
    """Everything that an index held at change `seq`: its layers, and what was removed of each."""

    seq: int
    layers: tuple[_Layer, ...]
    gone: tuple[frozenset[int], ...]


class VectorIndex:
    """Vectors of one library by chunk id; searched and changed under one lock, from any thread.

    Attributes:
        dim: Length of the vectors.
        seq: The change number up to which the index is complete.
    """

    def __init__(self, dim: int, seq: int = 0) -> None:
        self.dim = dim
        self.seq = seq
        self._layers = [_Layer(vectorfile.new_index(dim))]  # only the last one is added to
        self._lock = threading.Lock()
        self._removed = 0

    def __len__(self) -> int:
        return sum(map(len, self._layers))

    @property
    def worn(self) -> bool:
        """Whether so much was removed that rebuilding is due."""
        removed = self._removed + sum(len(layer.gone) for layer in self._layers)
        return removed > 1000 and removed > _DEAD_SHARE * (len(self) + removed)

    def add(self, ids: NDArray[np.uint64], vectors: NDArray[Any]) -> None:
        """Add vectors (float16 or float32, shape (len(ids), dim)); an id that is there already is replaced."""
        with self._lock:
            if any(len(layer.index) for layer in self._layers):
                self._take_out(map(int, ids))
            self._layers[-1].index.add(ids, vectors)

    def remove(self, ids: Sequence[int]) -> None:
        """Remove vectors; an id that is not there is ignored."""
        with self._lock:
            self._removed += self._take_out(ids)

    def _take_out(self, ids: Iterable[int]) -> int:
        """Remove vectors; return how many were removed from the layer that is added to."""
        *lower, last = self._layers
        present = []
        for chunk_id in ids:
            if chunk_id in last.index:
                present.append(chunk_id)
                continue
            for layer in lower:
                if layer.holds(chunk_id):
                    layer.gone.add(chunk_id)
                    break
        if present:
            last.index.remove(_array(present))
        return len(present)

    def search(self, vector: NDArray[np.float32], limit: int) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
        """Return ids and cosines of the vectors nearest to `vector` (float32, shape (dim,), normalised), best first."""
        import numpy as np

        with self._lock:
            found = [layer.search(vector, limit) for layer in self._layers if len(layer)]
        if not found:
            return np.empty(0, np.uint64), np.empty(0, np.float32)
        ids, distances = found[0]
        if len(found) > 1:
            ids = np.concatenate([one for one, _ in found])
            distances = np.concatenate([one for _, one in found])
            best = np.argsort(distances, kind="stable")[:limit]
            ids, distances = ids[best], distances[best]
        return ids, (1.0 - distances).astype(np.float32)

    def ids(self) -> NDArray[np.uint64]:
        """Return all ids, in no order."""
        import numpy as np

        with self._lock:
            return np.concatenate([layer.ids() for layer in self._layers])

    # -- files -------------------------------------------------------------------------------------

    def freeze(self) -> Frozen:
        """Return what the index holds now, to be saved by `save_frozen`; what is added from now on goes elsewhere."""
        with self._lock:
            if len(self._layers[-1].index):
                self._layers.append(_Layer(vectorfile.new_index(self.dim)))
            layers = tuple(self._layers[:-1])
            return Frozen(self.seq, layers, tuple(frozenset(layer.gone) for layer in layers))

    def save_frozen(self, frozen: Frozen, meta: Path) -> None:
        """Save as `meta` (JSON) and a vectors file beside it, and map it; others search and add meanwhile.

        A crash at any instant leaves the old or the new one.

        Raises:
            StorageError: they cannot be written; the index is as good as before.
        """
        whole, removed = self._merged(frozen)
        path = vectorfile.write(meta, whole, frozen.seq, self.dim)
        bottom = _Layer(whole)
        if len(whole) >= vectorfile.MAPPED_FROM:
            bottom = _Layer(vectorfile.mapped(path, self.dim), path)
        with self._lock:
            above = [layer for layer in self._layers if not any(layer is one for one in frozen.layers)]
            for layer, before in zip(frozen.layers, frozen.gone, strict=True):
                bottom.gone |= layer.gone - before
            self._layers = [bottom, *above]
            self._removed = removed
            if bottom.path is None and not bottom.gone and not any(len(layer.index) for layer in above):
                self._layers = [bottom]  # all of it is in memory: it can go on being added to

    def _merged(self, frozen: Frozen) -> tuple[Index, int]:
        """Return one index of all that is frozen, and how many removed entries its graph still has."""
        if not frozen.layers:
            return vectorfile.new_index(self.dim), 0
        bottom, *others = frozen.layers
        if bottom.path is not None and not others and not frozen.gone[0]:
            return bottom.index, self._removed  # nothing has changed
        removed = self._removed
        if bottom.path is not None:
            whole = vectorfile.loaded(bottom.path, self.dim)
        elif others or frozen.gone[0]:
            whole = bottom.index.copy()
        else:
            whole = bottom.index
        if frozen.gone[0]:
            whole.remove(_array(frozen.gone[0]))
            removed += len(frozen.gone[0])
        for layer, gone in zip(others, frozen.gone[1:], strict=True):
            keys = [int(key) for key in layer.index.keys[:] if int(key) not in gone]
            for i in range(0, len(keys), _ADD_AT_ONCE):
                some = _array(keys[i : i + _ADD_AT_ONCE])
                whole.add(some, _matrix(layer.index, some))
        return whole, removed

    def save(self, meta: Path) -> None:
        """Save as `save_frozen` does, all at once."""
        self.save_frozen(self.freeze(), meta)

    @classmethod
    def load(cls, meta: Path, dim: int) -> VectorIndex | None:
        """Open a saved index, or return None where it is missing, damaged or of another shape (to be rebuilt)."""
        saved = vectorfile.read(meta, dim)
        if saved is None:
            return None
        index = cls(dim, saved.seq)
        bottom = _Layer(saved.index, saved.path)
        index._layers = [bottom] if saved.path is None else [bottom, *index._layers]
        return index


def _array(ids: Iterable[int]) -> NDArray[np.uint64]:
    import numpy as np

    return np.fromiter(ids, dtype=np.uint64)


def _matrix(index: Index, ids: NDArray[np.uint64]) -> NDArray[np.float16]:
    import numpy as np

    return np.stack(index.get(ids))

"""A USearch index on disk: saved whole or not at all, checked before it is opened, never the truth.

A saved index is two files: the vectors under a name that holds the change number up to which they are complete,
and a small JSON file, replaced last, that names them with their size and checksum. Whatever is wrong with either, the
index is rebuilt from the database.
"""

from __future__ import annotations

import json
import logging
import threading
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.durable import put_in_place, replace_file
from hxd_desktop.engine.errors import StorageError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from usearch.index import Index

log = logging.getLogger(__name__)

# Graph parameters: measured on built-in vectors, see docs/decisions. Small indexes are searched exactly, where
# the graph's quality does not matter.
_CONNECTIVITY = 16
_EXPANSION_ADD = 40
_EXPANSION_SEARCH = 96
_EXACT_BELOW = 20_000
_DEAD_SHARE = 0.25  # recall falls as removed entries pile up in the graph: rebuild instead
_READ_BYTES = 1 << 20


def _new_index(dim: int) -> Index:
    # usearch and onnxruntime must not meet in one process (it crashes): ONNX models run in a worker.
    from usearch.index import Index

    return Index(
        ndim=dim,
        metric="ip",
        dtype="f16",
        connectivity=_CONNECTIVITY,
        expansion_add=_EXPANSION_ADD,
        expansion_search=_EXPANSION_SEARCH,
    )


def crc32_of(path: Path) -> int:
    """Return the CRC-32 of a file's bytes."""
    value = 0
    with open(path, "rb") as stream:
        while block := stream.read(_READ_BYTES):
            value = zlib.crc32(block, value)
    return value


def is_whole(meta: Path) -> bool:
    """Whether a saved index is there, with a file of the right size; its content is checked when it is opened."""
    try:
        description = json.loads(meta.read_text(encoding="utf-8"))
        return bool(meta.with_name(description["file"]).stat().st_size == description["bytes"])
    except (OSError, ValueError, KeyError, TypeError):
        return False


class VectorIndex:
    """Vectors of one library by chunk id; searched and changed under one lock, from any thread.

    Attributes:
        dim: Length of the vectors.
        seq: The change number up to which the index is complete.
    """

    def __init__(self, dim: int, seq: int = 0) -> None:
        self.dim = dim
        self.seq = seq
        self._index = _new_index(dim)
        self._lock = threading.Lock()
        self._removed = 0

    def __len__(self) -> int:
        return len(self._index)

    @property
    def worn(self) -> bool:
        """Whether so much was removed that rebuilding is due."""
        return self._removed > 1000 and self._removed > _DEAD_SHARE * (len(self._index) + self._removed)

    def add(self, ids: NDArray[np.uint64], vectors: NDArray[Any]) -> None:
        """Add vectors (float16 or float32, shape (len(ids), dim)); an id that is there already is replaced."""
        with self._lock:
            # A fresh id needs no look: ids rise and are never reused.
            known = [int(i) for i in ids if i in self._index] if len(self._index) else []
            if known:
                self._index.remove(known)
            self._index.add(ids, vectors)

    def remove(self, ids: Sequence[int]) -> None:
        """Remove vectors; an id that is not there is ignored."""
        import numpy as np

        with self._lock:
            present = [i for i in ids if i in self._index]
            if present:
                self._index.remove(np.array(present, dtype=np.uint64))
                self._removed += len(present)

    def search(self, vector: NDArray[np.float32], limit: int) -> tuple[NDArray[np.uint64], NDArray[np.float32]]:
        """Return ids and cosines of the vectors nearest to `vector` (float32, shape (dim,), normalised), best first."""
        import numpy as np

        with self._lock:
            size = len(self._index)
            if not size:
                return np.empty(0, np.uint64), np.empty(0, np.float32)
            matches = self._index.search(vector, min(limit, size), exact=size < _EXACT_BELOW)
        return matches.keys.astype(np.uint64), (1.0 - matches.distances).astype(np.float32)

    def ids(self) -> NDArray[np.uint64]:
        """Return all ids, in no order."""
        import numpy as np

        with self._lock:
            return np.asarray(self._index.keys[:], dtype=np.uint64)

    # -- files -------------------------------------------------------------------------------------

    def save(self, meta: Path) -> None:
        """Save as `meta` (JSON) and a vectors file beside it; a crash at any instant leaves the old or the new one.

        Raises:
            StorageError: they cannot be written.
        """
        target = meta.with_name(f"{meta.stem}.{self.seq}.usearch")
        aside = target.with_suffix(".new")
        try:
            self._save(meta, target, aside)
        except (OSError, RuntimeError) as error:
            aside.unlink(missing_ok=True)
            raise StorageError(
                "The vector index cannot be saved",
                f"{meta.parent}: {error}.",
                "Free some space, or check the permissions of the data directory; nothing is lost.",
                meta.parent,
            ) from error

    def _save(self, meta: Path, target: Path, aside: Path) -> None:
        with self._lock:
            self._index.save(str(aside))
            count = len(self._index)
        aside.chmod(0o600)
        description = {
            "file": target.name,
            "seq": self.seq,
            "dim": self.dim,
            "count": count,
            "bytes": aside.stat().st_size,
            "crc32": crc32_of(aside),
        }
        put_in_place(aside, target)
        replace_file(meta, json.dumps(description).encode())
        for old in meta.parent.glob(f"{meta.stem}.*"):  # also what an interrupted save left
            if old not in (target, meta):
                old.unlink(missing_ok=True)

    @classmethod
    def load(cls, meta: Path, dim: int) -> VectorIndex | None:
        """Open a saved index, or return None where it is missing, damaged or of another shape (to be rebuilt)."""
        try:
            description = json.loads(meta.read_text(encoding="utf-8"))
            path = meta.with_name(description["file"])
            if description["dim"] != dim or path.stat().st_size != description["bytes"]:
                raise ValueError("another shape or size")
            # Checked before USearch sees it: a damaged file makes it hang or crash.
            if crc32_of(path) != description["crc32"]:
                raise ValueError("wrong checksum")
            index = cls(dim, int(description["seq"]))
            index._index.load(str(path))
            if len(index._index) != description["count"]:
                raise ValueError("wrong number of vectors")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            log.warning("the vector index %s is not used: %s", meta.name, error)
            return None
        return index

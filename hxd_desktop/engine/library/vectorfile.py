"""A USearch index on disk: written whole or not at all, looked at before it is opened, never the truth.

It is two files: the vectors under a name that holds the change number up to which they are complete, and a small JSON
file, replaced last, that names them with their size, checksum and the file system's mark of them. Whatever is wrong
with either, the index is rebuilt from the database.
"""

from __future__ import annotations

import contextlib
import json
import logging
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hxd_desktop.engine.durable import put_in_place, replace_file
from hxd_desktop.engine.errors import StorageError

if TYPE_CHECKING:
    from usearch.index import Index

log = logging.getLogger(__name__)

# Graph parameters: measured on built-in vectors, see docs/decisions.
_CONNECTIVITY = 16
_EXPANSION_ADD = 40
_EXPANSION_SEARCH = 96
_READ_BYTES = 1 << 20
_HEAD_BYTES = 8  # of a saved index: number of rows, bytes of each; the vectors follow in the order of their places
_ROWS_AT_ONCE = 16_384
# Smaller ones are read into memory in no time; a map would only hold their file.
MAPPED_FROM = 20_000


class SavedIndex(NamedTuple):
    """An opened index, complete up to change `seq`; `path`: the file that it is a map of, None: it is in memory."""

    index: Index
    seq: int
    path: Path | None


def new_index(dim: int) -> Index:
    """Return an empty index for vectors of length `dim`."""
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


def count_of(meta: Path) -> int | None:
    """Return how many vectors a saved index holds; None where it is not there or its file is of another size."""
    try:
        description = json.loads(meta.read_text(encoding="utf-8"))
        whole = meta.with_name(description["file"]).stat().st_size == description["bytes"]
        return int(description["count"]) if whole else None
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return None


def is_sound(meta: Path) -> bool:
    """Whether a saved index is whole to the last bit; reads all of it."""
    try:
        description = json.loads(meta.read_text(encoding="utf-8"))
        path = meta.with_name(description["file"])
        return bool(path.stat().st_size == description["bytes"] and crc32_of(path) == description["crc32"])
    except (OSError, ValueError, KeyError, TypeError, RuntimeError):
        return False


def write(meta: Path, index: Index, seq: int, dim: int) -> Path:
    """Save an index, complete up to change `seq`, as `meta` (JSON) and a vectors file beside it; return the latter.

    A crash at any instant leaves the old or the new one.

    Raises:
        StorageError: they cannot be written.
    """
    target = meta.with_name(f"{meta.stem}.{seq}.usearch")
    number = 1
    while target.exists():  # never in place of one that somebody may have mapped: Windows forbids it
        target = meta.with_name(f"{meta.stem}.{seq}-{number}.usearch")
        number += 1
    aside = target.with_suffix(".new")
    try:
        _write(meta, target, aside, index, seq, dim)
    except (OSError, RuntimeError) as error:
        aside.unlink(missing_ok=True)
        raise StorageError(
            "The vector index cannot be saved",
            f"{meta.parent}: {error}.",
            "Free some space, or check the permissions of the data directory; nothing is lost.",
            meta.parent,
        ) from error
    return target


def _write(meta: Path, target: Path, aside: Path, index: Index, seq: int, dim: int) -> None:
    index.save(str(aside))
    aside.chmod(0o600)
    blank_removed(aside, index)
    description = {
        "file": target.name,
        "seq": seq,
        "dim": dim,
        "count": len(index),
        "bytes": aside.stat().st_size,
        "crc32": crc32_of(aside),
        "mark": _mark(aside),
    }
    put_in_place(aside, target)
    replace_file(meta, json.dumps(description).encode())
    for old in meta.parent.glob(f"{meta.stem}.*"):  # also what an interrupted save left
        if old not in (target, meta):
            # One that is mapped cannot be removed on Windows: the next save tries again.
            with contextlib.suppress(OSError):
                old.unlink()


def blank_removed(saved: Path, index: Index) -> None:
    """Overwrite in a file that `index` was saved to the vectors of removed entries, which USearch keeps as waypoints.

    They say something of the text that they were made of. What is found is as good without them (measured with a fifth
    of 30,000 removed: recall .9967, .9970 with them).
    """
    import numpy as np

    rows, width = (int(number) for number in np.fromfile(saved, np.uint32, 2))
    if rows == len(index) or not rows:
        return
    if width != index.ndim * 2 or width % 8 or saved.stat().st_size < _HEAD_BYTES + rows * width:
        log.warning("removed vectors stay in %s until the index is rebuilt: its form is not known", saved.name)
        return
    odd = np.random.default_rng(0).integers(1, 2**63, size=width // 8, dtype=np.uint64) | np.uint64(1)
    matrix = np.memmap(saved, np.uint64, "r+", _HEAD_BYTES, (rows, width // 8))
    live = []
    keys = index.keys[:]
    for at in range(0, len(keys), _ROWS_AT_ONCE):
        vectors = np.array(index.get(keys[at : at + _ROWS_AT_ONCE]), dtype=np.float16)
        live.append((vectors.view(np.uint64) * odd).sum(axis=1, dtype=np.uint64))
    kept = np.concatenate(live) if live else np.empty(0, np.uint64)
    for at in range(0, rows, _ROWS_AT_ONCE):
        piece = matrix[at : at + _ROWS_AT_ONCE]
        gone = ~np.isin((piece * odd).sum(axis=1, dtype=np.uint64), kept)
        piece[gone] = 0
    matrix.flush()


def _mark(path: Path) -> list[int]:
    """What the file system says of a file that nobody has touched: it changes with its content, place and copies."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ino]


def read(meta: Path, dim: int) -> SavedIndex | None:
    """Open a saved index, or return None where it is missing, damaged or of another shape (to be rebuilt).

    A large one is mapped, and is not to be changed: USearch crashes on it. Its checksum is left alone as long as the
    file system says that it is the very file that was saved; `is_sound` looks at it in any case.
    """
    try:
        description = json.loads(meta.read_text(encoding="utf-8"))
        path = meta.with_name(description["file"])
        if description["dim"] != dim or path.stat().st_size != description["bytes"]:
            raise ValueError("another shape or size")
        mapped = description["count"] >= MAPPED_FROM
        # Checked before USearch sees it: a damaged file makes it hang or crash.
        if not (mapped and description.get("mark") == _mark(path)) and crc32_of(path) != description["crc32"]:
            raise ValueError("wrong checksum")
        index = new_index(dim)
        opening: Callable[[str], Any] = index.view if mapped else index.load
        opening(str(path))
        if len(index) != description["count"]:
            raise ValueError("wrong number of vectors")
        return SavedIndex(index, int(description["seq"]), path if mapped else None)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        log.warning("the vector index %s is not used: %s", meta.name, error)
        return None


def mapped(path: Path, dim: int) -> Index:
    """Map a vectors file that was just written."""
    index = new_index(dim)
    index.view(str(path))
    return index


def loaded(path: Path, dim: int) -> Index:
    """Read a vectors file that is known to be whole into memory, so that it can be changed."""
    index = new_index(dim)
    index.load(str(path))
    return index

"""A model's files, copied to where the models are kept."""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models import identify
from hxd_desktop.engine.models.stored import ModelFile, StoredModel

Progress = Callable[[int, int], None]

_BLOCK_BYTES = 1 << 20
_TOLD_EVERY_S = 0.1
_SPARE_BYTES = 64 << 20  # left free on the disk after a copy


def check_space(candidate: identify.Candidate, target: Path) -> None:
    """Raise ModelError where the disk of the folder `target`, which need not be there yet, has no room for a model."""
    place = next(folder for folder in (target, *target.parents) if folder.exists())
    try:
        needed = sum(source.stat().st_size for source in candidate.files.values())
        free = shutil.disk_usage(place).free
    except OSError as error:
        raise not_written(place, error) from error
    if free < needed + _SPARE_BYTES:
        raise ModelError(
            "Not enough room on the disk",
            f"The model takes {needed / 1e9:.1f} GB; {free / 1e9:.1f} GB are free at {place}.",
            "Free some space, or move the data directory with --data-dir.",
            place,
        )


def copy(
    candidate: identify.Candidate, aside: Path, link: bool, progress: Progress | None, cancel: CancelToken | None
) -> StoredModel:
    """Copy a model's files into the folder `aside`, with their SHA-256; the model has no id yet, and is unverified.

    Args:
        candidate: what was recognised.
        aside: an empty folder on the disk where the model is going to stay.
        link: let large files be the same on the disk, where that can be done.
        progress: told the bytes copied and the bytes in all.
        cancel: stops between two blocks.

    Raises:
        OSError: a file cannot be read or written.
        Cancelled: `cancel` was set.
    """
    total = sum(source.stat().st_size for source in candidate.files.values())
    done, told_at = 0, 0.0
    files = []
    for name, source in candidate.files.items():
        target = aside / name
        target.parent.mkdir(parents=True, exist_ok=True)
        linked = link and _linked(source, target)
        digest, size = hashlib.sha256(), 0
        with open(source, "rb") as reader, open(os.devnull if linked else target, "wb") as writer:
            while block := reader.read(_BLOCK_BYTES):
                if cancel is not None:
                    cancel.check()
                writer.write(block)
                digest.update(block)
                size += len(block)
                done += len(block)
                if progress is not None and (done == total or time.monotonic() - told_at >= _TOLD_EVERY_S):
                    told_at = time.monotonic()
                    progress(done, total)
        files.append(ModelFile(name, size, digest.hexdigest()))
    lines = "\n".join(f"{file.path} {file.sha256}" for file in sorted(files, key=lambda file: file.path))
    imported = hashlib.sha256(lines.encode()).hexdigest()
    return StoredModel("", "", candidate.name, aside, candidate.main, tuple(files), verified=False, source=imported)


def _linked(source: Path, target: Path) -> bool:
    """Make `target` the same file as `source` where that can be done; JSON files are changed later and never are."""
    if source.suffix == ".json":
        return False
    try:
        os.link(source, target)
    except OSError:  # another disk, or a file system without links
        return False
    return True


def not_written(place: Path, error: OSError) -> ModelError:
    """Return the error to show where a model could not be copied to `place`."""
    return ModelError(
        "The model cannot be copied",
        f"{error.filename or place}: {error.strerror or error}.",
        "Check the permissions and the free space of the data directory, and that the file can be read.",
        place,
    )

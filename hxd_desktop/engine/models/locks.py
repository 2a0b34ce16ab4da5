"""Locks between processes for the folder of models, which needs no writer lock: indexing goes on beside a download."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import ModelError

IMPORT_WAIT_S = 600.0  # another import copies and tries out some gigabytes, then it is this one's turn
_LOOK_S = 0.1


@contextmanager
def import_lock(folder: Path, cancel: CancelToken | None = None) -> Iterator[None]:
    """Hold the right to put models into `folder` or take them out; waits for another process that does.

    Raises:
        ModelError: it took too long.
        Cancelled: `cancel` was set.
        OSError: the lock cannot be made.
    """
    with _held(folder, "import", IMPORT_WAIT_S, cancel) as got:
        if not got:
            raise ModelError(
                "Another model is being imported",
                "Another copy of HXD Desktop has been at it for long.",
                "Wait until it is done, or end that copy.",
                folder,
            )
        yield


@contextmanager
def download_lock(folder: Path, model_id: str) -> Iterator[None]:
    """Hold the right to fetch one model into `folder`.

    Raises:
        ModelError: somebody fetches it just now.
        OSError: the lock cannot be made.
    """
    with _held(folder, f"download-{model_id}", 0.0, None) as got:
        if not got:
            raise ModelError(
                "The model is being downloaded already",
                f"Another copy of HXD Desktop, or another window of this one, fetches {model_id} just now.",
                "Wait until that is done, or cancel it there.",
                folder,
            )
        yield


@contextmanager
def _held(folder: Path, name: str, wait_s: float, cancel: CancelToken | None) -> Iterator[bool]:
    from filelock import FileLock, Timeout

    # Beside the folder: what lies in it is a model.
    place = folder.parent / "locks"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = FileLock(str(place / f"{name}.lock"), timeout=0, mode=0o600, thread_local=False)
    until = time.monotonic() + wait_s
    while True:
        try:
            lock.acquire()
            break
        except Timeout:
            if time.monotonic() >= until:
                yield False
                return
        token = cancel or CancelToken()
        token.wait(_LOOK_S)
        token.check()
    try:
        yield True
    finally:
        lock.release()

"""The lock that makes one process the writer of a data directory."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.paths import DataDirectory

if TYPE_CHECKING:
    from filelock import FileLock


_CLOCK_S = 5.0  # start-up times are told to the second or so


class WriterLock:
    """Held while a process may write; the system frees it when the process ends, however it ends.

    Raises:
        StorageError: another running copy holds it; its process id is named.
    """

    def __init__(self, directory: DataDirectory) -> None:
        from filelock import FileLock, Timeout

        self._pid_file = directory.writer_lock.with_suffix(".pid")
        # Not of one thread: whoever closes the library may be another than who opened it.
        self._lock: FileLock = FileLock(str(directory.writer_lock), timeout=0, mode=0o600, thread_local=False)
        try:
            self._lock.acquire()
        except Timeout as error:
            pid = writer_pid(directory)
            raise StorageError(
                "HXD Desktop is already running on this data directory",
                f"Process {pid or 'of another copy'} writes to {directory.root}.",
                "Use that copy, close it, or choose another data directory with --data-dir.",
                directory.root,
            ) from error
        except OSError as error:
            raise StorageError(
                "The data directory cannot be written",
                f"{directory.writer_lock}: {error.strerror or error}.",
                "Correct its permissions, or choose another data directory with --data-dir.",
                directory.root,
            ) from error
        # Told to whoever comes second; on a full disk the lock holds without it.
        with contextlib.suppress(OSError):
            descriptor = os.open(self._pid_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "w", encoding="ascii") as stream:
                stream.write(str(os.getpid()))

    def release(self) -> None:
        """Let another process write."""
        with contextlib.suppress(OSError):
            self._pid_file.unlink(missing_ok=True)
        self._lock.release()


def writer_pid(directory: DataDirectory) -> int | None:
    """Return the process id that the writer left, or None where nobody writes."""
    file = directory.writer_lock.with_suffix(".pid")
    try:
        pid = int(file.read_text(encoding="ascii"))
        written = file.stat().st_mtime
    except (OSError, ValueError):
        return None
    import psutil

    try:
        # A process that began later has been given the number of one that was killed.
        return pid if pid > 0 and psutil.Process(pid).create_time() <= written + _CLOCK_S else None
    except psutil.NoSuchProcess:
        return None
    except (psutil.Error, OverflowError):
        return pid

"""Where the engine's log goes: a file in the data directory, or standard error while debugging."""

from __future__ import annotations

import contextlib
import logging
import logging.handlers
import os
import sys
from collections.abc import Iterator
from io import TextIOWrapper

from hxd_desktop.engine.paths import DataDirectory

FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s"
MAX_BYTES = 1_000_000


class _PrivateFile(logging.handlers.RotatingFileHandler):
    """A log that others cannot read, also where its folder is open to them."""

    def _open(self) -> TextIOWrapper:
        stream = super()._open()
        os.chmod(self.baseFilename, 0o600)
        return stream

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - overridden
        """Leave out what cannot be written: whoever met the fault tells it, without a traceback of ours on top."""

    def close(self) -> None:
        """Close also where the rest cannot be written."""
        with contextlib.suppress(OSError):
            super().close()


@contextlib.contextmanager
def logging_to(directory: DataDirectory) -> Iterator[None]:
    """Keep warnings and faults in `logs/hxd.log`; with HXD_DEBUG also show them on standard error.

    Standard error is for what a person has to know; commands say that themselves.
    """
    handlers: list[logging.Handler] = [logging.NullHandler()]  # else Python would print what no handler takes
    if directory.logs.is_dir():
        handlers.append(
            _PrivateFile(directory.logs / "hxd.log", maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8", delay=True)
        )
    if os.environ.get("HXD_DEBUG"):
        handlers.append(logging.StreamHandler(sys.stderr))
    root = logging.getLogger()
    for handler in handlers:
        handler.setLevel(logging.WARNING)
        handler.setFormatter(logging.Formatter(FORMAT))
        root.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()

"""Where a bundle starts: the command, or, called as the engine calls it, one of its worker processes."""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping, Sequence

WORKER = "--hxd-worker"  # as hxd_desktop.engine.workers.process calls a frozen application
_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")


def restore(environment: MutableMapping[str, str]) -> None:
    """Give other programs (LibreOffice, the browser) the library paths that stood before the bundle started.

    The bundle's own libraries are found all the same: the linker read its paths when this process began. A worker,
    which is the same program, is told to set them for itself: it would think that it has inherited them.
    """
    for name in _LIBRARY_PATHS:
        before = environment.pop(f"{name}_ORIG", None)
        if before is not None:
            environment[name] = before
        elif name in environment and getattr(sys, "frozen", False):
            del environment[name]
    environment["PYINSTALLER_RESET_ENVIRONMENT"] = "1"


def main(arguments: Sequence[str]) -> int:
    """Run a worker process or the command `hxd`; return the exit status."""
    if sys.stdout is None or sys.stderr is None:  # a Windows program without a console has neither
        sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for as long as it runs
        sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115
    restore(os.environ)
    if list(arguments[:1]) == [WORKER]:
        from hxd_desktop.engine.workers.__main__ import main as work

        return work(list(arguments[1:]))
    from hxd_desktop.cli import main as command

    return command(list(arguments))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

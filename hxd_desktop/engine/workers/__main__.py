"""The start of every worker process: `python -m hxd_desktop.engine.workers KIND [MEMORY_BYTES]`."""

from __future__ import annotations

import importlib
import os
import signal
import sys

from hxd_desktop.engine.workers.channel import Channel, ChannelClosed

KINDS = {
    "parser": "hxd_desktop.engine.documents.worker",
    "ocr": "hxd_desktop.engine.documents.ocr.worker",
    "pages": "hxd_desktop.engine.documents.page_worker",
    "onnx": "hxd_desktop.engine.models.onnx_worker",
    "gguf": "hxd_desktop.engine.models.gguf_worker",
    "llm": "hxd_desktop.engine.models.llm_worker",
}


def _limit_memory(size: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the parent watches the size instead
        return
    try:
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ValueError, OSError) as error:  # macOS refuses some limits: the parent's watch remains
        sys.stderr.write(f"memory limit not set: {error}\n")


def main(argv: list[str] | None = None) -> int:
    """Serve one kind of work until the parent closes the pipe."""
    arguments = sys.argv[1:] if argv is None else argv
    kind = arguments[0]
    if len(arguments) > 1 and int(arguments[1]) > 0:
        _limit_memory(int(arguments[1]))
    # Ctrl-C reaches the whole group; the parent decides when a worker ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Libraries print to file descriptor 1: move the pipe away from it, so that they cannot break the frames.
    frames = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    channel = Channel(os.fdopen(os.dup(0), "rb"), frames)
    module = importlib.import_module(KINDS[kind])
    try:
        module.main(channel)
    except ChannelClosed:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

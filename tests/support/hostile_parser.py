"""The real parser process, in which some names of files do what hostile files would.

`python tests/support/hostile_parser.py parser [MEMORY_BYTES]`
"""

from __future__ import annotations

import os
import signal
import sys
import time
from unittest import mock

from hxd_desktop.engine.documents import parse as opened
from hxd_desktop.engine.documents import worker
from hxd_desktop.engine.documents.parse import parse_file
from hxd_desktop.engine.workers import __main__ as start


def hoard(*_: object) -> bytes:
    return b"".join([bytes(16 << 20) for _ in range(10_000)])


def parse(path: str, *arguments: object, **more: object) -> dict[str, object]:
    name = os.path.basename(path)
    if name.startswith("crash"):
        os._exit(11)
    if name.startswith("segfault"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("blowup"):
        with mock.patch.object(opened, "read_bytes", hoard):  # as what is read of the file unfolds
            return parse_file(path, *arguments, **more)  # type: ignore[arg-type]
    if name.startswith("lie"):  # as one that a document has taken over might answer
        return {"state": "indexed", "reason": "", "text": "short", "chunks": [[0, 10**12, None, "h"]], "keys": [1]}
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("print"):
        os.write(1, b"a parser prints")
    return parse_file(path, *arguments, **more)  # type: ignore[arg-type]


if __name__ == "__main__":
    worker.parse_file = parse  # type: ignore[assignment]
    sys.exit(start.main())

"""The real parser process, in which some names of files do what hostile files would.

`python tests/support/hostile_parser.py parser [MEMORY_BYTES]`
"""

from __future__ import annotations

import os
import sys
import time

from hxd_desktop.engine.documents import worker
from hxd_desktop.engine.documents.parse import parse_file
from hxd_desktop.engine.workers import __main__ as start


def parse(path: str, *arguments: object, **more: object) -> dict[str, object]:
    name = os.path.basename(path)
    if name.startswith("crash"):
        os._exit(11)
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("print"):
        os.write(1, b"a parser prints")
    return parse_file(path, *arguments, **more)  # type: ignore[arg-type]


if __name__ == "__main__":
    worker.parse_file = parse  # type: ignore[assignment]
    sys.exit(start.main())

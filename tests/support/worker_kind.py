"""A worker that does as it is told, run by the same start as every other kind.

`python tests/support/worker_kind.py KIND [MEMORY_BYTES]` adds the kind "told" and serves it.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Any

from hxd_desktop.engine.workers import __main__ as start
from hxd_desktop.engine.workers.channel import Channel


def main(channel: Channel) -> None:
    while True:
        channel.send(do(channel.receive(), channel))


def do(told: dict[str, Any], channel: Channel) -> dict[str, Any]:
    match told["do"]:
        case "echo":
            return told
        case "pid":
            return {"pid": os.getpid()}
        case "exit":
            os._exit(told["status"])
        case "raise":
            raise RuntimeError("a bug")
        case "hang":
            while True:
                time.sleep(60)
        case "eat":
            try:
                return {"size": len(b"x" * told["bytes"])}
            except MemoryError:
                return {"error": "MemoryError"}
        case "count":
            for n in range(told["to"]):
                channel.send({"n": n})
            return {"n": told["to"]}
        case "print":
            print("a library speaks", flush=True)  # noqa: T201
            os.write(1, b"and writes to descriptor 1")
            return {"printed": True}
        case "garbage":
            os.write(told["descriptor"], b"\xff" * 100)
            return {}
    raise AssertionError(told)


if __name__ == "__main__":
    sys.modules["worker_kind"] = sys.modules["__main__"]
    start.KINDS["told"] = "worker_kind"
    sys.exit(start.main())

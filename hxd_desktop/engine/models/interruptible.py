"""A request over HTTP that a cancel ends at once, also while nothing comes."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx

    from hxd_desktop.engine.cancel import CancelToken


@contextmanager
def interruptible(
    client: httpx.Client, method: str, url: str, cancel: CancelToken, **request: Any
) -> Iterator[httpx.Response]:
    """A streamed response whose connection is shut when `cancel` is used: a read that waits ends with an error.

    Args:
        client: Keeps no connection for later, since one that was shut cannot be used again.
        method: What is asked.
        url: Of whom.
        cancel: Not looked at otherwise; the caller tells an error of its own making from another by it.
        request: As for `httpx.Client.stream`, without extensions.
    """
    connections: list[Any] = []

    def note(event: str, info: dict[str, Any]) -> None:
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            connections.append(info["return_value"])
            if cancel.cancelled:
                shut()

    def shut() -> None:
        for connection in connections[-1:]:
            with contextlib.suppress(OSError, AttributeError):
                connection.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    forget = cancel.on_cancel(shut)
    try:
        with client.stream(method, url, extensions={"trace": note}, **request) as response:
            yield response
    finally:
        forget()

"""One small file over HTTPS, with limits of time and size."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.models.interruptible import interruptible
from hxd_desktop.engine.updates.addresses import is_here, is_usable, origin

if TYPE_CHECKING:
    import httpx

CONNECT_S, SILENCE_S, WHOLE_S = 10.0, 10.0, 20.0
MOST_BYTES = 1 << 20
_MOST_REDIRECTS = 3


class NotFetched(Exception):  # noqa: N818 - an outcome that is told quietly
    """A file did not come; the text says why, in a few words."""


def fetch(address: str, cancel: CancelToken) -> bytes:
    """Return what stands at an address.

    Nothing is sent but the request itself, which does not say which version asks. A redirect is followed on the
    same host alone. What takes longer than `WHOLE_S` or is larger than `MOST_BYTES` is given up.

    Raises:
        NotFetched: it did not come.
        Cancelled: `cancel` was set.
    """
    import httpx

    if not is_usable(address):
        raise NotFetched("its address is not an https address")
    limit = CancelToken(cancel)
    timer = threading.Timer(WHOLE_S, limit.cancel)
    timer.daemon = True
    timer.start()
    try:
        with httpx.Client(
            timeout=httpx.Timeout(SILENCE_S, connect=CONNECT_S),
            limits=httpx.Limits(max_keepalive_connections=0),
            headers={"User-Agent": "hxd-desktop", "Accept": "application/json", "Accept-Encoding": "identity"},
            trust_env=not is_here(address),  # no proxy between two programs of one machine
        ) as client:
            return _followed(client, address, limit)
    except httpx.HTTPError as error:
        raise NotFetched(_said(error, late=limit.cancelled)) from error
    finally:
        timer.cancel()
        timer.join()
        cancel.check()  # whatever else is said of a request that was stopped


def _followed(client: httpx.Client, address: str, limit: CancelToken) -> bytes:
    for _ in range(_MOST_REDIRECTS + 1):
        with interruptible(client, "GET", address, limit) as response:
            if response.next_request is None:
                return _body(response, limit)
            target = str(response.next_request.url)
        if not is_usable(target) or origin(target) != origin(address):
            raise NotFetched("it sends on to another host")
        address = target
    raise NotFetched("it sends on again and again")


def _body(response: httpx.Response, limit: CancelToken) -> bytes:
    if response.status_code != 200:
        raise NotFetched(f"it answers with status {response.status_code}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise NotFetched("it sends something packed")
    body = bytearray()
    for block in response.iter_raw():
        body += block
        if len(body) > MOST_BYTES:
            raise NotFetched("it is too large")
        if limit.cancelled:
            break
    if limit.cancelled:  # a body without a length looks whole where its connection was shut
        raise NotFetched("it takes too long")
    return bytes(body)


def _said(error: httpx.HTTPError, *, late: bool) -> str:
    import httpx

    if late or isinstance(error, httpx.TimeoutException):
        return "it takes too long"
    if isinstance(error, httpx.ConnectError):
        return "it cannot be reached"
    return "the connection broke off"

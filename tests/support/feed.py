"""A feed of releases on this machine, honest or hostile."""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.http_server import Quiet, serving


@dataclass
class Feed:
    """What the server says; tests change it while it runs.

    `redirects`: for the next requests, where each is sent on to. `drip`: it sends a byte at a time, without an end.
    `hang`: it says nothing until `release`.
    """

    body: bytes = b"{}"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    redirects: list[str] = field(default_factory=list)
    drip: bool = False
    hang: bool = False
    requests: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    @property
    def url(self) -> str:
        return f"{self.address}/releases"

    def say(self, value: Any) -> None:
        self.body = json.dumps(value).encode()


@contextmanager
def running() -> Iterator[Feed]:
    """Serve a feed until the block ends."""
    feed = Feed()

    class Handler(_Handler):
        state = feed

    with serving(Handler) as feed.address:
        try:
            yield feed
        finally:
            feed.release.set()


class _Handler(Quiet, BaseHTTPRequestHandler):
    state: Feed
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        feed = self.state
        feed.requests.append((self.path, dict(self.headers)))
        self.close_connection = True
        if feed.hang:
            feed.release.wait(30)
            return
        if feed.redirects:
            self.send_response(302)
            self.send_header("Location", feed.redirects.pop(0))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(feed.status)
        for name, value in feed.headers.items():
            self.send_header(name, value)
        if not feed.drip:
            self.send_header("Content-Length", str(len(feed.body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # the client has had enough
            while feed.drip and not feed.release.wait(0.005):
                self.wfile.write(b" ")
            self.wfile.write(feed.body)

"""A model hub on this machine: real HTTP with ranges, redirects, and every fault that a hub or a line may have."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from urllib.parse import parse_qs, unquote, urlsplit

from tests.support.http_server import Quiet, serving


@dataclass
class Hub:
    """What the server has and how it misbehaves; tests change it while it runs.

    `files` maps "ORGANISATION/REPO/PATH" to content, `listed` overrides what is said of one (sha256, size).
    `cuts`: for the next answers, after how many bytes of each the connection is broken off.
    `statuses`: statuses of the next file answers, taken before anything else.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    listed: dict[str, dict[str, object]] = field(default_factory=dict)
    cuts: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    ranges: bool = True
    redirect_to: str = ""
    served: dict[str, bytes] = field(default_factory=dict)
    wrong_length: int = 0
    stall_after: int | None = None
    pace_bytes: int = 0
    requests: list[tuple[str, str]] = field(default_factory=list)
    stalled: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    address: str = ""

    @property
    def asked(self) -> list[tuple[str, str]]:
        """Path and Range header of each request for a file."""
        return [request for request in self.requests if "/resolve/" in request[0]]

    def entry(self, key: str, repo: str) -> tuple[str, int, str]:
        """Path, size and SHA-256 that the hub says a file has."""
        content, said = self.files[key], self.listed.get(key, {})
        size = int(str(said.get("size", len(content))))
        return key.removeprefix(f"{repo}/"), size, str(said.get("sha256", hashlib.sha256(content).hexdigest()))


@contextmanager
def running(hub: Hub | None = None) -> Iterator[Hub]:
    """Serve a hub until the block ends; its `address` is set."""
    hub = hub or Hub()

    class Handler(_Handler):
        state = hub

    with serving(Handler) as hub.address:
        try:
            yield hub
        finally:
            hub.release.set()


class _Handler(Quiet, BaseHTTPRequestHandler):
    state: Hub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        path = unquote(url.path)
        self.state.requests.append((path, self.headers.get("Range", "")))
        if match := re.fullmatch(r"/api/models/(.+)/tree/main", path):
            self._huggingface(match[1])
        elif match := re.fullmatch(r"/api/v1/models/(.+)/repo/files", path):
            assert parse_qs(url.query)["Recursive"] == ["true"]
            self._modelscope(match[1])
        elif match := re.fullmatch(r"(?:/models)?/(.+?/.+?)/resolve/(?:main|master)/(.+)", path):
            self._file(f"{match[1]}/{match[2]}")
        else:
            self._error(404)

    def _keys(self, repo: str) -> list[str]:
        return [key for key in self.state.files if key.startswith(f"{repo}/")]

    def _huggingface(self, repo: str) -> None:
        rows = []
        for key in self._keys(repo):
            path, size, sha256 = self.state.entry(key, repo)
            content = self.state.files[key]
            blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
            row: dict[str, object] = {"type": "file", "path": path, "size": size, "oid": blob}
            if not path.endswith(".json"):  # as on the hub: only large files are in LFS, with a SHA-256
                row["lfs"] = {"oid": sha256, "size": size}
            rows.append(row)
        self._json(rows) if rows else self._error(404)

    def _modelscope(self, repo: str) -> None:
        files = []
        for key in self._keys(repo):
            path, size, sha256 = self.state.entry(key, repo)
            files.append({"Path": path, "Size": size, "Sha256": sha256, "Type": "blob"})
        self._json({"Code": 200, "Data": {"Files": files}}) if files else self._error(404)

    def _file(self, key: str) -> None:
        state = self.state
        if state.statuses:
            self._error(state.statuses.pop(0))
        elif state.redirect_to:
            self.send_response(302)
            self.send_header("Location", state.redirect_to + self.path)
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif key not in state.files:
            self._error(404)
        else:
            self._send(state.served.get(key, state.files[key]))

    def _send(self, content: bytes) -> None:
        state, start = self.state, 0
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        if match and state.ranges:
            start = int(match[1])
            if start >= len(content):
                self._error(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        body = content[start:]
        self.send_header("Content-Length", str(len(body) + state.wrong_length))
        self.end_headers()
        cut = state.cuts.pop(0) if state.cuts else None
        step = state.pace_bytes or (1 << 16)
        sent = 0
        while sent < len(body):
            if cut is not None and sent >= cut:
                break
            if state.stall_after is not None and sent >= state.stall_after:
                state.stalled.set()
                state.release.wait(30)
                break
            end = min(sent + step, *(limit for limit in (cut, state.stall_after, len(body)) if limit is not None))
            try:
                self.wfile.write(body[sent:end])
            except OSError:  # the client has gone
                break
            sent = end
            if state.pace_bytes:
                state.release.wait(0.005)
        if sent < len(body) or state.wrong_length:
            self.close_connection = True

    def _json(self, value: object) -> None:
        body = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _error(self, status: int) -> None:
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

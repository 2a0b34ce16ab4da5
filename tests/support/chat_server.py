"""An OpenAI-compatible server on this machine: real HTTP with server-sent events, and every fault that one may have."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.support.http_server import Quiet, serving


@dataclass
class ChatServer:
    """What the server says and how it misbehaves; tests change it while it runs.

    `pieces`: the reply. `faults`: for the next requests, the fault of each, "" for none: a status ("429"), "page" (a
    web page), "whole" (JSON without a stream), "no json", "wrong json", "told" (an error in the stream), "drop" (closes
    before the status), "no word" (closes before the first), "cut" (closes in the middle), "hang" (answers nothing until
    `release`), "stall" (the same after the first piece), "no end" (no [DONE], but a finish reason).
    """

    pieces: Sequence[str] = ("Hello", " there", ".")
    faults: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    error: Any = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    authorizations: list[str | None] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)
    url: str = ""


@contextmanager
def running(server: ChatServer | None = None) -> Iterator[ChatServer]:
    """Serve until the block ends; `url` is set."""
    state = server or ChatServer()

    class Handler(_Handler):
        server_state = state

    with serving(Handler) as address:
        state.url = f"{address}/v1"
        try:
            yield state
        finally:
            state.release.set()


def free_port() -> int:
    """A port at which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class _Handler(Quiet, BaseHTTPRequestHandler):
    server_state: ChatServer
    protocol_version = "HTTP/1.0"

    def do_POST(self) -> None:
        state = self.server_state
        body = self.rfile.read(int(self.headers["Content-Length"]))
        state.requests.append(json.loads(body))
        state.authorizations.append(self.headers.get("Authorization"))
        state.paths.append(self.path)
        fault = state.faults.pop(0) if state.faults else ""
        state.asked.set()
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client was cancelled
            self._answer(state, fault)

    def _answer(self, state: ChatServer, fault: str) -> None:
        if fault == "drop":
            return self.connection.shutdown(socket.SHUT_RDWR)
        if fault == "hang":
            state.release.wait(30)
            return None
        if fault.isdecimal():
            return self._send(int(fault), "application/json", json.dumps(state.error or {}))
        if fault == "page":
            return self._send(200, "text/html; charset=utf-8", "<html>Welcome</html>")
        if fault == "whole":
            whole = {"choices": [{"message": {"role": "assistant", "content": "Hello"}}]}
            return self._send(200, "application/json", json.dumps(whole))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self._event({"choices": [{"index": 0, "delta": {"role": "assistant"}, "finish_reason": None}]})
        if fault == "no json":
            return self._line("data: {oops")
        if fault == "wrong json":
            return self._event([1, 2])
        if fault == "no word":
            return None
        for number, piece in enumerate(state.pieces):
            self._event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
            if number == 0 and fault == "cut":
                return None
            if number == 0 and fault == "told":
                return self._event({"error": {"message": "CUDA out of memory"}})
            if number == 0 and fault == "stall":
                state.release.wait(30)
        self._event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        if fault != "no end":
            self._event({"choices": [], "usage": {"total_tokens": 7}})
            self._line("data: [DONE]")
        return None

    def _send(self, status: int, kind: str, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        for name, value in self.server_state.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def _event(self, event: Any) -> None:
        self._line("data: " + json.dumps(event, ensure_ascii=False))

    def _line(self, line: str) -> None:
        self.wfile.write(f"{line}\n\n".encode())
        self.wfile.flush()

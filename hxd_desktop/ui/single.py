"""One window a data directory: a second start rings at the first one's door and hands over what it was started with."""

from __future__ import annotations

import hashlib
import json
import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

_MOST_BYTES = 1 << 20
_WAIT_MS = 3000
_LONGEST_PATH = 100  # of a socket; systems allow 104 to 108 bytes
_HEARD = b"ok"


@dataclass(frozen=True, slots=True)
class Call:
    """What a start asks of the window: a question, files and folders to add, links to passages. Empty: come forward."""

    question: str = ""
    paths: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    def to_json(self) -> bytes:
        """As it is sent: one line of JSON."""
        return json.dumps({"question": self.question, "paths": self.paths, "links": self.links}).encode() + b"\n"

    def joined(self, other: Call) -> Call:
        """Both at once; of two questions the later one."""
        return Call(other.question or self.question, self.paths + other.paths, self.links + other.links)

    @classmethod
    def from_json(cls, data: bytes) -> Call | None:
        """Read what was sent; None where it is not a call."""
        try:
            read = json.loads(data)
        except (ValueError, RecursionError):
            return None
        if not isinstance(read, dict) or not isinstance(read.get("question"), str):
            return None
        lists: list[Any] = [read.get("paths"), read.get("links")]
        if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists):
            return None
        return cls(read["question"], tuple(lists[0]), tuple(lists[1]))


NOTHING = Call()


def door_of(data_dir: Path) -> str:
    """The name of the local socket of a data directory: inside it, where only its user gets in, if it fits."""
    inside = str(data_dir / "window.sock")
    if sys.platform != "win32" and len(inside.encode()) < _LONGEST_PATH:
        return inside
    return f"hxd-desktop-{hashlib.sha256(str(data_dir).encode()).hexdigest()[:24]}"


def ring(data_dir: Path, call: Call) -> bool:
    """Hand `call` to the window that is open on `data_dir`; False where none is, or it does not answer."""
    socket = QLocalSocket()
    socket.connectToServer(door_of(data_dir))
    if not socket.waitForConnected(_WAIT_MS):
        return False
    socket.write(call.to_json())
    answered = b""
    while not answered.startswith(_HEARD) and socket.waitForReadyRead(_WAIT_MS):
        answered += socket.readAll().data()
    socket.abort()
    return answered.startswith(_HEARD)


class Doorbell(QObject):
    """Listens for other starts on the same data directory; ended by `close`."""

    rung = Signal(object)  # Call

    def __init__(self, data_dir: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._connected)
        self._heard: dict[QLocalSocket, bytes] = {}
        name = door_of(data_dir)
        if not self._server.listen(name):
            # Left behind by a crash: whoever is alive would have answered before this window was made.
            QLocalServer.removeServer(name)
            if not self._server.listen(name):
                log.warning("a second start will not find this window: %s", self._server.errorString())

    def close(self) -> None:
        """Stop listening."""
        self._server.close()
        for socket in list(self._heard):
            socket.abort()
            self._gone(socket)

    def _connected(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            self._heard[socket] = b""
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            socket.disconnected.connect(lambda socket=socket: self._gone(socket))
            limit = QTimer(socket, singleShot=True, interval=_WAIT_MS)  # nobody holds the line for long
            limit.timeout.connect(socket.abort)
            limit.start()
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if socket not in self._heard:
            return
        self._heard[socket] += socket.readAll().data()
        line, end, _ = self._heard[socket].partition(b"\n")
        if len(self._heard[socket]) > _MOST_BYTES:
            socket.abort()
        elif end:
            call = Call.from_json(line)
            if call is None:
                socket.abort()
                return
            socket.write(_HEARD + b"\n")
            socket.flush()
            self.rung.emit(call)

    def _gone(self, socket: QLocalSocket) -> None:
        if self._heard.pop(socket, None) is not None:
            socket.deleteLater()

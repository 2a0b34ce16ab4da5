"""A connection to the session bus whose messages come through Qt's event loop.

Qt's own binding cannot write the type `a(sa{sv})` from Python, so the messages are made by jeepney, which is pure
Python and here already (the keyring talks to the system's through it).
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from PySide6.QtCore import QSocketNotifier, QTimer

log = logging.getLogger(__name__)

_AUTH_S = 1.0
_REPLY_MS = 30_000  # a portal may have to be started first

Reply = Callable[[tuple[Any, ...] | None], object]
Signal = Callable[[Message], object]


class BusError(OSError):
    """There is no session bus."""


class SessionBus:
    """One connection, ended by `close`; replies and signals are handed over on the thread that made it.

    Raises:
        BusError: it cannot be made.
    """

    def __init__(self) -> None:
        try:
            self._connection: DBusConnection = open_dbus_connection("SESSION", auth_timeout=_AUTH_S)
        except Exception as error:  # no address, no socket, no answer: each has its own kind
            raise BusError(str(error) or type(error).__name__) from error
        self.name = str(self._connection.unique_name)
        self._replies: dict[int, tuple[Reply, QTimer]] = {}
        self._listeners: list[tuple[MatchRule, Signal]] = []
        self._gone: Callable[[], object] = lambda: None
        self._notifier = QSocketNotifier(self._connection.sock.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)

    def close(self) -> None:
        """End the connection; nothing is handed over afterwards."""
        self._notifier.setEnabled(False)
        self._notifier.deleteLater()
        for _, timer in self._replies.values():
            timer.stop()
            timer.deleteLater()
        self._replies.clear()
        self._listeners.clear()
        self._gone = lambda: None
        self._connection.close()

    def when_gone(self, then: Callable[[], object]) -> None:
        """Call `then` should the bus end."""
        self._gone = then

    def call(
        self, address: DBusAddress, method: str, signature: str, body: tuple[Any, ...], then: Reply | None = None
    ) -> None:
        """Call a method; `then` is given what it returned, None where it failed or never came back."""
        message = new_method_call(address, method, signature or None, body)
        serial = next(self._connection.outgoing_serial)
        if then is not None:
            timer = QTimer(singleShot=True, interval=_REPLY_MS)
            timer.timeout.connect(lambda: self._answer(serial, None))
            timer.start()
            self._replies[serial] = (then, timer)
        self._send(message, serial)

    def listen(self, rule: MatchRule, then: Signal) -> None:
        """Hand over signals that match."""
        self._listeners.append((rule, then))
        self._send(message_bus.AddMatch(rule))

    def _send(self, message: Message, serial: int | None = None) -> None:
        try:
            self._connection.send(message, serial=serial)
        except OSError as error:  # the end of the bus is told by reading
            log.info("nothing can be sent on the session bus: %s", error)

    def _read(self) -> None:
        try:
            self._connection.parser.add_data(self._connection.sock.recv(1 << 16) or _ended(), fds=[])
        except OSError as error:
            log.info("the session bus has gone: %s", error)
            gone = self._gone
            self.close()
            gone()
            return
        while self._notifier.isEnabled() and (message := self._connection.parser.get_next_message()) is not None:
            self._take(message)

    def _take(self, message: Message) -> None:
        kind, fields = message.header.message_type, message.header.fields
        if kind is MessageType.signal:
            for rule, then in list(self._listeners):
                if rule.matches(message):
                    then(message)
        elif kind in (MessageType.method_return, MessageType.error):
            failed = kind is MessageType.error
            if failed:
                log.info("a call on the session bus failed: %s", fields.get(HeaderFields.error_name))
            self._answer(fields.get(HeaderFields.reply_serial, -1), None if failed else message.body)

    def _answer(self, serial: int, body: tuple[Any, ...] | None) -> None:
        then, timer = self._replies.pop(serial, (None, None))
        if then is not None and timer is not None:
            timer.stop()
            timer.deleteLater()
            then(body)


def _ended() -> bytes:
    raise ConnectionResetError("the other side has closed it")

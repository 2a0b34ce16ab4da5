"""A desktop portal with global shortcuts, on the session bus of the environment, as the specification has it.

It prints what it is asked, one line of JSON each, and does what standard input says: `press`, `close`, `quit`.
`python -m tests.support.fake_portal MODE`: `agree`, `decline`, or `old` (a portal without shortcuts).
"""

from __future__ import annotations

import json
import selectors
import sys
from typing import Any

from jeepney import DBusAddress, HeaderFields, Message, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

NAME, PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
SHORTCUTS, REQUEST = "org.freedesktop.portal.GlobalShortcuts", "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"


class Portal:
    def __init__(self, bus: DBusConnection, mode: str) -> None:
        self.bus, self.mode = bus, mode
        self.session = ""

    def take(self, message: Message) -> None:
        fields = message.header.fields
        member = fields.get(HeaderFields.member)
        if message.header.message_type is not MessageType.method_call:
            return
        known = {"CreateSession", "BindShortcuts", "Close"} if self.mode != "old" else set()
        signature = fields.get(HeaderFields.signature, "")
        if member not in known:
            told = f"no method {member}"
            self.bus.send(new_error(message, "org.freedesktop.DBus.Error.UnknownMethod", "s", (told,)))
            return
        say([member, signature, message.body])
        if member == "Close":
            self.bus.send(new_method_return(message))
            return
        sender = fields[HeaderFields.sender][1:].replace(".", "_")
        options = message.body[-1]
        handle = f"{PATH}/request/{sender}/{options['handle_token'][1]}"
        self.bus.send(new_method_return(message, "o", (handle,)))
        if member == "CreateSession":
            self.session = f"{PATH}/session/{sender}/{options['session_handle_token'][1]}"
            self.respond(handle, 0, {"session_handle": ("s", self.session)})
        elif self.mode == "decline":
            self.respond(handle, 1, {})
        else:
            shown = {"description": ("s", "Show"), "trigger_description": ("s", "Press <Super>h")}
            self.respond(handle, 0, {"shortcuts": ("a(sa{sv})", [(message.body[1][0][0], shown)])})

    def respond(self, handle: str, response: int, results: dict[str, Any]) -> None:
        self.signal(handle, REQUEST, "Response", "ua{sv}", (response, results))

    def signal(self, path: str, interface: str, member: str, signature: str, body: tuple[Any, ...]) -> None:
        self.bus.send(new_signal(DBusAddress(path, interface=interface), member, signature, body))

    def do(self, word: str) -> None:
        if word == "press":
            self.signal(PATH, SHORTCUTS, "Activated", "osta{sv}", ("/not/ours", "show", 1, {}))
            given = {"activation_token": ("s", "token-7")}
            self.signal(PATH, SHORTCUTS, "Activated", "osta{sv}", (self.session, "show", 2, given))
        elif word == "close":
            self.signal(self.session, SESSION, "Closed", "a{sv}", ({},))


def say(what: list[Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    bus = open_dbus_connection("SESSION")
    Proxy(message_bus, bus).RequestName(NAME)
    portal = Portal(bus, sys.argv[1])
    say(["ready"])
    selector = selectors.DefaultSelector()
    selector.register(bus.sock, selectors.EVENT_READ)
    selector.register(sys.stdin, selectors.EVENT_READ)
    while True:
        for key, _ in selector.select():
            if key.fileobj is sys.stdin:
                word = sys.stdin.readline().strip()
                if word in ("", "quit"):
                    bus.close()
                    return
                portal.do(word)
            else:
                bus.parser.add_data(bus.sock.recv(65536), fds=[])
                while (message := bus.parser.get_next_message()) is not None:
                    portal.take(message)


if __name__ == "__main__":
    main()

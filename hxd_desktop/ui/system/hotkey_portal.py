"""A global key where the desktop decides, on Wayland: the portal `org.freedesktop.portal.GlobalShortcuts`.

The desktop shows the user which combination is asked for, and may let another be chosen. A portal that does not offer
this, or none at all, ends in `Fault.CANNOT`.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable
from typing import Any

from jeepney import DBusAddress, HeaderFields, MatchRule, Message

from hxd_desktop.ui.system.combination import Combination
from hxd_desktop.ui.system.grabbing import Fault, Held, Pressed, Signals
from hxd_desktop.ui.system.session_bus import BusError, SessionBus

log = logging.getLogger(__name__)

APP_ID = "hxd-desktop"
_NAME, _PATH = "org.freedesktop.portal.Desktop", "/org/freedesktop/portal/desktop"
_SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
_REQUEST = "org.freedesktop.portal.Request"
_SESSION = "org.freedesktop.portal.Session"
_REGISTRY = "org.freedesktop.host.portal.Registry"
_ID = "show"
_MODIFIERS = (("ctrl", "CTRL"), ("alt", "ALT"), ("shift", "SHIFT"), ("meta", "LOGO"))
_KEYS = {
    "Space": "space",
    "Backspace": "BackSpace",
    "Ins": "Insert",
    "Del": "Delete",
    "PgUp": "Prior",
    "PgDown": "Next",
}


class PortalGrabber:
    """Asks the desktop for a combination.

    Args:
        description: what the combination does, for the desktop's own list.
        connect: makes the connection to the session bus.
    """

    def __init__(self, description: str, connect: Callable[[], SessionBus] = SessionBus) -> None:
        self.signals = Signals()
        self._description = description
        self._connect = connect
        self._bus: SessionBus | None = None
        self._session = ""
        self._tokens = itertools.count(1)

    def grab(self, combination: Combination) -> None:
        """Ask for it; settled when the desktop, or the user whom it asks, has answered."""
        self.release()
        try:
            bus = self._bus = self._connect()
        except BusError as error:
            log.info("no global key: %s", error)
            self.signals.settled.emit(Fault.CANNOT)
            return
        bus.when_gone(lambda: self._end(Fault.CANNOT))
        bus.listen(MatchRule(type="signal", interface=_SHORTCUTS, path=_PATH), self._shortcut_signal)
        bus.listen(MatchRule(type="signal", interface=_SESSION, member="Closed"), self._session_closed)
        # Newer portals want to know whose windows these are; older ones have no such method, and no need.
        bus.call(DBusAddress(_PATH, _NAME, _REGISTRY), "Register", "sa{sv}", (APP_ID, {}))
        token = f"hxd{os.getpid()}"
        self._ask(
            "CreateSession", "a{sv}", lambda handle: ({"session_handle_token": ("s", token), **handle},),
            lambda results: self._bind(combination, results),
        )  # fmt: skip

    def release(self) -> None:
        """End the session, and the connection."""
        if self._bus is not None:
            if self._session:
                self._bus.call(DBusAddress(self._session, _NAME, _SESSION), "Close", "", ())
            self._bus.close()
        self._bus, self._session = None, ""

    def bring_forward(self, window: int, pressed: Pressed) -> None:
        """Let Qt use the token of this press when it asks for the window to come forward."""
        if pressed.token:
            os.environ["XDG_ACTIVATION_TOKEN"] = pressed.token

    # -- the desktop's side --------------------------------------------------------------------------------------
    def _bind(self, combination: Combination, results: dict[str, Any]) -> None:
        self._session = _text(results.get("session_handle"))
        shortcut = (_ID, {"description": ("s", self._description), "preferred_trigger": ("s", _trigger(combination))})
        self._ask(
            "BindShortcuts", "oa(sa{sv})sa{sv}", lambda handle: (self._session, [shortcut], "", handle), self._bound
        )

    def _bound(self, results: dict[str, Any]) -> None:
        _, shortcuts = results.get("shortcuts", ("", []))
        ours = [details for name, details in shortcuts if name == _ID]
        if ours:
            self.signals.settled.emit(Held(_text(ours[0].get("trigger_description"))))
        else:
            self._end(Fault.DECLINED)

    def _shortcut_signal(self, message: Message) -> None:
        member, body = message.header.fields.get(HeaderFields.member), message.body
        if not self._session or body[0] != self._session:
            return
        if member == "Activated" and body[1] == _ID:
            self.signals.pressed.emit(Pressed(token=_text(body[3].get("activation_token"))))
        elif member == "ShortcutsChanged":
            self._bound({"shortcuts": ("", body[1])})

    def _session_closed(self, message: Message) -> None:
        if self._session and message.header.fields.get(HeaderFields.path) == self._session:
            self._session = ""
            self._end(Fault.DECLINED)

    def _ask(
        self,
        method: str,
        signature: str,
        body: Callable[[dict[str, Any]], tuple[Any, ...]],
        then: Callable[[dict[str, Any]], None],
    ) -> None:
        """Call a method whose answer comes as a signal of the request that it makes."""
        bus = self._bus
        assert bus is not None
        token = f"hxd{next(self._tokens)}"
        # Where it will be is known beforehand, so that an answer at once is not missed.
        path = f"/org/freedesktop/portal/desktop/request/{bus.name[1:].replace('.', '_')}/{token}"
        waiting = [path]

        def answered(message: Message) -> None:
            if message.header.fields.get(HeaderFields.path) not in waiting:
                return
            waiting.clear()
            response, results = message.body
            if response == 0:
                then(results)
            else:
                self._end(Fault.DECLINED)

        def called(result: tuple[Any, ...] | None) -> None:
            if result is None:
                self._end(Fault.CANNOT)
            elif waiting:
                waiting.append(result[0])  # an old portal chose another path

        bus.listen(MatchRule(type="signal", interface=_REQUEST, member="Response"), answered)
        bus.call(DBusAddress(_PATH, _NAME, _SHORTCUTS), method, signature, body({"handle_token": ("s", token)}), called)

    def _end(self, fault: Fault) -> None:
        self.release()
        self.signals.settled.emit(fault)


def _trigger(combination: Combination) -> str:
    """As the shortcuts specification writes it: `CTRL+ALT+space`."""
    key = combination.key
    name = _KEYS.get(key, key.lower() if len(key) == 1 else key)
    return "+".join([*(word for part, word in _MODIFIERS if part in combination.modifiers), name])


def _text(variant: Any) -> str:
    return str(variant[1]) if isinstance(variant, tuple) and len(variant) == 2 else ""

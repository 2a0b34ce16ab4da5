"""The few calls of libxcb that a global key needs, through ctypes, on a connection of its own.

libxcb and not libX11: its errors come back to whoever asked, while Xlib has one handler for the whole process.
"""

from __future__ import annotations

import ctypes
import struct
from collections.abc import Callable
from ctypes import POINTER, byref, c_char_p, c_int, c_uint, c_uint8, c_uint16, c_uint32, c_void_p
from typing import Any

KEY_PRESS, MAPPING_NOTIFY = 2, 34
BAD_ACCESS = 10
_ASYNC = 1
_CLIENT_MESSAGE = 33
_ROOT_EVENTS = 0x00180000  # SubstructureNotify and SubstructureRedirect: what window managers listen for
_HEAD = 32  # bytes of a reply before its lists


class _Cookie(ctypes.Structure):
    _fields_ = (("sequence", c_uint),)


class _Screens(ctypes.Structure):
    _fields_ = (("data", POINTER(c_uint32)), ("rem", c_int), ("index", c_int))


class DisplayError(OSError):
    """There is no X server, or no libxcb."""


class Xcb:
    """A connection to the X server that DISPLAY names.

    Raises:
        DisplayError: it cannot be made.
    """

    def __init__(self) -> None:
        try:
            self._lib = lib = ctypes.CDLL("libxcb.so.1")
            self._free = ctypes.CDLL(None).free
        except OSError as error:
            raise DisplayError(str(error)) from error
        self._free.argtypes = [c_void_p]
        for name, result, arguments in _SIGNATURES:
            function = getattr(lib, name)
            function.restype, function.argtypes = result, list(arguments)
        self._connection = lib.xcb_connect(None, None)
        if lib.xcb_connection_has_error(self._connection):
            lib.xcb_disconnect(self._connection)
            raise DisplayError("no X server answers")
        setup = lib.xcb_get_setup(self._connection)
        self._first, self._last = ctypes.string_at(setup, 36)[34:36]
        self.roots = self._roots(setup)

    def close(self) -> None:
        """End the connection; the server frees every grab with it."""
        self._lib.xcb_disconnect(self._connection)

    @property
    def descriptor(self) -> int:
        """What becomes readable when events come."""
        return int(self._lib.xcb_get_file_descriptor(self._connection))

    @property
    def broken(self) -> bool:
        """Whether the server has gone."""
        return bool(self._lib.xcb_connection_has_error(self._connection))

    def keysyms(self) -> dict[int, tuple[int, ...]]:
        """The symbols of every key code, those of the first group first."""
        count = self._last - self._first + 1
        cookie = self._lib.xcb_get_keyboard_mapping(self._connection, self._first, count)
        per, data = self._reply(self._lib.xcb_get_keyboard_mapping_reply, cookie, 4)
        symbols = struct.unpack(f"={len(data) // 4}I", data)
        return {self._first + at: symbols[at * per : (at + 1) * per] for at in range(count)} if per else {}

    def modifier_keys(self) -> list[tuple[int, ...]]:
        """The key codes of each of the eight modifiers: Shift, Lock, Control, Mod1 to Mod5."""
        cookie = self._lib.xcb_get_modifier_mapping(self._connection)
        per, data = self._reply(self._lib.xcb_get_modifier_mapping_reply, cookie, 4)
        return [tuple(code for code in data[at * per : (at + 1) * per] if code) for at in range(8)]

    def grab_key(self, root: int, modifiers: int, code: int) -> int:
        """Take a key; return the X error's code, 0 for none."""
        cookie = self._lib.xcb_grab_key_checked(self._connection, 1, root, modifiers, code, _ASYNC, _ASYNC)
        error = self._lib.xcb_request_check(self._connection, cookie)
        if not error:
            return 0
        number = ctypes.string_at(error, 2)[1]
        self._free(error)
        return number

    def ungrab_key(self, root: int, modifiers: int, code: int) -> None:
        """Give a key back."""
        self._lib.xcb_ungrab_key(self._connection, code, root, modifiers)
        self._lib.xcb_flush(self._connection)

    def next_event(self) -> tuple[int, int, int, int] | None:
        """The next event that has come: its kind, key code, state of the modifiers and time; None where none waits."""
        event = self._lib.xcb_poll_for_event(self._connection)
        if not event:
            return None
        data = ctypes.string_at(event, 32)
        self._free(event)
        return data[0] & 0x7F, data[1], struct.unpack_from("=H", data, 28)[0], struct.unpack_from("=I", data, 4)[0]

    def ask_to_activate(self, window: int, time: int) -> None:
        """Ask the window manager, as a pager does, to bring a window forward."""
        lib, name = self._lib, b"_NET_ACTIVE_WINDOW"
        cookie = lib.xcb_intern_atom(self._connection, 0, len(name), name)
        reply = lib.xcb_intern_atom_reply(self._connection, cookie, None)
        if not reply:
            return
        [atom] = struct.unpack_from("=I", ctypes.string_at(reply, 12), 8)
        self._free(reply)
        message = struct.pack("=BBHII5I", _CLIENT_MESSAGE, 32, 0, window, atom, 2, time, 0, 0, 0)
        for root in self.roots:
            lib.xcb_send_event(self._connection, 0, root, _ROOT_EVENTS, message)
        lib.xcb_flush(self._connection)

    def _roots(self, setup: int) -> tuple[int, ...]:
        screens = self._lib.xcb_setup_roots_iterator(setup)
        roots = []
        while screens.rem:
            roots.append(screens.data[0])
            self._lib.xcb_screen_next(byref(screens))
        return tuple(roots)

    def _reply(self, wait: Callable[..., Any], cookie: _Cookie, unit: int) -> tuple[int, bytes]:
        reply = wait(self._connection, cookie, None)
        if not reply:
            return 0, b""
        head = ctypes.string_at(reply, _HEAD)
        [length] = struct.unpack_from("=I", head, 4)
        data = ctypes.string_at(reply + _HEAD, length * unit)
        self._free(reply)
        return head[1], data


_SIGNATURES: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("xcb_connect", c_void_p, (c_char_p, POINTER(c_int))),
    ("xcb_connection_has_error", c_int, (c_void_p,)),
    ("xcb_disconnect", None, (c_void_p,)),
    ("xcb_get_file_descriptor", c_int, (c_void_p,)),
    ("xcb_get_setup", c_void_p, (c_void_p,)),
    ("xcb_setup_roots_iterator", _Screens, (c_void_p,)),
    ("xcb_screen_next", None, (POINTER(_Screens),)),
    ("xcb_flush", c_int, (c_void_p,)),
    ("xcb_get_keyboard_mapping", _Cookie, (c_void_p, c_uint8, c_uint8)),
    ("xcb_get_keyboard_mapping_reply", c_void_p, (c_void_p, _Cookie, c_void_p)),
    ("xcb_get_modifier_mapping", _Cookie, (c_void_p,)),
    ("xcb_get_modifier_mapping_reply", c_void_p, (c_void_p, _Cookie, c_void_p)),
    ("xcb_grab_key_checked", _Cookie, (c_void_p, c_uint8, c_uint32, c_uint16, c_uint8, c_uint8, c_uint8)),
    ("xcb_request_check", c_void_p, (c_void_p, _Cookie)),
    ("xcb_ungrab_key", _Cookie, (c_void_p, c_uint8, c_uint32, c_uint16)),
    ("xcb_poll_for_event", c_void_p, (c_void_p,)),
    ("xcb_intern_atom", _Cookie, (c_void_p, c_uint8, c_uint16, c_char_p)),
    ("xcb_intern_atom_reply", c_void_p, (c_void_p, _Cookie, c_void_p)),
    ("xcb_send_event", _Cookie, (c_void_p, c_uint8, c_uint32, c_uint32, c_char_p)),
)

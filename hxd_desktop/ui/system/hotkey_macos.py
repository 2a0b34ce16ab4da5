"""A global key on macOS: Carbon's `RegisterEventHotKey`, which asks for no permission to watch the keyboard."""

from __future__ import annotations

import ctypes
from ctypes import CFUNCTYPE, POINTER, byref, c_int32, c_uint32, c_void_p
from typing import Any

from hxd_desktop.ui.system.combination import Combination
from hxd_desktop.ui.system.grabbing import Fault, Held, Outcome, Pressed, Signals

_CARBON = "/System/Library/Frameworks/Carbon.framework/Carbon"
_KEYBOARD, _HOTKEY_PRESSED = int.from_bytes(b"keyb"), 5
_OURS = int.from_bytes(b"hxdk")
_EXISTS = -9878
# Qt's Ctrl is the Command key there, its Meta the Control key.
_MODIFIERS = {"ctrl": 0x0100, "shift": 0x0200, "alt": 0x0800, "meta": 0x1000}
_CODES = {
    **dict(zip("ASDFHGZXCV", range(10), strict=True)),
    "B": 11, "Q": 12, "W": 13, "E": 14, "R": 15, "Y": 16, "T": 17, "1": 18, "2": 19, "3": 20, "4": 21, "6": 22,
    "5": 23, "9": 25, "7": 26, "8": 28, "0": 29, "O": 31, "U": 32, "I": 34, "P": 35, "L": 37, "J": 38, "K": 40,
    "N": 45, "M": 46, "Return": 36, "Tab": 48, "Space": 49, "Backspace": 51, "Home": 115, "PgUp": 116, "Del": 117,
    "End": 119, "PgDown": 121, "Left": 123, "Right": 124, "Down": 125, "Up": 126, "F1": 122, "F2": 120, "F3": 99,
    "F4": 118, "F5": 96, "F6": 97, "F7": 98, "F8": 100, "F9": 101, "F10": 109, "F11": 103, "F12": 111, "F13": 105,
    "F14": 107, "F15": 113, "F16": 106, "F17": 64, "F18": 79, "F19": 80, "F20": 90,
}  # fmt: skip

HANDLER = CFUNCTYPE(c_int32, c_void_p, c_void_p, c_void_p)


class _Id(ctypes.Structure):
    _fields_ = (("signature", c_uint32), ("id", c_uint32))


class _Kind(ctypes.Structure):
    _fields_ = (("group", c_uint32), ("kind", c_uint32))


class Carbon:
    """The system's calls; a test gives others."""

    def __init__(self) -> None:
        library = self._library = ctypes.CDLL(_CARBON)
        library.GetApplicationEventTarget.restype = c_void_p
        library.RegisterEventHotKey.argtypes = [c_uint32, c_uint32, _Id, c_void_p, c_uint32, POINTER(c_void_p)]
        library.InstallEventHandler.argtypes = [
            c_void_p, HANDLER, c_uint32, POINTER(_Kind), c_void_p, POINTER(c_void_p),
        ]  # fmt: skip
        library.UnregisterEventHotKey.argtypes = [c_void_p]
        library.RemoveEventHandler.argtypes = [c_void_p]

    def listen(self, handler: Any) -> int | None:
        """Call `handler` when a hot key of this application is pressed; return what `forget` takes, None on failure."""
        kind, made = _Kind(_KEYBOARD, _HOTKEY_PRESSED), c_void_p()
        target = self._library.GetApplicationEventTarget()
        failed = self._library.InstallEventHandler(target, handler, 1, byref(kind), None, byref(made))
        return None if failed else made.value

    def forget(self, listening: int) -> None:
        """Call it no more."""
        self._library.RemoveEventHandler(listening)

    def register(self, code: int, modifiers: int) -> tuple[int, int | None]:
        """Take a key; return the system's error, 0 for none, and what `unregister` takes."""
        made = c_void_p()
        target = self._library.GetApplicationEventTarget()
        error = self._library.RegisterEventHotKey(code, modifiers, _Id(_OURS, 1), target, 0, byref(made))
        return int(error), made.value

    def unregister(self, key: int) -> None:
        """Give it back."""
        self._library.UnregisterEventHotKey(key)


class MacGrabber:
    """Takes a combination from macOS."""

    def __init__(self, system: Any = None) -> None:
        self.signals = Signals()
        self._system = system
        self._handler: Any = None
        self._listening: int | None = None
        self._key: int | None = None

    def grab(self, combination: Combination) -> None:
        """Ask for it; settled at once."""
        self.release()
        outcome = self._take(combination)
        if isinstance(outcome, Fault):
            self.release()
        self.signals.settled.emit(outcome)

    def release(self) -> None:
        """Give it back."""
        if self._key is not None:
            self._system.unregister(self._key)
        if self._listening is not None:
            self._system.forget(self._listening)
        self._key = self._listening = self._handler = None

    def bring_forward(self, window: int, pressed: Pressed) -> None:
        """Nothing more: Qt brings the application to the front with its window."""

    def _take(self, combination: Combination) -> Outcome:
        code = _CODES.get(combination.key)
        if code is None:
            return Fault.NO_SUCH_KEY
        self._system = self._system or Carbon()
        self._handler = HANDLER(self._pressed)  # kept: the system holds no reference to it
        self._listening = self._system.listen(self._handler)
        if self._listening is None:
            return Fault.CANNOT
        error, self._key = self._system.register(code, sum(_MODIFIERS[name] for name in combination.modifiers))
        if error:
            self._key = None
            return Fault.TAKEN if error == _EXISTS else Fault.CANNOT
        return Held()

    def _pressed(self, *_: object) -> int:
        self.signals.pressed.emit(Pressed())
        return 0

"""A global key on Windows: `RegisterHotKey`, whose message comes through Qt's event loop."""

from __future__ import annotations

import ctypes
from ctypes import wintypes
from typing import Any

from PySide6.QtCore import QAbstractNativeEventFilter, QCoreApplication

from hxd_desktop.ui.system.combination import Combination
from hxd_desktop.ui.system.grabbing import Fault, Held, Outcome, Pressed, Signals

_ID = 0x0D58  # of ours in this process: applications may use 0x0000 to 0xBFFF
_WM_HOTKEY = 0x0312
_NO_REPEAT = 0x4000
_ALREADY_REGISTERED = 1409
_MODIFIERS = {"alt": 1, "ctrl": 2, "shift": 4, "meta": 8}
_CODES = {
    "Space": 0x20, "Return": 0x0D, "Tab": 0x09, "Backspace": 0x08, "Ins": 0x2D, "Del": 0x2E, "Home": 0x24, "End": 0x23,
    "PgUp": 0x21, "PgDown": 0x22, "Left": 0x25, "Up": 0x26, "Right": 0x27, "Down": 0x28, "Print": 0x2C, "Pause": 0x13,
}  # fmt: skip
_F1 = 0x70


class User32:
    """The system's calls; a test gives others."""

    def __init__(self) -> None:
        self._library = ctypes.WinDLL("user32", use_last_error=True)  # type: ignore[attr-defined]
        self._library.RegisterHotKey.argtypes = [wintypes.HWND, ctypes.c_int, wintypes.UINT, wintypes.UINT]
        self._library.UnregisterHotKey.argtypes = [wintypes.HWND, ctypes.c_int]

    def register(self, number: int, modifiers: int, code: int) -> int:
        """Take a key for this thread; return the system's error, 0 for none."""
        if self._library.RegisterHotKey(None, number, modifiers, code):
            return 0
        return int(ctypes.get_last_error()) or -1  # type: ignore[attr-defined]

    def unregister(self, number: int) -> None:
        """Give it back."""
        self._library.UnregisterHotKey(None, number)


class _Filter(QAbstractNativeEventFilter):
    """Sees the message of our key among those of this thread."""

    def __init__(self, signals: Signals) -> None:
        super().__init__()
        self._signals = signals

    def nativeEventFilter(self, kind: Any, message: int) -> Any:
        if bytes(kind) == b"windows_generic_MSG":
            told = wintypes.MSG.from_address(int(message))
            if told.message == _WM_HOTKEY and told.wParam == _ID:
                self._signals.pressed.emit(Pressed())
                return True, 0
        return False, 0


class WindowsGrabber:
    """Takes a combination from Windows, for the thread that runs the window."""

    def __init__(self, system: Any = None) -> None:
        self.signals = Signals()
        self._system = system
        self._filter: _Filter | None = None

    def grab(self, combination: Combination) -> None:
        """Ask for it; settled at once."""
        self.release()
        self.signals.settled.emit(self._take(combination))

    def release(self) -> None:
        """Give it back."""
        if self._filter is not None:
            self._system.unregister(_ID)
            _application().removeNativeEventFilter(self._filter)
            self._filter = None

    def bring_forward(self, window: int, pressed: Pressed) -> None:
        """Nothing more: who was sent the key may come to the foreground."""

    def _take(self, combination: Combination) -> Outcome:
        code = _code_of(combination.key)
        if code is None:
            return Fault.NO_SUCH_KEY
        self._system = self._system or User32()
        modifiers = sum(_MODIFIERS[name] for name in combination.modifiers)
        error = self._system.register(_ID, modifiers | _NO_REPEAT, code)
        if error:
            return Fault.TAKEN if error == _ALREADY_REGISTERED else Fault.CANNOT
        self._filter = _Filter(self.signals)
        _application().installNativeEventFilter(self._filter)
        return Held()


def _application() -> QCoreApplication:
    application = QCoreApplication.instance()
    assert application is not None
    return application


def _code_of(key: str) -> int | None:
    if len(key) == 1:  # letters and digits have their own numbers, whatever the layout
        return ord(key)
    return _CODES.get(key) or (_F1 + int(key[1:]) - 1 if key[0] == "F" and key[1:].isdigit() else None)

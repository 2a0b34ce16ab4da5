"""A global key on X11: grabbed on a connection of its own, whatever locks are on, and anew when the layout changes."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import Protocol

from PySide6.QtCore import QSocketNotifier

from hxd_desktop.ui.system.combination import Combination
from hxd_desktop.ui.system.grabbing import Fault, Held, Pressed, Signals
from hxd_desktop.ui.system.xcb import BAD_ACCESS, KEY_PRESS, MAPPING_NOTIFY, DisplayError, Xcb

log = logging.getLogger(__name__)

_SHIFT, _LOCK, _CONTROL = 1, 2, 4
_ALT = (0xFFE9, 0xFFEA)  # Alt_L, Alt_R
_SUPER = (0xFFEB, 0xFFEC)
_LOCKS = (0xFF7F, 0xFF14)  # Num_Lock, Scroll_Lock
_SYMBOLS = {
    "Space": 0x20, "Return": 0xFF0D, "Tab": 0xFF09, "Backspace": 0xFF08, "Ins": 0xFF63, "Del": 0xFFFF, "Home": 0xFF50,
    "End": 0xFF57, "PgUp": 0xFF55, "PgDown": 0xFF56, "Left": 0xFF51, "Up": 0xFF52, "Right": 0xFF53, "Down": 0xFF54,
    "Print": 0xFF61, "Pause": 0xFF13,
}  # fmt: skip
_F1 = 0xFFBE


class Server(Protocol):
    """The part of `Xcb` that is used."""

    roots: tuple[int, ...]

    @property
    def descriptor(self) -> int: ...

    @property
    def broken(self) -> bool: ...

    def close(self) -> None: ...

    def keysyms(self) -> dict[int, tuple[int, ...]]: ...

    def modifier_keys(self) -> list[tuple[int, ...]]: ...

    def grab_key(self, root: int, modifiers: int, code: int) -> int: ...

    def ungrab_key(self, root: int, modifiers: int, code: int) -> None: ...

    def next_event(self) -> tuple[int, int, int, int] | None: ...

    def ask_to_activate(self, window: int, time: int) -> None: ...


class X11Grabber:
    """Takes a combination from the X server."""

    def __init__(self, connect: Callable[[], Server] = Xcb) -> None:
        self.signals = Signals()
        self._connect = connect
        self._server: Server | None = None
        self._notifier: QSocketNotifier | None = None
        self._combination: Combination | None = None
        self._held: list[tuple[int, int, int]] = []  # root, modifiers, key code

    def grab(self, combination: Combination) -> None:
        """Ask for it; settled at once."""
        self.release()
        try:
            self._server = self._connect()
        except DisplayError as error:
            log.info("no global key: %s", error)
            self.signals.settled.emit(Fault.CANNOT)
            return
        self._combination = combination
        fault = self._take()
        if fault is not None:
            self.release()
            self.signals.settled.emit(fault)
            return
        self._notifier = QSocketNotifier(self._server.descriptor, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._read)
        self.signals.settled.emit(Held())
        self._read()  # what came while the server was being asked

    def release(self) -> None:
        """Give it back, and close the connection."""
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
        if self._server is not None:
            self._give_back(self._server)
            self._server.close()
        self._notifier = self._server = self._combination = None

    def bring_forward(self, window: int, pressed: Pressed) -> None:
        """Ask the window manager: without the time of the key it may take this for a theft of the focus."""
        if self._server is not None:
            self._server.ask_to_activate(window, pressed.time)

    # -- keys ----------------------------------------------------------------------------------------------------
    def _take(self) -> Fault | None:
        server = self._server
        assert server is not None
        wanted = self._wanted(server)
        if wanted and wanted == self._held:
            return None
        self._give_back(server)
        for grab in wanted:
            error = server.grab_key(*grab)
            if error:
                self._give_back(server)
                return Fault.TAKEN if error == BAD_ACCESS else Fault.NO_SUCH_KEY
            self._held.append(grab)
        return None if wanted else Fault.NO_SUCH_KEY

    def _wanted(self, server: Server) -> list[tuple[int, int, int]]:
        """What to grab on this keyboard: the combination with every state of the locks; nothing where it has it not."""
        combination = self._combination
        assert combination is not None
        symbols = server.keysyms()
        code = _code_of(combination.key, symbols)
        masks = _masks(symbols, server.modifier_keys())
        if code is None or not all(masks[name] for name in combination.modifiers):
            return []
        held = sum(masks[name] for name in combination.modifiers)
        return [(root, held | locks, code) for root in server.roots for locks in _every_sum(masks["locks"])]

    def _give_back(self, server: Server) -> None:
        for root, modifiers, code in self._held:
            server.ungrab_key(root, modifiers, code)
        self._held.clear()

    def _read(self) -> None:
        server = self._server
        remapped = False
        while server is not None and (event := server.next_event()) is not None:
            kind, code, _, time = event
            if kind == KEY_PRESS and any(code == held for _, _, held in self._held):
                self.signals.pressed.emit(Pressed(time))
            remapped |= kind == MAPPING_NOTIFY
            server = self._server  # whoever was told may have let go
        if server is not None and server.broken:
            self.release()
            self.signals.settled.emit(Fault.CANNOT)
        elif server is not None and remapped:  # another layout, or only another keyboard
            fault = self._take()
            self.signals.settled.emit(fault if fault is not None else Held())


def _code_of(key: str, symbols: dict[int, tuple[int, ...]]) -> int | None:
    """The key code that gives `key`: in the first group if any does, else in any."""
    if key in _SYMBOLS:
        wanted = {_SYMBOLS[key]}
    elif len(key) == 1:
        wanted = {ord(key), ord(key.lower())}
    else:
        wanted = {_F1 + int(key[1:]) - 1}
    columns = max((len(row) for row in symbols.values()), default=0)
    for at in range(columns):
        for code, row in sorted(symbols.items()):
            if at < len(row) and row[at] in wanted:
                return code
    return None


def _masks(symbols: dict[int, tuple[int, ...]], keys: list[tuple[int, ...]]) -> dict[str, int]:
    """The modifiers' bits on this keyboard; "locks" is the sum of those that say nothing about what is held."""

    def bits(wanted: tuple[int, ...]) -> int:
        found = 0
        for at, codes in enumerate(keys):
            if any(symbol in wanted for code in codes for symbol in symbols.get(code, ())):
                found |= 1 << at
        return found

    alt, meta = bits(_ALT), bits(_SUPER)
    locks = (bits(_LOCKS) | _LOCK) & ~(_SHIFT | _CONTROL | alt | meta)
    return {"shift": _SHIFT, "ctrl": _CONTROL, "alt": alt & -alt, "meta": meta & -meta, "locks": locks}


def _every_sum(bits: int) -> Iterable[int]:
    """Every sum of some of the bits, none and all of them too."""
    single = [1 << at for at in range(8) if bits >> at & 1]
    for count in range(len(single) + 1):
        for some in combinations(single, count):
            yield sum(some)

"""What every way of taking a combination of keys for the whole system offers, and how it may end. No texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from hxd_desktop.ui.system.combination import Combination


class Fault(Enum):
    """Why a combination is not ours."""

    TAKEN = "taken"  # another program has it
    NO_SUCH_KEY = "no such key"  # this keyboard or system does not have it
    DECLINED = "declined"  # the desktop or the user said no
    CANNOT = "cannot"  # this system offers no way


@dataclass(frozen=True, slots=True)
class Held:
    """It is ours; `keys` as the system names them where the system has chosen, "" for those that were asked for."""

    keys: str = ""


Outcome = Held | Fault


class Signals(QObject):
    """`pressed`: the combination was. `settled`: how it stands, after each `grab` and when that changes."""

    pressed = Signal(object)  # Pressed
    settled = Signal(object)  # Outcome


@dataclass(frozen=True, slots=True)
class Pressed:
    """`time`: of the key, in the X server's milliseconds, 0 for unknown. `token`: for activation on Wayland, or ""."""

    time: int = 0
    token: str = ""


class Grabber(Protocol):
    """Takes one combination at a time."""

    signals: Signals

    def grab(self, combination: Combination) -> None:
        """Ask for it; ends in `settled`, at once or later."""
        ...

    def release(self) -> None:
        """Give it back, and everything that it took; nothing is told afterwards."""
        ...

    def bring_forward(self, window: int, pressed: Pressed) -> None:
        """Tell the system that the user wants `window` (its native id) in front, where Qt alone may not."""
        ...

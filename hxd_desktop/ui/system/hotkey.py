"""The key that brings the window forward from anywhere: off unless it is wanted, and never silently nothing.

Which way a system offers is chosen here; each way is a module of its own. No widgets.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.system.combination import Combination, parse
from hxd_desktop.ui.system.grabbing import Fault, Grabber, Held, Outcome, Pressed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands: `text` for people, "" while no key is wanted; `fault` where the combination is not ours."""

    text: str = ""
    fault: bool = False


class Hotkey(QObject):
    """One combination for the whole system. `use` applies what the settings say, `close` gives everything back.

    Args:
        make: gives the way of this system, None where it offers none; called when a key is first wanted.
    """

    pressed = Signal()
    changed = Signal()  # `standing` and `problem` have

    def __init__(self, make: Callable[[], Grabber | None] | None = None) -> None:
        super().__init__()
        self._make = make or grabber_here
        self._grabber: Grabber | None = None
        self._keys: str | None = None  # that are wanted
        self._outcome: Outcome | None = None
        self._last = Pressed()

    @property
    def problem(self) -> Problem | None:
        """Why a wanted combination does not work; None while it does, is asked for, or none is wanted."""
        if self._keys is None:
            return None
        combination = parse(self._keys)
        if combination is None:
            return _not_a_combination(self._keys)
        return _said(self._outcome, combination) if isinstance(self._outcome, Fault) else None

    @property
    def standing(self) -> Standing:
        """How it stands now, in the language of now."""
        combination = parse(self._keys) if self._keys is not None else None
        if (problem := self.problem) is not None:
            parts = {"title": problem.title, "message": problem.message, "remedy": problem.remedy}
            return Standing(t("{title}. {message} {remedy}", **parts), fault=True)
        if combination is None:
            return Standing()
        if isinstance(self._outcome, Held):
            keys = self._outcome.keys or combination.shown
            return Standing(t("{keys} brings this window to the front.", keys=keys))
        return Standing(t("Asking the system for {keys}…", keys=combination.shown))

    def use(self, wanted: bool, keys: str) -> None:
        """Take `keys` for the whole system, or let go; what is ours already stays so."""
        if wanted and keys == self._keys and not isinstance(self._outcome, Fault):
            return
        self._let_go()
        combination = parse(keys)
        if wanted:
            self._keys = keys
            self.changed.emit()
            if combination is not None:
                self._grabber = self._grabber or self._made()
                if self._grabber is None:
                    self._settled(Fault.CANNOT)
                else:
                    self._grabber.grab(combination)
        else:
            self.changed.emit()

    def bring_forward(self, window: int) -> None:
        """After the key was pressed: tell the system that the user wants this window in front."""
        if self._grabber is not None:
            self._grabber.bring_forward(window, self._last)

    def close(self) -> None:
        """Let go, and forget the way."""
        self._let_go()
        self._grabber = None

    def _made(self) -> Grabber | None:
        grabber = self._make()
        if grabber is not None:
            grabber.signals.settled.connect(self._settled)
            grabber.signals.pressed.connect(self._was_pressed)
        return grabber

    def _let_go(self) -> None:
        if self._grabber is not None:
            self._grabber.release()
        self._keys, self._outcome = None, None

    def _settled(self, outcome: Outcome) -> None:
        if self._keys is not None and outcome != self._outcome:
            self._outcome = outcome
            if isinstance(outcome, Fault):
                log.info("no global key: %s", outcome.value)
            self.changed.emit()

    def _was_pressed(self, pressed: Pressed) -> None:
        self._last = pressed
        self.pressed.emit()


def grabber_here() -> Grabber | None:
    """The way that this system offers; None for none.

    In a Wayland session the portal is asked even where Qt draws through X: a grab there only works over X windows.
    """
    platform = QGuiApplication.platformName()
    if sys.platform == "win32" and platform == "windows":
        from hxd_desktop.ui.system.hotkey_windows import WindowsGrabber

        return WindowsGrabber()
    if sys.platform == "darwin" and platform == "cocoa":
        from hxd_desktop.ui.system.hotkey_macos import MacGrabber

        return MacGrabber()
    if platform.startswith("wayland") or (platform == "xcb" and os.environ.get("WAYLAND_DISPLAY")):
        try:
            from hxd_desktop.ui.system.hotkey_portal import PortalGrabber
        except ImportError:  # jeepney comes with Linux only
            return None
        return PortalGrabber(t("Show HXD Desktop"))
    if platform == "xcb":
        from hxd_desktop.ui.system.hotkey_x11 import X11Grabber

        return X11Grabber()
    return None


def _said(fault: Fault, combination: Combination) -> Problem:
    keys, instead = combination.shown, _instead()
    if fault is Fault.TAKEN:
        title = t("{keys} is taken", keys=keys)
        told = t("Another program has this combination already.")
        return Problem(title, told, t("Choose another one, or free it in that program."), severity="warning")
    if fault is Fault.NO_SUCH_KEY:
        title = t("{keys} cannot be used", keys=keys)
        told = t("This keyboard does not have one of its keys.")
        return Problem(title, told, t("Choose another one."), severity="warning")
    if fault is Fault.DECLINED:
        title = t("The desktop did not give {keys}", keys=keys)
        told = t("You or your desktop's settings declined it.")
        return Problem(title, told, t("Apply it again to be asked once more.") + " " + instead, severity="warning")
    title = t("This system offers no key for the whole system")
    told = t("Neither it nor its desktop lets an application take one.")
    return Problem(title, told, instead, severity="warning")


def _not_a_combination(keys: str) -> Problem:
    return Problem(
        t("{keys} cannot be used", keys=keys or "—"),
        t("It is not one key with Ctrl, Alt or the system's key held."),
        t("Choose another one."),
        severity="warning",
    )


def _instead() -> str:
    return t("Bind the command `hxd` in your system's keyboard settings: it brings this window to the front.")

"""Looks for a newer version while the window is open, where the settings let it, and says so once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from hxd_desktop.ui import formats
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.i18n import mark, t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.window_state import WindowState

if TYPE_CHECKING:
    from hxd_desktop.engine.updates.checking import LastCheck

_LOOK_MS = 3600 * 1000  # whether a day is over; a machine that slept is not asked late by a day


# What the engine says of a look that came to nothing.
_WHY = (
    mark("it is not JSON"),
    mark("it names no released version"),
    mark("its address is not an https address"),
    mark("it sends on to another host"),
    mark("it sends on again and again"),
    mark("it answers with status {n}"),
    mark("it sends something packed"),
    mark("it is too large"),
    mark("it takes too long"),
    mark("it cannot be reached"),
    mark("the connection broke off"),
)


class UpdateWatch(QObject):
    """`newer` tells of a version once, in however many windows and starts; `known` of what is known, on wish.

    While the settings do not allow it, nothing runs, not even a timer.
    """

    newer = Signal(object)  # Problem
    known = Signal(object, str)  # LastCheck, the feed that is asked
    failed = Signal(object)  # Problem, of a look that was wished for

    def __init__(self, bridge: Bridge, state: WindowState) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._state = state
        self._timer = QTimer(self, interval=_LOOK_MS)
        self._timer.timeout.connect(self._look_if_due)
        bridge.opened.connect(self._follow_settings)
        bridge.status.connect(self._follow_settings)  # the settings may have changed
        bridge.before_close(self._timer.stop)

    def refresh(self) -> None:
        """Ask what is known, and nobody outside; ends in `known`."""
        if self._bridge.ready:
            self._bridge.call(lambda a: (a.updates.last(), a.updates.feed), lambda told: self.known.emit(*told))

    def look(self) -> None:
        """Look now; ends in `known`, and before it in `failed` where nobody could be asked."""
        self._bridge.start(lambda a, cancel: a.updates.check(cancel), self._tell, self._tell_failure)

    def _follow_settings(self) -> None:
        allowed = self._bridge.settings.updates.allowed
        if allowed and not self._timer.isActive():
            self._timer.start()
            self._look_if_due()
        elif not allowed:
            self._timer.stop()

    def _look_if_due(self) -> None:
        # What fails is kept by the engine and told in the settings; nobody is disturbed by it.
        self._bridge.start(lambda a, cancel: a.updates.check_if_due(cancel), self._tell, lambda _: None)

    def _tell(self, found: LastCheck) -> None:
        self.refresh()
        if found.newer and self._state.names("update_told") != [found.version]:
            self._state.set("update_told", [found.version])
            self._state.save()
            self.newer.emit(news(found))

    def _tell_failure(self, problem: Problem) -> None:
        self.failed.emit(problem)
        self.refresh()


def news(found: LastCheck) -> Problem:
    """The message that a newer version is out."""
    return Problem(
        t("HXD Desktop {version} is out", version=found.version),
        t("Nothing was downloaded. Your settings say where newer versions are looked for."),
        severity="info",
        link=found.notes,
    )


def summary(found: LastCheck, *, allowed: bool, feed: str, current: str) -> str:
    """What is known of newer versions, in a line or two."""
    if not allowed:
        return t("Newer versions are not looked for.")
    if not feed:
        return t("No feed is set, and this application was built without one: nobody is asked.")
    if not found.checked:
        return t("Not looked yet.")
    known = (
        t("{version} is out; this is {current}.", version=found.version, current=current)
        if found.newer
        else t("This is {current}, the newest that is known.", current=current)
        if found.version
        else ""
    )
    when = formats.when(found.checked)
    last = (
        t("Last looked at {when}, in vain: {why}.", when=when, why=_why(found.failed))
        if found.failed
        else t("Last looked at {when}.", when=when)
    )
    return f"{known}\n{last}".strip()


def _why(failed: str) -> str:
    text, _, number = failed.rpartition(" ")
    pattern, fields = (f"{text} {{n}}", {"n": number}) if number.isdecimal() else (failed, {})
    return t(pattern, **fields) if pattern in _WHY else failed

"""The key from anywhere on Wayland: a portal as the specification has it, on a session bus that is the test's own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("jeepney", reason="of systems with D-Bus")

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.system.combination import Combination
from hxd_desktop.ui.system.grabbing import Fault, Held, Outcome, Pressed
from hxd_desktop.ui.system.hotkey_portal import PortalGrabber

WAIT_MS = 20_000
KEYS = Combination(frozenset({"ctrl", "alt"}), "Space")

pytestmark = pytest.mark.skipif(shutil.which("dbus-daemon") is None, reason="dbus-daemon is not installed")


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A session bus of its own; its address is in the environment."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    daemon.kill()
    daemon.communicate()


class Portal:
    """The portal's process, and what it was asked."""

    def __init__(self, mode: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.fake_portal", mode],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.asked() == ["ready"]

    def asked(self) -> list[Any]:
        assert self.process.stdout is not None
        told: list[Any] = json.loads(self.process.stdout.readline())
        return told

    def tell(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(word + "\n")
        self.process.stdin.flush()

    def close(self) -> None:
        self.process.communicate("quit\n")


def grabber_with() -> tuple[PortalGrabber, list[Outcome], list[Pressed]]:
    grabber = PortalGrabber("Show it")
    settled: list[Outcome] = []
    pressed: list[Pressed] = []
    grabber.signals.settled.connect(settled.append)
    grabber.signals.pressed.connect(pressed.append)
    return grabber, settled, pressed


def test_the_desktop_gives_it_names_it_and_takes_it_back(
    qtbot: QtBot, bus: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    portal = Portal("agree")
    grabber, settled, pressed = grabber_with()
    grabber.grab(KEYS)
    qtbot.waitUntil(lambda: bool(settled), timeout=WAIT_MS)
    assert settled == [Held("Press <Super>h")]
    assert portal.asked()[:2] == ["CreateSession", "a{sv}"]
    method, signature, body = portal.asked()
    assert (method, signature) == ("BindShortcuts", "oa(sa{sv})sa{sv}")
    wanted = {"description": ["s", "Show it"], "preferred_trigger": ["s", "CTRL+ALT+space"]}
    assert body[1] == [["show", wanted]]
    portal.tell("press")
    qtbot.waitUntil(lambda: bool(pressed), timeout=WAIT_MS)
    assert pressed == [Pressed(token="token-7")]
    monkeypatch.delenv("XDG_ACTIVATION_TOKEN", raising=False)
    grabber.bring_forward(1, pressed[0])
    assert os.environ.pop("XDG_ACTIVATION_TOKEN") == "token-7"
    portal.tell("close")
    qtbot.waitUntil(lambda: len(settled) == 2, timeout=WAIT_MS)
    assert settled[1] is Fault.DECLINED
    grabber.grab(KEYS)
    qtbot.waitUntil(lambda: len(settled) == 3, timeout=WAIT_MS)
    assert [portal.asked()[0] for _ in range(2)] == ["CreateSession", "BindShortcuts"]
    grabber.release()
    assert portal.asked()[0] == "Close"
    portal.close()


@pytest.mark.parametrize(("mode", "fault"), [("decline", Fault.DECLINED), ("old", Fault.CANNOT)])
def test_a_desktop_that_does_not(qtbot: QtBot, bus: str, mode: str, fault: Fault) -> None:
    portal = Portal(mode)
    grabber, settled, _ = grabber_with()
    grabber.grab(KEYS)
    qtbot.waitUntil(lambda: bool(settled), timeout=WAIT_MS)
    assert settled == [fault]
    portal.close()


def test_no_portal_and_no_bus(qtbot: QtBot, bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    grabber, settled, _ = grabber_with()
    grabber.grab(KEYS)
    qtbot.waitUntil(lambda: settled == [Fault.CANNOT], timeout=WAIT_MS)
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nobody/listens/here")
    grabber.grab(KEYS)
    assert settled == [Fault.CANNOT, Fault.CANNOT]


def test_a_bus_that_ends_is_noticed(qtbot: QtBot, qapp: QApplication, bus: str) -> None:
    portal = Portal("agree")
    grabber, settled, _ = grabber_with()
    grabber.grab(KEYS)
    qtbot.waitUntil(lambda: bool(settled), timeout=WAIT_MS)
    grabber._bus._connection.sock.shutdown(2)  # type: ignore[union-attr]
    qtbot.waitUntil(lambda: settled[-1] is Fault.CANNOT, timeout=WAIT_MS)
    grabber.release()
    portal.close()

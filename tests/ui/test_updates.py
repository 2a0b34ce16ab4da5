"""Newer versions: told once where the user wants to know, and nothing is asked where not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.settings import UpdateSettings
from hxd_desktop.engine.updates import fetching, releases
from hxd_desktop.engine.updates.checking import LastCheck
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.preferences.dialog import SettingsDialog
from hxd_desktop.ui.updates import _WHY, _why, summary
from tests.support.feed import Feed, running
from tests.ui.small_library import WAIT_MS

NOTES = "https://git.example/v9"


@pytest.fixture
def feed() -> Iterator[Feed]:
    with running() as served:
        served.say({"version": "9.0", "notes": NOTES})
        yield served


@pytest.fixture
def switch(qtbot: QtBot, window: MainWindow, assistant: Assistant) -> Callable[[bool, str], None]:
    """Apply a setting as the settings dialog does, and wait until the window has followed it."""

    def apply(allowed: bool, address: str) -> None:
        settings = replace(assistant.settings, updates=UpdateSettings(allowed, address))
        assistant.update_settings(settings)
        window.services.bridge.refresh_status()
        qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)

    return apply


def titles(window: MainWindow) -> list[str]:
    return [banner.problem.title for banner in window.pages.banners.banners()]


def test_nothing_is_asked_and_no_timer_runs_while_it_is_off(
    switch: Callable[[bool, str], None], window: MainWindow, feed: Feed
) -> None:
    switch(False, feed.url)
    assert feed.requests == [] and not window.services.updates._timer.isActive()


def test_a_newer_version_is_told_once_and_its_notes_ask_before_they_open(
    qtbot: QtBot,
    switch: Callable[[bool, str], None],
    window: MainWindow,
    feed: Feed,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert window.status.offline.text() == "offline: no network used"
    switch(True, feed.url)
    assert titles(window) == ["HXD Desktop 9.0 is out"]
    assert window.status.offline.text() == "offline, but for looking for newer versions"
    asked: list[str] = []
    opened: list[QUrl] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: asked.append(box.informativeText()))
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    button = window.pages.banners.findChild(QPushButton, "read_more")
    assert button is not None
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked == [NOTES] and opened == []
    window.pages.banners.banners()[0].dismiss()
    switch(False, feed.url)
    assert not window.services.updates._timer.isActive()
    switch(True, feed.url)
    assert titles(window) == [] and len(feed.requests) == 1


def test_a_failure_disturbs_nobody_and_stands_in_the_settings(
    qtbot: QtBot, switch: Callable[[bool, str], None], window: MainWindow, feed: Feed
) -> None:
    feed.status = 500
    switch(True, feed.url)
    assert titles(window) == [] and len(feed.requests) == 1
    dialog = window.dialogs.settings("network")
    assert isinstance(dialog, SettingsDialog)
    qtbot.waitUntil(lambda: "in vain" in dialog.updates.told.text(), timeout=WAIT_MS)
    assert "it answers with status 500" in dialog.updates.told.text()
    feed.status = 200
    qtbot.mouseClick(dialog.updates.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "9.0 is out" in dialog.updates.told.text(), timeout=WAIT_MS)
    assert dialog.updates.notes.isVisibleTo(dialog.updates)
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def test_a_look_that_outlives_the_dialog_harms_nothing(
    qtbot: QtBot, switch: Callable[[bool, str], None], window: MainWindow, feed: Feed
) -> None:
    switch(True, feed.url)
    feed.hang = True
    dialog = window.dialogs.settings("network")
    assert isinstance(dialog, SettingsDialog)
    qtbot.waitUntil(lambda: dialog.updates.look.isEnabled(), timeout=WAIT_MS)
    qtbot.mouseClick(dialog.updates.look, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(feed.requests) == 2, timeout=WAIT_MS)
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    feed.release.set()
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def test_only_an_address_that_is_safe_can_be_applied(qtbot: QtBot, window: MainWindow) -> None:
    dialog = window.dialogs.settings("network")
    assert isinstance(dialog, SettingsDialog)
    edit = dialog.editors["updates.feed"].widget
    assert isinstance(edit, QLineEdit)
    qtbot.keyClicks(edit, "http://git.example/")
    assert not dialog.apply.isEnabled()
    edit.clear()
    qtbot.keyClicks(edit, "https://git.example/releases")
    assert dialog.apply.isEnabled() and dialog.chosen().updates.feed == "https://git.example/releases"
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


@pytest.mark.parametrize(
    ("found", "allowed", "feed", "expected"),
    [
        (LastCheck(1, "f", "9.0"), False, "f", "not looked for"),
        (LastCheck(), True, "", "No feed is set"),
        (LastCheck(), True, "f", "Not looked yet"),
        (LastCheck(1, "f", "9.0"), True, "f", "9.0 is out; this is 0.1"),
        (LastCheck(1, "f", "0.1"), True, "f", "This is 0.1, the newest"),
        (LastCheck(1, "f", "9.0", failed="it is not JSON"), True, "f", "in vain: it is not JSON"),
    ],
)
def test_what_is_known_is_said(language: Language, found: LastCheck, allowed: bool, feed: str, expected: str) -> None:
    assert expected in summary(found, allowed=allowed, feed=feed, current="0.1")


def test_every_reason_of_the_engine_is_translated(language: Language) -> None:
    said = "".join(Path(module.__file__ or "").read_text(encoding="utf-8") for module in (fetching, releases))
    reasons = {
        re.sub(r"\{.*\}", "{n}", text)
        for text in re.findall(r'(?:NotFetched|UnreadableFeed|return)\(?f? ?\(?f?"([^"]+)"', said)
    }
    assert reasons == set(_WHY)
    language.use("zh_CN")
    for why in _WHY:
        assert _why(why.format(n=404)) != why.format(n=404)

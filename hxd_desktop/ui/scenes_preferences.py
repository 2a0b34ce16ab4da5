"""The pages of the settings, the command palette and what tells of the application itself, for the gallery."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QScrollArea

from hxd_desktop.engine.move_checks import Plan
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import Settings
from hxd_desktop.engine.updates.checking import LastCheck
from hxd_desktop.ui.dialogs.problem import ProblemDialog
from hxd_desktop.ui.finder.dialog import FinderDialog
from hxd_desktop.ui.moving.session import MoveSession
from hxd_desktop.ui.moving.window import MoveWindow
from hxd_desktop.ui.moving.wish import MoveWish
from hxd_desktop.ui.preferences.dialog import SettingsDialog
from hxd_desktop.ui.preferences.fields import TOPICS, read
from hxd_desktop.ui.problems import problem_of
from hxd_desktop.ui.updates import news, summary

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from hxd_desktop.ui.scenes import Engines
    from hxd_desktop.ui.studio import Studio

Scene = Callable[["Studio", "Engines"], object]


def _at(topic: str) -> Callable[[Studio, Engines], QDialog]:
    def scene(made: Studio, engines: Engines) -> QDialog:
        made.show_engine(engines.full)
        dialog = made.window.dialogs.settings(topic)
        made.settle()
        return dialog

    return scene


def _changed(made: Studio, engines: Engines) -> QDialog:
    """A change that sets work going."""
    dialog = _at("documents")(made, engines)
    assert isinstance(dialog, SettingsDialog)
    dialog.editors["chunks.max_tokens"].value = 300
    return dialog


def _wrong(made: Studio, engines: Engines) -> QDialog:
    dialog = _at("safety")(made, engines)
    assert isinstance(dialog, SettingsDialog)
    dialog.editors["safety.questions"].value = ("/(/",)
    return dialog


def _key_none(made: Studio, engines: Engines) -> QDialog:
    """A key for the whole system where there is none: what is wrong, and what to do instead."""
    dialog = _at("general")(made, engines)
    assert isinstance(dialog, SettingsDialog)
    dialog.editors["window.hotkey"].value = True
    made.services.hotkey.use(True, read(Settings(), "window.hotkey_keys"))
    made.settle()
    return dialog


def _backing_up(made: Studio, engines: Engines) -> QDialog:
    dialog = _at("data")(made, engines)
    assert isinstance(dialog, SettingsDialog)
    dialog.data._busy(True)
    dialog.data._show_progress(41, 100)
    return dialog


def _moving(made: Studio, engines: Engines) -> QDialog:
    """A move under way."""
    plan = Plan(Path("/home/ann/.local/share/hxd-desktop"), Path("/media/ann/disk/hxd-desktop"), 31, 2_400_000_000, 0)
    wish = MoveWish(plan, ())
    window = MoveWindow(MoveSession(DataDirectory(plan.source), wish), wish, made.window)
    window.show_progress("copy", 1_500_000_000, plan.bytes)
    window.show()
    made.settle()
    return window


def _find(made: Studio, engines: Engines) -> QDialog:
    made.show_engine(engines.full)
    dialog = made.window.dialogs.find()
    assert isinstance(dialog, FinderDialog)
    dialog.field.setText("e")
    return dialog


def _about(made: Studio, engines: Engines) -> QDialog:
    made.show_engine(engines.full)
    dialog = made.window.dialogs.about()
    made.settle()
    return dialog


def _log(made: Studio, engines: Engines) -> QDialog:
    logs = made.services.data_dir / "logs"
    logs.mkdir(exist_ok=True)
    lines = ("WARNING hxd_desktop.engine.library: a folder is polled", "ERROR hxd_desktop.ui: a call failed")
    text = "".join(f"2026-03-02 09:14:0{at},204 4711 {line}\n" for at, line in enumerate(lines))
    (logs / "hxd.log").write_text(text, encoding="utf-8")
    return made.window.dialogs.log()


def _problem(made: Studio, engines: Engines) -> QDialog:
    made.show_engine(engines.full)
    try:
        raise ValueError("of no use")
    except ValueError as error:
        made.window.pages.banners.show_problem(problem_of(error))
    made.window.pages.banners.banners()[0]._show_details()
    made.settle()
    dialog = made.window.findChild(ProblemDialog)
    assert dialog is not None
    return dialog


_FOUND = LastCheck(1.0, "https://git.example/releases", "0.2.0", "https://git.example/notes/0.2.0")


def _newer(made: Studio, engines: Engines) -> None:
    made.show_engine(engines.full)
    made.services.updates.newer.emit(news(_FOUND))
    made.settle()


def _updates(made: Studio, engines: Engines) -> QDialog:
    """The end of the page, where a newer version is known."""
    dialog = _at("network")(made, engines)
    assert isinstance(dialog, SettingsDialog)
    box = dialog.updates
    box.told.setText(summary(_FOUND, allowed=True, feed=_FOUND.feed, current="0.1.0"))
    box.notes.show()
    area = dialog.pages.currentWidget()
    assert isinstance(area, QScrollArea)
    made.settle()
    area.ensureWidgetVisible(box)
    return dialog


PREFERENCES: dict[str, Scene] = {
    **{f"settings-{topic.key}": _at(topic.key) for topic in TOPICS},
    "find": _find,
    "about": _about,
    "log": _log,
    "problem": _problem,
    "settings-changed": _changed,
    "settings-wrong": _wrong,
    "moving-data": _moving,
    "settings-key-none": _key_none,
    "settings-backing-up": _backing_up,
    "newer-version": _newer,
    "settings-updates": _updates,
}

"""The pages of the settings, for the gallery."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from hxd_desktop.ui.preferences.dialog import SettingsDialog
from hxd_desktop.ui.preferences.fields import TOPICS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QDialog

    from hxd_desktop.ui.scenes import Engines
    from hxd_desktop.ui.studio import Studio

Scene = Callable[["Studio", "Engines"], object]


def _at(topic: str) -> Scene:
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


def _backing_up(made: Studio, engines: Engines) -> QDialog:
    dialog = _at("data")(made, engines)
    assert isinstance(dialog, SettingsDialog)
    dialog.data._busy(True)
    dialog.data._show_progress(41, 100)
    return dialog


PREFERENCES: dict[str, Scene] = {
    **{f"settings-{topic.key}": _at(topic.key) for topic in TOPICS},
    "settings-changed": _changed,
    "settings-wrong": _wrong,
    "settings-backing-up": _backing_up,
}

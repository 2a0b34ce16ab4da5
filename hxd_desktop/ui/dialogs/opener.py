"""Opens the window's dialogs; none of them is modal. Each is imported when it opens: the window is there sooner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hxd_desktop.ui.room import open_dialog

if TYPE_CHECKING:
    from hxd_desktop.engine.library.model import FolderInfo
    from hxd_desktop.ui.main_window import MainWindow


class Dialogs:
    """The dialogs of a window; each call opens one and returns it."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._services = window.services

    def settings(self, topic: str = "") -> QDialog:
        """The settings, at a topic."""
        from hxd_desktop.ui.preferences.dialog import SettingsDialog

        window, services = self._window, self._services
        dialog = SettingsDialog(services, window.menus.all, topic, window)
        dialog.applied.connect(window.settings_applied)
        dialog.move_asked.connect(window.move_asked)
        return self._shown(dialog)

    def keys(self) -> QDialog:
        """The list of keys."""
        from hxd_desktop.ui.dialogs.keys import KeysDialog

        return self._shown(KeysDialog(self._window.menus.all, self._window))

    def about(self) -> QDialog:
        """What this is."""
        from hxd_desktop.ui.dialogs.about import AboutDialog

        return self._shown(AboutDialog(self._services.bridge, self._window))

    def log(self) -> QDialog:
        """The log of the data directory."""
        from hxd_desktop.ui.dialogs.log import LogDialog

        return self._shown(LogDialog(self._services.data_dir / "logs", self._window))

    def find(self) -> QDialog:
        """The command palette."""
        from hxd_desktop.ui.finder.commands import commands_of
        from hxd_desktop.ui.finder.dialog import FinderDialog

        return self._shown(FinderDialog(commands_of(self._window), self._window))

    def files(self, library: str, failed_only: bool = False) -> QDialog:
        """Every file of a library, or those that failed."""
        from hxd_desktop.ui.library.files_dialog import FilesDialog

        dialog = FilesDialog(
            self._services.theme, self._services.bridge, library, failed_only=failed_only, parent=self._window
        )
        dialog.folder_asked.connect(self._window.show_in_folder)
        dialog.open_asked.connect(self._window.open_document)
        return self._shown(dialog)

    def ignore(self, folders: Sequence[FolderInfo]) -> QDialog:
        """What is left out of a library's folders."""
        from hxd_desktop.ui.library.ignore_dialog import IgnoreDialog

        return self._shown(IgnoreDialog(self._services.theme, self._services.bridge, folders, self._window))

    def calibrate(self, library: str = "") -> QDialog:
        """A library's good and bad questions and its limit."""
        from hxd_desktop.ui.calibrate.dialog import CalibrateDialog

        services = self._services
        return self._shown(CalibrateDialog(services.theme, services.bridge, *self._libraries(library), self._window))

    def evaluate(self, library: str = "") -> QDialog:
        """Measure answers and refusals, and compare."""
        from hxd_desktop.ui.evaluate.dialog import EvaluateDialog

        services = self._services
        return self._shown(EvaluateDialog(services.theme, services.bridge, *self._libraries(library), self._window))

    def _shown(self, dialog: QDialog) -> QDialog:
        open_dialog(dialog, self._window)
        return dialog

    def _libraries(self, library: str) -> tuple[list[str], str]:
        """All libraries, and the one to begin with: the one that is named, else the first that is asked."""
        session = self._services.session
        names = list(session.available) or ["default"]
        return names, library or next(iter(session.asked), names[0])

"""Starting at login, and what this system can and cannot do for the window."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QWidget

from hxd_desktop.engine.errors import HxdError
from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.system.autostart import Autostart, autostart, start_command
from hxd_desktop.ui.system.tray import Tray


class SystemBox(QWidget):
    """The switch works at once: it stands in the system's own settings, not in ours."""

    def __init__(self, data_dir: str, starter: Autostart | None = None) -> None:
        super().__init__()
        self._starter = starter or autostart()
        self._command = start_command(Path(data_dir))
        box = layouts.column(self, spacing=2)
        self.login = QCheckBox(t("Start at login"))
        self.login.setChecked(self._starter.enabled())
        self.login.toggled.connect(self._switch)
        box.addWidget(self.login)
        self.told = layouts.label("", "small", wrap=True, name="login_told")
        self.told.hide()
        box.addWidget(self.told)
        if not Tray.available():
            note = t("This system has no tray, so closing the window quits.")
            box.addWidget(layouts.label(note, "small", wrap=True))

    def _switch(self, on: bool) -> None:
        try:
            if on:
                self._starter.enable(self._command)
            else:
                self._starter.disable()
        except HxdError as error:
            self.told.setText(f"{error.title}. {error.message} {error.remedy}")
            self.told.setProperty("ink", "bad")
            self.told.style().polish(self.told)
            self.told.show()
            self.login.blockSignals(True)
            self.login.setChecked(self._starter.enabled())
            self.login.blockSignals(False)
        else:
            self.told.hide()

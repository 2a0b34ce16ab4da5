"""How the key for the whole system stands: in force, refused and by whom, or not to be had here."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.system.hotkey import Hotkey


class HotkeyBox(QWidget):
    """One line, kept up to date; out of sight while no key is wanted."""

    def __init__(self, hotkey: Hotkey) -> None:
        super().__init__()
        self._hotkey = hotkey
        box = layouts.column(self)
        self.told = layouts.label("", "small", wrap=True, name="hotkey_told")
        box.addWidget(self.told)
        self._fill()
        if not hotkey.standing.text:
            self.hide()
        hotkey.changed.connect(self._changed)

    def _changed(self) -> None:
        self._fill()
        self.setVisible(bool(self._hotkey.standing.text))

    def _fill(self) -> None:
        standing = self._hotkey.standing
        self.told.setText(standing.text)
        self.told.setProperty("ink", "bad" if standing.fault else "")
        self.told.style().polish(self.told)

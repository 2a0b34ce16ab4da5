"""An icon in the system's tray, from which a closed window comes back; only while it is wanted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from hxd_desktop.engine import paths
from hxd_desktop.ui.i18n import t


class Tray(QObject):
    """Shown by `use(True)` where the system has a tray.

    Args:
        show: brings the window back.
        leave: ends the application.
    """

    def __init__(self, show: Callable[[], object], leave: Callable[[], object]) -> None:
        super().__init__()
        self._show, self._leave = show, leave
        self._icon: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None

    @property
    def shown(self) -> bool:
        """Whether a closed window can be brought back."""
        return self._icon is not None

    def use(self, wanted: bool) -> None:
        """Show the icon or take it away."""
        if not wanted:
            self.close()
        elif self._icon is None and self.available():
            self._menu = QMenu()
            self._menu.addAction(t("Show the window")).triggered.connect(lambda _=False: self._show())
            self._menu.addAction(t("Quit")).triggered.connect(lambda _=False: self._leave())
            self._icon = QSystemTrayIcon(QIcon(str(paths.assets() / "icons" / "hxd.svg")))
            self._icon.setToolTip("HXD Desktop")
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(self._activated)
            self._icon.show()

    @staticmethod
    def available() -> bool:
        """Whether this system has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def close(self) -> None:
        """Take the icon away."""
        if self._icon is not None and self._menu is not None:
            self._icon.hide()
            self._icon.deleteLater()
            self._menu.deleteLater()
        self._icon = self._menu = None

    def _activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason == QSystemTrayIcon.ActivationReason.Trigger:
            self._show()

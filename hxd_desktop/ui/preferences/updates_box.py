"""What is known of newer versions, below the switch for them."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QHBoxLayout, QWidget

from hxd_desktop import __version__
from hxd_desktop.engine.updates.checking import LastCheck
from hxd_desktop.ui import layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.confirm import confirm
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.updates import UpdateWatch, summary


class UpdatesBox(QWidget):
    """Shows what the last look has found; can look now, and opens the notes once the user agrees."""

    def __init__(self, bridge: Bridge, updates: UpdateWatch) -> None:
        super().__init__()
        self._bridge = bridge
        self._updates = updates
        self._found = LastCheck()
        box = layouts.column(self, spacing=2)
        self.told = layouts.label("", "small", wrap=True, name="updates_told")
        box.addWidget(self.told)
        row = QHBoxLayout()
        row.setSpacing(layouts.unit(self) * 3)
        self.look = layouts.push(t("Look now"), name="look_now")
        self.look.clicked.connect(self._look)
        self.notes = layouts.push(t("Read more…"), name="read_notes")
        self.notes.clicked.connect(self._open_notes)
        row.addWidget(self.look)
        row.addWidget(self.notes)
        row.addStretch(1)
        box.addLayout(row)
        self._show(self._found, "")
        updates.known.connect(self._show)
        bridge.status.connect(self._refresh)  # the settings may have changed
        updates.refresh()

    def _refresh(self) -> None:
        self._updates.refresh()

    def _show(self, found: LastCheck, feed: str) -> None:
        self._found = found
        allowed = self._bridge.settings.updates.allowed
        self.told.setText(summary(found, allowed=allowed, feed=feed, current=__version__))
        self.look.setEnabled(allowed and bool(feed))
        self.notes.setVisible(allowed and found.newer and bool(found.notes))

    def _look(self) -> None:
        self.look.setEnabled(False)
        self.told.setText(t("Looking…"))
        self._updates.look()

    def _open_notes(self) -> None:
        question = t("Open this link in your browser? It may use the network.")
        if confirm(self, question, self._found.notes, t("Open")):
            QDesktopServices.openUrl(QUrl(self._found.notes))

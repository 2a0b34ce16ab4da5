"""The small window that shows how far a move is."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QWidget

from hxd_desktop.engine import paths
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.i18n import mark, t
from hxd_desktop.ui.moving.session import MoveSession
from hxd_desktop.ui.moving.wish import MoveWish

_STEPS = {
    "copy": mark("Copying: {done} of {total}"),
    "check": mark("Comparing: {done} of {total}"),
    "switch": mark("Switching…"),
    "done": mark("Opening the new place…"),
}
_PARTS = {"copy": 0.0, "check": 0.6, "switch": 1.0, "done": 1.0}  # copying takes the most
_WHOLE = 1000


class MoveWindow(QDialog):
    """Shows a move from its beginning to its end; closing it cancels."""

    def __init__(self, session: MoveSession, wish: MoveWish, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Moving the data folder"))
        self.setWindowIcon(QIcon(str(paths.assets() / "icons" / "hxd.svg")))
        self._session = session
        step = layouts.unit(self)
        box = layouts.column(self, margin=5, spacing=3)
        box.addWidget(layouts.label(t("Moving the data folder"), "heading"))
        way = t("From {source} to {target}", source=wish.plan.source, target=wish.plan.target)
        box.addWidget(layouts.label(way, "muted", wrap=True))
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _WHOLE)
        self.bar.setAccessibleName(t("Progress"))
        box.addWidget(self.bar)
        self.told = layouts.label("", wrap=True, name="move_told")
        box.addWidget(self.told)
        safe = t("Nothing is removed before the new place has opened. The window comes back by itself.")
        box.addWidget(layouts.label(safe, "small", wrap=True))
        box.addStretch(1)
        row = QHBoxLayout()
        row.addStretch(1)
        self.stop = layouts.push(t("Cancel"), name="move_cancel")
        self.stop.clicked.connect(self._cancel)
        row.addWidget(self.stop)
        box.addLayout(row)
        self.resize(step * 110, step * 56)
        self.show_progress("copy", 0, wish.plan.bytes)
        session.went.connect(self.show_progress, Qt.ConnectionType.QueuedConnection)

    def show_progress(self, step: str, done: int, total: int) -> None:
        """Show a step, and how much of it is done."""
        share = done / total if total else 1.0
        begin = _PARTS[step]
        end = _PARTS["check"] if step == "copy" else 1.0
        self.bar.setValue(round(_WHOLE * (begin + (end - begin) * share)))
        self.told.setText(t(_STEPS[step], done=formats.size(done), total=formats.size(total)))
        self.stop.setEnabled(step in ("copy", "check"))

    def closeEvent(self, event: QCloseEvent) -> None:
        # Accepted: Qt would not end the application beside a window that stays open.
        self._cancel()
        event.accept()

    def reject(self) -> None:
        """Esc cancels the move; the window goes when that has ended."""
        self._cancel()

    def _cancel(self) -> None:
        self._session.cancel()

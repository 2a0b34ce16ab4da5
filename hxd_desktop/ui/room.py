"""How large a dialog may be."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QDialog, QWidget

ROOM = "room"  # property of a window: a size that takes the place of its screen's


def room_of(window: QWidget) -> QSize:
    """The size in pixels that a dialog of `window` may have: the screen's, less a title bar."""
    told = window.property(ROOM)
    if isinstance(told, QSize):
        return told
    title = round(QFontMetricsF(window.font()).height() * 2)
    return window.screen().availableGeometry().size() - QSize(0, title)


def open_dialog(dialog: QDialog, window: QWidget) -> None:
    """Show a dialog that holds nothing up, no larger than there is room for."""
    dialog.setModal(False)
    wanted = dialog.size() if dialog.testAttribute(Qt.WidgetAttribute.WA_Resized) else dialog.sizeHint()
    dialog.resize(wanted.boundedTo(room_of(window)))
    dialog.show()

"""What all dialogs of the window do, and how large they may be."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QShowEvent
from PySide6.QtWidgets import QDialog, QWidget

from hxd_desktop.ui.reading_order import InOrder, tell_in_order

ROOM = "room"  # property of a window: a size that takes the place of its screen's


class Dialog(InOrder, QDialog):
    """Holds nothing up, is gone when it is closed (Esc), and is read in order."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def showEvent(self, event: QShowEvent) -> None:
        tell_in_order(self)
        super().showEvent(event)


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

"""What the keys do in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QScrollBar

if TYPE_CHECKING:
    from hxd_desktop.ui.evidence.document import DocumentPane


def press(pane: DocumentPane, bar: QScrollBar, event: QKeyEvent) -> bool:
    """Do what a key asks for in `pane`, which `bar` scrolls; return whether it was one of the document's."""
    control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
    back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    match event.key():
        case _ if event.matches(QKeySequence.StandardKey.Find):
            pane.open_find()
        case Qt.Key.Key_F3:
            pane.step_match(-1 if back else 1)
        case Qt.Key.Key_PageDown:
            pane.turn(1) if bar.value() >= bar.maximum() else bar.setValue(bar.value() + bar.pageStep())
        case Qt.Key.Key_PageUp:
            pane.turn(-1) if bar.value() <= bar.minimum() else bar.setValue(bar.value() - bar.pageStep())
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal if control:
            pane.zoom(1)
        case Qt.Key.Key_Minus if control:
            pane.zoom(-1)
        case Qt.Key.Key_Down:
            bar.setValue(bar.value() + bar.singleStep() * 2)
        case Qt.Key.Key_Up:
            bar.setValue(bar.value() - bar.singleStep() * 2)
        case _:
            return False
    return True

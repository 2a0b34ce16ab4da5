"""The list of keys, made from the actions themselves so that it is always right."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QGridLayout, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.room import Dialog


def key_rows(actions: Iterable[QAction]) -> list[tuple[str, str]]:
    """Return (keys, what they do) of the actions that have keys, and of the fields that read keys themselves."""
    rows = [
        (action.shortcut().toString(QKeySequence.SequenceFormat.NativeText), action.text().replace("&", "").rstrip("…"))
        for action in actions
        if not action.shortcut().isEmpty()
    ]
    return [
        *rows,
        (t("Enter"), t("Send the question")),
        (t("Shift+Enter"), t("New line in the question")),
        (t("F2"), t("Rename the chosen chat")),
        (t("Del"), t("Delete the chosen chat")),
        (t("Ctrl+Up, Ctrl+Down"), t("Move between messages")),
        (t("Up, Down"), t("Move between sources")),
        (t("Page Up, Page Down"), t("Previous and next page, in the document")),
        (t("Ctrl+F, F3"), t("Find in the document, next match: while the document has the keyboard")),
        (t("Ctrl++, Ctrl+-"), t("Zoom the document")),
        (t("Tab, Shift+Tab"), t("Next and previous control")),
    ]


def key_grid(actions: Iterable[QAction]) -> QWidget:
    """The keys and what they do, as a table of two columns."""
    widget = QWidget()
    step = layouts.unit(widget)
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(step * 6)
    grid.setVerticalSpacing(step * 1)
    for row, (keys, text) in enumerate(key_rows(actions)):
        grid.addWidget(layouts.label(keys, "title"), row, 0)
        grid.addWidget(layouts.label(text), row, 1)
    grid.setColumnStretch(1, 1)
    return widget


class KeysDialog(Dialog):
    """Shows the keys."""

    def __init__(self, actions: Iterable[QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Keys"))
        box = layouts.column(self, margin=5, spacing=4)
        keys = layouts.scroll(key_grid(actions))
        keys.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrows scroll it
        keys.setProperty("role", "stop")
        keys.setAccessibleName(t("Keys"))
        keys.setMinimumWidth(keys.sizeHint().width() + keys.verticalScrollBar().sizeHint().width())
        box.addWidget(keys)
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        box.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

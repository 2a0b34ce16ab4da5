"""The line in which words are looked for in a document."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme

_REST_MS = 200


class FindBar(QWidget):
    """Tells what is looked for once typing rests; Enter goes on, Shift+Enter back, Esc closes it."""

    asked = Signal(str)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        step = layouts.unit(self)
        row = layouts.row(self, spacing=1)
        row.setContentsMargins(step * 3, step, step * 2, step)
        self.edit = QLineEdit()
        self.edit.setObjectName("find_edit")
        self.edit.setPlaceholderText(t("Find in this document"))
        self.edit.setAccessibleName(t("Find in this document"))
        self.edit.setMinimumWidth(step * 12)
        self.count = layouts.label("", "small", name="find_count")
        back = layouts.tool(theme, "chevron-up", t("Previous match"), name="find_back")
        forth = layouts.tool(theme, "chevron-down", t("Next match"), name="find_forth")
        close = layouts.tool(theme, "x", t("Close"), name="find_close")
        back.clicked.connect(lambda: self.stepped.emit(-1))
        forth.clicked.connect(lambda: self.stepped.emit(1))
        close.clicked.connect(self.close_bar)
        self._buttons = (back, forth)
        row.addWidget(self.edit, 1)
        row.addWidget(self.count)
        for button in (back, forth, close):
            row.addWidget(button)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.ask_now)
        self.edit.textChanged.connect(lambda: self._rest.start())
        self.show_count(0, 0)
        self.hide()

    @property
    def query(self) -> str:
        """What is looked for, "" while the line is closed."""
        return self.edit.text().strip() if not self.isHidden() else ""

    def open_bar(self, text: str = "") -> None:
        """Show the line, with `text` in it if there is any."""
        self.show()
        if text:
            self.edit.setText(text)
        self.edit.selectAll()
        self.edit.setFocus()

    def close_bar(self) -> None:
        """Hide the line; nothing is looked for any more."""
        self._rest.stop()
        self.hide()
        self.closed.emit()

    def show_count(self, current: int, total: int) -> None:
        """Show which match of how many is looked at; 0 of 0 where there is none."""
        if total:
            self.count.setText(t("{page} of {pages}", page=formats.count(current), pages=formats.count(total)))
        else:
            self.count.setText(t("No match") if self.edit.text().strip() else "")
        for button in self._buttons:
            button.setEnabled(total > 1)

    def ask_now(self) -> None:
        """Look for what is typed without waiting for a rest."""
        self._rest.stop()
        self.asked.emit(self.query)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self._rest.isActive():
                self.ask_now()
            else:
                self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._rest.stop()
        super().hideEvent(event)

"""A field, and below it what its letters fit: commands, libraries, conversations, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.finder.fuzzy import best
from hxd_desktop.ui.i18n import t

_MOST = 50
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do; `kind` says what it is about, `keys` do it without this."""

    text: str
    then: Callable[[], object]
    kind: str = ""
    keys: str = ""


class FinderDialog(QDialog):
    """Arrows choose, Enter does it, Esc leaves."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("Do something"))
        self._commands = [(" ".join(part for part in (c.text, c.kind) if part), c) for c in commands]
        self._shown: list[Command] = []
        step = layouts.unit(self)
        box = layouts.column(self, margin=3, spacing=2)
        self.field = QLineEdit()
        self.field.setPlaceholderText(t("A few letters of what you want"))
        self.field.setAccessibleName(t("Do something"))
        self.field.textChanged.connect(self._find)
        self.field.returnPressed.connect(self._do)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("role", "finder")
        self.list.setAccessibleName(t("What fits"))
        self.list.itemActivated.connect(lambda _: self._do())
        self.list.itemClicked.connect(lambda _: self._do())
        self.none = layouts.label(t("Nothing fits."), "muted", name="finder_none")
        box.addWidget(self.field)
        box.addWidget(self.none)
        box.addWidget(self.list, 1)
        self.resize(step * 140, step * 110)
        self._find("")
        self.field.setFocus()

    def texts(self) -> list[str]:
        """What is shown."""
        return [command.text for command in self._shown]

    def _find(self, letters: str) -> None:
        self._shown = best(letters, self._commands, _MOST)
        self.list.clear()
        for command in self._shown:
            after = " · ".join(part for part in (command.kind, command.keys) if part)
            self.list.addItem(QListWidgetItem(f"{command.text}    {after}" if after else command.text))
        self.list.setCurrentRow(0)
        self.none.setVisible(not self._shown)

    def _do(self) -> None:
        row = self.list.currentRow()
        if 0 <= row < len(self._shown):
            command = self._shown[row]
            self.close()
            command.then()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in _MOVES:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

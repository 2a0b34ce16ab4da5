"""A field, and below it what its letters fit: commands, libraries, conversations, settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from hxd_desktop.ui import layouts
from hxd_desktop.ui.finder.fuzzy import best
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.room import Dialog

_MOST = 50
_AFTER = Qt.ItemDataRole.UserRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


@dataclass(frozen=True, slots=True)
class Command:
    """Something to do; `kind` says what it is about, `keys` do it without this."""

    text: str
    then: Callable[[], object]
    kind: str = ""
    keys: str = ""


class _Line(QStyledItemDelegate):
    """Draws a command at the left, and at the right what it is about and its keys."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        metrics = option.fontMetrics
        room = option.rect.width() - metrics.horizontalAdvance(index.data(_AFTER) or "") - 4 * metrics.height()
        option.text = metrics.elidedText(option.text, Qt.TextElideMode.ElideRight, max(room, metrics.height() * 4))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        edge = option.fontMetrics.height() // 2
        painter.setPen(option.palette.placeholderText().color())
        painter.drawText(
            option.rect.adjusted(0, 0, -edge, 0),
            int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
            index.data(_AFTER) or "",
        )


class FinderDialog(Dialog):
    """Arrows choose, Enter does it, Esc leaves."""

    def __init__(self, commands: Sequence[Command], parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self.list.setItemDelegate(_Line(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
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
            item = QListWidgetItem(command.text)
            item.setData(_AFTER, after)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, " ".join(part for part in (command.text, after) if part))
            self.list.addItem(item)
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

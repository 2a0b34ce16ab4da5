"""A layout that sets widgets in lines, like words."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Puts its widgets side by side and starts a new line where one is full.

    Args:
        align: where the lines stand: left, centred, or right.
        last_at_end: the last one that is shown stands at the end of its line.
    """

    def __init__(
        self,
        parent: QWidget,
        spacing: int,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        *,
        last_at_end: bool = False,
    ) -> None:
        super().__init__(parent)
        self._align = align
        self.last_at_end = last_at_end
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, rect: QRect, *, move: bool) -> int:
        x, y, gap = rect.x(), rect.y(), self.spacing()
        lines: list[list[tuple[QLayoutItem, int, QSize]]] = [[]]
        for item in self._items:
            if item.isEmpty():  # hidden
                continue
            size = item.sizeHint().boundedTo(QSize(rect.width(), item.sizeHint().height()))
            if lines[-1] and x + size.width() > rect.right() + 1:
                lines.append([])
                x = rect.x()
            lines[-1].append((item, x, size))
            x += size.width() + gap
        for number, line in enumerate(lines, 1):
            height = max((size.height() for _, _, size in line), default=0)
            if move and line:
                _, left, size = line[-1]
                left_over = rect.right() + 1 - left - size.width()
                shift = {Qt.AlignmentFlag.AlignHCenter: left_over // 2, Qt.AlignmentFlag.AlignRight: left_over}
                line = [(item, left + shift.get(self._align, 0), size) for item, left, size in line]
                if self.last_at_end and number == len(lines):
                    item, left, size = line[-1]
                    line[-1] = (item, rect.right() + 1 - size.width(), size)
                for item, left, size in line:
                    item.setGeometry(QRect(QPoint(left, y + (height - size.height()) // 2), size))
            y += height + gap
        return y - gap - rect.y()

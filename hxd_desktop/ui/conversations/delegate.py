"""Draws a conversation: its title, and when it was last used."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from hxd_desktop.ui.conversations.model import PINNED_ROLE, WHEN_ROLE
from hxd_desktop.ui.theme import Theme, small_font

_Index = QModelIndex | QPersistentModelIndex


class ConversationDelegate(QStyledItemDelegate):
    """One line a conversation; the title gives way to the time."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 1.8))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colours = self._theme.palette
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        unit = QFontMetrics(option.font).height() // 4
        area = option.rect.adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if chosen else colours.raised))
            painter.drawRoundedRect(area, unit * 1.5, unit * 1.5)
        if option.state & QStyle.StateFlag.State_HasFocus and option.state & QStyle.StateFlag.State_KeyboardFocusChange:
            painter.setPen(QColor(colours.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(area.adjusted(0, 0, -1, -1), unit * 1.5, unit * 1.5)
        inside = area.adjusted(unit * 2, 0, -unit * 2, 0)
        when = index.data(WHEN_ROLE)
        painter.setFont(small_font(option.font))
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.setPen(QColor(colours.muted))
        painter.drawText(inside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, when)
        if index.data(PINNED_ROLE):
            size = unit * 3
            width += size + unit
            at = QPoint(inside.right() - width + 1, inside.center().y() - size // 2)
            painter.drawPixmap(at, self._theme.pixmap("pin", size, colours.accent))
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        title = QRect(inside.left(), inside.top(), inside.width() - width - unit * 2, inside.height())
        text = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, title.width())
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()

"""The messages that a search of the chats has found: model and the way they are drawn."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from hxd_desktop.engine.library.model import MessageHit
from hxd_desktop.ui import formats
from hxd_desktop.ui.harmless import tip
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme, small_font

_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
HIT_ROLE = Qt.ItemDataRole.UserRole


class HitModel(QAbstractListModel):
    """Messages that were found, the latest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hits: list[MessageHit] = []

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or not 0 <= index.row() < len(self.hits):
            return None
        hit = self.hits[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.snippet
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{hit.title}\n{formats.when(hit.created_at)}\n{hit.snippet}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            who = t("You") if hit.role == "user" else t("Answer")
            return f"{hit.title}, {who}: {hit.snippet}"
        if role == HIT_ROLE:
            return hit
        return None

    def show(self, hits: list[MessageHit]) -> None:
        """Show other messages."""
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()


class HitDelegate(QStyledItemDelegate):
    """Two lines: the chat's title and when, the words that were found among their neighbours."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, round(QFontMetrics(option.font).height() * 2.9))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        colours, hit = self._theme.palette, index.data(HIT_ROLE)
        unit = QFontMetrics(option.font).height() // 4
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.accent_soft if chosen else colours.raised))
            painter.drawRoundedRect(area, unit * 1.5, unit * 1.5)
        inside = area.adjusted(unit * 2, unit, -unit * 2, -unit)
        upper = QRect(inside.left(), inside.top(), inside.width(), inside.height() // 2)
        lower = QRect(inside.left(), upper.bottom(), inside.width(), inside.height() // 2)
        small = small_font(option.font)
        painter.setFont(small)
        when = formats.when(hit.created_at)
        width = painter.fontMetrics().horizontalAdvance(when)
        painter.setPen(QColor(colours.muted))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(upper, Qt.AlignmentFlag.AlignRight | middle, when)
        title = hit.title or t("New chat")
        title = painter.fontMetrics().elidedText(title, Qt.TextElideMode.ElideRight, inside.width() - width - unit * 2)
        painter.drawText(upper, Qt.AlignmentFlag.AlignLeft | middle, title)
        self._snippet(painter, lower, hit, option.font)
        painter.restore()

    def _snippet(self, painter: QPainter, area: QRect, hit: MessageHit, font: QFont) -> None:
        """The words in one line; what matched stands on the marking colour."""
        colours = self._theme.palette
        painter.setFont(font)
        painter.setClipRect(area)
        metrics = painter.fontMetrics()
        first = hit.marks[0][0] if hit.marks else 0
        start = max(0, first - 8) if metrics.horizontalAdvance(hit.snippet[: first + 12]) > area.width() else 0
        shown = metrics.elidedText(
            ("…" if start else "") + hit.snippet[start:].lstrip("…"), Qt.TextElideMode.ElideRight, area.width()
        )
        lead = hit.snippet[start:]
        shift = start - (1 if start else 0) + (1 if lead.startswith("…") and start else 0)
        for a, b in hit.marks:
            a, b = max(a - shift, 0), min(b - shift, len(shown))
            if a < b:
                x = metrics.horizontalAdvance(shown[:a])
                wide = metrics.horizontalAdvance(shown[:b]) - x
                painter.fillRect(QRect(area.left() + x, area.top(), wide, area.height()), QColor(colours.mark))
        painter.setPen(QColor(colours.text))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)

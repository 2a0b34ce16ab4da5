"""Small helpers for laying out: one grid, a quarter of a line of text."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QFontMetricsF
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.theme import Theme

COLUMN = 190  # the widest a column of text gets, in steps of the grid: about 80 characters a line


def unit(widget: QWidget) -> int:
    """The grid's step in pixels: a quarter of a line."""
    return max(3, round(QFontMetricsF(widget.font()).height() / 4))


def column(widget: QWidget, margin: float = 0, spacing: float = 0) -> QVBoxLayout:
    """A vertical layout on `widget`; margin and spacing in steps of the grid."""
    layout = QVBoxLayout(widget)
    _space(layout, widget, margin, spacing)
    return layout


def row(widget: QWidget, margin: float = 0, spacing: float = 0) -> QHBoxLayout:
    """A horizontal layout on `widget`; margin and spacing in steps of the grid."""
    layout = QHBoxLayout(widget)
    _space(layout, widget, margin, spacing)
    return layout


def _space(layout: QBoxLayout, widget: QWidget, margin: float, spacing: float) -> None:
    step = unit(widget)
    edge = round(step * margin)
    layout.setContentsMargins(edge, edge, edge, edge)
    layout.setSpacing(round(step * spacing))


def label(text: str = "", role: str = "", *, wrap: bool = False, name: str = "") -> QLabel:
    """A text with a role of the style sheet; never rich text, so nothing in a document's name is markup."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    if role:
        made.setProperty("role", role)
    if name:
        made.setObjectName(name)
    if wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def tool(theme: Theme, icon: str, text: str, *, name: str = "", checkable: bool = False) -> QToolButton:
    """An icon button; `text` is its tooltip and its accessible name."""
    button = QToolButton()
    button.setToolTip(text)
    button.setAccessibleName(text)
    button.setCheckable(checkable)
    button.setObjectName(name)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    step = round(QFontMetricsF(button.font()).height())
    button.setIconSize(QSize(step, step))
    set_icon(theme, button, icon)
    return button


class _Icon(QObject):
    """Keeps a button's icon in a colour of the palette through changes of theme."""

    def __init__(self, theme: Theme, button: QAbstractButton, icon: str, ink: str) -> None:
        super().__init__(button)
        self._theme, self._button, self._icon, self._ink = theme, button, icon, ink
        theme.changed.connect(self.apply)
        self.apply()

    def apply(self) -> None:
        self._button.setIcon(self._theme.icon(self._icon, getattr(self._theme.palette, self._ink)))


def set_icon(theme: Theme, button: QAbstractButton, icon: str, ink: str = "muted") -> None:
    """Give `button` an icon in the colour `ink` of the palette, now and after each change of theme."""
    for old in button.findChildren(_Icon):
        old.setParent(None)
    _Icon(theme, button, icon, ink)


def magnifier(theme: Theme, edit: QLineEdit, *, clear: bool = False) -> None:
    """Begin a field that searches with a picture of it, which does nothing itself; `clear`: end it with a button."""
    edit.setClearButtonEnabled(clear)
    if (button := edit.findChild(QAction, "_q_qlineeditclearaction")) is not None:
        button.setText(t("Clear the field"))
    picture = edit.addAction(theme.icon("search"), QLineEdit.ActionPosition.LeadingPosition)
    picture.setText(t("Search"))
    picture.setEnabled(False)
    theme.changed.connect(lambda: picture.setIcon(theme.icon("search")))


def frame(role: str) -> QFrame:
    """A frame with a role of the style sheet."""
    made = QFrame()
    made.setProperty("role", role)
    return made


def line() -> QFrame:
    """A hairline."""
    made = frame("line")
    made.setFixedHeight(1)
    return made


def push(text: str, kind: str = "", *, name: str = "") -> QPushButton:
    """A button with a kind of the style sheet."""
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    button.setCursor(Qt.CursorShape.PointingHandCursor)
    if kind:
        button.setProperty("kind", kind)
    return button


def pad(spin: QAbstractSpinBox) -> None:
    """Begin a number's digits where other fields' texts begin: a style sheet's padding does not reach them."""
    step = unit(spin) * 2
    spin.lineEdit().setTextMargins(step, 0, step, 0)


def scroll(content: QWidget) -> QScrollArea:
    """A frame that scrolls `content` vertically."""
    area = QScrollArea()
    scrolls(area, content)
    return area


def scrolls(area: QScrollArea, content: QWidget) -> None:
    """Let `area` scroll `content` vertically, and sideways only where it cannot be as narrow as what is seen."""
    content.setObjectName("content")
    area.setWidget(content)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # what stands in it takes the keys, and is brought into view


def drop(widget: QWidget) -> None:
    """Take a widget out of what it stands in, at once, and delete it."""
    widget.hide()
    widget.setParent(None)
    widget.deleteLater()


def clear(layout: QLayout) -> None:
    """Remove and delete everything in `layout`."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            drop(widget)
        elif (inner := item.layout()) is not None:
            clear(inner)

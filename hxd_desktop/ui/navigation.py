"""The window's pages: a slim rail at the left edge chooses what the middle column shows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QStackedWidget, QToolButton, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.banner import Banners
from hxd_desktop.ui.theme import Theme, small_font


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the window.

    Attributes:
        key: its name in the code.
        title: its name on the rail and in the menu; "Ctrl" and its place in the list open it.
        icon: a picture of `assets/icons`.
        make: builds it when it is first shown.
        wide: it takes the place of the side columns too.
        alone: it takes the place of the evidence, which belongs to the chat.
    """

    key: str
    title: str
    icon: str
    make: Callable[[], QWidget]
    wide: bool = False
    alone: bool = False


class RailButton(QToolButton):
    """A picture above a word."""

    def __init__(self, theme: Theme, icon: str, text: str, keys: str, *, checkable: bool) -> None:
        super().__init__()
        self._theme, self._icon_name = theme, icon
        self.setProperty("role", "rail")
        self.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(f"{text} ({keys})" if keys else text)
        self.setCheckable(checkable)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setFont(small_font(self.font(), 0.85))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        side = round(QFontMetricsF(self.font()).height() * 1.15)
        self.setIconSize(QSize(side, side))
        self.toggled.connect(self._paint_icon)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def _paint_icon(self) -> None:
        colours = self._theme.palette
        self.setIcon(self._theme.icon(self._icon_name, colours.accent if self.isChecked() else colours.muted))


class Rail(QFrame):
    """The pages, one chosen; other wishes at the bottom."""

    chosen = Signal(str)  # key

    def __init__(self, theme: Theme, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setProperty("role", "rail")
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self._box = layouts.column(self, margin=1, spacing=1)
        for at, page in enumerate(pages, 1):
            button = RailButton(theme, page.icon, page.title, f"Ctrl+{at}", checkable=True)
            button.setObjectName(f"page_{page.key}")
            button.clicked.connect(lambda _=False, key=page.key: self.chosen.emit(key))
            self._group.addButton(button)
            self._box.addWidget(button)
            self._buttons[page.key] = button
        self._box.addStretch(1)
        self.setMinimumWidth(layouts.unit(self) * 13)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)  # as wide as its longest word

    def add_wish(self, icon: str, text: str, keys: str, then: Callable[[], object]) -> None:
        """Put a button at the bottom that opens something else than a page."""
        button = RailButton(self._theme, icon, text, keys, checkable=False)
        button.clicked.connect(lambda _=False: then())
        self._box.addWidget(button)

    def show_chosen(self, key: str) -> None:
        """Mark the page that is shown."""
        self._buttons[key].setChecked(True)


class Pages(QWidget):
    """The middle column: messages on top, below them the page that is chosen; a page is built when first shown."""

    changed = Signal(object)  # Page

    def __init__(self, theme: Theme, pages: Sequence[Page], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.specs = tuple(pages)
        self.banners = Banners(theme)
        self._stack = QStackedWidget()
        self._made: dict[str, QWidget] = {}
        self._current = pages[0]
        box = layouts.column(self)
        box.addWidget(self.banners)
        box.addWidget(self._stack, 1)

    @property
    def current(self) -> Page:
        """The page that is shown."""
        return self._current

    def show_page(self, key: str) -> QWidget:
        """Show a page and return it."""
        page = next(page for page in self.specs if page.key == key)
        widget = self._made.get(key)
        if widget is None:
            widget = self._made[key] = page.make()
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        self._stack.setAccessibleName(page.title)
        self._current = page
        self.changed.emit(page)
        return widget

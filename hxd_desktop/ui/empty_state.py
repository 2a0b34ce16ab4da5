"""What stands where there is nothing yet: an explanation and one thing to do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.theme import Theme

Action = tuple[str, Callable[[], object]]


class EmptyState(QScrollArea):
    """A picture, a heading, a sentence, one action and perhaps a quieter second one; scrolls where it is too tall."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        title: str,
        text: str,
        action: Action | None = None,
        second: Action | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._theme = theme
        self._icon_name = icon
        step = layouts.unit(self)
        content = QWidget()
        layouts.scrolls(self, content)
        box = layouts.column(content, margin=6, spacing=3)
        box.addStretch(2)
        self._icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        box.addWidget(self._icon)
        heading = layouts.label(title, "heading", wrap=True, name="empty_title")
        heading.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(heading)
        body = layouts.label(text, "muted", wrap=True)
        body.setAlignment(Qt.AlignmentFlag.AlignCenter)
        body.setMaximumWidth(step * 110)
        body.setMinimumWidth(step * 32)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(body, 100)
        across.addStretch(1)
        box.addLayout(across)
        holder = QWidget()
        buttons = FlowLayout(holder, step * 2, Qt.AlignmentFlag.AlignHCenter)
        self.buttons = []
        for kind, wish in (("primary", action), ("", second)):
            if wish is not None:
                button = layouts.push(wish[0], kind, name="empty_action" if kind else "empty_second")
                button.clicked.connect(lambda _=False, then=wish[1]: then())
                buttons.addWidget(button)
                self.buttons.append(button)
        box.addSpacing(step * 2)
        box.addWidget(holder)
        box.addStretch(3)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def _paint_icon(self) -> None:
        size = layouts.unit(self) * 10
        self._icon.setPixmap(self._theme.pixmap(self._icon_name, size, self._theme.palette.accent))

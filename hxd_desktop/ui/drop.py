"""Folders and files dropped anywhere on the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import plural
from hxd_desktop.ui.theme import Theme


def dropped_paths(mime: QMimeData) -> list[str]:
    """The local folders and files in a drop; anything else is left out."""
    return (
        [url.toLocalFile() for url in mime.urls() if url.isLocalFile() and url.toLocalFile()] if mime.hasUrls() else []
    )


class DropOverlay(QWidget):
    """Covers the window while something is dragged over it and says into which library it would go.

    Args:
        target: gives the library for a position in global coordinates.
    """

    def __init__(self, theme: Theme, target: Callable[[QPoint], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._target = target
        self._library = ""
        self._count = 0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        box = layouts.column(self, margin=4)
        frame = layouts.frame("drop")
        card = layouts.frame("card")
        inside = layouts.column(card, margin=5, spacing=2)
        icon = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        icon.setPixmap(theme.pixmap("folder-plus", layouts.unit(self) * 10, theme.palette.accent))
        self._label = layouts.label("", "heading", name="drop_text")
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        inside.addWidget(icon)
        inside.addWidget(self._label)
        layouts.column(frame).addWidget(card, 0, Qt.AlignmentFlag.AlignCenter)
        box.addWidget(frame)

    @property
    def library(self) -> str:
        """The library that a drop would go to now."""
        return self._library

    def show_over(self, paths: list[str]) -> None:
        """Cover the parent; `paths` is what is being dragged."""
        self._count = len(paths)
        self.setGeometry(self._over.rect())
        self.raise_()
        self.show()

    def move_to(self, position: QPoint) -> None:
        """Name the library for a position in global coordinates."""
        self._library = self._target(position)
        what = plural(self._count, "Add {n} item to {library}", "Add {n} items to {library}", library=self._library)
        self._label.setText(what)
        self.setAccessibleName(what)

"""Folders and files dropped anywhere on the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
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


class DropTarget(QObject):
    """Takes what is dropped on a window, with the overlay to say where it goes.

    Args:
        window: accepts drops.
        overlay: covers it meanwhile.
        ready: whether something can be taken now.
        take: called with the paths that were dropped.
    """

    def __init__(
        self, window: QWidget, overlay: DropOverlay, ready: Callable[[], bool], take: Callable[[list[str]], object]
    ) -> None:
        super().__init__(window)
        self._window, self._overlay, self._ready, self._take = window, overlay, ready, take
        window.setAcceptDrops(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QDragEnterEvent):  # before its base classes
            return self._enter(event)
        if isinstance(event, QDropEvent):
            self._overlay.move_to(self._window.mapToGlobal(event.position().toPoint()))
            event.acceptProposedAction()
            if not isinstance(event, QDragMoveEvent):
                self._overlay.hide()
                self._take(dropped_paths(event.mimeData()))
            return True
        if isinstance(event, QDragLeaveEvent):
            self._overlay.hide()
            return True
        if event.type() == QEvent.Type.Resize:
            self._overlay.setGeometry(self._window.rect())
        return False

    def _enter(self, event: QDragEnterEvent) -> bool:
        paths = dropped_paths(event.mimeData())
        if paths and self._ready():
            event.acceptProposedAction()
            self._overlay.show_over(paths)
            self._overlay.move_to(self._window.mapToGlobal(event.position().toPoint()))
        return True

"""Which files of a library are shown, and in what order; follows the library while it is indexed."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from hxd_desktop.engine.documents.model import DocumentState
from hxd_desktop.engine.library.coverage import Order
from hxd_desktop.engine.library.model import FolderState
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.library.files_model import FilesModel
from hxd_desktop.ui.problems import Problem

_TYPING_MS = 120
_FOLLOW_MS = 700  # how often the table is read anew while files are indexed


@dataclass(frozen=True, slots=True)
class View:
    """What is shown: of one state (None: of any), with `text` in path or reason, in an order."""

    state: DocumentState | None = None
    text: str = ""
    order: Order = Order.PATH
    descending: bool = False


class FilesSession(QObject):
    """Keeps `model` true to `view`; `failed` where that could not be read."""

    changed = Signal()

    def __init__(self, bridge: Bridge, library: str, view: View, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._library = bridge, library
        self.model = FilesModel(self)
        self.view = view
        self.failed: Problem | None = None
        self.busy = False
        self._shown: View | None = None
        self._again = False
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(self.load)
        self._follow = QTimer(self, singleShot=True, interval=_FOLLOW_MS)
        self._follow.timeout.connect(self.load)
        self.model.wanted.connect(self._read)
        self.model.sort_asked.connect(self.sort)
        bridge.documents_changed.connect(self._documents_changed)

    def type(self, text: str) -> None:
        """Show the files with `text` once the typing pauses."""
        self.view = replace(self.view, text=text.strip())
        self._typing.start()

    def show_state(self, state: DocumentState | None) -> None:
        """Show the files of one state."""
        self.view = replace(self.view, state=state)
        self.load()

    def sort(self, order: Order, descending: bool) -> None:
        """Show the files in another order."""
        view = replace(self.view, order=order, descending=descending)
        if view != self.view:
            self.view = view
            self.load()

    def load(self) -> None:
        """Read which files there are; while that is done, one more wish is remembered."""
        self._typing.stop()
        if self.busy:
            self._again = True
            return
        self.busy, self._again = True, False
        view, library = self.view, self._library

        def work(assistant: Any) -> tuple[array[int], list[str]]:
            ids = assistant.document_ids(
                library, state=view.state, text=view.text, order=view.order, descending=view.descending
            )
            folders = [folder for known in assistant.libraries() if known.name == library for folder in known.folders]
            return ids, [folder.path for folder in folders if folder.state is FolderState.OFFLINE]

        def done(read: tuple[array[int], list[str]]) -> None:
            self.failed, self._shown = None, view
            self.model.show_ids(read[0], offline=read[1])
            self._ended()

        def failed(problem: Problem) -> None:
            self.failed = problem
            self._ended()

        self._bridge.call(work, done, failed)

    def retry(self, paths: list[str] | None) -> None:
        """Read failed files (or the given ones) again."""
        library = self._library
        self._bridge.change(lambda assistant: assistant.retry(library, paths))

    def _ended(self) -> None:
        self.busy = False
        self.changed.emit()
        if self._again or self.view != (self._shown or self.view):
            self.load()

    def _read(self, ids: list[int]) -> None:
        library = self._library
        self._bridge.call(lambda assistant: assistant.documents_by_id(library, ids), self.model.know)

    def _documents_changed(self, library: str) -> None:
        if library == self._library and not self._follow.isActive():
            self._follow.start()

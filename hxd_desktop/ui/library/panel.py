"""The libraries as cards, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QInputDialog, QVBoxLayout, QWidget

from hxd_desktop.engine.library.model import FolderInfo, LibraryInfo
from hxd_desktop.ui import layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.confirm import confirm
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.library.card import LibraryCard
from hxd_desktop.ui.library.model import SUMMARY_ROLE, LibraryModel
from hxd_desktop.ui.library.summary import folder_cost, reindex_cost, removal_cost
from hxd_desktop.ui.reading_order import insert
from hxd_desktop.ui.theme import Theme

DEFAULT = "default"


class LibraryPanel(QWidget):
    """Follows a `LibraryModel`; adds, removes, renames, pauses through the bridge."""

    files_asked = Signal(str, bool)  # library, failed ones only
    ignore_asked = Signal(list)  # list[FolderInfo]
    calibrate_asked = Signal(str)  # library
    evaluate_asked = Signal(str)  # library
    renamed = Signal(str, str)  # from, to

    def __init__(self, theme: Theme, bridge: Bridge, model: LibraryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._bridge, self._model = theme, bridge, model
        self.cards: list[LibraryCard] = []
        step = layouts.unit(self)
        box = layouts.column(self, spacing=1)
        head = QHBoxLayout()
        head.setContentsMargins(step * 2, step, step * 2, 0)
        head.addWidget(layouts.label(t("Libraries"), "section"), 1)
        new = layouts.tool(theme, "plus", t("New library…"), name="new_library")
        new.clicked.connect(self.create_library)
        head.addWidget(new)
        box.addLayout(head)
        content = QWidget()
        self._column: QVBoxLayout = layouts.column(content, spacing=2)
        self._column.setContentsMargins(step * 2, 0, step * 2, step * 2)
        self._column.addStretch(1)
        area = layouts.scroll(content)
        area.setAccessibleName(t("Libraries"))
        box.addWidget(area, 1)
        model.rowsInserted.connect(self._inserted)
        model.rowsRemoved.connect(self._removed)
        model.dataChanged.connect(self._changed)
        if model.rowCount():
            self._inserted(QModelIndex(), 0, model.rowCount() - 1)

    def library_at(self, position: QPoint) -> str | None:
        """The library whose card is at `position` (global coordinates)."""
        for card in self.cards:
            if card.isVisible() and card.rect().contains(card.mapFromGlobal(position)):
                return card.summary.name
        return None

    # -- following the model -----------------------------------------------------------------------------
    def _inserted(self, parent: QModelIndex, first: int, last: int) -> None:
        for row in range(first, last + 1):
            card = LibraryCard(self._theme, self._model.index(row).data(SUMMARY_ROLE))
            card.add_folder_asked.connect(self.choose_folder)
            card.remove_folder_asked.connect(self.remove_folder)
            card.find_folder_asked.connect(self.find_folder)
            card.files_asked.connect(self.files_asked)
            card.pause_asked.connect(self._pause)
            card.retry_asked.connect(lambda name: self._bridge.change(lambda assistant: assistant.retry(name)))
            card.rename_asked.connect(self.rename_library)
            card.remove_asked.connect(self.remove_library)
            card.reindex_asked.connect(self.reindex_library)
            card.ignore_asked.connect(self._ask_ignore)
            card.calibrate_asked.connect(self.calibrate_asked)
            card.evaluate_asked.connect(self.evaluate_asked)
            self.cards.insert(row, card)
            insert(self._column, row, card)

    def _removed(self, parent: QModelIndex, first: int, last: int) -> None:
        for card in self.cards[first : last + 1]:
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        del self.cards[first : last + 1]

    def _changed(self, first: QModelIndex, last: QModelIndex) -> None:
        for row in range(first.row(), last.row() + 1):
            self.cards[row].show_summary(self._model.index(row).data(SUMMARY_ROLE))

    # -- what can be done ----------------------------------------------------------------------------------
    def choose_folder(self, library: str = "") -> None:
        """Let the user pick a folder and add it."""
        name = library or self.target()
        path = QFileDialog.getExistingDirectory(self, t("Add a folder to {library}", library=name), _documents_folder())
        if path:
            self.add_paths([path], name)

    def add_paths(self, paths: Sequence[str], library: str = "") -> None:
        """Add folders or files to a library."""
        self._bridge.add_paths(list(paths), library or self.target())

    def target(self) -> str:
        """The library that something is added to where none is named."""
        names = [library.name for library in self._model.libraries]
        return DEFAULT if DEFAULT in names or not names else names[0]

    def create_library(self) -> None:
        """Ask for a name and make an empty library."""
        name, given = QInputDialog.getText(self, t("New library"), t("Name"))
        if given and name.strip():
            wanted = name.strip()
            self._bridge.change(lambda assistant: assistant.create_library(wanted))

    def rename_library(self, name: str) -> None:
        """Ask for another name."""
        new, given = QInputDialog.getText(self, t("Rename library"), t("Name"), text=name)
        if given and new.strip() and new.strip() != name:
            wanted = new.strip()
            self._bridge.change(
                lambda assistant: assistant.rename_library(name, wanted), lambda _: self.renamed.emit(name, wanted)
            )

    def remove_library(self, name: str) -> None:
        """Remove a library, after saying what that costs."""

        def ask(n_examples: int) -> None:
            library = self._library(name)
            if library is not None and confirm(
                self, t("Remove the library {name}?", name=name), removal_cost(library, n_examples), t("Remove")
            ):
                self._bridge.change(lambda assistant: assistant.remove_library(name))

        self._bridge.call(lambda assistant: len(assistant.examples(name)), ask)

    def remove_folder(self, folder: FolderInfo) -> None:
        """Take a folder out of its library, after saying what that costs."""

        def ask(held: tuple[int, int]) -> None:
            if confirm(self, t("Remove {path}?", path=folder.path), folder_cost(*held), t("Remove")):
                self._bridge.change(lambda assistant: assistant.remove_folder(folder.id))

        self._bridge.call(lambda assistant: assistant.held_by(folder.id), ask)

    def find_folder(self, folder: FolderInfo) -> None:
        """Let the user show where a folder that is not reachable is now."""
        title = t("Where is {path} now?", path=folder.path)
        if folder.is_file:
            path, _ = QFileDialog.getOpenFileName(self, title, _documents_folder())
        else:
            path = QFileDialog.getExistingDirectory(self, title, _documents_folder())
        if path:
            self._bridge.change(lambda assistant: assistant.point_folder(folder.id, path))

    def reindex_library(self, name: str) -> None:
        """Read every file again, after saying what that costs."""
        library = self._library(name)
        if library is not None and confirm(
            self, t("Read all of {name} again?", name=name), reindex_cost(library), t("Read again")
        ):
            self._bridge.change(lambda assistant: assistant.reindex(name))

    def _ask_ignore(self, name: str) -> None:
        library = self._library(name)
        if library is not None:
            self.ignore_asked.emit([folder for folder in library.folders if not folder.is_file])

    def _pause(self, name: str, pause: bool) -> None:
        self._bridge.change(lambda assistant: assistant.pause(name) if pause else assistant.resume(name))

    def _library(self, name: str) -> LibraryInfo | None:
        return next((library for library in self._model.libraries if library.name == name), None)


def _documents_folder() -> str:
    """Where the user's documents are, as a rule."""
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)

"""A library's card."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QProgressBar, QVBoxLayout, QWidget

from hxd_desktop.engine.library.model import FolderInfo, FolderState
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.elided import ElidedLabel
from hxd_desktop.ui.flow import FlowLayout
from hxd_desktop.ui.harmless import shown, tip
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.library.summary import Progress, Summary, folder_note
from hxd_desktop.ui.theme import Theme

_STEPS = 1000


class LibraryCard(QFrame):
    """Name, counts, progress, folders and a menu; every wish is a signal with the library's name or folder."""

    add_folder_asked = Signal(str)
    remove_folder_asked = Signal(object)  # FolderInfo
    find_folder_asked = Signal(object)  # FolderInfo
    files_asked = Signal(str, bool)  # library, failed ones only
    pause_asked = Signal(str, bool)
    retry_asked = Signal(str)
    rename_asked = Signal(str)
    remove_asked = Signal(str)
    reindex_asked = Signal(str)
    ignore_asked = Signal(str)
    calibrate_asked = Signal(str)
    evaluate_asked = Signal(str)

    def __init__(self, theme: Theme, summary: Summary, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._folders: tuple[FolderInfo, ...] | None = None
        self.summary = summary
        self.setProperty("role", "card")
        step = layouts.unit(self)
        box = layouts.column(self, margin=2.5, spacing=1)
        head = QHBoxLayout()
        head.setSpacing(step)
        self._name = ElidedLabel("", "title")
        self._pause = layouts.tool(theme, "pause", t("Pause"), name="pause")
        self._pause.clicked.connect(lambda: self.pause_asked.emit(self.summary.name, not self.summary.paused))
        self._menu = layouts.tool(theme, "ellipsis", t("More for this library"), name="library_menu")
        self._menu.setPopupMode(self._menu.ToolButtonPopupMode.InstantPopup)
        self._menu.setMenu(self._make_menu())
        head.addWidget(self._name, 1)
        head.addWidget(self._pause)
        head.addWidget(self._menu)
        box.addLayout(head)
        counts = QWidget()
        counts_flow = FlowLayout(counts, step * 2)
        self._indexed = layouts.push("", "link", name="documents")
        self._indexed.clicked.connect(lambda: self.files_asked.emit(self.summary.name, False))
        self._failed = layouts.push("", "link", name="failed")
        self._failed.setProperty("ink", "bad")
        self._failed.clicked.connect(lambda: self.files_asked.emit(self.summary.name, True))
        self._waiting = layouts.label("", "small", name="queued")
        for widget in (self._indexed, self._failed, self._waiting):
            counts_flow.addWidget(widget)
        box.addWidget(counts)
        self._other = layouts.label("", "small", wrap=True, name="other_counts")
        box.addWidget(self._other)
        self._bar = QProgressBar(textVisible=False)
        self._bar.setRange(0, _STEPS)
        box.addWidget(self._bar)
        self._reading = layouts.label("", "small", wrap=True, name="progress_reading")
        box.addWidget(self._reading)
        self._folder_box = QVBoxLayout()
        self._folder_box.setSpacing(0)
        box.addLayout(self._folder_box)
        self.show_summary(summary)

    def show_summary(self, summary: Summary) -> None:
        """Show the library as it stands now."""
        self.summary = summary
        self._name.setText(summary.name)
        self._indexed.setText(summary.indexed)
        self._indexed.setAccessibleName(t("Files of {name}", name=summary.name))
        for widget, text in (
            (self._failed, summary.failed),
            (self._waiting, summary.waiting),
            (self._other, summary.other),
        ):
            widget.setText(text)
            widget.setVisible(bool(text))
        self._show_progress(summary.progress)
        if summary.folders != self._folders:
            self._folders = summary.folders
            self._show_folders(summary.folders)
        parts = (summary.name, summary.indexed, summary.failed, summary.waiting)
        self.setAccessibleName(", ".join(part for part in parts if part))

    def _show_progress(self, progress: Progress | None) -> None:
        self._bar.setVisible(progress is not None)
        self._reading.setVisible(progress is not None)
        self._pause.setVisible(progress is not None)
        self._pause_action.setText(t("Resume") if self.summary.paused else t("Pause"))
        if progress is None:
            return
        layouts.set_icon(self._theme, self._pause, "play" if progress.paused else "pause")
        text = t("Resume") if progress.paused else t("Pause")
        self._pause.setToolTip(text)
        self._pause.setAccessibleName(text)
        self._reading.setText(progress.text)
        if self._bar.property("paused") != progress.paused:
            self._bar.setProperty("paused", progress.paused)
            self._bar.style().polish(self._bar)
        # A range of nothing makes Qt show that it is busy without saying how far.
        self._bar.setRange(0, 0 if progress.fraction is None else _STEPS)
        if progress.fraction is not None:
            self._bar.setValue(round(progress.fraction * _STEPS))
        self._bar.setAccessibleName(progress.text)

    def _show_folders(self, folders: tuple[FolderInfo, ...]) -> None:
        layouts.clear(self._folder_box)
        for folder in folders:
            self._folder_box.addWidget(self._folder_row(folder))

    def _folder_row(self, folder: FolderInfo) -> QWidget:
        holder = QWidget()
        row = layouts.row(holder, spacing=1.5)
        path, note = formats.short_path(folder.path), folder_note(folder)
        text = ElidedLabel(path, "path", Qt.TextElideMode.ElideMiddle)
        text.setProperty("offline", folder.state is FolderState.OFFLINE)
        text.setToolTip(tip("\n".join(part for part in (shown(folder.path), note, folder.detail) if part)))
        offline = folder.state is FolderState.OFFLINE
        shape = "folder-x" if offline else "file-text" if folder.is_file else "folder"
        icon = layouts.label()
        icon.setPixmap(self._theme.pixmap(shape, layouts.unit(self) * 4, self._theme.palette.muted))
        remove = layouts.tool(self._theme, "x", t("Remove {path}", path=path), name="remove_folder")
        remove.clicked.connect(lambda: self.remove_folder_asked.emit(folder))
        row.addWidget(icon)
        row.addWidget(text, 1)
        if note:
            warning = layouts.label(t("offline") if offline else t("polled"), "small")
            warning.setToolTip(note)
            row.addWidget(warning)
        if offline:
            find = layouts.tool(
                self._theme, "folder-search", t("Say where {path} is now…", path=path), name="find_folder"
            )
            find.clicked.connect(lambda: self.find_folder_asked.emit(folder))
            row.addWidget(find)
        row.addWidget(remove)
        return holder

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        wishes: tuple[tuple[str, Callable[[], object]] | None, ...] = (
            (t("Add folder…"), lambda: self.add_folder_asked.emit(self.summary.name)),
            (t("Files…"), lambda: self.files_asked.emit(self.summary.name, False)),
            (t("Ignore patterns…"), lambda: self.ignore_asked.emit(self.summary.name)),
            None,
            (t("Pause"), lambda: self.pause_asked.emit(self.summary.name, not self.summary.paused)),
            (t("Read failed files again"), lambda: self.retry_asked.emit(self.summary.name)),
            (t("Read everything again…"), lambda: self.reindex_asked.emit(self.summary.name)),
            None,
            (t("Calibrate…"), lambda: self.calibrate_asked.emit(self.summary.name)),
            (t("Evaluate…"), lambda: self.evaluate_asked.emit(self.summary.name)),
            None,
            (t("Rename…"), lambda: self.rename_asked.emit(self.summary.name)),
            (t("Remove library…"), lambda: self.remove_asked.emit(self.summary.name)),
        )
        for wish in wishes:
            if wish is None:
                menu.addSeparator()
                continue
            action = QAction(wish[0], menu)
            action.triggered.connect(lambda _=False, then=wish[1]: then())
            menu.addAction(action)
            if wish[0] == t("Pause"):
                self._pause_action = action
        return menu

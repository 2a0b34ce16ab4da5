"""The data folder: where it is, how large, and how it is backed up, restored and moved."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QCheckBox, QFileDialog, QHBoxLayout, QProgressBar, QWidget

from hxd_desktop.engine.backup import Backup, back_up, restore
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.preferences.move_box import MoveBox
from hxd_desktop.ui.problems import Problem

_STEPS = 1000
_TELL_SECONDS = 0.1


class DataPage(QWidget):
    """Works beside everything else; one backup or restore at a time."""

    _went = Signal(object, object)  # bytes done, of all; from the thread that works

    def __init__(self, bridge: Bridge, data_dir: str) -> None:
        super().__init__()
        self._bridge = bridge
        self._folder = Path(data_dir)
        self._ticket: int | None = None
        self._line = ""
        step = layouts.unit(self)
        box = layouts.column(self, spacing=3)
        box.addWidget(layouts.label(data_dir, wrap=True, name="data_dir"))
        self.weight = layouts.label(t("Measuring its size…"), "small", name="data_size")
        box.addWidget(self.weight)
        box.addWidget(
            layouts.label(
                t("It holds libraries, conversations, settings and models. Your documents stay where they are."),
                "muted",
                wrap=True,
            )
        )
        self.open = layouts.push(t("Open the folder"), name="open_data")
        self.open.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(data_dir)))
        self.models = QCheckBox(t("With the imported models"))
        self.save = layouts.push(t("Back up…"), name="back_up")
        self.save.clicked.connect(self._choose_backup)
        self.load = layouts.push(t("Restore…"), name="restore")
        self.load.clicked.connect(self._choose_restore)
        for widgets in ((self.open,), (self.save, self.models), (self.load,)):
            row = QHBoxLayout()
            row.setSpacing(step * 3)
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            box.addLayout(row)
        self.mover = MoveBox(bridge)
        box.addWidget(self.mover)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(t("Progress"))
        self.bar.hide()
        box.addWidget(self.bar)
        self.told = layouts.label("", wrap=True, name="data_told")
        box.addWidget(self.told)
        self.copy = layouts.push(t("Copy the line that starts with it"), name="copy_line")
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._line))
        self.stop = layouts.push(t("Cancel"), name="data_cancel")
        self.stop.clicked.connect(self._cancel)
        row = QHBoxLayout()
        row.addWidget(self.copy)
        row.addWidget(self.stop)
        row.addStretch(1)
        box.addLayout(row)
        self.copy.hide()
        self.stop.hide()
        self._went.connect(self._show_progress)
        bridge.opened.connect(self._measure)
        if bridge.ready:
            self._measure()
        else:
            for button in (self.save, self.load):
                button.setEnabled(False)

    # -- work --------------------------------------------------------------------------------------------------
    def back_up(self, file: Path) -> None:
        """Write everything into a file."""
        directory, models = DataDirectory(self._folder), self.models.isChecked()
        self._begin(lambda progress, token: back_up(directory, file, models=models, progress=progress, cancel=token))

    def restore(self, file: Path, folder: Path) -> None:
        """Unpack a backup into another folder."""
        self._line = f'hxd --data-dir "{folder}"'
        self._begin(lambda progress, token: restore(file, folder, progress=progress, cancel=token), restoring=True)

    def _begin(self, work: Callable[[Any, CancelToken], Backup], *, restoring: bool = False) -> None:
        if self._ticket is not None:
            return
        last = [0.0]

        def progress(done: int, total: int) -> None:
            now = time.monotonic()
            if done == total or now - last[0] > _TELL_SECONDS:
                last[0] = now
                self._went.emit(done, total)

        self._busy(True)
        self._say("", "")
        self._ticket = -1
        ticket = self._bridge.start(
            lambda _, token: work(progress, token),
            lambda made: self._over(made, restoring),
            lambda problem: self._over(problem, restoring),
        )
        if self._ticket is not None:
            self._ticket = ticket

    def _over(self, end: Backup | Problem, restoring: bool) -> None:
        self._ticket = None
        self._busy(False)
        if isinstance(end, Problem):
            text = " ".join(part for part in (f"{end.title}.", end.message, end.remedy) if part)
            self._say(text, "" if end.severity == "info" else "bad")
            return
        self.copy.setVisible(restoring)
        fields = {"path": end.path, "size": formats.size(end.bytes)}
        if restoring:
            self._say(
                t("Restored into {path}: {size}. Close this window and start with that folder.", **fields), "good"
            )
        else:
            self._say(t("Backed up to {path}: {size}, before packing.", **fields), "good")

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._bridge.stop(self._ticket)

    # -- what is shown -----------------------------------------------------------------------------------------
    def _measure(self) -> None:
        folder = self._folder
        self.save.setEnabled(True)
        self.load.setEnabled(True)
        self._bridge.call(lambda _: _bytes_in(folder), self._show_size)

    def _show_size(self, n_bytes: int) -> None:
        self.weight.setText(formats.size(n_bytes))

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setValue(round(_STEPS * done / total) if total else 0)

    def _busy(self, busy: bool) -> None:
        self.bar.setValue(0)
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        self.copy.hide()
        for widget in (self.save, self.load, self.models, self.mover):
            widget.setEnabled(not busy)

    def _say(self, text: str, ink: str) -> None:
        self.told.setText(text)
        self.told.setProperty("ink", ink)
        self.told.style().polish(self.told)

    # -- choosing ----------------------------------------------------------------------------------------------
    def _choose_backup(self) -> None:
        name = time.strftime("hxd-%Y-%m-%d.zip")
        path, _ = QFileDialog.getSaveFileName(self, t("Back up"), str(Path.home() / name), t("Backups (*.zip)"))
        if path:
            self.back_up(Path(path))

    def _choose_restore(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, t("Choose a backup"), str(Path.home()), t("Backups (*.zip)"))
        folder = path and QFileDialog.getExistingDirectory(self, t("Choose an empty folder"), str(Path.home()))
        if path and folder:
            self.restore(Path(path), Path(folder))


def _bytes_in(folder: Path) -> int:
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # gone just now
            continue
    return total

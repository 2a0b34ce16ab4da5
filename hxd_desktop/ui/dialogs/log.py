"""The log, filtered by level, to be read and copied."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QWidget

from hxd_desktop.ui import layouts
from hxd_desktop.ui.fonts import fixed_font
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.log_lines import Entry, at_least, read_log
from hxd_desktop.ui.room import Dialog


class LogDialog(Dialog):
    """Shows the end of `folder`'s log."""

    def __init__(self, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Log"))
        self._folder = folder
        self._entries: list[Entry] = []
        step = layouts.unit(self)
        box = layouts.column(self, margin=5, spacing=3)
        top = QHBoxLayout()
        top.setSpacing(step * 2)
        self.level = QComboBox()
        self.level.setAccessibleName(t("Level"))
        for name, level in ((t("Everything"), "DEBUG"), (t("Warnings and faults"), "WARNING"), (t("Faults"), "ERROR")):
            self.level.addItem(name, level)
        self.level.currentIndexChanged.connect(lambda _: self._show())
        self.told = layouts.label("", "small", name="log_told")
        refresh = layouts.push(t("Read again"), name="log_refresh")
        refresh.clicked.connect(self.refresh)
        top.addWidget(self.level)
        top.addWidget(self.told, 1)
        top.addWidget(refresh)
        box.addLayout(top)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setFont(fixed_font())
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(t("Log"))
        box.addWidget(self.text, 1)
        foot = QHBoxLayout()
        foot.setSpacing(step * 2)
        open_folder = layouts.push(t("Open the folder"), name="log_folder")
        open_folder.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        copy = layouts.push(t("Copy"), name="log_copy")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        foot.addWidget(open_folder)
        foot.addStretch(1)
        foot.addWidget(copy)
        foot.addWidget(close)
        box.addLayout(foot)
        self.resize(step * 220, step * 140)
        self.refresh()

    def refresh(self) -> None:
        """Read the log anew (its last half megabyte at most, in a few milliseconds)."""
        self._entries = read_log(self._folder)
        self._show()

    def _show(self) -> None:
        shown = at_least(self._entries, self.level.currentData())
        self.told.setText(plural(len(shown), "{n} entry", "{n} entries") if shown else t("Nothing was logged."))
        self.text.setPlainText("\n".join(entry.text for entry in shown))
        self.text.verticalScrollBar().setValue(self.text.verticalScrollBar().maximum())

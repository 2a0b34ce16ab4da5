"""What is left out of a library's folders: patterns as in a .gitignore file, for each folder its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPlainTextEdit, QWidget

from hxd_desktop.engine.library.model import FolderInfo
from hxd_desktop.ui import formats, layouts
from hxd_desktop.ui.banner import Banners
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.room import Dialog
from hxd_desktop.ui.theme import Theme


class IgnoreDialog(Dialog):
    """One folder at a time; Apply keeps its patterns, and the folder is looked through again at once."""

    def __init__(
        self, theme: Theme, bridge: Bridge, folders: Sequence[FolderInfo], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Ignore patterns"))
        self._bridge = bridge
        self._kept = {folder.id: list(folder.ignore) for folder in folders}
        self._written: dict[int, list[str]] = {}
        step = layouts.unit(self)
        outer = layouts.column(self)
        self.banners = Banners(theme)
        outer.addWidget(self.banners)
        content = QWidget()
        outer.addWidget(content, 1)
        box = layouts.column(content, margin=4, spacing=3)
        self.folder = QComboBox()
        self.folder.setAccessibleName(t("Folder"))
        for folder in folders:
            self.folder.addItem(formats.short_path(folder.path), folder.id)
        box.addWidget(self.folder)
        text = t(
            "One pattern a line, as in a .gitignore file: “drafts/” leaves out folders of that name, “*.bak” files, "
            "“!keep.bak” brings one back. What they leave out is forgotten; your files stay where they are."
        )
        box.addWidget(layouts.label(text, "muted", wrap=True))
        self.edit = QPlainTextEdit()
        self.edit.setObjectName("patterns")
        self.edit.setAccessibleName(t("Ignore patterns"))
        self.edit.setPlaceholderText("drafts/\n*.bak\n!keep.bak")
        self.edit.setTabChangesFocus(True)
        box.addWidget(self.edit, 1)
        everywhere = bridge.settings.index.ignore
        if everywhere:
            box.addWidget(
                layouts.label(t("Everywhere: {patterns}", patterns=", ".join(everywhere)), "small", wrap=True)
            )
        foot = QHBoxLayout()
        foot.setSpacing(step * 2)
        self._state = layouts.label("", "small", name="ignore_state")
        self.apply = layouts.push(t("Apply"), "primary", name="apply")
        self.apply.clicked.connect(lambda: self._apply())
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        foot.addWidget(close)
        foot.addWidget(self._state, 1)
        foot.addWidget(self.apply)
        box.addLayout(foot)
        self.resize(step * 130, step * 96)
        self._showing: int | None = None
        self.folder.currentIndexChanged.connect(self._show)
        self.edit.textChanged.connect(self._refresh)
        self._show()
        self.edit.setFocus()

    def _lines(self) -> list[str]:
        return [line.rstrip() for line in self.edit.toPlainText().splitlines() if line.strip()]

    def _show(self) -> None:
        if self._showing is not None:
            self._written[self._showing] = self._lines()  # what is not applied yet waits here
        self._showing = self.folder.currentData()
        if self._showing is not None:
            self.edit.setPlainText("\n".join(self._written.get(self._showing, self._kept[self._showing])))
        self._state.clear()
        self._refresh()

    def _refresh(self) -> None:
        changed = self._showing is not None and self._lines() != self._kept[self._showing]
        self.apply.setEnabled(changed)
        if changed:
            self._state.clear()

    def _apply(self) -> None:
        folder, lines = self._showing, self._lines()
        if folder is None:
            return
        self.apply.setEnabled(False)

        def done(_: object) -> None:
            self._kept[folder] = lines
            self._refresh()
            self._state.setText(t("Kept; the folder is looked through again."))

        def failed(problem: Problem) -> None:
            self.banners.show_problem(problem)
            self._refresh()

        self._bridge.call(lambda assistant: assistant.set_ignore(folder, lines), done, failed)

"""What this is, what it is made of, and under which licences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QPlainTextEdit, QWidget

import hxd_desktop
from hxd_desktop.ui import layouts
from hxd_desktop.ui.bridge import Bridge
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.licences import Component, components, flowing, full_text
from hxd_desktop.ui.room import Dialog


class AboutDialog(Dialog):
    """Name, version, and every component with its licence, in full where it brings the text."""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("About HXD Desktop"))
        self._components: list[Component] = []
        step = layouts.unit(self)
        box = layouts.column(self, margin=5, spacing=3)
        box.addWidget(layouts.label(f"HXD Desktop {hxd_desktop.__version__}", "heading"))
        for text in (
            t("Answers from your own folders, with sources, and says why when it does not answer."),
            t("Free software under the GNU Affero General Public License, version 3 or later."),
        ):
            box.addWidget(layouts.label(text, wrap=True))
        box.addWidget(layouts.label(t("Made with"), "title"))
        across = QHBoxLayout()
        across.setSpacing(step * 2)
        self.names = QListWidget()
        self.names.setProperty("role", "topics")
        self.names.setAccessibleName(t("Components"))
        self.names.setFixedWidth(step * 64)
        self.names.currentRowChanged.connect(self._show_text)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setAccessibleName(t("Licence"))
        self.text.setTabChangesFocus(True)
        across.addWidget(self.names)
        across.addWidget(self.text, 1)
        box.addLayout(across, 1)
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        box.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.resize(step * 216, step * 150)
        if bridge.ready:
            bridge.call(lambda _: components(), self._show_components)
        else:
            self._show_components(components())

    def _show_components(self, found: list[Component]) -> None:
        self._components = found
        for component in found:
            self.names.addItem(" ".join(part for part in (component.name, component.version) if part))
        self.names.setCurrentRow(0)

    def _show_text(self, row: int) -> None:
        component = self._components[row]
        head = t("Licence: {name}", name=component.licence or t("see its text"))
        body = full_text(component) or t("This package brings no text of its licence.")
        self.text.setPlainText(f"{component.name} {component.version}\n{head}\n\n{flowing(body)}")

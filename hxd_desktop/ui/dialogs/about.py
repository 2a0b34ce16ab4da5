"""What this is, and under which licences."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QWidget

import hxd_desktop
from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import t


class AboutDialog(QDialog):
    """Name, version, licences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("About HXD Desktop"))
        step = layouts.unit(self)
        box = layouts.column(self, margin=5, spacing=3)
        box.addWidget(layouts.label(f"HXD Desktop {hxd_desktop.__version__}", "heading"))
        for text in (
            t("Answers from your own folders, with sources, and says why when it does not answer."),
            t("Free software under the GNU Affero General Public License, version 3 or later."),
            t("Icons: Lucide, ISC licence. Window: Qt for Python, LGPL version 3."),
        ):
            box.addWidget(layouts.label(text, wrap=True))
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        box.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(step * 100)

"""The settings: language and theme, applied by a button."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFormLayout, QHBoxLayout, QWidget

from hxd_desktop.engine.settings import WindowSettings
from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import LANGUAGES, t


class SettingsDialog(QDialog):
    """Shows `settings`; `applied` carries the new ones."""

    applied = Signal(object)  # WindowSettings

    def __init__(self, settings: WindowSettings, data_dir: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(t("Settings"))
        self._settings = settings
        step = layouts.unit(self)
        box = layouts.column(self, margin=5, spacing=4)
        form = QFormLayout()
        form.setHorizontalSpacing(step * 4)
        form.setVerticalSpacing(step * 3)
        self.language = self._choices(
            [(t("Follow the system"), ""), *((name, code) for code, name in LANGUAGES.items())], settings.language
        )
        self.language.setAccessibleName(t("Language"))
        self.theme = self._choices(
            [(t("Follow the system"), "system"), (t("Light"), "light"), (t("Dark"), "dark")], settings.theme
        )
        self.theme.setAccessibleName(t("Theme"))
        form.addRow(t("Language"), self.language)
        form.addRow(t("Theme"), self.theme)
        folder = layouts.label(data_dir, "muted", wrap=True)
        form.addRow(t("Data folder"), folder)
        network = layouts.label(t("Not used"), "muted")
        form.addRow(t("Network"), network)
        box.addLayout(form)
        box.addStretch(1)
        buttons = QHBoxLayout()
        buttons.setSpacing(step * 2)
        self.apply = layouts.push(t("Apply"), "primary", name="apply")
        self.apply.clicked.connect(self._apply)
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.apply)
        box.addLayout(buttons)
        self.language.currentIndexChanged.connect(self._refresh)
        self.theme.currentIndexChanged.connect(self._refresh)
        self.resize(step * 110, step * 60)
        self._refresh()

    def chosen(self) -> WindowSettings:
        """The settings as they are chosen now."""
        return dataclasses.replace(self._settings, language=self.language.currentData(), theme=self.theme.currentData())

    def _choices(self, choices: list[tuple[str, str]], current: str) -> QComboBox:
        combo = QComboBox()
        for text, value in choices:
            combo.addItem(text, value)
        combo.setCurrentIndex(max(0, combo.findData(current)))
        return combo

    def _refresh(self) -> None:
        self.apply.setEnabled(self.chosen() != self._settings)

    def _apply(self) -> None:
        self._settings = self.chosen()
        self._refresh()
        self.applied.emit(self._settings)

"""The settings: topics at the left, their page at the right; nothing is in force before "Apply"."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStackedWidget,
    QWidget,
)

from hxd_desktop.engine.settings import Settings
from hxd_desktop.ui import layouts
from hxd_desktop.ui.dialogs.keys import key_grid
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.preferences.data_page import DataPage
from hxd_desktop.ui.preferences.editors import Editor
from hxd_desktop.ui.preferences.fields import TOPICS, Field, Topic, effect, fault, read, replaced
from hxd_desktop.ui.preferences.hotkey_box import HotkeyBox
from hxd_desktop.ui.preferences.system_box import SystemBox
from hxd_desktop.ui.preferences.updates_box import UpdatesBox
from hxd_desktop.ui.room import Dialog
from hxd_desktop.ui.services import Services


class SettingsDialog(Dialog):
    """Shows the settings in force; `applied` carries the new ones, `move_asked` where the data are to be moved.

    Args:
        topic: the key of the page to begin with; "" for the first.
        keys: the actions whose keys are listed.
    """

    applied = Signal(object)  # Settings
    move_asked = Signal(object)  # MoveWish

    def __init__(
        self, services: Services, keys: Iterable[QAction], topic: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(t("Settings"))
        bridge, data_dir = services.bridge, str(services.data_dir)
        self._bridge = bridge
        self._before = bridge.settings
        self._keys = list(keys)
        self._filling = True
        self.editors: dict[str, Editor] = {}
        self._labels: list[QLabel] = []
        step = layouts.unit(self)
        box = layouts.column(self)
        self.topics = QListWidget()
        self.topics.setAccessibleName(t("Topics"))
        self.topics.setProperty("role", "topics")
        self.topics.setFixedWidth(step * 36)
        self.data = DataPage(bridge, data_dir)
        self.data.mover.move_asked.connect(self.move_asked)
        self.hotkey = HotkeyBox(services.hotkey)
        self.system = SystemBox(data_dir)
        self.updates = UpdatesBox(bridge, services.updates)
        self.pages = QStackedWidget()
        for spec in TOPICS:
            item = QListWidgetItem(t(spec.title))
            item.setSizeHint(QSize(step * 20, step * 8))
            self.topics.addItem(item)
            area = layouts.scroll(self._page(spec))
            area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.pages.addWidget(area)
        self.topics.currentRowChanged.connect(self.pages.setCurrentIndex)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.topics)
        across.addWidget(self.pages, 1)
        box.addLayout(across, 1)
        box.addWidget(layouts.line())
        box.addWidget(self._foot())
        self.resize(step * 200, step * 140)
        self._fill(self._before)
        self.show_topic(topic or TOPICS[0].key)
        bridge.status.connect(self._settings_changed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All labels are equally wide; in a narrow dialog they leave room for what they name."""
        super().resizeEvent(event)
        width = min(layouts.unit(self) * 52, (self.width() - self.topics.width()) * 2 // 5)
        for label in self._labels:
            label.setFixedWidth(width)

    def show_topic(self, key: str) -> None:
        """Show a page."""
        self.topics.setCurrentRow(next(at for at, spec in enumerate(TOPICS) if spec.key == key))

    # -- building ----------------------------------------------------------------------------------------------
    def _page(self, spec: Topic) -> QWidget:
        page = QWidget()
        box = layouts.column(page, margin=5, spacing=4)
        box.addWidget(layouts.label(t(spec.title), "heading"))
        if spec.key == "data":
            box.addWidget(self.data)
        elif spec.key == "keys":
            box.addWidget(key_grid(self._keys))
        else:
            box.addLayout(self._form(spec.fields))
        if spec.key == "general":
            box.addWidget(self.hotkey)
            box.addWidget(self.system)
        elif spec.key == "network":
            box.addWidget(self.updates)
        box.addStretch(1)
        return page

    def _form(self, fields: Iterable[Field]) -> QGridLayout:
        step = layouts.unit(self)
        form = QGridLayout()
        form.setHorizontalSpacing(step * 4)
        form.setVerticalSpacing(step * 2)
        form.setColumnStretch(1, 1)
        row = 0
        for field in fields:
            editor = self.editors[field.path] = Editor(field, self._changed)
            if field.kind == "switch":
                form.addWidget(editor.widget, row, 0, 1, 2)
            else:
                label = layouts.label(t(field.label), wrap=True)
                self._labels.append(label)
                label.setBuddy(editor.widget)
                form.addWidget(
                    label, row, 0, Qt.AlignmentFlag.AlignTop if field.kind == "lines" else Qt.AlignmentFlag(0)
                )
                form.addWidget(editor.widget, row, 1)
            if field.hint:
                row += 1
                first = 0 if field.kind == "switch" else 1
                hint = layouts.label(t(field.hint), "small", wrap=True)
                if field.kind == "switch":  # below the switch's words, not below its box
                    hint.setContentsMargins(round(step * 5.9), 0, 0, 0)
                form.addWidget(hint, row, first, 1, 2 - first)
            row += 1
        return form

    def _foot(self) -> QWidget:
        foot = QWidget()
        row = layouts.row(foot, margin=3, spacing=2)
        self.defaults = layouts.push(t("Defaults of this page"), name="defaults")
        self.defaults.clicked.connect(self._to_defaults)
        self.told = layouts.label("", "small", wrap=True, name="settings_told")
        self.revert = layouts.push(t("Revert"), name="revert")
        self.revert.clicked.connect(lambda: self._fill(self._before))
        self.apply = layouts.push(t("Apply"), "primary", name="apply")
        self.apply.clicked.connect(self._apply)
        close = layouts.push(t("Close"), name="close")
        close.clicked.connect(self.close)
        row.addWidget(self.defaults)
        row.addWidget(self.told, 1)
        for button in (close, self.revert, self.apply):
            row.addWidget(button)
        return foot

    # -- values ------------------------------------------------------------------------------------------------
    def chosen(self) -> Settings:
        """The settings as they are chosen now; what was not touched stays as it is in force."""
        return replaced(self._before, self._edited())

    def _edited(self) -> dict[str, Any]:
        """What differs from what was shown first (a value that the editor rounds is not a change)."""
        return {path: editor.value for path, editor in self.editors.items() if editor.value != self._shown.get(path)}

    def _fill(self, settings: Settings) -> None:
        self._filling = True
        for path, editor in self.editors.items():
            editor.value = read(settings, path)
        self._shown = {path: editor.value for path, editor in self.editors.items()}
        self._filling = False
        self._changed()

    def _to_defaults(self) -> None:
        defaults = Settings()
        for field in TOPICS[self.topics.currentRow()].fields:
            self.editors[field.path].value = read(defaults, field.path)

    def _settings_changed(self) -> None:
        """Something else changed the settings: show them, unless changes are being made here."""
        if self._bridge.settings != self._before and not self._edited():
            self._before = self._bridge.settings
            self._fill(self._before)

    def _changed(self) -> None:
        if self._filling:
            return
        wrong = next((text for e in self.editors.values() if (text := fault(e.field, e.value))), "")
        edited = bool(self._edited())
        text = wrong or (effect(self._before, self.chosen()) if edited else "")
        self.told.setText(text)
        self.told.setProperty("ink", "bad" if wrong else "refuse" if text else "")
        self.told.style().polish(self.told)
        self.apply.setEnabled(edited and not wrong and self._bridge.ready)
        self.revert.setEnabled(edited)
        self.defaults.setEnabled(bool(TOPICS[max(0, self.topics.currentRow())].fields))

    def _apply(self) -> None:
        self._before = self.chosen()
        self._fill(self._before)
        self.applied.emit(self._before)

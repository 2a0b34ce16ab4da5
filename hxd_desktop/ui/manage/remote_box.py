"""A language model on another machine: off unless it is turned on, and marked wherever it is named."""

from __future__ import annotations

import dataclasses

from PySide6.QtWidgets import QCheckBox, QComboBox, QFormLayout, QFrame, QHBoxLayout, QLineEdit

from hxd_desktop.engine.settings import RemoteSettings
from hxd_desktop.ui import layouts
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.manage.session import ModelsSession


class RemoteBox(QFrame):
    """Address, name, key and a test; nothing is in force before "Apply"."""

    def __init__(self, session: ModelsSession) -> None:
        super().__init__()
        self._session = session
        self._shown = RemoteSettings()
        self.setProperty("role", "card")
        step = layouts.unit(self)
        box = layouts.column(self, margin=3, spacing=2)
        warning = layouts.label(
            t("Questions that go there leave this machine, with the passages that belong to them."),
            "small",
            wrap=True,
        )
        warning.setProperty("ink", "refuse")
        box.addWidget(warning)
        self.allowed = QCheckBox(t("Allow a remote model to be asked"))
        box.addWidget(self.allowed)
        form = QFormLayout()
        form.setHorizontalSpacing(step * 4)
        form.setVerticalSpacing(step * 2)
        self.url = self._field(t("Address"), "https://server/v1")
        self.model = self._field(t("Name of the model"), "")
        self.when = QComboBox()
        self.when.setAccessibleName(t("When it is asked"))
        self.when.addItem(t("where this machine finds no answer"), "declined")
        self.when.addItem(t("for every answer"), "always")
        self.key = self._field(t("Key"), "")
        self.key.setEchoMode(QLineEdit.EchoMode.Password)
        self.keep = layouts.push(t("Keep key"), name="remote_keep")
        self.forget = layouts.push(t("Forget key"), name="remote_forget")
        keys = QHBoxLayout()
        keys.setSpacing(step * 2)
        for widget in (self.key, self.keep, self.forget):
            keys.addWidget(widget, 1 if widget is self.key else 0)
        form.addRow(t("Address"), self.url)
        form.addRow(t("Name of the model"), self.model)
        form.addRow(t("When it is asked"), self.when)
        form.addRow(t("Key"), keys)
        box.addLayout(form)
        self.told = layouts.label("", "small", wrap=True, name="remote_told")
        box.addWidget(self.told)
        buttons = QHBoxLayout()
        buttons.setSpacing(step * 2)
        self.test = layouts.push(t("Test: ask for one word"), name="remote_test")
        self.apply = layouts.push(t("Apply"), "primary", name="remote_apply")
        buttons.addStretch(1)
        buttons.addWidget(self.test)
        buttons.addWidget(self.apply)
        box.addLayout(buttons)
        self.allowed.toggled.connect(self._refresh)
        self.when.currentIndexChanged.connect(self._refresh)
        for field in (self.url, self.model, self.key):
            field.textChanged.connect(self._refresh)
        self.apply.clicked.connect(lambda: session.set_remote(self.chosen()))
        self.test.clicked.connect(session.test_remote)
        self.keep.clicked.connect(self._keep_key)
        self.forget.clicked.connect(lambda: session.set_key(""))
        session.remote_told.connect(self._tell)
        session.changed.connect(self.show_settings)
        self.show_settings()

    def _field(self, name: str, example: str) -> QLineEdit:
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(example)
        return field

    def chosen(self) -> RemoteSettings:
        """What is chosen now."""
        return dataclasses.replace(
            self._shown,
            allowed=self.allowed.isChecked(),
            url=self.url.text().strip(),
            model=self.model.text().strip(),
            when=self.when.currentData(),
        )

    def show_settings(self) -> None:
        """Show what is in force, unless something else is being written."""
        remote = self._session.bridge.settings.remote
        if self.chosen() == self._shown and remote != self._shown:
            self._shown = remote
            self.allowed.setChecked(remote.allowed)
            self.url.setText(remote.url)
            self.model.setText(remote.model)
            self.when.setCurrentIndex(max(0, self.when.findData(remote.when)))
        elif remote == self.chosen():
            self._shown = remote
        place = self._session.key_place
        held = {"keyring": t("kept in the system's keyring"), "environment": t("taken from HXD_REMOTE_KEY")}
        self.key.setPlaceholderText(held.get(place or "", t("none")))
        self._refresh()

    def _keep_key(self) -> None:
        self._session.set_key(self.key.text().strip())
        self.key.clear()

    def _refresh(self) -> None:
        chosen = self.chosen()
        complete = bool(chosen.url and chosen.model)
        self.apply.setEnabled(chosen != self._shown and (complete or not chosen.allowed))
        self.test.setEnabled(self._shown.allowed and chosen == self._shown)
        self.keep.setEnabled(bool(self.key.text().strip()) and bool(self._shown.url))
        self.forget.setEnabled(self._session.key_place == "keyring")

    def _tell(self, text: str, ink: str) -> None:
        self.told.setText(text)
        self.told.setProperty("ink", ink)
        self.told.style().polish(self.told)
        self._refresh()

"""The status bar: what is indexed or running, what answers, and that no network is used."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QStatusBar, QWidget

from hxd_desktop.engine.library.model import Status
from hxd_desktop.ui import layouts
from hxd_desktop.ui.elided import ElidedLabel
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.library.model import LibraryModel
from hxd_desktop.ui.library.summary import activity
from hxd_desktop.ui.theme import Theme


class StatusLine(QStatusBar):
    """Follows the libraries; `show_status` says what computes."""

    def __init__(self, theme: Theme, libraries: LibraryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._libraries = libraries
        step = layouts.unit(self)
        self.setSizeGripEnabled(False)
        self.setContentsMargins(step * 2, 0, step * 3, 0)
        self.activity = ElidedLabel("", "small")
        self.activity.setObjectName("activity")
        self.models = layouts.label("", "small", name="models")
        self._offline_icon = layouts.label()
        self.offline = layouts.label(t("offline: no network used"), "small", name="offline")
        self.addWidget(self.activity, 1)
        network = QWidget()
        row = layouts.row(network, spacing=1)
        row.addWidget(self._offline_icon)
        row.addWidget(self.offline)
        self.models.setContentsMargins(step * 2, 0, step * 3, 0)
        self.addPermanentWidget(self.models)
        self.addPermanentWidget(network)
        for signal in (libraries.dataChanged, libraries.rowsInserted, libraries.rowsRemoved):
            signal.connect(self._show_activity)
        theme.changed.connect(self._paint_icon)
        self._paint_icon()

    def show_opening(self) -> None:
        """Say that the library is being opened."""
        self.activity.setText(t("Opening your library"))

    def show_status(self, status: Status) -> None:
        """Say what answers and what it runs on."""
        self.models.setText(models_line(status.models, status.device.get("generator")))
        remote = status.models.get("remote")
        if remote:
            self.offline.setText(t("remote model allowed: {model}", model=remote))
        elif status.updates:
            self.offline.setText(t("offline, but for looking for newer versions"))
        else:
            self.offline.setText(t("offline: no network used"))
        self._offline_icon.setVisible(not remote)
        self._show_activity()

    def _show_activity(self) -> None:
        text = activity(self._libraries.libraries, self._libraries.progress)
        self.activity.setText(text)
        self.activity.setToolTip(text)

    def _paint_icon(self) -> None:
        self._offline_icon.setPixmap(self._theme.pixmap("wifi-off", layouts.unit(self) * 3, self._theme.palette.muted))


def models_line(models: dict[str, Any], run: dict[str, Any] | None = None) -> str:
    """What answers, on what device, and how fast it last was; `run` as `hxd status` shows it."""
    generator = models.get("generator")
    if generator in (None, "extractive"):
        return t("Answers: quotations")
    parts = [t("Answers: {model}", model=generator)]
    if run:
        if run.get("gpu_layers"):
            parts.append(t("GPU {layers}/{all} layers", layers=run["gpu_layers"], all=run["layers"]))
        else:
            parts.append("CPU")
        if run.get("tokens_per_s"):
            parts.append(t("{speed} tok/s", speed=f"{run['tokens_per_s']:.0f}"))
    return " · ".join(parts)

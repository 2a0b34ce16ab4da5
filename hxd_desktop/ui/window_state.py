"""What the window remembers of itself, in `window.ini` inside the data directory and nowhere else."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings


class WindowState:
    """Geometry, column widths and the libraries that are asked."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir
        self._store = QSettings(str(data_dir / "window.ini"), QSettings.Format.IniFormat)
        self._store.setFallbacksEnabled(False)

    def bytes(self, key: str) -> QByteArray:
        """A saved geometry or splitter state; empty where none is."""
        value = self._store.value(key)
        return value if isinstance(value, QByteArray) else QByteArray()

    def names(self, key: str) -> list[str] | None:
        """A saved list of names; None where none was saved."""
        value = self._store.value(key)
        if value is None:
            return None
        return [str(item) for item in value] if isinstance(value, list) else [str(value)] if value else []

    def flag(self, key: str, default: bool) -> bool:
        """A saved switch."""
        value = self._store.value(key)
        return default if value is None else str(value).lower() == "true"

    def set(self, key: str, value: QByteArray | list[str] | bool) -> None:
        """Remember `value`; written to disk by `save`. Where the folder is not there, nothing is: Qt would make it."""
        if self._folder.is_dir():
            self._store.setValue(key, value)

    def save(self) -> None:
        """Write to disk."""
        self._store.sync()

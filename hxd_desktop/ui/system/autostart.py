"""Starting at login, in the way of each system; nothing is written before it is asked for. No widgets."""

from __future__ import annotations

import os
import plistlib
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from hxd_desktop.engine.durable import replace_file
from hxd_desktop.engine.errors import SettingsError

_NAME = "hxd-desktop"
_LABEL = "io.github.hxd-desktop"
_RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"


class Autostart(Protocol):
    """Whether the application starts at login, and the switch for it."""

    def enabled(self) -> bool:
        """Whether it does."""
        ...

    def enable(self, command: Sequence[str]) -> None:
        """Start `command` at login from now on."""
        ...

    def disable(self) -> None:
        """Start nothing any more."""
        ...


class FileAutostart:
    """A file in the folder that the system reads at login: an XDG entry, or a launch agent."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def enabled(self) -> bool:
        """Whether the file is there."""
        return self._file.is_file()

    def enable(self, command: Sequence[str]) -> None:
        """Write the file.

        Raises:
            SettingsError: it cannot be written.
        """
        content = _plist(command) if self._file.suffix == ".plist" else _desktop(command)
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._file, content)
        except OSError as error:
            raise _not_written(self._file, error) from error

    def disable(self) -> None:
        """Delete the file.

        Raises:
            SettingsError: it cannot be deleted.
        """
        try:
            self._file.unlink(missing_ok=True)
        except OSError as error:
            raise _not_written(self._file, error) from error


class RegistryAutostart:
    """A value of the user's Run key; `registry` is the module `winreg`."""

    def __init__(self, registry: Any) -> None:
        self._registry = registry

    def enabled(self) -> bool:
        """Whether the value is there."""
        try:
            with self._registry.OpenKey(self._registry.HKEY_CURRENT_USER, _RUN) as key:
                self._registry.QueryValueEx(key, _NAME)
        except OSError:
            return False
        return True

    def enable(self, command: Sequence[str]) -> None:
        """Set the value.

        Raises:
            SettingsError: the registry refuses.
        """
        reg = self._registry
        try:
            with reg.CreateKey(reg.HKEY_CURRENT_USER, _RUN) as key:
                reg.SetValueEx(key, _NAME, 0, reg.REG_SZ, subprocess.list2cmdline(command))
        except OSError as error:
            raise _not_written(Path(_RUN), error) from error

    def disable(self) -> None:
        """Delete the value.

        Raises:
            SettingsError: the registry refuses.
        """
        reg = self._registry
        try:
            with reg.OpenKey(reg.HKEY_CURRENT_USER, _RUN, 0, reg.KEY_SET_VALUE) as key:
                reg.DeleteValue(key, _NAME)
        except FileNotFoundError:
            return
        except OSError as error:
            raise _not_written(Path(_RUN), error) from error


def autostart() -> Autostart:
    """The way of this system."""
    if sys.platform == "win32":
        import winreg

        return RegistryAutostart(winreg)
    home = Path.home()
    if sys.platform == "darwin":
        return FileAutostart(home / "Library" / "LaunchAgents" / f"{_LABEL}.plist")
    config = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
    return FileAutostart(Path(config) / "autostart" / f"{_NAME}.desktop")


def start_command(data_dir: Path) -> list[str]:
    """What starts the window on a data directory: the application that is installed, or Python with the package."""
    program = [sys.executable, "-m", "hxd_desktop"]
    if getattr(sys, "frozen", False):
        without_console = Path(sys.executable).with_name("hxd-desktop.exe")
        # An AppImage is mounted elsewhere each time.
        program = [os.environ.get("APPIMAGE") or str(without_console if without_console.exists() else sys.executable)]
    return [*program, "--data-dir", str(data_dir)]


def _desktop(command: Sequence[str]) -> bytes:
    # In Exec, "%" introduces a field code.
    line = shlex.join(command).replace("%", "%%")
    lines = [
        "[Desktop Entry]",
        "Type=Application",
        "Name=HXD Desktop",
        f"Exec={line}",
        f"TryExec={command[0]}",  # once the application is gone, the entry is passed over
        "X-GNOME-Autostart-enabled=true",
    ]
    return ("\n".join(lines) + "\n").encode()


def _plist(command: Sequence[str]) -> bytes:
    return plistlib.dumps({"Label": _LABEL, "ProgramArguments": list(command), "RunAtLoad": True})


def _not_written(place: Path, error: OSError) -> SettingsError:
    return SettingsError(
        "Starting at login cannot be changed",
        f"{place}: {error.strerror or error}.",
        "Change it in the settings of your system.",
        place,
    )

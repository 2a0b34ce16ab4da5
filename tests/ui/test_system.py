"""Starting at login on every system, and the tray: only when asked for, and taken back without a trace."""

from __future__ import annotations

import plistlib
import sys
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.ui.app import Application
from hxd_desktop.ui.preferences.system_box import SystemBox
from hxd_desktop.ui.system.autostart import FileAutostart, RegistryAutostart, autostart, start_command
from hxd_desktop.ui.system.tray import Tray
from hxd_desktop.ui.theme import Theme


def test_a_desktop_entry_is_written_and_deleted(tmp_path: Path) -> None:
    starter = FileAutostart(tmp_path / "autostart" / "hxd-desktop.desktop")
    assert not starter.enabled() and not list(tmp_path.iterdir())
    starter.enable(["/opt/my python", "-m", "hxd_desktop", "--data-dir", "/data/50%"])
    text = (tmp_path / "autostart" / "hxd-desktop.desktop").read_text()
    assert "Exec='/opt/my python' -m hxd_desktop --data-dir /data/50%%\n" in text and starter.enabled()
    starter.disable()
    starter.disable()
    assert not starter.enabled()


def test_a_launch_agent_runs_the_command(tmp_path: Path) -> None:
    starter = FileAutostart(tmp_path / "agent.plist")
    starter.enable(["python", "-m", "hxd_desktop"])
    written = plistlib.loads((tmp_path / "agent.plist").read_bytes())
    assert written["ProgramArguments"] == ["python", "-m", "hxd_desktop"] and written["RunAtLoad"]


class Registry:
    """The part of `winreg` that is used."""

    HKEY_CURRENT_USER, REG_SZ, KEY_SET_VALUE = 1, 1, 2

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def OpenKey(self, *_: Any) -> Any:  # noqa: N802
        return nullcontext("key")

    CreateKey = OpenKey

    def QueryValueEx(self, _key: object, name: str) -> str:  # noqa: N802
        if name not in self.values:
            raise FileNotFoundError(name)
        return self.values[name]

    def SetValueEx(self, _key: object, name: str, _zero: int, _kind: int, value: str) -> None:  # noqa: N802
        self.values[name] = value

    def DeleteValue(self, _key: object, name: str) -> None:  # noqa: N802
        if self.values.pop(name, None) is None:
            raise FileNotFoundError(name)


def test_a_value_of_the_run_key_is_set_and_deleted() -> None:
    registry = Registry()
    starter = RegistryAutostart(registry)
    assert not starter.enabled()
    starter.enable(["C:\\Program Files\\python.exe", "-m", "hxd_desktop"])
    assert registry.values == {"hxd-desktop": '"C:\\Program Files\\python.exe" -m hxd_desktop'} and starter.enabled()
    starter.disable()
    starter.disable()
    assert registry.values == {}


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="of the XDG systems")
def test_the_place_of_this_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    autostart().enable(start_command(tmp_path / "data"))
    assert (tmp_path / "autostart" / "hxd-desktop.desktop").is_file()


def test_an_installed_application_is_started_by_its_own_program(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = tmp_path / "hxd.exe"
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.delenv("APPIMAGE", raising=False)
    assert start_command(Path("/data"))[0] == str(program)
    (tmp_path / "hxd-desktop.exe").touch()  # on Windows: the one without a console
    assert start_command(Path("/data"))[0] == str(tmp_path / "hxd-desktop.exe")
    monkeypatch.setenv("APPIMAGE", "/home/ann/HXD.AppImage")
    command = start_command(Path("/data"))
    assert command == ["/home/ann/HXD.AppImage", "--data-dir", str(Path("/data"))]
    starter = FileAutostart(tmp_path / "hxd-desktop.desktop")
    starter.enable(command)
    assert "TryExec=/home/ann/HXD.AppImage\n" in (tmp_path / "hxd-desktop.desktop").read_text()


class Refusing:
    def enabled(self) -> bool:
        return False

    def enable(self, command: object) -> None:
        raise SettingsError("Starting at login cannot be changed", "No.", "Do it by hand.")

    def disable(self) -> None:
        """There is nothing."""


def test_what_the_system_refuses_is_said(qtbot: QtBot, theme: Theme) -> None:
    box = SystemBox("/data", Refusing())
    qtbot.addWidget(box)
    box.show()
    box.login.setChecked(True)
    assert not box.login.isChecked() and box.told.text().startswith("Starting at login cannot be changed.")


def test_without_a_tray_closing_quits_and_with_one_it_hides(
    qtbot: QtBot, qapp: QApplication, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Tray, "available", staticmethod(lambda: True))
    (data_dir / "settings.toml").write_text("[window]\nkeep_running = true\n", encoding="utf-8")
    quits: list[bool] = []
    application = Application(qapp, data_dir)
    application._app = type("App", (), {"quit": staticmethod(lambda: quits.append(True))})()
    application.window.show()
    assert application.tray.shown
    application.window.close()
    assert not quits and not application.window.isVisible()
    application._show_window()
    assert application.window.isVisible()
    application.window.leave()
    assert quits == [True]
    application.tray.use(False)
    assert not application.tray.shown
    application.window.leaving = False
    application.window.show()
    application.window.close()
    assert len(quits) == 2
    application.close()

"""What every test stands on: no display, no network, and never the user's own data directory."""

from __future__ import annotations

import os

# Before anything imports Qt.
os.environ["QT_QPA_PLATFORM"] = "offscreen"
os.environ["HF_HUB_OFFLINE"] = "1"

import pytest


@pytest.fixture(autouse=True)
def data_directory_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point the default data directory at a fresh folder that no other test sees."""
    monkeypatch.setenv("HXD_DATA_DIR", str(tmp_path_factory.mktemp("data") / "hxd"))


@pytest.fixture(scope="session")
def qapp_cls() -> type:
    """The application object that the window runs on; one for all tests, whichever asks for it first."""
    from hxd_desktop.ui.system.open_events import OpeningApplication

    return OpeningApplication

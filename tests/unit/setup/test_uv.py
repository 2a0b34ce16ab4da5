from __future__ import annotations

from pathlib import Path

import pytest

from hxd_setup import uv
from hxd_setup.console import SetupError


def test_pip_s_index_certificates_and_proxy_are_carried_over() -> None:
    listing = "global.index-url='https://mirror.example/simple'\nglobal.cert='/etc/ca.pem'\n:env:.proxy='http://p:3128'"
    assert uv.settings_from_pip(listing, {}) == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "SSL_CERT_FILE": "/etc/ca.pem",
        "ALL_PROXY": "http://p:3128",
    }


def test_what_is_set_for_uv_wins() -> None:
    listing = "global.index-url='https://mirror.example/simple'\nglobal.cert='/etc/ca.pem'"
    environment = {"UV_INDEX_URL": "https://other.example/simple", "SSL_CERT_FILE": "/mine.pem"}
    assert uv.settings_from_pip(listing, environment) == {}


def test_pip_s_order_of_precedence_holds() -> None:
    listing = ":env:.index-url='https://env.example'\nglobal.index-url='https://global.example'"
    assert uv.settings_from_pip(listing, {}) == {"UV_DEFAULT_INDEX": "https://env.example"}
    listing = "install.index-url='https://install.example'\nglobal.index-url='https://global.example'"
    assert uv.settings_from_pip(listing, {}) == {"UV_DEFAULT_INDEX": "https://install.example"}


def test_additional_indexes_and_what_is_no_setting_are_left() -> None:
    assert uv.settings_from_pip("global.extra-index-url='https://more.example'\nnonsense\nx.y=[", {}) == {}


def test_a_recent_uv_on_the_path_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uv.shutil, "which", lambda name: "/usr/bin/uv")
    monkeypatch.setattr(uv, "output_of", lambda command, env=None: "uv 0.9.1 (abc 2026-01-01)")
    assert uv.find_or_fetch() == "/usr/bin/uv"


def test_without_uv_and_pip_the_line_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uv.shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    monkeypatch.setattr(uv, "output_of", lambda command, env=None: None)
    with pytest.raises(SetupError, match="sudo apt-get install -y python3-pip"):
        uv.find_or_fetch()


def test_an_old_uv_is_passed_over(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def answer(command: list[str], env: object = None) -> str | None:
        return {"--version": "uv 0.4.0" if command[0] == "/usr/bin/uv" else None}.get(command[-1], "pip 23")

    asked: list[list[str]] = []
    monkeypatch.setattr(uv, "OWN_FOLDER", tmp_path)
    monkeypatch.setattr(uv.shutil, "which", lambda name: "/usr/bin/uv")
    monkeypatch.setattr(uv, "output_of", answer)
    monkeypatch.setattr(uv, "run", lambda command, env=None: asked.append(command) or 1)
    with pytest.raises(SetupError):
        uv.find_or_fetch()
    monkeypatch.setattr(uv, "output_of", lambda command, env=None: answer(command) or "pip 23")
    with pytest.raises(SetupError, match="could not be fetched"):
        uv.find_or_fetch()
    assert ["--require-hashes", "-r", str(uv.LOCK)] == asked[0][-3:]


def test_a_folder_that_cannot_be_made_is_not_writable(tmp_path: Path) -> None:
    assert uv.writable(tmp_path / "new" / "deeper")
    (tmp_path / "file").touch(mode=0o600)
    assert not uv.writable(tmp_path / "file")

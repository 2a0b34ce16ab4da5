"""Warnings are kept in the data directory and do not disturb the terminal."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from hxd_desktop.cli.logs import logging_to
from hxd_desktop.engine.paths import DataDirectory

log = logging.getLogger("hxd_desktop.engine.anything")


def test_warnings_go_to_the_file_and_not_to_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    directory = DataDirectory(tmp_path)
    directory.create()
    before = list(logging.getLogger().handlers)
    with logging_to(directory):
        log.warning("the disk is slow: 慢")
    assert "the disk is slow: 慢" in (directory.logs / "hxd.log").read_text(encoding="utf-8")
    assert capsys.readouterr().err == ""
    assert logging.getLogger().handlers == before


def test_nothing_to_say_makes_no_file(tmp_path: Path) -> None:
    directory = DataDirectory(tmp_path)
    directory.create()
    with logging_to(directory):
        log.debug("nothing of interest")
    assert not list(directory.logs.iterdir())


def test_while_debugging_they_are_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HXD_DEBUG", "1")
    with logging_to(DataDirectory(tmp_path / "not-made")):
        log.warning("the disk is slow")
    assert "the disk is slow" in capsys.readouterr().err

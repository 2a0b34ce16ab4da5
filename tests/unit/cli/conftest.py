"""Commands run in this process, on an engine that only remembers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from hxd_desktop.cli import main
from tests.unit.cli.fakes import FakeAssistant, Result


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> FakeAssistant:
    """The engine that every command opens in this test."""
    from hxd_desktop.engine.assistant import Assistant

    fake = FakeAssistant()

    def open_fake(
        data_dir: Path | str | None = None, *, writable: bool = True, will_index: bool = False
    ) -> FakeAssistant:
        fake.data_dir, fake.writable = data_dir, writable
        return fake

    monkeypatch.setattr(Assistant, "open", open_fake)
    monkeypatch.setattr(Assistant, "repair", fake.repair)
    return fake


@pytest.fixture
def hxd(capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """Run one command in this process."""

    def run(*words: str) -> Result:
        status = main(list(words))
        captured = capsys.readouterr()
        return Result(status, captured.out, captured.err)

    return run

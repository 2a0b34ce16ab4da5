"""Newer versions on the command line, asked of a real server on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hxd_desktop.cli import main
from tests.support.feed import Feed, running
from tests.unit.cli.contract import check_keys, json_paths

Run = Callable[..., Any]


@pytest.fixture
def feed() -> Iterator[Feed]:
    with running() as served:
        served.say([{"tag_name": "v9.0.0", "html_url": "https://git.example/v9"}])
        yield served


@pytest.fixture
def hxd(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str, status: int = 0) -> Any:
        code = main(["--data-dir", str(tmp_path / "data"), *words])
        printed = capsys.readouterr()
        assert code == status, printed.err
        return json.loads(printed.out) if "--json" in words and printed.out else printed.out + printed.err

    return run


def test_nobody_is_asked_until_it_is_switched_on(hxd: Run, feed: Feed) -> None:
    assert "no feed is set" in hxd("updates", "show") and "not looked for" in hxd("updates", "show")
    assert "switched off" in hxd("updates", "check", status=1)
    assert "No feed is set" in hxd("updates", "on") + hxd("updates", "check", status=1)
    hxd("updates", "on", "--feed", feed.url)
    hxd("updates", "off")
    assert "switched off" in hxd("updates", "check", status=1)
    assert feed.requests == []


def test_a_newer_version_is_told_and_kept(hxd: Run, feed: Feed) -> None:
    hxd("updates", "on", "--feed", feed.url)
    found = hxd("updates", "check", "--json")
    check_keys(found, json_paths("updates check"))
    assert found["updates"] == hxd("updates", "show", "--json")["updates"]
    assert (found["updates"]["newest"], found["updates"]["newer"]) == ("9.0.0", True)
    assert "9.0.0 is out" in hxd("updates", "show") and "https://git.example/v9" in hxd("updates", "show")
    assert len(feed.requests) == 1


def test_a_feed_that_gives_nothing_ends_with_1_and_is_told_later(hxd: Run, feed: Feed) -> None:
    hxd("updates", "on", "--feed", feed.url)
    feed.body = b"<html>"
    said = hxd("updates", "check", status=1)
    assert "it is not JSON" in said and "Try again later" in said
    assert "failed: it is not JSON" in hxd("updates", "show")


@pytest.mark.parametrize("address", ["http://git.example/", "git.example", "javascript:alert(1)"])
def test_an_address_that_is_not_safe_is_wrong_usage(hxd: Run, address: str) -> None:
    assert "not an address" in hxd("updates", "on", "--feed", address, status=2)

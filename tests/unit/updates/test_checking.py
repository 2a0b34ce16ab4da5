from __future__ import annotations

import json
import stat
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import SettingsError, StorageError
from hxd_desktop.engine.paths import DataDirectory
from hxd_desktop.engine.settings import UpdateSettings
from hxd_desktop.engine.updates import checking
from hxd_desktop.engine.updates.checking import FILE, LastCheck, Updates
from tests.support.feed import Feed, running

NOON = 1_800_000_000.0
NOTES = "https://git.example/notes"


@pytest.fixture
def feed() -> Iterator[Feed]:
    with running() as served:
        served.say({"version": "9.0", "notes": NOTES})
        yield served


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Set the clock."""

    def set_clock(seconds: float) -> None:
        monkeypatch.setattr(checking.time, "time", lambda: seconds)

    set_clock(NOON)
    return set_clock


def updates(folder: Path, feed: str, *, allowed: bool = True) -> Updates:
    return Updates(DataDirectory(folder), lambda: UpdateSettings(allowed, feed))


def test_what_is_found_is_kept(tmp_path: Path, feed: Feed, at: Callable[[float], None]) -> None:
    found = updates(tmp_path, feed.url).check_if_due(CancelToken())
    assert found == LastCheck(NOON, feed.url, "9.0", NOTES) == updates(tmp_path, feed.url).last()
    assert found.newer
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600


def test_once_a_day_and_whenever_it_is_wished(tmp_path: Path, feed: Feed, at: Callable[[float], None]) -> None:
    checks = updates(tmp_path, feed.url)
    for seconds, expected in ((0, 1), (60, 1), (86_399, 1), (86_400, 2), (90_000, 2)):
        at(NOON + seconds)
        checks.check_if_due(CancelToken())
        assert len(feed.requests) == expected, seconds
    checks.check(CancelToken())
    assert len(feed.requests) == 3


def test_a_clock_that_is_set_back_does_not_put_it_off(tmp_path: Path, feed: Feed, at: Callable[[float], None]) -> None:
    checks = updates(tmp_path, feed.url)
    at(NOON + 10 * 365 * 86_400)
    checks.check_if_due(CancelToken())
    at(NOON)
    assert checks.due()
    checks.check_if_due(CancelToken())
    assert not checks.due() and len(feed.requests) == 2


def test_nobody_is_asked_where_it_is_off_or_nobody_is_named(tmp_path: Path, feed: Feed) -> None:
    for checks, what in ((updates(tmp_path, feed.url, allowed=False), "switched off"), (updates(tmp_path, ""), "feed")):
        assert not checks.due() and checks.check_if_due(CancelToken()) == LastCheck()
        with pytest.raises(SettingsError, match=what):
            checks.check(CancelToken())
    assert feed.requests == [] and not list(tmp_path.iterdir())


def test_a_failure_is_kept_and_tried_again_no_sooner(tmp_path: Path, feed: Feed, at: Callable[[float], None]) -> None:
    checks = updates(tmp_path, feed.url)
    checks.check(CancelToken())
    feed.body = b"<html>"
    at(NOON + 100_000)
    found = checks.check_if_due(CancelToken())
    assert (found.failed, found.version, found.newer) == ("it is not JSON", "9.0", True)  # it is out nevertheless
    assert not checks.due() and checks.last() == found


def test_an_older_version_is_no_news(tmp_path: Path, feed: Feed) -> None:
    feed.say([{"version": "0.0.1"}, {"version": checking.__version__}])
    found = updates(tmp_path, feed.url).check(CancelToken())
    assert (found.version, found.newer, found.failed) == (checking.__version__, False, "")


def test_another_feed_is_asked_at_once(tmp_path: Path, feed: Feed) -> None:
    updates(tmp_path, feed.url).check(CancelToken())
    other = updates(tmp_path, f"{feed.address}/other")
    assert other.last() == LastCheck() and other.due()


@pytest.mark.parametrize(
    "kept",
    [
        "", "{", "[]", "null", "{}", '{"checked": NaN}', "[" * 50_000,
        json.dumps({"checked": "today", "feed": "F", "version": "", "notes": "", "failed": ""}),
        json.dumps({"checked": True, "feed": "F", "version": "", "notes": "", "failed": ""}),
        json.dumps({"checked": 1, "feed": "F", "version": 9, "notes": "", "failed": ""}),
    ],
)  # fmt: skip
def test_a_file_of_a_stranger_counts_as_none(tmp_path: Path, kept: str) -> None:
    (tmp_path / FILE).write_text(kept, encoding="utf-8")
    assert updates(tmp_path, "F").last() == LastCheck()


def test_what_cannot_be_kept_is_told(tmp_path: Path, feed: Feed) -> None:
    (tmp_path / FILE).mkdir()
    with pytest.raises(StorageError, match="cannot be kept"):
        updates(tmp_path, feed.url).check(CancelToken())


def test_the_feed_that_is_built_in_is_asked_where_none_is_set(
    tmp_path: Path, feed: Feed, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "release").mkdir()
    (tmp_path / "release" / "feed").write_text(feed.url + "\n", encoding="utf-8")
    monkeypatch.setattr(checking, "assets", lambda: tmp_path)
    assert updates(tmp_path, "").check(CancelToken()).newer
    assert updates(tmp_path, "https://git.example/own").feed == "https://git.example/own"

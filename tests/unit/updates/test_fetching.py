"""Against a real server on this machine."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.updates import fetching
from hxd_desktop.engine.updates.fetching import NotFetched, fetch
from tests.support.chat_server import free_port
from tests.support.feed import Feed, running


@pytest.fixture
def feed() -> Iterator[Feed]:
    with running() as served:
        yield served


def refused(address: str) -> str:
    with pytest.raises(NotFetched) as raised:
        fetch(address, CancelToken())
    return str(raised.value)


def test_a_file_comes_and_nothing_is_told_of_who_asks(feed: Feed) -> None:
    feed.body = b'{"version": "1"}'
    assert fetch(feed.url, CancelToken()) == feed.body
    [(path, headers)] = feed.requests
    assert path == "/releases"
    assert {name.lower() for name in headers} == {"host", "user-agent", "accept", "accept-encoding", "connection"}
    assert headers["User-Agent"] == "hxd-desktop"


def test_an_address_that_is_not_safe_is_never_asked() -> None:
    assert "https" in refused("http://git.example/releases")


def test_a_file_that_is_too_large_is_given_up(feed: Feed) -> None:
    feed.body = b" " * (fetching.MOST_BYTES + 1)
    assert "too large" in refused(feed.url)


def test_a_file_that_comes_a_byte_at_a_time_is_given_up(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE_S", 0.2)
    feed.drip = True
    assert "too long" in refused(feed.url)


def test_a_server_that_says_nothing_is_given_up(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "WHOLE_S", 0.2)
    feed.hang = True
    assert "too long" in refused(feed.url)


def test_a_redirect_is_followed_on_the_same_host_alone(feed: Feed) -> None:
    feed.redirects = ["/elsewhere"]
    assert fetch(feed.url, CancelToken()) == b"{}"
    assert [path for path, _ in feed.requests] == ["/releases", "/elsewhere"]
    with running() as other:
        for target in (
            other.url,
            other.address.replace("http:", "https:"),
            "http://git.example/",
            "file:///etc/passwd",
        ):
            feed.redirects = [target]
            assert refused(feed.url)
        assert other.requests == []


def test_redirects_end(feed: Feed) -> None:
    feed.redirects = ["/again"] * 9
    assert "again and again" in refused(feed.url)
    assert len(feed.requests) == 4


@pytest.mark.parametrize("status", [204, 304, 401, 404, 429, 500])
def test_another_status_is_told(feed: Feed, status: int) -> None:
    feed.status = status
    assert str(status) in refused(feed.url)


def test_what_is_packed_is_not_unpacked(feed: Feed) -> None:
    feed.headers, feed.body = {"Content-Encoding": "gzip"}, gzip.compress(b"0" * 10_000_000)
    assert "packed" in refused(feed.url)


def test_nobody_there() -> None:
    assert "reached" in refused(f"http://127.0.0.1:{free_port()}/")


def test_a_stop_ends_it_at_once(feed: Feed) -> None:
    feed.hang = True
    cancel = CancelToken()
    threading.Timer(0.1, cancel.cancel).start()
    with pytest.raises(Cancelled):
        fetch(feed.url, cancel)

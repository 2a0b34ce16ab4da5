"""A remote model over real HTTP: what it sends, what it takes, and every way in which it fails."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError, SettingsError
from hxd_desktop.engine.models import remote
from hxd_desktop.engine.models.protocols import ChatMessage
from hxd_desktop.engine.models.remote import RemoteGenerator, RemoteModel
from hxd_desktop.engine.settings import RemoteSettings
from tests.support.chat_server import ChatServer, free_port, running

KEY = "sk-very-secret-1234"
HELLO = [ChatMessage("system", "Be brief."), ChatMessage("user", "你好 \u2028 there")]


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with running() as state:
        yield state


@pytest.fixture(autouse=True)
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "WAITS_S", (0.0, 0.0))


def generator(url: str, key: str | None = None, **settings: Any) -> RemoteGenerator:
    return RemoteGenerator(RemoteSettings(allowed=True, url=url, model="m", **settings), lambda origin: key)


def reply(model: RemoteGenerator, cancel: CancelToken | None = None) -> str:
    return "".join(model.stream(HELLO, max_tokens=9, cancel=cancel or CancelToken()))


def assert_it_ends() -> None:
    deadline = time.monotonic() + 10
    for thread in [t for t in threading.enumerate() if t.name == "remote-model"]:
        thread.join(max(0.0, deadline - time.monotonic()))
        assert not thread.is_alive()


def test_a_reply_comes_in_pieces_and_the_request_holds_the_conversation_alone(server: ChatServer) -> None:
    server.pieces = ("茴香", "馆 \u2028\x85", "。")
    pieces = list(generator(server.url).stream(HELLO, max_tokens=9, cancel=CancelToken()))
    assert pieces == ["茴香", "馆 \u2028\x85", "。"]
    assert server.paths == ["/v1/chat/completions"]
    assert server.authorizations == [None]
    assert server.requests == [
        {
            "model": "m",
            "messages": [{"role": m.role, "content": m.content} for m in HELLO],
            "max_tokens": 9,
            "temperature": 0,
            "stream": True,
        }
    ]


def test_the_key_goes_into_the_header_and_nowhere_else(server: ChatServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    server.faults, server.error = ["401"], {"error": {"message": f"Incorrect key provided: {KEY}"}}
    model = generator(server.url, KEY)
    with pytest.raises(ModelError) as failure:
        reply(model)
    assert server.authorizations == [f"Bearer {KEY}"]
    assert KEY not in str(failure.value) + failure.value.message + repr(model) + model.id
    assert "Incorrect key provided" in failure.value.message
    assert KEY not in caplog.text
    assert reply(model) == "Hello there."


@pytest.mark.parametrize(
    ("fault", "title", "attempts"),
    [
        ("401", "The remote model refuses the key", 1),
        ("404", "The remote model was not found", 1),
        ("400", "The remote model did not accept the question", 1),
        ("302", "The remote model has moved", 1),
        ("429", "The remote model is busy", 3),
        ("500", "The remote server failed", 3),
        ("503", "The remote server failed", 3),
        ("page", "The remote server speaks another language", 1),
        ("whole", "The remote server speaks another language", 1),
        ("no json", "The remote server speaks another language", 1),
        ("wrong json", "The remote server speaks another language", 1),
        ("drop", "The connection to the remote model broke", 3),
        ("cut", "The remote model's answer broke off", 1),
        ("no word", "The remote model's answer broke off", 1),
        ("told", "The remote model failed while answering", 1),
    ],
)
def test_every_fault_says_what_happened_and_what_to_do(
    server: ChatServer, fault: str, title: str, attempts: int
) -> None:
    server.faults, server.headers = [fault] * 3, {"Location": "http://127.0.0.1:1/elsewhere"}
    with pytest.raises(ModelError) as failure:
        reply(generator(server.url))
    assert failure.value.title == title
    assert "127.0.0.1" in failure.value.message
    assert failure.value.remedy
    assert len(server.requests) == attempts


@pytest.mark.parametrize("fault", ["429", "503", "drop"])
def test_what_passes_is_tried_again(server: ChatServer, fault: str) -> None:
    server.faults = [fault, fault]
    assert reply(generator(server.url)) == "Hello there."
    assert len(server.requests) == 3


def test_a_server_that_wants_to_be_left_alone_for_long_is_not_waited_for(server: ChatServer) -> None:
    server.faults, server.headers = ["429"], {"Retry-After": "3600"}
    with pytest.raises(ModelError, match="busy"):
        reply(generator(server.url))
    assert len(server.requests) == 1


def test_words_that_came_are_never_asked_for_again(server: ChatServer) -> None:
    server.faults = ["cut"]
    pieces: list[str] = []
    with pytest.raises(ModelError, match="broke off"):
        pieces.extend(generator(server.url).stream(HELLO, max_tokens=9, cancel=CancelToken()))
    assert len(server.requests) == 1


def test_a_reply_that_gives_its_reason_for_ending_is_whole(server: ChatServer) -> None:
    server.faults = ["no end"]
    assert reply(generator(server.url)) == "Hello there."


def test_nobody_listening_is_a_failure_with_a_remedy() -> None:
    with pytest.raises(ModelError) as failure:
        reply(generator(f"http://127.0.0.1:{free_port()}/v1"))
    assert failure.value.title == "The remote model cannot be reached"
    assert "hxd remote test" in failure.value.remedy


def test_silence_ends_at_the_time_limit_and_is_not_tried_again(server: ChatServer) -> None:
    server.faults = ["hang"]
    with pytest.raises(ModelError, match="does not answer"):
        reply(generator(server.url, timeout_s=0.2))
    assert len(server.requests) == 1


@pytest.mark.parametrize("fault", ["hang", "stall"])
def test_a_cancel_ends_it_at_once(server: ChatServer, fault: str) -> None:
    server.faults = [fault]
    cancel = CancelToken()
    silent_after: list[float] = []

    def stop() -> None:
        server.asked.wait(10)
        silent_after.append(time.perf_counter())
        cancel.cancel()

    threading.Thread(target=stop).start()
    with pytest.raises(Cancelled):
        reply(generator(server.url), cancel)
    assert silent_after
    assert_it_ends()


def test_a_consumer_that_leaves_early_ends_the_request(server: ChatServer) -> None:
    server.faults = ["stall"]
    stream = generator(server.url).stream(HELLO, max_tokens=9, cancel=CancelToken())
    assert next(stream) == "Hello"
    stream.close()
    assert_it_ends()


def test_an_address_that_cannot_be_used_asks_nobody() -> None:
    with pytest.raises(SettingsError):
        reply(generator("ftp://example.org"))


def test_trying_it_out_sends_none_of_the_users_words(server: ChatServer) -> None:
    model = RemoteModel(RemoteSettings(allowed=True, url=server.url, model="m"))
    assert model.try_out(CancelToken()) == "Hello there."
    assert len(server.requests[0]["messages"]) == 1
    server.pieces = ()
    with pytest.raises(ModelError):
        model.try_out(CancelToken())


@pytest.mark.parametrize("settings", [{"allowed": False}, {"model": " "}, {"url": "http://example.com/v1"}])
def test_nothing_is_asked_unless_it_is_allowed_named_and_safe(server: ChatServer, settings: dict[str, Any]) -> None:
    model = RemoteModel(RemoteSettings(**({"allowed": True, "url": server.url, "model": "m"} | settings)))
    with pytest.raises(SettingsError):
        model.try_out(CancelToken())
    assert server.requests == []

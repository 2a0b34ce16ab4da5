from __future__ import annotations

import logging

import pytest

from hxd_desktop.engine.events import DocumentsChanged, Event, EventBus, LibrariesChanged


def test_every_listener_hears_every_event_until_it_ends_that() -> None:
    bus = EventBus()
    one: list[Event] = []
    other: list[Event] = []
    end = bus.subscribe(one.append)
    bus.subscribe(other.append)
    bus.publish(LibrariesChanged())
    end()
    end()
    bus.publish(DocumentsChanged("default", ("/a",)))
    assert one == [LibrariesChanged()]
    assert other == [LibrariesChanged(), DocumentsChanged("default", ("/a",))]


def test_a_failing_listener_is_logged_and_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    bus = EventBus()
    heard: list[Event] = []

    def fail(event: Event) -> None:
        raise RuntimeError("listener")

    bus.subscribe(fail)
    bus.subscribe(heard.append)
    with caplog.at_level(logging.ERROR):
        bus.publish(LibrariesChanged())
    assert heard == [LibrariesChanged()]
    assert "LibrariesChanged" in caplog.text


def test_a_listener_may_subscribe_and_end_while_it_is_called() -> None:
    bus = EventBus()
    heard: list[str] = []

    def once(event: Event) -> None:
        heard.append("once")
        end()
        bus.subscribe(lambda _: heard.append("later"))

    end = bus.subscribe(once)
    bus.publish(LibrariesChanged())
    bus.publish(LibrariesChanged())
    assert heard == ["once", "later"]

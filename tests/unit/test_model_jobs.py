from __future__ import annotations

import threading

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, ModelError, SettingsError
from hxd_desktop.engine.events import Event, EventBus, ModelProgress
from hxd_desktop.engine.model_jobs import ModelJobs, told
from tests.support.library import wait_for


def test_how_work_ends_is_told() -> None:
    bus, events = EventBus(), list[Event]()
    bus.subscribe(events.append)
    failure = ModelError("It failed", "So it was.", "Try again.")
    for problem in (None, Cancelled(), failure, OSError("?")):
        try:
            with told(bus, "download", "m"):
                if problem is not None:
                    raise problem
        except (Cancelled, ModelError, OSError) as error:
            assert error is problem
    ends = [(event.state, event.error) for event in events if isinstance(event, ModelProgress)]
    assert ends == [("done", None), ("cancelled", None), ("failed", failure), ("failed", None)]


def test_work_that_begins_while_all_ends_is_waited_for_or_never_begins() -> None:
    def start(jobs: ModelJobs, begin: threading.Barrier) -> None:
        begin.wait()
        jobs.start("use", "m", lambda token: token.check())

    for _ in range(50):
        jobs, begin = ModelJobs(), threading.Barrier(2)
        starter = threading.Thread(target=start, args=(jobs, begin))
        starter.start()
        begin.wait()
        jobs.close()
        starter.join()
        assert jobs.running() == []


def test_work_is_known_by_name_and_cancelled() -> None:
    jobs, ended = ModelJobs(), threading.Event()

    def work(token: CancelToken) -> None:
        assert token.wait(30)
        ended.set()
        token.check()

    jobs.start("use", "m", work)
    assert jobs.running() == [("use", "m")]
    with pytest.raises(SettingsError, match="under way"):
        jobs.start("use", "m", work)
    jobs.cancel("download", "m")
    assert not ended.is_set()
    jobs.cancel("use", "m")
    wait_for(lambda: not jobs.running())
    assert ended.is_set()

    ended.clear()
    jobs.start("use", "m", work)
    jobs.close()
    assert ended.is_set() and not jobs.running()
    jobs.start("use", "m", lambda token: pytest.fail("nothing begins any more"))
    assert not jobs.running()

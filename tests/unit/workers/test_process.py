from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from hxd_desktop.engine.workers import process
from hxd_desktop.engine.workers.process import WorkerDied, WorkerProcess
from tests.support.library import wait_for

KIND = Path(__file__).parent.parent.parent / "support" / "worker_kind.py"
Make = Callable[..., WorkerProcess]


@pytest.fixture
def make(monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """Make workers that do as they are told; all of them are closed."""
    monkeypatch.setattr(process, "_command", lambda kind, memory: [sys.executable, "-P", str(KIND), kind, str(memory)])
    made: list[WorkerProcess] = []

    def one(**arguments: Any) -> WorkerProcess:
        made.append(WorkerProcess("told", **arguments))
        return made[-1]

    before = {child.pid for child in psutil.Process().children()}
    yield one
    for worker in made:
        worker.close()
        assert worker.pid is None
    assert {child.pid for child in psutil.Process().children()} <= before
    watching = [thread for thread in threading.enumerate() if thread.name == "told-watch"]
    for thread in watching:
        thread.join(timeout=10)
    assert not [thread for thread in watching if thread.is_alive()]


def pid_of(worker: WorkerProcess) -> int:
    return int(worker.request({"do": "pid"}, timeout_s=60)["pid"])


def test_a_process_starts_with_the_first_request_and_stays(make: Make) -> None:
    worker = make()
    assert worker.pid is None
    assert worker.request({"do": "echo", "x": [1, "二"]}) == {"do": "echo", "x": [1, "二"]}
    assert pid_of(worker) == pid_of(worker) == worker.pid


def test_starting_ahead(make: Make) -> None:
    worker = make()
    worker.start()
    before = worker.pid
    worker.start()
    assert before is not None
    assert pid_of(worker) == before


def test_variables_reach_the_process_and_only_it(make: Make) -> None:
    # Its own start would fail with this.
    worker = make(environment={"PYTHONHOME": "/nowhere"})
    with pytest.raises(WorkerDied):
        worker.request({"do": "pid"})


@pytest.mark.parametrize("end", [{"do": "exit", "status": 3}, {"do": "raise"}])
def test_a_crash_is_told_and_the_next_request_starts_anew(make: Make, end: dict[str, Any]) -> None:
    worker = make()
    first = pid_of(worker)
    with pytest.raises(WorkerDied) as raised:
        worker.request(end)
    assert raised.value.reason == "crashed"
    assert raised.value.detail == f"exit status {end.get('status', 1)}"
    assert pid_of(worker) != first


def test_a_process_that_died_between_two_requests(make: Make) -> None:
    worker = make()
    first = psutil.Process(pid_of(worker))
    first.kill()
    wait_for(lambda: worker.pid is None)
    assert pid_of(worker) != first.pid


def test_a_hang_ends_at_the_time_limit(make: Make) -> None:
    worker = make()
    pid_of(worker)
    started = time.monotonic()
    with pytest.raises(WorkerDied) as raised:
        worker.request({"do": "hang"}, timeout_s=0.3)
    assert raised.value.reason == "timeout"
    assert 0.3 <= time.monotonic() - started < 20
    assert worker.request({"do": "echo"}) == {"do": "echo"}


def test_the_time_limit_is_for_each_reply(make: Make) -> None:
    worker = make()
    pid_of(worker)
    replies = worker.pipeline(iter([{"do": "echo", "n": n} for n in range(200)]), depth=2, timeout_s=30)
    assert [reply["n"] for reply in replies] == list(range(200))


def test_too_much_memory(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    limit = 512 << 20
    worker = make(memory_bytes=limit)
    assert worker.request({"do": "eat", "bytes": 1 << 20}) == {"size": 1 << 20}
    if sys.platform.startswith("linux"):
        assert worker.request({"do": "eat", "bytes": 1 << 30}) == {"error": "MemoryError"}
    # Where the system sets no limit the parent looks at the size.
    monkeypatch.setattr(process, "_SYSTEM_LIMITS_MEMORY", False)
    monkeypatch.setattr(process, "_command", lambda kind, memory: [sys.executable, "-P", str(KIND), kind, "0"])
    watched = make(memory_bytes=10 << 20)
    with pytest.raises(WorkerDied) as raised:
        watched.request({"do": "hang"})
    assert raised.value.reason == "memory"


def test_another_thread_may_kill_at_any_moment(make: Make) -> None:
    worker = make()
    pid_of(worker)
    timer = threading.Timer(0.1, worker.kill)
    timer.start()
    with pytest.raises(WorkerDied) as raised:
        worker.request({"do": "hang"})
    timer.join()
    assert raised.value.reason == "killed"
    worker.kill()
    assert worker.request({"do": "echo"}) == {"do": "echo"}


def test_another_thread_may_close_at_any_moment(make: Make) -> None:
    worker = make()
    pid_of(worker)
    timer = threading.Timer(0.1, worker.close)
    timer.start()
    with pytest.raises(WorkerDied):
        worker.request({"do": "hang"})
    timer.join()
    worker.close()
    assert worker.request({"do": "echo"}) == {"do": "echo"}


def test_what_libraries_print_does_not_break_the_frames(make: Make) -> None:
    worker = make()
    assert worker.request({"do": "print"}) == {"printed": True}
    assert worker.request({"do": "echo", "n": 1}) == {"do": "echo", "n": 1}


def test_replies_of_a_pipeline_come_in_order(make: Make) -> None:
    worker = make()
    taken: list[int] = []

    def messages() -> Iterator[dict[str, Any]]:
        for n in range(20):
            taken.append(n)
            yield {"do": "echo", "n": n}

    for seen, reply in enumerate(worker.pipeline(messages(), depth=4)):
        assert reply["n"] == seen
        assert len(taken) <= seen + 4
    assert taken == list(range(20))
    assert list(worker.pipeline(iter(()), depth=4)) == []


def test_the_message_that_a_pipeline_died_of_is_the_one_that_was_awaited(make: Make) -> None:
    worker = make()
    messages: list[dict[str, Any]] = [{"do": "echo", "n": n} for n in range(10)]
    messages[3] = {"do": "exit", "status": 9}
    got: list[int] = []
    with pytest.raises(WorkerDied):
        got.extend(reply["n"] for reply in worker.pipeline(iter(messages), depth=4))
    assert got == [0, 1, 2]
    assert list(worker.pipeline(iter(messages[4:6]), depth=4)) == messages[4:6]


def test_a_consumer_that_stops_early_gets_no_old_replies_later(make: Make) -> None:
    worker = make()
    replies = worker.pipeline(iter([{"do": "echo", "n": n} for n in range(10)]), depth=4)
    assert next(replies)["n"] == 0
    replies.close()  # type: ignore[attr-defined]
    assert worker.request({"do": "echo", "n": 99})["n"] == 99
    counting = worker.stream({"do": "count", "to": 5}, last=lambda reply: reply["n"] == 5)
    assert next(counting)["n"] == 0
    counting.close()
    assert worker.request({"do": "echo", "n": 99})["n"] == 99


def test_a_stream_of_replies(make: Make) -> None:
    worker = make()
    replies = worker.stream({"do": "count", "to": 3}, last=lambda reply: reply["n"] == 3)
    assert [reply["n"] for reply in replies] == [0, 1, 2, 3]
    first = pid_of(worker)
    assert first == pid_of(worker)


def test_a_failing_source_of_messages_does_not_leave_replies_behind(make: Make) -> None:
    worker = make()

    def messages() -> Iterator[dict[str, Any]]:
        yield {"do": "echo", "n": 1}
        raise KeyError("own")

    with pytest.raises(KeyError):
        list(worker.pipeline(messages(), depth=4))
    assert worker.request({"do": "echo", "n": 2})["n"] == 2


def test_requests_of_many_threads_queue(make: Make) -> None:
    worker = make()
    results: list[tuple[int, int]] = []

    def ask(n: int) -> None:
        results.extend((n, worker.request({"do": "echo", "n": n})["n"]) for _ in range(10))

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 40
    assert all(asked == answered for asked, answered in results)


def test_sending_to_a_process_that_is_gone_is_nothing(make: Make) -> None:
    worker = make()
    worker.send({"do": "echo"})
    pid_of(worker)
    worker.kill()
    wait_for(lambda: worker.pid is None)
    worker.send({"do": "echo"})


def test_a_program_that_is_no_worker(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    script = "import sys, time; sys.stdout.buffer.write(b'\\xff' * 99); sys.stdout.flush(); time.sleep(60)"
    monkeypatch.setattr(process, "_command", lambda kind, memory: [sys.executable, "-c", script])
    started = time.monotonic()
    with pytest.raises(WorkerDied):
        make().request({"do": "echo"})
    assert time.monotonic() - started < 4  # it is not given time to end by itself

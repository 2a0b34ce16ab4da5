from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.library import parsing
from hxd_desktop.engine.library.parsing import ParseJob, ParserPool, worker_count
from hxd_desktop.engine.settings import ChunkSettings, IndexSettings
from hxd_desktop.engine.workers import process

PARSER = Path(__file__).parent.parent.parent / "support" / "hostile_parser.py"


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        process, "_command", lambda kind, memory: [sys.executable, "-P", str(PARSER), kind, str(memory)]
    )


@pytest.fixture
def pool(hostile: None) -> Iterator[ParserPool]:
    made = ParserPool(IndexSettings(workers=2, parse_timeout_s=60), ChunkSettings())
    before = {child.pid for child in psutil.Process().children()}
    yield made
    made.close()
    assert {child.pid for child in psutil.Process().children()} <= before


def jobs(folder: Path, *names: str) -> list[ParseJob]:
    found = []
    for name in names:
        (folder / name).write_text(f"The text of {name}.")
        found.append(ParseJob(str(folder / name), 20, 1, 1))
    return found


def states(pool: ParserPool, of: list[ParseJob]) -> dict[str, str]:
    results = list(pool.parse(of, CancelToken()))
    assert sorted(job.path for job, _ in results) == sorted(job.path for job in of)
    return {os.path.basename(job.path): reply["state"] for job, reply in results}


def pids(pool: ParserPool) -> set[int | None]:
    return {worker.pid for worker in pool._workers}


def test_every_file_comes_back_once_with_what_is_kept_of_it(pool: ParserPool, tmp_path: Path) -> None:
    asked = jobs(tmp_path, *(f"{n}.txt" for n in range(30)))
    results = dict(pool.parse(asked, CancelToken()))
    assert set(results) == set(asked)
    assert all(results[job]["text"] == f"The text of {os.path.basename(job.path)}." for job in asked)


def test_processes_live_on_from_one_use_to_the_next(pool: ParserPool, tmp_path: Path) -> None:
    pool.warm(2)
    before = pids(pool)
    assert None not in before
    for _ in range(10):
        assert states(pool, jobs(tmp_path, "a.txt", "print.txt", "b.txt")) == dict.fromkeys(
            ("a.txt", "print.txt", "b.txt"), "indexed"
        )
    assert pids(pool) == before
    assert list(pool.parse([], CancelToken())) == []


def test_a_file_that_its_parser_dies_of_fails_and_no_other(pool: ParserPool, tmp_path: Path) -> None:
    names = [f"{n}.txt" for n in range(20)]
    names[3:3] = ["crash1.txt"]
    names[12:12] = ["crash2.txt", "crash3.txt"]
    asked = jobs(tmp_path, *names)
    results = {os.path.basename(job.path): reply for job, reply in pool.parse(asked, CancelToken())}
    failed = {name: reply["reason"] for name, reply in results.items() if reply["state"] != "indexed"}
    assert set(failed) == {"crash1.txt", "crash2.txt", "crash3.txt"}
    assert all("crashed" in reason for reason in failed.values())


def test_a_process_that_lies_fails_on_that_file_and_is_replaced(pool: ParserPool, tmp_path: Path) -> None:
    told = states(pool, jobs(tmp_path, "a.txt", "lie.txt", "b.txt", "c.txt"))
    assert told == {"a.txt": "indexed", "lie.txt": "failed", "b.txt": "indexed", "c.txt": "indexed"}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems limit memory in another way")
def test_files_that_fill_the_memory_or_break_the_parser_fail_alone(hostile: None, tmp_path: Path) -> None:
    """The memory is really allocated, and the limit of the system really stops it."""
    pool = ParserPool(IndexSettings(workers=1, parse_memory_bytes=600 << 20, parse_timeout_s=60), ChunkSettings())
    asked = jobs(tmp_path, "a.txt", "blowup.txt", "b.txt", "segfault.txt", "c.txt")
    results = {os.path.basename(job.path): reply for job, reply in pool.parse(asked, CancelToken())}
    pool.close()
    assert {name for name, reply in results.items() if reply["state"] == "indexed"} == {"a.txt", "b.txt", "c.txt"}
    assert results["blowup.txt"]["reason"] == "It needs more memory than is allowed for one document."
    assert results["segfault.txt"]["reason"] == "The parser crashed on it; the file may be damaged."


def test_a_file_that_its_parser_hangs_on_fails_and_no_other(hostile: None, tmp_path: Path) -> None:
    pool = ParserPool(IndexSettings(workers=1, parse_timeout_s=3), ChunkSettings())
    asked = jobs(tmp_path, "a.txt", "hang.txt", "b.txt", "c.txt")
    results = {os.path.basename(job.path): reply for job, reply in pool.parse(asked, CancelToken())}
    assert {name: reply["state"] for name, reply in results.items() if name != "hang.txt"} == dict.fromkeys(
        ("a.txt", "b.txt", "c.txt"), "indexed"
    )
    assert results["hang.txt"]["reason"] == "Reading it took longer than 3 s, which is the limit for one file."
    pool.close()


def test_a_stop_ends_a_hanging_parser_at_once_and_blames_no_file(pool: ParserPool, tmp_path: Path) -> None:
    cancel = CancelToken()
    asked = jobs(tmp_path, "a.txt", "hang.txt")
    seen = []
    with pytest.raises(Cancelled):
        for job, reply in pool.parse(asked, cancel):
            seen.append((os.path.basename(job.path), reply["state"]))
            cancel.cancel()
    assert seen == [("a.txt", "indexed")]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("parse-")]
    # At once, while the killed processes may not be gone yet.
    assert states(pool, jobs(tmp_path, "a.txt", "b.txt")) == {"a.txt": "indexed", "b.txt": "indexed"}


def test_a_consumer_that_stops_early_leaves_nothing_behind(pool: ParserPool, tmp_path: Path) -> None:
    results = pool.parse(jobs(tmp_path, *(f"{n}.txt" for n in range(200))), CancelToken())
    next(results)
    results.close()  # type: ignore[attr-defined]
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("parse-")]
    assert states(pool, jobs(tmp_path, "z.txt")) == {"z.txt": "indexed"}


def test_while_waiting_is_called_when_no_reply_comes(pool: ParserPool, tmp_path: Path) -> None:
    cancel = CancelToken()
    calls: list[int] = []

    def while_waiting() -> None:
        calls.append(1)
        if len(calls) == 3:
            cancel.cancel()

    with pytest.raises(Cancelled):
        list(pool.parse(jobs(tmp_path, "hang.txt"), cancel, while_waiting))
    assert len(calls) == 3


def test_large_files_are_sent_one_at_a_time(pool: ParserPool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parsing, "_ALONE_BYTES", 10)  # all of them are large
    assert states(pool, jobs(tmp_path, "a.txt", "crash.txt", "b.txt")) == {
        "a.txt": "indexed",
        "crash.txt": "failed",
        "b.txt": "indexed",
    }


def test_a_known_content_is_not_parsed(pool: ParserPool, tmp_path: Path) -> None:
    (job,) = jobs(tmp_path, "a.txt")
    ((_, first),) = pool.parse([job], CancelToken())
    again = ParseJob(job.path, 20, 1, 1, known_hash=first["hash"], document_id=5)
    ((_, second),) = pool.parse([again], CancelToken())
    assert second["state"] == "unchanged"
    assert "text" not in second


def test_a_program_that_cannot_be_started_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "_command", lambda kind, memory: ["/nowhere/python"])
    pool = ParserPool(IndexSettings(workers=2), ChunkSettings())
    with pytest.raises(OSError, match="nowhere"):
        list(pool.parse(jobs(tmp_path, "a.txt", "b.txt"), CancelToken()))


@pytest.mark.parametrize(("setting", "cores", "expected"), [(0, 1, 1), (0, 3, 3), (0, 64, 4), (7, 2, 7), (0, None, 1)])
def test_number_of_processes(monkeypatch: pytest.MonkeyPatch, setting: int, cores: Any, expected: int) -> None:
    monkeypatch.setattr(parsing.os, "cpu_count", lambda: cores)
    assert worker_count(IndexSettings(workers=setting)) == expected

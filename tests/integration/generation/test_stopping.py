"""Stopping, at any moment."""

from __future__ import annotations

import importlib.util
import threading
import time
from pathlib import Path

import psutil
import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.models.generation import LlamaGenerator
from hxd_desktop.engine.models.protocols import ChatMessage
from tests.support.llama import HELLO, opened, process_of, reply

pytestmark = [
    pytest.mark.llm,
    pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed"),
]


class TestStopping:
    def test_during_prompt_evaluation(self, babbling: LlamaGenerator) -> None:
        babbling.info()
        pid = babbling._worker.pid
        silences = []
        for number in range(3):
            cancel = CancelToken()
            asked: list[float] = []

            def stop(cancel: CancelToken = cancel, asked: list[float] = asked) -> None:
                asked.append(time.monotonic())
                cancel.cancel()

            timer = threading.Timer(0.3, stop)
            timer.start()
            with pytest.raises(Cancelled):
                # Reading all of it takes seconds.
                assert not list(
                    babbling.stream([ChatMessage("user", f"{number} text " * 600)], max_tokens=5, cancel=cancel)
                )
            silences.append(time.monotonic() - asked[0])
            timer.join()
        assert min(silences) < 0.2
        assert reply(babbling, max_tokens=3)
        assert babbling._worker.pid == pid  # asked was enough

    def test_while_the_model_is_loaded(self, folder: Path) -> None:
        generator = opened(folder / "babbling.gguf", 8192)
        cancel = CancelToken()
        stopped: list[float] = []

        def stop(*_: object) -> None:
            stopped.append(time.monotonic())
            cancel.cancel()

        try:
            generator._worker.start()
            timer = threading.Timer(0.01, stop)  # the process imports llama.cpp for longer than that
            timer.start()
            with pytest.raises(Cancelled):
                list(generator.stream(HELLO, max_tokens=5, cancel=cancel))
            silent = time.monotonic() - stopped[0]
            timer.join()
            assert silent < 2  # the limit is measured by the benchmark
            assert reply(generator, max_tokens=3)
        finally:
            generator.close()

    def test_during_the_answer(self, babbling: LlamaGenerator) -> None:
        cancel = CancelToken()
        pieces = babbling.stream(HELLO, max_tokens=4000, cancel=cancel)
        next(pieces)
        pid = babbling._worker.pid
        cancel.cancel()
        started = time.monotonic()
        with pytest.raises(Cancelled):
            next(pieces)
        assert time.monotonic() - started < 5
        assert reply(babbling, max_tokens=3)
        assert babbling._worker.pid == pid

    def test_a_worker_that_does_not_listen_is_killed(self, babbling: LlamaGenerator) -> None:
        cancel = CancelToken()
        pieces = babbling.stream(HELLO, max_tokens=4000, cancel=cancel)
        next(pieces)
        process = process_of(babbling)
        process.suspend()
        cancel.cancel()
        with pytest.raises(Cancelled):
            for _ in pieces:
                pass
        assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
        assert reply(babbling, max_tokens=3)

    def test_before_it_begins(self, scripted: LlamaGenerator) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(Cancelled):
            next(scripted.stream(HELLO, max_tokens=5, cancel=cancel))

    def test_while_it_waits_for_its_turn(self, babbling: LlamaGenerator) -> None:
        first = babbling.stream(HELLO, max_tokens=4000, cancel=CancelToken())
        next(first)
        cancel = CancelToken()
        outcome: list[str] = []

        def second() -> None:
            try:
                list(babbling.stream(HELLO, max_tokens=5, cancel=cancel))
            except Cancelled:
                outcome.append("cancelled")

        thread = threading.Thread(target=second)
        thread.start()
        cancel.cancel()
        thread.join(10)
        assert outcome == ["cancelled"]
        first.close()  # type: ignore[attr-defined]

    def test_a_consumer_that_goes_away(self, babbling: LlamaGenerator) -> None:
        pieces = babbling.stream(HELLO, max_tokens=4000, cancel=CancelToken())
        next(pieces)
        pid = babbling._worker.pid
        pieces.close()  # type: ignore[attr-defined]
        assert reply(babbling, max_tokens=3)
        assert babbling._worker.pid == pid

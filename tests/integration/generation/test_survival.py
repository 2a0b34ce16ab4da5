"""Processes that end, memory that is short, and many who ask at once."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import ModelError
from hxd_desktop.engine.models.generation import LlamaGenerator
from hxd_desktop.engine.models.generation_run import LlamaOptions
from tests.support import tiny_gguf
from tests.support.llama import HELLO, REPLY, opened, process_of, reply

pytestmark = [
    pytest.mark.llm,
    pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed"),
]


class TestSurvival:
    def test_killed_in_the_middle_of_an_answer(self, babbling: LlamaGenerator) -> None:
        pieces = babbling.stream(HELLO, max_tokens=4000, cancel=CancelToken())
        next(pieces)
        process_of(babbling).kill()
        with pytest.raises(ModelError, match="ended unexpectedly") as caught:
            for _ in pieces:
                pass
        assert "Ask again" in caught.value.remedy
        assert reply(babbling, max_tokens=3)

    def test_unloaded_and_loaded_again(self, scripted: LlamaGenerator) -> None:
        assert reply(scripted) == REPLY
        scripted.close()
        assert scripted._worker.pid is None
        assert reply(scripted) == REPLY

    def test_closed_while_it_answers(self, babbling: LlamaGenerator) -> None:
        pieces = babbling.stream(HELLO, max_tokens=4000, cancel=CancelToken())
        next(pieces)
        babbling.close()
        with pytest.raises(ModelError, match="unloaded"):
            for _ in pieces:
                pass

    def test_killed_while_it_loads(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        generator = opened(folder / "babbling.gguf", 8192)
        attempts = []

        def stream(message: dict[str, object], **options: object) -> Iterator[dict[str, object]]:
            attempts.append(message["skip"])
            for answer in real(message, **options):  # type: ignore[arg-type]
                yield answer
                if "attempt" in answer and len(attempts) == 1:
                    process_of(generator).kill()

        real = generator._worker.stream
        monkeypatch.setattr(generator._worker, "stream", stream)
        try:
            assert reply(generator, max_tokens=3)
            assert attempts == [0, 1]  # the next attempt takes less memory
            assert generator.info().context_tokens < 8192
        finally:
            generator.close()

    def test_memory_is_freed_when_nobody_asks(self, folder: Path) -> None:
        generator = LlamaGenerator(
            "tiny", LlamaOptions(str(folder / "scripted.gguf"), 512, threads=1), unload_after_s=0.05
        )
        try:
            with generator.turn(cancel=CancelToken()):
                process = process_of(generator)
                assert reply(generator) == REPLY
            process.wait(10)
            with generator._turns.take():
                assert not generator.loaded
            assert reply(generator) == REPLY
        finally:
            generator.close()

    def test_less_is_loaded_where_memory_is_short(self, folder: Path) -> None:
        generator = LlamaGenerator("tiny", LlamaOptions(str(folder / "babbling.gguf"), threads=1), memory_bytes=1 << 30)
        try:
            free = generator.info()
            assert free.context_tokens == 4096
        finally:
            generator.close()
        path = tiny_gguf.make(folder / "wide.gguf", layers=2, hidden=1024, context=1 << 20)
        small = LlamaGenerator("tiny", LlamaOptions(str(path), 1 << 20, threads=1), memory_bytes=600 << 20)
        try:
            assert small.info().context_tokens < 1 << 18
            assert small.record()["backed_off"] == []  # found by the estimate
        finally:
            small.close()

    def test_requests_of_many_threads_wait_for_each_other(self, scripted: LlamaGenerator) -> None:
        replies: list[str] = []
        threads = [threading.Thread(target=lambda: replies.append(reply(scripted))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert replies == [REPLY] * 4

    def test_a_request_inside_its_own_reply_is_a_mistake(self, scripted: LlamaGenerator) -> None:
        pieces = scripted.stream(HELLO, max_tokens=100, cancel=CancelToken())
        next(pieces)
        with pytest.raises(RuntimeError, match="wait forever"):
            scripted.count_tokens("x")
        assert list(pieces)

    def test_the_process_ends_with_its_parent_end_of_the_pipe(self, folder: Path) -> None:
        generator = opened(folder / "babbling.gguf", 8192)
        pieces = generator.stream(HELLO, max_tokens=4000, cancel=CancelToken())
        next(pieces)
        process = process_of(generator)
        channel = generator._worker._channel
        assert channel is not None
        channel._writer.close()
        process.wait(10)
        generator.close()
        with pytest.raises(ModelError):
            list(pieces)

"""Language models whose reply is known, in their real process."""

from __future__ import annotations

from pathlib import Path

import psutil

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.models.generation import LlamaGenerator
from hxd_desktop.engine.models.generation_run import LlamaOptions
from hxd_desktop.engine.models.protocols import ChatMessage
from tests.support import tiny_gguf

SCRIPT = ["▁the", "▁answer", *tiny_gguf.byte_tokens("茴"), "。"]


REPLY = "the answer茴。"


HELLO = [ChatMessage("user", "hello")]


def opened(path: Path, context: int = 512) -> LlamaGenerator:
    return LlamaGenerator("tiny", LlamaOptions(str(path), context, threads=1))


def reply(generator: LlamaGenerator, messages: list[ChatMessage] = HELLO, max_tokens: int = 100) -> str:
    return "".join(generator.stream(messages, max_tokens=max_tokens, cancel=CancelToken()))


def process_of(generator: LlamaGenerator) -> psutil.Process:
    pid = generator._worker.pid
    assert pid is not None
    return psutil.Process(pid)

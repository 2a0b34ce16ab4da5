"""A prompt without documents: the pieces as they come, what ran where, how fast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.models.protocols import GenerationInfo
from hxd_desktop.engine.models.tryout import try_out


class Speaker:
    id = "speaker"

    def __init__(self, *pieces: str) -> None:
        self._pieces = pieces

    def info(self, cancel: CancelToken | None = None) -> GenerationInfo:
        return GenerationInfo("speaker", "cuda", 20, 33)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def stream(self, messages: Any, **_: Any) -> Iterator[str]:
        assert [message.content for message in messages] == ["Who are you?"]
        yield from self._pieces

    def close(self) -> None:
        """Nothing is held."""


def test_the_pieces_come_and_are_counted() -> None:
    heard: list[str] = []
    run = try_out(Speaker("I am ", "a speaker"), "Who are you?", heard.append, CancelToken())
    assert heard == ["I am ", "a speaker"]
    assert (run.text, run.tokens, run.info.gpu_layers) == ("I am a speaker", 4, 20)
    assert run.first_s >= 0 and run.tokens_per_s is not None


def test_an_empty_reply_has_no_speed() -> None:
    run = try_out(Speaker(), "Who are you?", lambda _: None, CancelToken())
    assert (run.text, run.tokens, run.tokens_per_s) == ("", 0, None)

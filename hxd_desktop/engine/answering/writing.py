"""A reply as a language model writes it: cleaned, checked against what is forbidden, and shown piece by piece."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering.cleaning import ReplyCleaner
from hxd_desktop.engine.answering.unknown import says_unknown
from hxd_desktop.engine.models.protocols import LocalGenerator
from hxd_desktop.engine.text.sentences import sentences

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.safety import Finding, Safety
    from hxd_desktop.engine.cancel import CancelToken
    from hxd_desktop.engine.models.protocols import Generator

_RUN = (
    "device", "device_name", "gpu_layers", "layers", "memory_bytes", "context_tokens", "kv_type", "threads",
    "prompt_tokens", "reused_tokens", "tokens", "first_token_ms", "prompt_tokens_per_s", "tokens_per_s",
)  # fmt: skip
_BEGINNING_CHARS = 160  # by then it is clear whether a reply declines


@dataclass(frozen=True, slots=True)
class Writer:
    """A model that writes answers; `host` is where it is if that is not here."""

    generator: Generator
    host: str | None = None

    def mark(self) -> dict[str, Any]:
        """What the record says of a model that is not here; `trace.remote_host` finds it."""
        return {"remote": self.host, "model": self.generator.id} if self.host is not None else {}

    def run(self) -> dict[str, Any]:
        """What the record says of a model that is here: its device, its memory, and how fast the reply was."""
        if not isinstance(self.generator, LocalGenerator):
            return {}
        record = self.generator.record()
        return {"run": {key: record[key] for key in _RUN if key in record}}

    def device(self) -> str:
        """What it runs on; loads nothing."""
        if isinstance(self.generator, LocalGenerator):
            return str(self.generator.record().get("device", "cpu"))
        return self.generator.info().device


@dataclass(frozen=True, slots=True)
class Remote:
    """A model that is not here, and whether it is asked `always` or only where the answer from here declines."""

    writer: Writer
    always: bool = False


class Reading:
    """One reply on its way in.

    Args:
        numbers: of the sources that there are.
        known: texts whose addresses it may show.
    """

    def __init__(self, numbers: Sequence[int], known: Iterable[str]) -> None:
        self.cleaner = ReplyCleaner(numbers, known)
        self.pieces = 0
        self.text = ""

    def detail(self) -> dict[str, Any]:
        """What the record says of it."""
        detail: dict[str, Any] = {"pieces": self.pieces, "chars": len(self.text)}
        if self.cleaner.removed:
            detail["removed"] = dict(self.cleaner.removed)
        return detail


def read_reply(
    stream: Iterable[str],
    reading: Reading,
    safety: Safety,
    show: Callable[[str], None],
    cancel: CancelToken,
    *,
    hold: bool = False,
) -> tuple[str, Finding | None]:
    """Read a reply to its end, or until it holds what is forbidden, which is then not shown.

    Args:
        stream: the pieces as they come.
        reading: how it is cleaned; knows afterwards what it was.
        safety: what an answer must not hold.
        show: called with each piece as soon as it may be shown.
        cancel: checked after each piece.
        hold: show nothing until it is clear that the reply does not decline, and nothing of one that does.

    Returns:
        The reply, and what it holds that it must not.
    """
    waiting = ""
    for piece in _cleaned(stream, reading):
        if not reading.text:
            piece = piece.lstrip()
        if piece:
            reading.text += piece
            unsafe = safety.generated(reading.text)
            if unsafe is not None:
                return reading.text.strip(), unsafe
            waiting += piece
            if not hold or _answers(reading.text):
                hold = False
                show(waiting)
                waiting = ""
        cancel.check()
    if waiting and not says_unknown(reading.text):
        show(waiting)
    return reading.text.strip(), None


def _cleaned(stream: Iterable[str], reading: Reading) -> Iterable[str]:
    for piece in stream:
        reading.pieces += 1
        yield reading.cleaner.feed(piece)
    yield reading.cleaner.close()


def _answers(text: str) -> bool:
    """Whether enough of a reply is there to see that it does not decline."""
    return (len(text) > _BEGINNING_CHARS or len(sentences(text)) > 1) and not says_unknown(text)

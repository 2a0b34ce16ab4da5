"""The decision record: what each stage took in, scored and decided, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hxd_desktop.engine.answering.model import TraceStage
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled, HxdError

STAGES = ("preprocess", "retrieval", "rerank", "gate", "context", "generate", "grounding")
# Lines between them, see `checks`: the first two behind "context", the others behind "generate".
CHECKS = ("score_question", "score_relevance", "score_unknown", "score_safety")


WAITING = "waiting, before this: "  # a number follows


@dataclass(slots=True)
class StageNotes:
    """What a stage writes down while it runs."""

    verdict: str = "pass"
    score: float | None = None
    threshold: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)


class Trace:
    """Collects the stages of one question. Used by one thread.

    Args:
        on_stage: called with each stage's name before it runs.
        cancel: checked before each stage.
    """

    def __init__(self, on_stage: Callable[[str], None] | None = None, cancel: CancelToken | None = None) -> None:
        self._on_stage = on_stage
        self._cancel = cancel
        self._began = time.perf_counter()
        self.stages: list[TraceStage] = []

    @contextmanager
    def stage(self, name: str) -> Iterator[StageNotes]:
        """Time a stage and keep its line, also where it fails or is stopped.

        Raises:
            Cancelled: the question was stopped before the stage began.
        """
        notes = StageNotes()
        began = time.perf_counter()
        try:
            if self._cancel is not None:
                self._cancel.check()
            if self._on_stage is not None:
                self._on_stage(name)
            yield notes
        except Cancelled:
            notes.verdict = "stop"
            raise
        except Exception as error:
            notes.verdict = "fail"
            notes.detail.update(describe_failure(error))
            raise
        finally:
            ms = (time.perf_counter() - began) * 1000
            self.stages.append(
                TraceStage(name, notes.verdict, round(ms, 2), notes.score, notes.threshold, notes.detail)
            )

    @contextmanager
    def line(self, name: str) -> Iterator[StageNotes]:
        """Keep a line of what an earlier stage found out; nobody is told that it runs."""
        notes = StageNotes()
        yield notes
        self.stages.append(TraceStage(name, notes.verdict, 0.0, notes.score, notes.threshold, notes.detail))

    def waiting(self, before: int) -> None:
        """Tell the listener how many questions the model answers before this one."""
        if self._on_stage is not None:
            self._on_stage(f"{WAITING}{before}")

    @property
    def ms(self) -> float:
        """Milliseconds since the question came in."""
        return round((time.perf_counter() - self._began) * 1000, 2)


def searched_instead(stages: Iterable[TraceStage]) -> dict[str, str]:
    """The words of a question that were searched by another spelling: as typed -> as the documents write them."""
    for stage in stages:
        if stage.stage == "retrieval":
            return dict(stage.detail.get("searched_instead") or {})
    return {}


def also_searched(stages: Iterable[TraceStage]) -> dict[str, str]:
    """The abbreviations and names of a question that were searched by another form as well: as typed -> that form."""
    for stage in stages:
        if stage.stage == "retrieval":
            return dict(stage.detail.get("also_searched") or {})
    return {}


def why_of(stages: Iterable[TraceStage]) -> dict[str, Any]:
    """What the gate wrote down of its grounds (`reasons.why`); empty where it was not asked."""
    return next((dict(stage.detail.get("why") or {}) for stage in stages if stage.stage == "gate"), {})


def remote_host(stages: Iterable[TraceStage]) -> str | None:
    """Where the model is that wrote the answer; None where it is here, or nothing was written."""
    written = [stage for stage in stages if stage.stage == "generate"]
    host = written[-1].detail.get("remote") if written else None
    return str(host) if host is not None else None


def describe_failure(error: Exception) -> dict[str, str]:
    """What a failed stage shows: the error's own words, or for a bug its type and message."""
    if isinstance(error, HxdError):
        return {"title": error.title, "message": error.message, "remedy": error.remedy}
    return {
        "title": "Something unexpected went wrong",
        "message": f"{type(error).__name__}: {error}",
        "remedy": "Ask again. If it happens again, please report it with the log file.",
    }

"""What a question yields: an answer or a refusal, with everything that led to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Outcome(StrEnum):
    """How a question ended; everything but ANSWERED and FAILED is a refusal or a stop."""

    ANSWERED = "answered"
    NOT_A_QUESTION = "not_a_question"
    UNRELATED = "unrelated"
    NO_EVIDENCE = "no_evidence"
    UNGROUNDED = "ungrounded"
    UNSAFE = "unsafe"
    NO_DOCUMENTS = "no_documents"
    CANCELLED = "cancelled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Filters:
    """What is searched, narrowed: None means no limit.

    `folder`: absolute path prefix. `type`: file suffix without the dot, or a format's name. `since`: ISO date;
    documents modified on or after it. `language`: "zh", "en" ... `within`: the name of a folder anywhere on the way
    to the document, or several in a row ("reports/2026"). `document`: the name of a file, or the end of its path
    ("2026/minutes.md"), or all of it.
    """

    folder: str | None = None
    type: str | None = None
    since: str | None = None
    language: str | None = None
    within: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as evidence; `scores` are typed by name and never mixed.

    `start`, `end`: offsets of `text` in the document's extracted text.
    """

    n: int
    library: str
    document: str
    page: int | None
    heading: str
    start: int
    end: int
    text: str
    scores: dict[str, float] = field(default_factory=dict)
    chunk_id: int = 0


@dataclass(frozen=True, slots=True)
class TraceStage:
    """One line of the decision record; `verdict` is "pass", "refuse", "skip", "fail" or "stop"."""

    stage: str
    verdict: str
    ms: float
    score: float | None = None
    threshold: float | None = None
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Refusal:
    """The gate's reading, present on every answer and every refusal.

    `score`: probability from 0 to 1 that the documents do not cover the question; None where a stage before the
    gate decided. At or above `threshold` the outcome is UNRELATED. `margin`: |score - threshold|.
    `reason`: the deciding reason in words, None for an answer. `signals`: the inputs of the score.
    `library`: the library whose gate decided.
    """

    score: float | None
    threshold: float
    margin: float | None
    reason: str | None
    signals: dict[str, float] = field(default_factory=dict)
    library: str | None = None
    missing_terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that contradict each other on what is asked: source `n[i]` says `values[i]`."""

    n: tuple[int, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grounding:
    """How far the answer is supported by its sources: `score` 0 to 1, None where nothing was answered.

    `unsupported`: sentences of the answer that no source supports. `conflicts`: where sources contradict each other.
    """

    score: float | None = None
    unsupported: tuple[str, ...] = ()
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole record of one question; `answering.record` turns it into the JSON of the command line."""

    question: str
    outcome: Outcome
    answer: str
    refusal: Refusal
    sources: tuple[Source, ...]
    grounding: Grounding
    trace: tuple[TraceStage, ...]
    model: dict[str, str | None]
    libraries: tuple[dict[str, Any], ...]
    ms: float

"""Reads a stored answer object (the JSON of the command line) back into an `Answer`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hxd_desktop.engine.answering.model import Answer, Conflict, Grounding, Outcome, Refusal, Source, TraceStage


def answer_of(record: Mapping[str, Any]) -> Answer:
    """Return the answer that `record` describes; keys that an older version did not write take their defaults."""
    refusal = record.get("refusal") or {}
    grounding = record.get("grounding") or {}
    return Answer(
        question=record.get("question", ""),
        outcome=_outcome(record.get("outcome")),
        answer=record.get("answer") or "",
        refusal=Refusal(
            score=refusal.get("score"),
            threshold=refusal.get("threshold", 0.5),
            margin=refusal.get("margin"),
            reason=refusal.get("reason"),
            signals=dict(refusal.get("signals") or {}),
            library=refusal.get("library"),
            missing_terms=tuple(refusal.get("missing_terms") or ()),
        ),
        sources=tuple(_source(source) for source in record.get("sources") or ()),
        grounding=Grounding(
            grounding.get("score"),
            tuple(grounding.get("unsupported") or ()),
            tuple(Conflict(tuple(c["n"]), tuple(c["values"])) for c in grounding.get("conflicts") or ()),
        ),
        trace=tuple(_stage(stage) for stage in record.get("trace") or ()),
        model=dict(record.get("model") or {}),
        libraries=tuple(record.get("libraries") or ()),
        ms=record.get("ms") or 0.0,
    )


def _outcome(name: object) -> Outcome:
    try:
        return Outcome(str(name))
    except ValueError:  # a newer version knows more outcomes
        return Outcome.FAILED


def _source(source: Mapping[str, Any]) -> Source:
    return Source(
        n=source.get("n", 0),
        library=source.get("library", ""),
        document=source.get("document", ""),
        page=source.get("page"),
        heading=source.get("heading") or "",
        start=source.get("start", 0),
        end=source.get("end", 0),
        text=source.get("text", ""),
        scores=dict(source.get("scores") or {}),
    )


def _stage(stage: Mapping[str, Any]) -> TraceStage:
    return TraceStage(
        stage=stage.get("stage", ""),
        verdict=stage.get("verdict", ""),
        ms=stage.get("ms") or 0.0,
        score=stage.get("score"),
        threshold=stage.get("threshold"),
        detail=dict(stage.get("detail") or {}),
    )

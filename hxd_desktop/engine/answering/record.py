"""An answer as the JSON object that the command line prints and conversations keep."""

from __future__ import annotations

from typing import Any

from hxd_desktop.engine.answering.model import Answer, Source, TraceStage


def to_dict(answer: Answer) -> dict[str, Any]:
    """The answer object: JSON types only, keys and their order as documented for the command line."""
    return {
        "question": answer.question,
        "outcome": str(answer.outcome),
        "answer": answer.answer,
        "refusal": {
            "score": answer.refusal.score,
            "threshold": answer.refusal.threshold,
            "margin": answer.refusal.margin,
            "reason": answer.refusal.reason,
            "signals": dict(answer.refusal.signals),
            "library": answer.refusal.library,
            "missing_terms": list(answer.refusal.missing_terms),
        },
        "sources": [source_to_dict(source) for source in answer.sources],
        "grounding": {
            "score": answer.grounding.score,
            "unsupported": list(answer.grounding.unsupported),
            "conflicts": [{"n": list(c.n), "values": list(c.values)} for c in answer.grounding.conflicts],
        },
        "trace": [_stage_to_dict(stage) for stage in answer.trace],
        "model": dict(answer.model),
        "libraries": [dict(library) for library in answer.libraries],
        "ms": answer.ms,
    }


def source_to_dict(source: Source) -> dict[str, Any]:
    """A numbered passage as evidence."""
    return {
        "n": source.n,
        "library": source.library,
        "document": source.document,
        "page": source.page,
        "heading": source.heading,
        "start": source.start,
        "end": source.end,
        "text": source.text,
        "scores": dict(source.scores),
    }


def search_result(source: Source) -> dict[str, Any]:
    """A passage as a search result: `rank` instead of `n`."""
    record = source_to_dict(source)
    return {"rank": record.pop("n"), **record}


def _stage_to_dict(stage: TraceStage) -> dict[str, Any]:
    return {
        "stage": stage.stage,
        "score": stage.score,
        "threshold": stage.threshold,
        "verdict": stage.verdict,
        "ms": stage.ms,
        "detail": stage.detail,
    }

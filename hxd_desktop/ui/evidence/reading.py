"""What the evidence pane shows of an answer, as plain values. Knows no widgets."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hxd_desktop.engine.answering.model import Answer, Outcome, Source, TraceStage
from hxd_desktop.engine.answering.trace import why_of
from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui import formats, wording
from hxd_desktop.ui.harmless import file_name
from hxd_desktop.ui.i18n import plural, t

Matcher = Callable[[str, str], list[tuple[int, int]]]
_EXCERPT = 280
_CITED = re.compile(r"\s*\[\d{1,3}\]\s*$")
_ORDER = ("rerank", "fused", "dense", "bm25", "coverage")


@dataclass(frozen=True, slots=True)
class Bar:
    """A typed value: `fraction` from 0 to 1 of what it is measured against, None where it has no scale.

    `usual`: on the same scale, what is usual in this library, None where that is not known.
    """

    name: str
    value: float
    fraction: float | None
    tone: str = "accent"
    usual: float | None = None


@dataclass(frozen=True, slots=True)
class SourceReading:
    """A source as its card shows it.

    `marks`: half-open offsets into `passage` of the words that match the question. `excerpt`: the half-open range of
    `passage` that is shown first. `target`: what is marked in the document.
    """

    n: int
    file_name: str
    place: str
    library: str
    path: str
    passage: str
    marks: list[tuple[int, int]]
    excerpt: tuple[int, int]
    bars: tuple[Bar, ...]
    target: Passage


@dataclass(frozen=True, slots=True)
class StageReading:
    """A line of the decision record."""

    name: str
    reading: str
    verdict: wording.Verdict
    time: str
    detail: str


def source_readings(answer: Answer, matcher: Matcher) -> list[SourceReading]:
    """The sources of an answer, or the nearest passages of a refusal, in their order."""
    return readings_of(answer.sources, answer.question, matcher, answer.answer)


def readings_of(sources: Sequence[Source], question: str, matcher: Matcher, answer: str = "") -> list[SourceReading]:
    """Passages that were found for a question, in their order; `answer` is what was said from them, if anything."""
    best: dict[str, float] = {}
    for source in sources:
        for name, value in source.scores.items():
            best[name] = max(best.get(name, 0.0), value)
    return [
        SourceReading(
            n=source.n,
            file_name=file_name(source.document),
            place=place_of(source),
            library=source.library,
            path=source.document,
            passage=(passage := source.text.strip()),
            marks=(marks := matcher(question, passage)),
            excerpt=excerpt_of(passage, marks),
            bars=_score_bars(source.scores, best),
            target=target_of(source, passage, marks, answer),
        )
        for source in sources
    ]


def target_of(source: Source, passage: str, marks: Sequence[tuple[int, int]], answer: str) -> Passage:
    """What of a source is marked in its document: what the answer quotes word for word, else what its card shows."""
    text = source.text
    ranges = []
    for line in answer.splitlines():
        if f"[{source.n}]" in line:
            said = _CITED.sub("", line).strip()
            at = text.find(said)
            if said and at >= 0:
                ranges.append((at, at + len(said)))
    if not ranges:
        lead = text.find(passage)
        start, end = excerpt_of(passage, marks)
        ranges = [(lead + start, lead + end)]
    start, end = min(a for a, _ in ranges), max(b for _, b in ranges)
    return Passage(source.library, source.document, source.start + start, source.start + end, source.page)


def excerpt_of(passage: str, marks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The lines of `passage` that hold the most marked text, about `_EXCERPT` characters; all of a short one."""
    if len(passage) <= _EXCERPT * 1.5:
        return 0, len(passage)
    starts = [0, *(at + 1 for at, character in enumerate(passage[:-1]) if character in "\n。")]
    # Of those that show equally much the last, so that it begins with what was looked for.
    start = max(starts, key=lambda at: (_marked(marks, at, at + _EXCERPT), at if marks else -at))
    end = min(len(passage), start + _EXCERPT)
    stop = 1 + max(passage.rfind(mark, start, end) for mark in ("\n", "。", ". ", "；"))
    whole = end == len(passage) or stop <= start or _marked(marks, start, stop) < _marked(marks, start, end)
    return start, end if whole else stop


def _marked(marks: Sequence[tuple[int, int]], start: int, end: int) -> int:
    return sum(min(stop, end) - max(first, start) for first, stop in marks if first < end and stop > start)


def place_of(source: Source) -> str:
    """Where in its document a passage stands: page and heading path, and whether it was read off a picture."""
    parts = []
    if source.page is not None:
        parts.append(t("p. {page}", page=formats.count(source.page)))
    if source.heading:
        parts.append(source.heading.replace(" > ", " › "))
    if "ocr" in source.scores:
        parts.append(t("read by OCR"))
    return " · ".join(parts)


def _score_bars(scores: Mapping[str, float], best: Mapping[str, float]) -> tuple[Bar, ...]:
    names = sorted(scores, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name))
    return tuple(Bar(wording.score_name(name), scores[name], _fraction(scores[name], best[name])) for name in names)


def _fraction(value: float, best: float) -> float:
    """A score from 0 to 1 as it is; one without an upper end (BM25) against the best of this answer."""
    scale = best if best > 1.0 else 1.0
    return min(1.0, max(0.0, value / scale))


def usual_signals(trace: Sequence[TraceStage]) -> Mapping[str, float]:
    """What the gate's signals usually are when this library answers; empty where that is not known."""
    return next((stage.detail.get("usual") or {} for stage in trace if stage.stage == "gate"), {})


def signal_bars(signals: Mapping[str, float], usual: Mapping[str, float] | None = None) -> tuple[Bar, ...]:
    """The signals of the gate, from 0 to 1, the most telling first; one that speaks for a refusal in its colour."""
    bars = [
        Bar(
            wording.signal_name(name),
            value,
            min(1.0, max(0.0, value)),
            "refuse" if wording.speaks_against(name) else "accent",
            (usual or {}).get(name),
        )
        for name, value in signals.items()
        if value or not wording.speaks_against(name)
    ]
    return tuple(sorted(bars, key=lambda bar: bar.tone != "refuse"))


def stage_readings(trace: Sequence[TraceStage]) -> list[StageReading]:
    """The decision record, stage by stage."""
    return [
        StageReading(
            name=wording.stage_name(stage),
            reading=_stage_score(stage),
            verdict=wording.stage_verdict(stage),
            time=formats.milliseconds(stage.ms),
            detail="\n".join(f"{key}: {_short(value)}" for key, value in stage.detail.items()),
        )
        for stage in trace
    ]


def _stage_score(stage: TraceStage) -> str:
    if stage.score is None:
        return ""
    if stage.threshold is None:
        return formats.score(stage.score)
    whole = stage.detail.get("by") == "model"  # a mark from 0 to 10
    score, limit = (f"{x:.0f}" if whole else formats.score(x) for x in (stage.score, stage.threshold))
    return t("{score} of {limit}", score=score, limit=limit)


def _short(value: object) -> str:
    text = formats.score(value) if isinstance(value, float) else str(value)
    return text if len(text) <= 120 else text[:119] + "…"


def explanation(answer: Answer) -> str:
    """Why it was decided so, in one or two sentences."""
    refusal = answer.refusal
    if refusal.score is None:
        return wording.refusal_text(answer) if answer.outcome is not Outcome.ANSWERED else ""
    margin = refusal.margin if refusal.margin is not None else abs(refusal.score - refusal.threshold)
    values = {
        "score": formats.score(refusal.score),
        "limit": formats.score(refusal.threshold),
        "margin": formats.score(margin),
    }
    if refusal.score >= refusal.threshold:
        return t("The refusal score {score} is {margin} over the limit of {limit}.", **values)
    below = t("The refusal score {score} is {margin} under the limit of {limit}.", **values)
    return below if answer.outcome is Outcome.ANSWERED else f"{below} {wording.refusal_text(answer)}"


def grounds(answer: Answer) -> list[str]:
    """What decided, the most telling first."""
    refused = answer.refusal.score is not None and answer.refusal.score >= answer.refusal.threshold
    said = (wording.ground(str(d.get("by")), refused=refused) for d in why_of(answer.trace).get("decided", ()))
    return [text for text in said if text]


def advice(answer: Answer) -> list[str]:
    """What would turn a refusal into an answer, the most useful first."""
    if answer.outcome is Outcome.NO_DOCUMENTS:
        return [t("Add a folder with documents on the subject.")]
    if not wording.is_refusal(answer):
        return []
    tips = []
    if any(library.get("indexing") for library in answer.libraries):
        tips.append(t("Documents are still being indexed: ask again when that is done."))
    changes = why_of(answer.trace).get("change", ())
    tips += [tip for change in changes if (tip := _change(change))]
    if not changes:
        tips.append(t("Add a folder that covers the subject."))
        tips.append(t("If it should have been answered, say so: the limit learns from it."))
    return tips


def _change(change: Mapping[str, Any]) -> str:
    match change.get("do"):
        case "add_document":
            words = t(", ").join(f"“{word}”" for word in change.get("words", ()))
            if words:
                return t("Add a document that mentions {words}, or ask in the documents' own words.", words=words)
            return t("Add a folder that covers the subject.")
        case "any_kind":
            return t("Ask for files of any kind.")
        case "ask_in":
            return t("Ask in the documents' language.")
        case "bilingual_embedder":
            return t("Use a bilingual embedder, which finds documents in another language.")
        case "name_subject":
            return t("Say what the question is about.")
        case "example":
            return t("If it should have been answered, say so: the limit learns from it.")
        case "threshold":
            return t("Or set the limit to {limit}.", limit=formats.score(change["to"]))
    return ""


def footer(answer: Answer) -> str:
    """What answered, from what, in what time."""
    documents = sum(int(library.get("documents", 0)) for library in answer.libraries)
    generator = answer.model.get("generator")
    by = t("Quoted from the documents, no model") if generator == "extractive" else str(generator or "")
    parts = [by, plural(documents, "{n} document asked", "{n} documents asked"), formats.milliseconds(answer.ms)]
    return " · ".join(part for part in parts if part)

"""Answers, refusals and passages as lines for a reader."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from hxd_desktop.cli import text
from hxd_desktop.cli.output import style
from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.answering.trace import also_searched, searched_instead, why_of

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Answer, Refusal, Source

# What the groups of `answering.reasons` say.
GROUNDS = {
    "passage": "how much of the question the nearest passage holds",
    "passages": "how many passages are about it",
    "answer": "whether a passage names what is asked for",
    "subject": "whether it is a subject of the documents",
    "question": "how much of a question it is",
    "live": "whether it asks for the present",
    "language": "the documents' language",
    "meaning": "nearness in meaning",
    "examples": "the library's own examples",
}
PASSAGE_COLUMNS = 240
VALUE_COLUMNS = 60

VERDICTS = {
    Outcome.ANSWERED: "answered",
    Outcome.NOT_A_QUESTION: "not a question about the documents",
    Outcome.UNRELATED: "refused: the documents do not cover this",
    Outcome.NO_EVIDENCE: "refused: no passage holds an answer",
    Outcome.UNGROUNDED: "refused: the answer was not supported by its sources",
    Outcome.UNSAFE: "refused: the question or its answer is not safe",
    Outcome.NO_DOCUMENTS: "nothing is indexed to answer from",
    Outcome.CANCELLED: "stopped",
    Outcome.FAILED: "failed",
}
_COLOURS = {Outcome.ANSWERED: "green", Outcome.FAILED: "red", Outcome.CANCELLED: "dim"}


def gauge(refusal: Refusal) -> str:
    """Return the score that decided, in words: "refusal 0.06 (limit 0.50)"; "" where none was taken."""
    if refusal.score is None:
        return ""
    return f"refusal {refusal.score:.2f} (limit {refusal.threshold:.2f})"


def verdict_line(answer: Answer) -> str:
    """Return verdict, gauge, number of sources, time and what answered, on one line."""
    parts = [style(VERDICTS[answer.outcome], "bold", _COLOURS.get(answer.outcome, "yellow"))]
    if reading := gauge(answer.refusal):
        parts.append(reading)
    if answer.outcome is Outcome.ANSWERED:
        parts.append(_plural(len(cited(answer)), "source"))
        if answer.grounding.score is not None:
            parts.append(f"grounding {answer.grounding.score:.2f}")
    parts.append(f"{answer.ms:.0f} ms")
    if answer.outcome is Outcome.ANSWERED and answer.model.get("generator"):
        parts.append(_answered_by(str(answer.model["generator"])))
    return " · ".join(parts)


def answer_lines(answer: Answer, *, body: bool = True) -> list[str]:
    """Return everything about an answer: its text (unless already streamed), the verdict, the sources."""
    lines: list[str] = []
    if body and answer.answer:
        lines += [text.clean(answer.answer), ""]
    lines.append(verdict_line(answer))
    reason = answer.refusal.reason
    if reason and answer.outcome is not Outcome.ANSWERED and reason not in answer.answer:
        lines.append(text.one_line(reason))
    lines += notes(answer)
    if answer.outcome is not Outcome.ANSWERED:
        if answer.sources:
            lines += ["", style("Nearest passages", "bold"), *source_lines(answer.sources)]
        return lines
    sources = cited(answer)
    lines += ["", style("Sources", "bold"), *source_lines(sources)]
    if others := [source for source in answer.sources if source not in sources]:
        lines += ["", style("Also found", "bold"), *(f"  [{source.n}] {_place(source)}" for source in others)]
    return lines


def notes(answer: Answer) -> list[str]:
    """Return what a reader should know: what was searched by another spelling, is unsupported or contradictory."""
    lines = [
        f'Searched for "{text.one_line(known)}" instead of "{text.one_line(typed)}".'
        for typed, known in searched_instead(answer.trace).items()
    ]
    lines += [
        f'Searched for "{text.one_line(other)}" as well as "{text.one_line(typed)}".'
        for typed, other in also_searched(answer.trace).items()
    ]
    if answer.outcome is Outcome.ANSWERED:
        lines += [
            style("Not supported by its sources: ", "yellow") + text.shorten(sentence, PASSAGE_COLUMNS)
            for sentence in answer.grounding.unsupported
        ]
    for conflict in answer.grounding.conflicts:
        said = " · ".join(
            f"[{n}] {text.shorten(value, VALUE_COLUMNS)}" for n, value in zip(conflict.n, conflict.values, strict=True)
        )
        lines.append(style("The sources disagree: ", "yellow") + said)
    return lines


def cited(answer: Answer) -> list[Source]:
    """Return the sources that the answer names as [n]; all of them where it names none."""
    named = {int(number) for number in re.findall(r"\[(\d+)\]", answer.answer)}
    return [source for source in answer.sources if source.n in named] or list(answer.sources)


def source_lines(sources: Sequence[Source]) -> list[str]:
    """Return each source with its file, place, passage and scores; the file in full, so that it can be opened."""
    several = len({source.library for source in sources}) > 1
    lines = []
    for source in sources:
        library = f"{source.library} · " if several else ""
        lines.append(f"  [{source.n}] " + style(text.one_line(library + _place(source)), "bold"))
        lines.append("      " + text.one_line(source.document))
        lines.append("      " + text.shorten(source.text, PASSAGE_COLUMNS))
        if source.scores:
            lines.append("      " + style(_scores(source.scores), "dim"))
    return lines


def trace_lines(answer: Answer) -> list[str]:
    """Return the record of the decision, a stage a line: verdict, score, limit, milliseconds."""
    rows = [
        (
            stage.stage,
            stage.verdict,
            "" if stage.score is None else f"{stage.score:.2f}",
            "" if stage.threshold is None else f"limit {stage.threshold:.2f}",
            f"{stage.ms:.1f} ms",
        )
        for stage in answer.trace
    ]
    lines = text.table(rows, right=(2, 4), indent="  ")
    if answer.refusal.signals:
        lines.append("  signals: " + _scores(answer.refusal.signals))
    return lines + grounds_lines(answer)


def grounds_lines(answer: Answer) -> list[str]:
    """Return which groups of signals decided, and what would turn a refusal into an answer."""
    why = why_of(answer.trace)
    lines = []
    if grounds := [f"{GROUNDS.get(d['by'], d['by'])} ({d['log_odds']:+.1f})" for d in why.get("decided", ())]:
        lines.append("  decided by: " + ", ".join(grounds))
    return lines + ["  to have it answered: " + text.one_line(_change(change)) for change in why.get("change", ())]


def _change(change: Mapping[str, Any]) -> str:
    match change["do"]:
        case "add_document":
            words = ", ".join(f'"{word}"' for word in change["words"])
            return f"add a document that mentions {words}" if words else "add a document about it"
        case "ask_in":
            return f"ask in the documents' language ({change['language']})"
        case "bilingual_embedder":
            return "use a bilingual embedder (hxd models import)"
        case "name_subject":
            return "say what the question is about"
        case "example":
            return "keep it as a good example (hxd examples add --good)"
        case "threshold":
            return f"set the limit to {change['to']:.2f} or more (hxd calibrate --threshold)"
    return str(change["do"])


def _place(source: Source) -> str:
    page = "" if source.page is None else f"p. {source.page}"
    return text.one_line(" · ".join(part for part in (os.path.basename(source.document), page, source.heading) if part))


def _scores(scores: dict[str, float]) -> str:
    return " · ".join(f"{name} {value:.2f}" for name, value in scores.items())


def _answered_by(generator: str) -> str:
    return "quoted" if generator == "extractive" else text.one_line(generator)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

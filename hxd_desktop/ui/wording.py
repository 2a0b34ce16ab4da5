"""The words for outcomes, stages, scores and verdicts: one place, so that each is named alike everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

from hxd_desktop.engine.answering.model import Answer, Conflict, Outcome, TraceStage
from hxd_desktop.engine.answering.trace import WAITING
from hxd_desktop.ui.engine_words import said
from hxd_desktop.ui.i18n import mark, plural, t

_REFUSED = {
    Outcome.UNRELATED: mark("Refused: the documents do not cover this"),
    Outcome.NO_EVIDENCE: mark("Refused: no passage answers this"),
    Outcome.UNGROUNDED: mark("Refused: the answer was not supported by the sources"),
    Outcome.UNSAFE: mark("Refused: not safe to answer"),
    Outcome.NO_DOCUMENTS: mark("Nothing is indexed yet"),
    Outcome.NOT_A_QUESTION: mark("Not a question to the documents"),
    Outcome.CANCELLED: mark("Stopped"),
    Outcome.FAILED: mark("Failed"),
}

_RUNNING = {
    "preprocess": mark("Reading the question"),
    "rewrite": mark("Rewriting the question"),
    "retrieval": mark("Searching the documents"),
    "rerank": mark("Comparing the passages"),
    "gate": mark("Deciding whether the documents cover it"),
    "context": mark("Gathering the sources"),
    "score_question": mark("Weighing question and passages"),
    "generate": mark("Writing the answer"),
    "score_unknown": mark("Weighing the answer"),
    "generation": mark("Writing the answer"),
    "answer": mark("Writing the answer"),
    "grounding": mark("Checking the answer against its sources"),
}

_STAGES = {
    "preprocess": mark("Question read"),
    "rewrite": mark("Question rewritten"),
    "retrieval": mark("Passages found"),
    "rerank": mark("Passages compared"),
    "gate": mark("Covered or not"),
    "context": mark("Sources gathered"),
    "score_question": mark("Is it a question"),
    "score_relevance": mark("Is a passage relevant"),
    "generate": mark("Answer written"),
    "score_unknown": mark("Does the answer know"),
    "score_safety": mark("Is the answer safe"),
    "generation": mark("Answer written"),
    "answer": mark("Answer written"),
    "grounding": mark("Answer checked"),
}

_VERDICTS = {
    "pass": (mark("passed"), "good"),
    "refuse": (mark("refused"), "refuse"),
    "skip": (mark("left out"), "muted"),
    "fail": (mark("failed"), "bad"),
    "stop": (mark("stopped"), "muted"),
}

_SCORES = {
    "bm25": mark("Words (BM25)"),
    "dense": mark("Meaning (vectors)"),
    "fused": mark("Both together"),
    "rerank": mark("Reranked"),
    "coverage": mark("Question covered"),
    "ocr": mark("OCR confidence"),
}

_SIGNALS = {
    "coverage": mark("Best passage covers"),
    "window": mark("Covered in a few sentences"),
    "phrase": mark("Neighbouring words kept"),
    "run": mark("Longest literal stretch"),
    "bm25": mark("Strength of the words"),
    "support": mark("Five best passages cover"),
    "heading": mark("Words in a heading"),
    "known": mark("Words known here"),
    "unknown_rare": mark("Subject words missing"),
    "document": mark("One document covers"),
    "familiar": mark("Subject at home here"),
    "familiar_sum": mark("Subject at home, all words"),
    "live": mark("Asks about right now"),
    "sentences": mark("Covered in two sentences"),
    "answer": mark("Words beside a possible answer"),
    "answers": mark("The same in ten passages"),
    "exact": mark("The very unit asked for"),
    "complete": mark("No weighty word missing"),
    "focus": mark("Names what is asked for"),
    "breadth": mark("Ten best passages cover"),
    "confidence": mark("Rank of the ten best"),
    "agreement": mark("Passages that agree"),
    "agreement_share": mark("Share of them that agree"),
    "specific": mark("Typical of these documents"),
    "specific_sum": mark("Typical, all words"),
    "foreign": mark("Words foreign to them"),
    "content": mark("Amount of subject"),
    "interrogative": mark("Looks like a question"),
    "dense": mark("Nearness in meaning"),
    "rerank": mark("Reranked"),
    "bridge": mark("Foreign to the documents"),
}

# The groups of signals of `answering.reasons`: what speaks for an answer, what for a refusal.
_GROUNDS = {
    "passage": (
        mark("A passage holds most of what the question says"),
        mark("No passage holds enough of what the question says"),
    ),
    "passages": (mark("Several passages are about it"), mark("Few passages touch on it")),
    "answer": (mark("A passage names what is asked for"), mark("No passage names what is asked for")),
    "subject": (mark("It is a subject of these documents"), mark("It does not look like a subject of these documents")),
    "question": (mark("It is a question about something"), mark("It hardly looks like a question about something")),
    "live": (mark("It does not ask for the present"), mark("It asks for the present state of things")),
    "language": (
        mark("It is in the documents' language"),
        mark("It is not in the documents' language"),
    ),
    "meaning": (mark("A passage is near in meaning"), mark("No passage is near in meaning")),
    "examples": (mark("Your examples answer questions like it"), mark("Your examples refuse questions like it")),
}

# More of these speaks for a refusal, more of any other for an answer.
_AGAINST = frozenset({"unknown_rare", "bridge", "live", "foreign"})


_VALUE_CHARS = 60


@dataclass(frozen=True, slots=True)
class Verdict:
    """How an exchange ended, in `words` and in a `tone`: "good", "refuse", "bad" or "muted"."""

    tone: str
    words: str


def verdict(answer: Answer) -> Verdict:
    """The verdict that stands on an answer or a refusal."""
    if answer.outcome is Outcome.ANSWERED:
        if overruled(answer):
            return Verdict("refuse", t("Answered because you asked for it; the documents may not cover this"))
        n = len(cited(answer) or answer.sources)
        return Verdict("good", plural(n, "Answered from {n} source", "Answered from {n} sources"))
    tone = {Outcome.FAILED: "bad", Outcome.CANCELLED: "muted", Outcome.NOT_A_QUESTION: "muted"}
    return Verdict(tone.get(answer.outcome, "refuse"), t(_REFUSED[answer.outcome]))


def cited(answer: Answer) -> set[int]:
    """The numbers of the sources that the answer names."""
    known = {source.n for source in answer.sources}
    return {int(number) for number in re.findall(r"\[(\d{1,3})\]", answer.answer)} & known


def overruled(answer: Answer) -> bool:
    """Whether the user had this answered although the gate would have refused."""
    score = answer.refusal.score
    return answer.outcome is Outcome.ANSWERED and score is not None and score >= answer.refusal.threshold


def is_refusal(answer: Answer) -> bool:
    """Whether the documents were found wanting, so that "answer anyway" makes sense."""
    return answer.outcome in (Outcome.UNRELATED, Outcome.NO_EVIDENCE, Outcome.UNGROUNDED)


def refusal_text(answer: Answer) -> str:
    """What stands in a refusal's place of the answer, in the window's language."""
    texts = {
        Outcome.UNRELATED: mark("The documents do not seem to cover this question."),
        Outcome.NO_EVIDENCE: mark("Passages on the subject were found, but none that answers the question."),
        Outcome.UNGROUNDED: mark("An answer was written, but the sources do not support it, so it is not shown."),
        Outcome.UNSAFE: mark("This is not answered because it could do harm."),
        Outcome.NO_DOCUMENTS: mark("There is nothing to search yet. Add a folder, and ask again."),
        Outcome.NOT_A_QUESTION: mark("Ask something about your documents, and the answer will name its sources."),
        Outcome.CANCELLED: mark("You stopped this question."),
        Outcome.FAILED: mark("The question could not be finished."),
    }
    return t(texts[answer.outcome]) if answer.outcome in texts else ""


def conflict_text(conflict: Conflict) -> str:
    """What sources that contradict each other say."""
    said = (f"[{n}] {value[:_VALUE_CHARS]}" for n, value in zip(conflict.n, conflict.values, strict=True))
    return t("The sources disagree: {said}", said=", ".join(said))


def failure_text(answer: Answer) -> str:
    """What went wrong where a question failed: what happened, and what to do."""
    for stage in answer.trace:
        if stage.verdict == "fail":
            parts = (stage.detail.get("title"), stage.detail.get("message"), stage.detail.get("remedy"))
            return "\n".join(said(str(part)) for part in parts if part)
    return refusal_text(answer)


def running(stage: str) -> str:
    """What is being done, named before the first word of the answer."""
    if stage.startswith(WAITING):
        before = int(stage[len(WAITING) :])
        return plural(before, "Waiting, {n} question before this", "Waiting, {n} questions before this")
    return t(_RUNNING[stage]) if stage in _RUNNING else t("Working")


def stage_name(stage: TraceStage) -> str:
    """The name of a stage in the decision record."""
    return t(_STAGES[stage.stage]) if stage.stage in _STAGES else stage.stage


def stage_verdict(stage: TraceStage) -> Verdict:
    """The verdict of one stage."""
    words, tone = _VERDICTS.get(stage.verdict, (stage.verdict, "muted"))
    if stage.detail.get("decides") is False:  # a mark that is shown and had no say
        return Verdict("muted", t("{verdict}, shown only", verdict=t(words)))
    return Verdict(tone, t(words))


def ground(group: str, *, refused: bool) -> str:
    """What a group of signals says of a question; "" for one that has no words here."""
    return t(_GROUNDS[group][refused]) if group in _GROUNDS else ""


def score_name(name: str) -> str:
    """The name of a typed score."""
    return t(_SCORES[name]) if name in _SCORES else name.replace("_", " ")


def signal_name(name: str) -> str:
    """The name of one of the gate's signals."""
    return t(_SIGNALS[name]) if name in _SIGNALS else score_name(name)


def speaks_against(signal: str) -> bool:
    """Whether more of a signal speaks for a refusal."""
    return signal in _AGAINST


def signal_tone(signal: str) -> str:
    """The colour of a signal's bar: by what more of it speaks for."""
    return "refuse" if signal in _AGAINST else "accent"

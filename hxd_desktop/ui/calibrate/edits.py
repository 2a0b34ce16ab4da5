"""Changes of examples and of the limit that can be taken back; what a limit would do. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hxd_desktop.engine.answering.calibration import Calibration, HeldOut
from hxd_desktop.engine.library.model import Example

Kept = tuple[str, bool, str]  # question, answerable, source


@dataclass(frozen=True, slots=True)
class Limit:
    """The limit to put in force; None follows the examples."""

    value: float | None


@dataclass(frozen=True, slots=True)
class Edit:
    """One step: examples to keep (a known question changes its side), questions to drop, perhaps another limit."""

    keep: tuple[Kept, ...] = ()
    drop: tuple[str, ...] = ()
    limit: Limit | None = None

    def __bool__(self) -> bool:
        return bool(self.keep or self.drop or self.limit is not None)


def adding(questions: Iterable[tuple[str, bool]], source: str, known: Sequence[Example]) -> Edit:
    """Keep questions with their sides; those that are known on that side already, and empty ones, are left out."""
    sides = {example.question: example.answerable for example in known}
    kept: dict[str, Kept] = {}
    for question, answerable in questions:
        text = question.strip()
        if text and sides.get(text) is not answerable:
            kept[text] = (text, answerable, source)
    return Edit(keep=tuple(kept.values()))


def turning(examples: Iterable[Example], answerable: bool) -> Edit:
    """Put examples on one side."""
    return Edit(keep=tuple((e.question, answerable, e.source) for e in examples if e.answerable is not answerable))


def removing(examples: Iterable[Example]) -> Edit:
    """Forget examples."""
    return Edit(drop=tuple(example.question for example in examples))


def inverse(edit: Edit, before: Sequence[Example], calibration: Calibration | None) -> Edit:
    """What takes `edit` back, made before it is done."""
    known = {example.question: example for example in before}
    touched = [question for question, _, _ in edit.keep] + list(edit.drop)
    back = [known[question] for question in touched if question in known]
    limit = None
    if edit.limit is not None and calibration is not None:
        limit = Limit(calibration.threshold if calibration.by_hand else None)
    return Edit(
        keep=tuple((example.question, example.answerable, example.source) for example in back),
        drop=tuple(question for question, _, _ in edit.keep if question not in known),
        limit=limit,
    )


@dataclass(frozen=True, slots=True)
class AtLimit:
    """What a limit does to the examples: how many of each side pass, and the shares that follow (None of nothing)."""

    right: int
    wrong: int
    missed: int
    precision: float | None
    recall: float | None
    f1: float | None


def at_limit(held_out: Iterable[HeldOut], limit: float) -> AtLimit:
    """Count what passes below `limit`; answerable is the positive class."""
    right = wrong = missed = 0
    for example in held_out:
        if example.score < limit:
            right, wrong = right + example.answerable, wrong + (not example.answerable)
        else:
            missed += example.answerable
    precision = right / (right + wrong) if right + wrong else None
    recall = right / (right + missed) if right + missed else None
    both = 2 * right + wrong + missed
    return AtLimit(right, wrong, missed, precision, recall, 2 * right / both if both else None)

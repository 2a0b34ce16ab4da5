"""What the examples and the limit say, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hxd_desktop.ui import formats
from hxd_desktop.ui.calibrate.edits import AtLimit
from hxd_desktop.ui.i18n import plural, t

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.calibration import Calibration

_ENOUGH = 15  # as in answering.calibration, which is too heavy to import for a number; a test compares them


def nothing_to_show(*, has_examples: bool) -> tuple[str, str]:
    """Title and text where no question has a score."""
    if has_examples:
        return (
            t("No scores yet"),
            t("A question gets its score from the documents. Add a folder to this library first."),
        )
    return (
        t("Teach it with questions of your own"),
        t(
            "Write questions that your documents cover, and some that they do not. "
            "The limit between answering and refusing follows them."
        ),
    )


def side_name(answerable: bool, n: int) -> str:
    """A side and how many questions it has."""
    if answerable:
        return plural(n, "{n} to answer", "{n} to answer")
    return plural(n, "{n} to refuse", "{n} to refuse")


def figures(precision: float | None, recall: float | None, f1: float | None) -> str:
    """Precision, recall and F1 on one line."""
    return t("Precision {precision} · recall {recall} · F1 {f1}", **{
        name: "–" if value is None else formats.score(value)
        for name, value in (("precision", precision), ("recall", recall), ("f1", f1))
    })  # fmt: skip


def effect(at: AtLimit, calibration: Calibration) -> str:
    """What the limit would do to the questions, counted."""
    good = t("{n} of {of} good questions are answered", n=at.right, of=calibration.n_good)
    bad = t("{n} of {of} bad ones refused", n=calibration.n_bad - at.wrong, of=calibration.n_bad)
    return t("With this limit {good}, {bad}.", good=good, bad=bad)


def suggestion(calibration: Calibration) -> str:
    """The suggested limit and how far the sides are apart."""
    suggested = formats.score(calibration.suggested)
    gap = calibration.class_gap
    if gap is None:
        return t(
            "Suggested: {limit}, the usual limit. Both kinds of questions are needed to say more.", limit=suggested
        )
    if gap >= 0:
        return t(
            "Suggested: {limit}. The scores of good and bad are {gap} apart.", limit=suggested, gap=formats.score(gap)
        )
    return t(
        "Suggested: {limit}. The scores of good and bad overlap by {gap}.", limit=suggested, gap=formats.score(-gap)
    )


def honest(calibration: Calibration) -> str:
    """The cross-validated figures."""
    reading = figures(calibration.precision, calibration.recall, calibration.f1)
    return t("On questions that it did not learn from (cross-validated): {figures}", figures=reading)


def few(calibration: Calibration) -> str:
    """How many questions are missing before the figures mean much; "" where there are enough."""
    good, bad = max(0, _ENOUGH - calibration.n_good), max(0, _ENOUGH - calibration.n_bad)
    if not good and not bad:
        return ""
    missing = [
        text
        for n, text in (
            (good, plural(good, "{n} more to answer", "{n} more to answer")),
            (bad, plural(bad, "{n} more to refuse", "{n} more to refuse")),
        )
        if n
    ]
    return t("Too few questions for these figures to mean much. Needed: {missing}.", missing=", ".join(missing))


def state(calibration: Calibration, *, moved: bool) -> str:
    """Which limit is in force and who set it."""
    limit = formats.score(calibration.threshold)
    if moved:
        return t("in force: {limit}; apply to change it", limit=limit)
    return t("in force, set by hand") if calibration.by_hand else t("in force, follows the questions")

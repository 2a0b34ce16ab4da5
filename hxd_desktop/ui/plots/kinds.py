"""The plots that this application knows: scores, precision and recall, F1, reliability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hxd_desktop.ui import formats
from hxd_desktop.ui.i18n import t
from hxd_desktop.ui.plots.chart import Chart, Kind, Level, Mark, Series

_BINS = 25
# Runs beside each other are told by the line, so that colours keep their meaning.
LINES = (("accent", Kind.LINE), ("text", Kind.DASHED), ("muted", Kind.DOTTED), ("muted", Kind.LINE))
Curve = Sequence[Mapping[str, float]]


def histograms(
    scored: Sequence[tuple[float, bool]], names: tuple[str, str], marks: Sequence[Mark], title: str = ""
) -> Chart:
    """Two histograms on one axis of (score, first kind), the first kind upwards, the other downwards.

    `scored` are probabilities that the documents do not cover the question.
    """
    counts = ([0] * _BINS, [0] * _BINS)
    for score, first in scored:
        counts[0 if first else 1][min(_BINS - 1, int(score * _BINS))] += 1
    up, down = max(1, *counts[0]), max(1, *counts[1])
    middles = [(number + 0.5) / _BINS for number in range(_BINS)]
    return Chart(
        title or t("Scores of the questions"),
        t("refusal score"),
        t("questions"),
        (
            Series(names[0], "good", tuple(zip(middles, map(float, counts[0]), strict=True)), Kind.BARS),
            Series(
                names[1], "refuse", tuple((x, -float(n)) for x, n in zip(middles, counts[1], strict=True)), Kind.BARS
            ),
        ),
        y_range=(-down * 1.1, up * 1.25),
        marks=tuple(marks),
        bar_width=1 / _BINS,
        counts=True,
        note=t("Upwards: what should be answered. Downwards: what should be refused."),
    )


def over_threshold(curve: Curve, marks: Sequence[Mark]) -> Chart:
    """Precision, recall and F1 over the threshold."""
    named = (
        ("f1", "F1", *LINES[0]),
        ("precision", t("precision"), "text", Kind.DASHED),
        ("recall", t("recall"), "muted", Kind.DOTTED),
    )
    return Chart(
        t("What the limit costs"),
        t("limit"),
        t("share"),
        tuple(
            Series(name, ink, tuple((p["threshold"], p[key]) for p in curve), kind) for key, name, ink, kind in named
        ),
        marks=tuple(marks),
    )


def f1_curves(runs: Sequence[tuple[str, Mapping[str, Any]]], published: Sequence[tuple[str, float]]) -> Chart:
    """F1 over the threshold of one or more runs, beside levels that others have published."""
    series, marks = [], []
    for (name, figures), (ink, kind) in zip(runs, LINES, strict=False):
        series.append(Series(name, ink, tuple((p["threshold"], p["f1"]) for p in figures["curve"]), kind))
        here = (float(figures["threshold"]), float(figures["f1"]))
        series.append(Series(t("in force"), ink, (here,), Kind.DOTS, legend=False))
    if len(runs) == 1:
        limit = float(runs[0][1]["threshold"])
        marks = [Mark(limit, t("limit {limit}", limit=formats.score(limit)))]
    return Chart(
        t("F1 over the limit"),
        t("limit"),
        "F1",
        tuple(series),
        marks=tuple(marks),
        levels=tuple(Level(value, f"{name} {formats.decimal(100 * value, 1)}") for name, value in published),
        note=t("The lines across are what HuixiangDou published: on its own questions, each at its best limit.")
        if published
        else "",
    )


def precision_recall(runs: Sequence[tuple[str, Mapping[str, Any]]]) -> Chart:
    """Precision over recall of one or more runs."""
    series = []
    for (name, figures), (ink, kind) in zip(runs, LINES, strict=False):
        passing = sorted({(p["recall"], p["precision"]) for p in figures["curve"] if p["recall"] > 0})
        series.append(Series(name, ink, tuple(passing), kind))
        series.append(Series(t("in force"), ink, ((figures["recall"], figures["precision"]),), Kind.DOTS, legend=False))
    return Chart(t("Precision and recall of answering"), t("recall"), t("precision"), tuple(series))


def reliability(runs: Sequence[tuple[str, Mapping[str, Any]]]) -> Chart:
    """How often questions of a stated probability were covered, beside how often they should be."""
    series = [Series(t("as it should be"), "muted", ((0.0, 0.0), (1.0, 1.0)), Kind.DOTTED)]
    for (name, figures), (ink, kind) in zip(runs, LINES, strict=False):
        points = tuple((b["probability"], b["covered"]) for b in figures["reliability"])
        series += [Series(name, ink, points, kind), Series("", ink, points, Kind.DOTS)]
    return Chart(
        t("Does the probability mean what it says?"),
        t("probability that it is covered"),
        t("share that is covered"),
        tuple(series),
    )


def ranks(runs: Sequence[tuple[str, Mapping[str, Any]]]) -> Chart:
    """Share of the questions whose answer is among the best k passages."""
    series = []
    for (name, figures), (ink, kind) in zip(runs, LINES, strict=False):
        points = tuple((float(k), float(figures[f"hit@{k}"])) for k in (1, 3, 5, 10))
        series += [Series(name, ink, points, kind), Series("", ink, points, Kind.DOTS)]
    return Chart(
        t("Is the answer among the best passages?"),
        t("best passages"),
        t("share of the questions"),
        tuple(series),
        x_range=(0.0, 10.0),
    )

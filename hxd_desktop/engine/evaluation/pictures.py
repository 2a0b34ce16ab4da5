"""The pictures of a report: how scores lie, what a threshold costs, and whether a probability means what it says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from hxd_desktop.engine.evaluation.run import Row
from hxd_desktop.engine.evaluation.svg import BLUE, FAINT, GREEN, GREY, INK, ORANGE, QUIET, Plot

# HuixiangDou's best F1 on its refusal benchmark: nine repositories, 2,302 questions, each at the threshold that is best
# on these very questions.
PUBLISHED_F1 = (
    ("bce + knowledge graph", 0.7757),
    ("bce-embedding-base_v1", 0.7588),
    ("bge-large-zh-v1.5", 0.7223),
    ("bge-m3 dense", 0.7062),
    ("bge-m3 dense + sparse", 0.6385),
)
_BINS = 25
_FIFTHS = [(i / 5, f"{i / 5:.1f}") for i in range(6)]
_SCORE = "score: probability that the documents do not cover the question"


def of_refusal(figures: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, str]:
    """File name -> SVG of a refusal run."""
    return {
        "scores.svg": _mirrored(
            "Scores of the questions",
            [(r["score"], r["answerable"]) for r in rows],
            ("the documents cover it", "they do not"),
            figures["threshold"],
        ),
        "precision-recall.svg": _precision_recall(figures),
        "f1.svg": _f1(figures),
        "reliability.svg": _reliability(figures),
    }


def of_qa(figures: Mapping[str, Any], rows: Sequence[Row]) -> dict[str, str]:
    """File name -> SVG of a run of questions with answers."""
    scored = [(r["score"], r["rank"] is not None) for r in rows if r["score"] is not None]
    return {
        "found.svg": _bars(figures),
        "scores.svg": _mirrored(
            "Scores of the questions", scored, ("answer among the ten best passages", "not among them"), None
        ),
    }


def _mirrored(title: str, scored: Sequence[tuple[float, bool]], names: tuple[str, str], threshold: float | None) -> str:
    """Two histograms on one axis, one up, one down, so that neither hides the other."""
    counts = ([0] * _BINS, [0] * _BINS)
    for score, first in scored:
        counts[0 if first else 1][min(int(score * _BINS), _BINS - 1)] += 1
    up, down = max(*counts[0], 1), max(*counts[1], 1)
    plot = Plot(title, _SCORE, "questions", y_range=(-down * 1.08, up * 1.15))
    step = _round_step((up + down) / 6)
    plot.y_ticks([(i * step, str(abs(i * step))) for i in range(-(down // step), up // step + 1)])
    plot.x_ticks(_FIFTHS)
    for number in range(_BINS):
        across = (number / _BINS, (number + 1) / _BINS)
        for count, sign, colour in ((counts[0][number], 1, BLUE), (counts[1][number], -1, ORANGE)):
            if count:
                plot.bar(across, (0, sign * count), colour)
    plot.line([(0, 0), (1, 0)], GREY, width=1)
    if threshold is not None:
        plot.down(threshold, f"refused from {threshold:.2f} on")
    plot.legend(BLUE, f"{names[0]} ({sum(counts[0])})")
    plot.legend(ORANGE, f"{names[1]} ({sum(counts[1])})")
    return plot.to_svg()


def _round_step(rough: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50 ..."""
    power = 10 ** math.floor(math.log10(max(rough, 1)))
    return int(next(power * unit for unit in (1, 2, 5, 10) if power * unit >= rough or unit == 10))


def _precision_recall(figures: Mapping[str, Any]) -> str:
    plot = Plot("Precision and recall of answering", "recall", "precision", right=56)
    plot.y_ticks(_FIFTHS)
    plot.x_ticks(_FIFTHS)
    for f1 in (0.5, 0.6, 0.7, 0.8, 0.9):
        recalls = [f1 / (2 - f1) + i / 100 * (1 - f1 / (2 - f1)) for i in range(101)]
        plot.line([(r, f1 * r / (2 * r - f1)) for r in recalls], FAINT, width=1.3)
        plot.note((1, f1 / (2 - f1)), f"F1 {f1:.1f}", QUIET, dx=4, dy=4)
    passing = [p for p in figures["curve"] if p["recall"] > 0]
    plot.line(sorted((p["recall"], p["precision"]) for p in passing), BLUE)
    here = (figures["recall"], figures["precision"])
    plot.point(here, INK)
    plot.note(here, f"in force: F1 {100 * figures['f1']:.1f}", anchor="end", dx=-9, dy=16)
    return plot.to_svg()


def _f1(figures: Mapping[str, Any]) -> str:
    plot = Plot("F1 over the threshold", "threshold on the score", "F1", right=196)
    plot.y_ticks(_FIFTHS)
    plot.x_ticks(_FIFTHS)
    for name, value in PUBLISHED_F1:
        plot.across(value, f"{name} {100 * value:.2f}", QUIET)
    plot.line([(p["threshold"], p["f1"]) for p in figures["curve"]], BLUE)
    plot.down(figures["threshold"], f"in force: {figures['threshold']:.2f}")
    plot.point((figures["threshold"], figures["f1"]), INK)
    plot.note((figures["threshold"], figures["f1"]), f"{100 * figures['f1']:.1f}", dx=9, dy=-8)
    plot.legend(BLUE, "this run")
    plot.legend(GREY, "HuixiangDou as published: its benchmark, its best threshold")
    return plot.to_svg()


def _reliability(figures: Mapping[str, Any]) -> str:
    plot = Plot("Does the probability mean what it says?", "probability that it is covered", "share that is covered")
    plot.y_ticks(_FIFTHS)
    plot.x_ticks(_FIFTHS)
    bins = figures["reliability"]
    total = sum(b["n"] for b in bins) or 1
    for b in bins:
        low = math.floor(min(b["probability"], 0.9999) * 10) / 10
        plot.bar((low, low + 0.1), (0, 0.5 * b["n"] / total), FAINT)
    plot.line([(0, 0), (1, 1)], GREY, width=1.3, dash="5 4")
    plot.line([(b["probability"], b["covered"]) for b in bins], BLUE)
    for b in bins:
        plot.point((b["probability"], b["covered"]), BLUE, 4 + 9 * math.sqrt(b["n"] / total))
        plot.note((b["probability"], b["covered"]), str(b["n"]), QUIET, dx=10, dy=16)
    plot.legend(BLUE, f"this run, with the number of questions (Brier score {figures['brier']:.3f})")
    plot.legend(GREY, "as it should be")
    return plot.to_svg()


def _bars(figures: Mapping[str, Any]) -> str:
    wanted = [
        ("hit@1", BLUE), ("hit@3", BLUE), ("hit@5", BLUE), ("hit@10", BLUE), ("answer_contains", GREEN),
        ("answered", GREY), ("refused", ORANGE),
    ]  # fmt: skip
    plot = Plot(f"{figures['n']} questions", "", "share of the questions", x_range=(0, len(wanted)))
    plot.y_ticks(_FIFTHS)
    plot.x_ticks([(i + 0.5, name.replace("_", " ")) for i, (name, _) in enumerate(wanted)])
    for i, (name, colour) in enumerate(wanted):
        plot.bar((i + 0.18, i + 0.82), (0, figures[name]), colour)
        plot.note((i + 0.5, figures[name]), f"{100 * figures[name]:.1f} %", anchor="middle", dy=-6)
    plot.legend(BLUE, "the answer is among the best passages")
    plot.legend(GREEN, "the answer given holds it")
    return plot.to_svg()

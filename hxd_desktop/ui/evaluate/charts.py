"""The plots of one or more runs."""

from __future__ import annotations

from hxd_desktop.engine.evaluation.pictures import PUBLISHED_F1
from hxd_desktop.engine.evaluation.run import REFUSAL
from hxd_desktop.ui import formats
from hxd_desktop.ui.evaluate import words
from hxd_desktop.ui.evaluate.session import Shown
from hxd_desktop.ui.i18n import plural, t
from hxd_desktop.ui.plots import kinds
from hxd_desktop.ui.plots.chart import Chart, Mark

MOST = len(kinds.LINES)  # runs that can be told apart in one plot


def charts_of(shown: Shown) -> list[tuple[str, Chart]]:
    """Tab name and chart of every plot; runs of another kind than the first are left out."""
    first = shown.runs[0]
    runs = [(words.name_of(run), run.figures) for run in shown.runs if run.kind == first.kind][:MOST]
    if first.kind != REFUSAL:
        return [(t("Places"), kinds.ranks(runs)), (t("Scores"), _scores(shown))]
    published = PUBLISHED_F1 if len(runs) == 1 else PUBLISHED_F1[:1]
    return [
        (t("Scores"), _scores(shown)),
        (t("F1"), kinds.f1_curves(runs, published)),
        (t("Precision and recall"), kinds.precision_recall(runs)),
        (t("Reliability"), kinds.reliability(runs)),
    ]


def _scores(shown: Shown) -> Chart:
    """The histograms of the first run."""
    run = shown.runs[0]
    title = t("Scores of the questions") if len(shown.runs) == 1 else f"{t('Scores')}, {words.name_of(run)}"
    if run.kind == REFUSAL:
        scored = [(row["score"], row["answerable"]) for row in run.rows]
        good = sum(first for _, first in scored)
        names = (
            plural(good, "{n} to answer", "{n} to answer"),
            plural(len(scored) - good, "{n} to refuse", "{n} to refuse"),
        )
        limit = float(run.figures["threshold"])
        return kinds.histograms(scored, names, [Mark(limit, t("limit {limit}", limit=formats.score(limit)))], title)
    scored = [(row["score"], row["rank"] is not None) for row in run.rows if row["score"] is not None]
    names = (t("answer among the best 10"), t("not among them"))
    return kinds.histograms(scored, names, [], title)

"""Running question files through the pipeline: what is passed and refused, found and answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering import calibration
from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.answering.retrieval import merge
from hxd_desktop.engine.evaluation import metrics
from hxd_desktop.engine.evaluation.datasets import (
    AnsweredQuestion,
    LabelledQuestion,
    load_answered,
    load_labelled,
)

if TYPE_CHECKING:
    from hxd_desktop.engine.cancel import CancelToken

HIT_RANKS = (1, 3, 5, 10)
Progress = Callable[[int, int], None]


def evaluate_refusal(
    own: Pipeline,
    plain: Pipeline,
    questions: Path,
    calibrate_on: Path | None = None,
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Score every question and compare with its label; a question passes when no stage up to the gate refuses it.

    Args:
        own: over the one library that is measured, with its own gate.
        plain: the same with the default gate, from which learning begins.
        questions: a file of labelled questions.
        calibrate_on: a file of other questions from which the gate learns first, for this run alone.
        progress: told how many of how many are done.
        cancel: stops the run with `Cancelled`.

    Returns:
        The JSON object of the command line; fractions from 0 to 1, times in milliseconds.

    Raises:
        SettingsError: a file cannot be read.
    """
    rows = load_labelled(questions)
    if calibrate_on is None:
        return measure_refusal(own, rows, progress=progress, cancel=cancel)
    pairs = [(row.question, row.answerable) for row in load_labelled(calibrate_on)]
    state, _ = calibration.calibrate(plain, pairs, None)
    name = plain.scorer.readers[0].name
    learned = plain.with_gates({name: calibration.gate_from_state(state)})
    return measure_refusal(learned, rows, progress=progress, cancel=cancel)


def measure_refusal(
    pipeline: Pipeline,
    questions: Sequence[LabelledQuestion],
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Do what `evaluate_refusal` describes with one pipeline over one library."""
    name = pipeline.scorer.readers[0].name
    scores, passed, times = [], [], []
    for number, item in enumerate(questions):
        if cancel is not None:
            cancel.check()
        began = time.perf_counter()
        scored = pipeline.score(item.question)
        times.append((time.perf_counter() - began) * 1000)
        scores.append(scored.refusal_score)
        passed.append(scored.answerable)
        if progress is not None:
            progress(number + 1, len(questions))
    labels = np.array([q.answerable for q in questions], dtype=bool)
    values = np.array(scores, dtype=float)
    precision, recall, f1 = calibration.precision_recall_f1(np.array(passed, dtype=bool), labels)
    auc = metrics.roc_auc(-values, labels)
    return {
        "n": len(questions),
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "threshold": pipeline.scorer.gates[name].threshold,
        "best_f1": round(metrics.best_f1(-values, labels), 4),
        "roc_auc": None if auc is None else round(auc, 4),
        "ms_per_question": _mean(times),
        "ms_p95": round(metrics.percentile(times, 95), 2),
        "curve": list(calibration.curve(values, labels)),
    }


def evaluate_qa(
    pipeline: Pipeline,
    questions: Path,
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Ask every question of a file and look for its answer in the best chunks and in what was answered.

    Args:
        pipeline: over the one library that is measured.
        questions: a file of questions with their answers.
        progress: told how many of how many are done.
        cancel: stops the run with `Cancelled`.

    Returns:
        The JSON object of the command line; retrieval counts whatever the gate says, fractions are of all questions.

    Raises:
        SettingsError: the file cannot be read.
    """
    return measure_qa(pipeline, load_answered(questions), progress=progress, cancel=cancel)


def measure_qa(
    pipeline: Pipeline,
    questions: Sequence[AnsweredQuestion],
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> dict[str, Any]:
    """Do what `evaluate_qa` describes with questions that are read already."""
    ranks: list[int | None] = []
    times: list[float] = []
    lengths: list[int] = []
    holds = refused = 0
    for number, item in enumerate(questions):
        if cancel is not None:
            cancel.check()
        began = time.perf_counter()
        answer = pipeline.ask(item.question, cancel=cancel)
        times.append((time.perf_counter() - began) * 1000)
        if answer.outcome is Outcome.ANSWERED:
            lengths.append(len(answer.answer))
            holds += item.held_by(answer.answer)
        elif answer.outcome not in (Outcome.FAILED, Outcome.CANCELLED):
            refused += 1
        ranked = merge(pipeline.scorer.score(item.question, retrieve_anyway=True).retrievals)[: HIT_RANKS[-1]]
        ranks.append(next((i for i, c in enumerate(ranked) if item.held_by(c.chunk.text)), None))
        if progress is not None:
            progress(number + 1, len(questions))
    n = len(questions) or 1
    return {
        "n": len(questions),
        **{f"hit@{k}": round(metrics.hit_rate(ranks, k), 4) for k in HIT_RANKS},
        "mrr": round(metrics.mean_reciprocal_rank(ranks), 4),
        "answer_contains": round(holds / n, 4),
        "answered": round(len(lengths) / n, 4),
        "refused": round(refused / n, 4),
        "answer_chars": _mean(lengths),
        "ms_per_question": _mean(times),
        "ms_p95": round(metrics.percentile(times, 95), 2),
    }


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 2) if values else 0.0

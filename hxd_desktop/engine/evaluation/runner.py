"""Running question files through the pipeline: what is passed and refused, found and answered."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering import calibration
from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.answering.retrieval import merge
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.evaluation import bootstrap, evidence, metrics, overlap
from hxd_desktop.engine.evaluation.datasets import (
    AnsweredQuestion,
    LabelledQuestion,
    load_answered,
    load_labelled,
)
from hxd_desktop.engine.evaluation.judge import Judge
from hxd_desktop.engine.evaluation.run import Measured, Row

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Answer
    from hxd_desktop.engine.cancel import CancelToken
    from hxd_desktop.engine.models.protocols import Generator

HIT_RANKS = (1, 3, 5, 10)
_JUDGED = ("faithfulness_lexical", "answer_relevance_lexical", "faithfulness_llm", "answer_relevance_llm")
Progress = Callable[[int, int], None]


def evaluate_refusal(
    own: Pipeline,
    plain: Pipeline,
    questions: Sequence[Path],
    calibrate_on: Sequence[Path] = (),
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Measured:
    """Score every question and compare with its label; a question passes when no stage up to the gate refuses it.

    Args:
        own: over the one library that is measured, with its own gate.
        plain: the same with the default gate, from which learning begins.
        questions: files of labelled questions, taken together.
        calibrate_on: files of other questions from which the gate learns first, for this run alone.
        progress: told how many of how many are done.
        cancel: stops the run with `Cancelled`.

    Returns:
        The JSON object of the command line and each question's row; fractions from 0 to 1, times in milliseconds.

    Raises:
        SettingsError: a file cannot be read.
    """
    rows = load_labelled(*questions)
    if not calibrate_on:
        return measure_refusal(own, rows, progress=progress, cancel=cancel)
    pairs = [(row.question, row.answerable) for row in load_labelled(*calibrate_on)]
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
) -> Measured:
    """Do what `evaluate_refusal` describes with one pipeline over one library."""
    name = pipeline.scorer.readers[0].name
    rows: list[Row] = []
    for number, item in enumerate(questions):
        if cancel is not None:
            cancel.check()
        began = time.perf_counter()
        scored = pipeline.score(item.question)
        rows.append(
            {
                "question": item.question,
                "answerable": item.answerable,
                "score": scored.refusal_score,
                "passed": scored.answerable,
                "ms": _ms_since(began),
            }
        )
        if progress is not None:
            progress(number + 1, len(questions))
    return Measured(refusal_figures(rows, pipeline.scorer.gates[name].threshold), rows)


def measure_examples(
    plain: Pipeline,
    pairs: Sequence[tuple[str, bool]],
    known: Mapping[str, Any] | None,
    *,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Measured:
    """Judge a library's own (question, answerable) examples, each by a gate that has not seen it (cross-validated).

    Args:
        plain: over the one library, with the default gate.
        pairs: the examples.
        known: what the library's gate has learnt; its threshold, where it was set by hand, is the one that decides.
        progress: told how many of how many are done.
        cancel: stops the run with `Cancelled`.

    Raises:
        SettingsError: there are no examples, or no documents to judge them by.
    """
    times: list[float] = []
    read: dict[str, calibration.LabelledExample] = {}
    for number, (question, answerable) in enumerate(pairs):
        if cancel is not None:
            cancel.check()
        began = time.perf_counter()
        calibration.read_signals(plain, [(question, answerable)], read)
        times.append(_ms_since(began))
        if progress is not None:
            progress(number + 1, len(pairs))
    figures = calibration.calibrate(plain, pairs, known, read=read)[1]
    if not figures.held_out:
        raise SettingsError(
            "There is nothing to evaluate",
            "The library has no examples, or no documents to judge them by.",
            "Add good and bad questions, and a folder.",
        )
    spent = dict(zip((question for question, _ in pairs), times, strict=True))
    rows: list[Row] = [
        {
            "question": example.question,
            "answerable": example.answerable,
            "score": example.score,
            "passed": example.passed,
            "ms": spent[example.question],
        }
        for example in figures.held_out
    ]
    return Measured(refusal_figures(rows, figures.threshold), rows)


def refusal_figures(rows: Sequence[Row], threshold: float) -> dict[str, Any]:
    """The figures of questions that were scored; also of rows put together from several runs."""
    labels = np.array([row["answerable"] for row in rows], dtype=bool)
    passed = np.array([row["passed"] for row in rows], dtype=bool)
    scores = np.array([row["score"] for row in rows], dtype=float)
    times = [row["ms"] for row in rows]
    precision, recall, f1 = calibration.precision_recall_f1(passed, labels)
    auc = metrics.roc_auc(-scores, labels)
    spread = bootstrap.interval(len(rows), bootstrap.f1_of(passed, labels)) if rows else None
    return {
        "n": len(rows),
        "f1": f1,
        "precision": precision,
        "recall": recall,
        "threshold": threshold,
        "best_f1": round(metrics.best_f1(-scores, labels), 4),
        "roc_auc": None if auc is None else round(auc, 4),
        "ms_per_question": _mean(times),
        "ms_p95": round(metrics.percentile(times, 95), 2),
        "accuracy": round(float((passed == labels).mean()), 4) if rows else 0.0,
        "f1_deviation": round(spread.deviation, 4) if spread else None,
        "brier": round(metrics.brier(1 - scores, labels), 4) if rows else None,
        "reliability": [
            {"probability": round(p, 4), "covered": round(share, 4), "n": n}
            for p, share, n in metrics.reliability(1 - scores, labels)
        ],
        "curve": list(calibration.curve(scores, labels)),
    }


def evaluate_qa(
    pipeline: Pipeline,
    questions: Path,
    *,
    judge: bool = False,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Measured:
    """Ask every question of a file and look for its answer in the best chunks and in what was answered.

    Args:
        pipeline: over the one library that is measured.
        questions: a file of questions with their answers.
        judge: whether the language model in use marks the answers as well.
        progress: told how many of how many are done.
        cancel: stops the run with `Cancelled`.

    Returns:
        The JSON object of the command line and each question's row; retrieval counts whatever the gate says,
        fractions are of all questions.

    Raises:
        SettingsError: the file cannot be read, or there is no language model to judge.
    """
    return measure_qa(pipeline, load_answered(questions), judge=judge, progress=progress, cancel=cancel)


def measure_qa(
    pipeline: Pipeline,
    questions: Sequence[AnsweredQuestion],
    *,
    judge: bool = False,
    progress: Progress | None = None,
    cancel: CancelToken | None = None,
) -> Measured:
    """Do what `evaluate_qa` describes with questions that are read already."""
    marks = Judge(_generator(pipeline)) if judge else None
    rows: list[Row] = []
    for number, item in enumerate(questions):
        if cancel is not None:
            cancel.check()
        began = time.perf_counter()
        answer = pipeline.ask(item.question, cancel=cancel)
        ms = _ms_since(began)
        ranked = merge(pipeline.scorer.score(item.question, retrieve_anyway=True).retrievals)[: HIT_RANKS[-1]]
        rows.append(
            {
                **_answer_row(item, answer),
                **_marks_row(item, answer, marks, cancel),
                **_passages_row(item, [c.chunk.text for c in ranked]),
                "ms": ms,
            }
        )
        if progress is not None:
            progress(number + 1, len(questions))
    return Measured(qa_figures(rows), rows)


def _answer_row(item: AnsweredQuestion, answer: Answer) -> Row:
    answered = answer.outcome is Outcome.ANSWERED
    text = answer.answer if answered else ""
    bare, wanted = overlap.without_citations(text), overlap.references(item.answers)
    return {
        "id": item.id,
        "question": item.question,
        "answers": [list(part) for part in item.answers],
        "outcome": str(answer.outcome),
        "score": answer.refusal.score,
        "answer": text,
        "answered": answered,
        "refused": not answered and answer.outcome not in (Outcome.FAILED, Outcome.CANCELLED),
        "contains": answered and item.held_by(text),
        "exact_match": answered and overlap.exact_match(bare, wanted),
        "bleu": round(overlap.bleu(bare, wanted), 4),
        "rouge_l": round(overlap.rouge_l(bare, wanted), 4),
        "faithfulness_lexical": _rounded(evidence.faithfulness_lexical(text, answer.sources)) if answered else None,
        "answer_relevance_lexical": _rounded(evidence.answer_relevance_lexical(item.question, text))
        if answered
        else None,
    }


def _generator(pipeline: Pipeline) -> Generator:
    if pipeline.generator is None:
        raise SettingsError(
            "There is no language model to judge",
            "Answers are quotations, and no model is in use.",
            "Leave --judge out, or choose a model: hxd models use ID.",
        )
    return pipeline.generator


def _marks_row(item: AnsweredQuestion, answer: Answer, judge: Judge | None, cancel: CancelToken | None) -> Row:
    if judge is None or answer.outcome is not Outcome.ANSWERED:
        return {"faithfulness_llm": None, "answer_relevance_llm": None}
    return {
        "faithfulness_llm": judge.faithfulness(answer.answer, answer.sources, cancel),
        "answer_relevance_llm": judge.answer_relevance(item.question, answer.answer, cancel),
    }


def _passages_row(item: AnsweredQuestion, passages: Sequence[str]) -> Row:
    return {
        "rank": next((i for i, text in enumerate(passages) if item.held_by(text)), None),
        "context_precision": round(evidence.context_precision([item.parts_in(text) > 0 for text in passages]), 4),
        "context_recall": round(evidence.context_recall(item, passages), 4),
    }


def qa_figures(rows: Sequence[Row]) -> dict[str, Any]:
    """The figures of questions that were asked; also of rows put together from several runs."""
    ranks = [row["rank"] for row in rows]
    times = [row["ms"] for row in rows]
    return {
        "n": len(rows),
        **{f"hit@{k}": round(metrics.hit_rate(ranks, k), 4) for k in HIT_RANKS},
        "mrr": round(metrics.mean_reciprocal_rank(ranks), 4),
        "answer_contains": _share(rows, "contains"),
        "answered": _share(rows, "answered"),
        "refused": _share(rows, "refused"),
        "answer_chars": _mean([len(row["answer"]) for row in rows if row["answered"]]),
        "ms_per_question": _mean(times),
        "ms_p95": round(metrics.percentile(times, 95), 2),
        **{key: _share(rows, key) for key in ("exact_match", "bleu", "rouge_l")},
        **{key: _share(rows, key) for key in ("context_precision", "context_recall")},
        **{key: _mean_of_known(rows, key) for key in _JUDGED},
    }


def _share(rows: Sequence[Row], key: str) -> float:
    return round(sum(row[key] for row in rows) / len(rows), 4) if rows else 0.0


def _mean_of_known(rows: Sequence[Row], key: str) -> float | None:
    known = [row[key] for row in rows if row[key] is not None]
    return round(sum(known) / len(known), 4) if known else None


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 2) if values else 0.0


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _ms_since(began: float) -> float:
    return round((time.perf_counter() - began) * 1000, 3)

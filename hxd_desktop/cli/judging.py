"""`hxd calibrate` and `hxd eval`: how well the gate and the answers do."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from hxd_desktop.cli import output, text
from hxd_desktop.cli.opening import opened

REFUSAL_KEYS = (
    "n", "f1", "precision", "recall", "threshold", "best_f1", "roc_auc", "ms_per_question", "ms_p95", "accuracy",
    "f1_deviation", "brier", "reliability", "curve",
)  # fmt: skip
QA_KEYS = (
    "n", "hit@1", "hit@3", "hit@5", "hit@10", "mrr", "answer_contains", "answered", "refused", "answer_chars",
    "ms_per_question", "ms_p95", "exact_match", "bleu", "rouge_l", "context_precision", "context_recall",
    "faithfulness_lexical", "answer_relevance_lexical",
)  # fmt: skip
CALIBRATION_KEYS = (
    "n_good", "n_bad", "threshold", "class_gap", "precision", "recall", "f1", "curve", "enough_examples",
)  # fmt: skip


def calibrate(arguments: argparse.Namespace) -> int:
    """Fit a library's gate to its examples and show the cross-validated curve."""
    with opened(arguments, writable=True) as assistant:
        fitted = assistant.calibrate(arguments.library, threshold=arguments.threshold, reset=arguments.reset)
    record = {key: getattr(fitted, key) for key in CALIBRATION_KEYS}
    if arguments.json:
        output.emit(record)
        return 0
    output.say(f"{arguments.library}: {fitted.n_good} good and {fitted.n_bad} bad questions")
    if not fitted.enough_examples:
        output.say("  too few to learn from: add more with hxd examples add")
    _say_figures(record, CALIBRATION_KEYS[2:])
    return 0


def eval_refusal(arguments: argparse.Namespace) -> int:
    """Score every question of a file: does the gate let the answerable ones pass and stop the others."""
    with opened(arguments, writable=False) as assistant:
        figures = assistant.evaluate_refusal(arguments.questions, arguments.library, calibrate=arguments.calibrate)
    return _show(arguments, figures, REFUSAL_KEYS)


def eval_qa(arguments: argparse.Namespace) -> int:
    """Ask every question of a file and score retrieval and answers."""
    with opened(arguments, writable=False) as assistant:
        figures = assistant.evaluate_qa(arguments.questions, arguments.library, passages=arguments.passages)
    return _show(arguments, figures, QA_KEYS)


def _show(arguments: argparse.Namespace, figures: Mapping[str, Any], keys: Sequence[str]) -> int:
    if arguments.json:
        output.emit({key: figures[key] for key in keys})
    else:
        _say_figures(figures, keys)
    return 0


def _say_figures(figures: Mapping[str, Any], keys: Sequence[str]) -> None:
    rows = [(key, _figure(figures[key])) for key in keys if key not in {"curve", "reliability", "enough_examples"}]
    for line in text.table(rows, right=(1,), indent="  "):
        output.say(line)


def _figure(value: float | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"

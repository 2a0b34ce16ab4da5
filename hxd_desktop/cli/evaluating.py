"""`hxd eval`: measuring on a file of questions, and the runs that are kept."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hxd_desktop.cli import output, text
from hxd_desktop.cli.counting import Counting
from hxd_desktop.cli.judging import figure
from hxd_desktop.cli.opening import opened

if TYPE_CHECKING:
    from hxd_desktop.engine.assistant import Assistant
    from hxd_desktop.engine.evaluation.run import Run

REFUSAL_KEYS = (
    "n", "f1", "precision", "recall", "threshold", "best_f1", "roc_auc", "ms_per_question", "ms_p95", "accuracy",
    "f1_deviation", "brier", "reliability", "curve",
)  # fmt: skip
QA_KEYS = (
    "n", "hit@1", "hit@3", "hit@5", "hit@10", "mrr", "answer_contains", "answered", "refused", "answer_chars",
    "ms_per_question", "ms_p95", "exact_match", "bleu", "rouge_l", "context_precision", "context_recall",
    "faithfulness_lexical", "answer_relevance_lexical", "faithfulness_llm", "answer_relevance_llm",
)  # fmt: skip
_LISTS = {"curve", "reliability"}
_MOST_CHANGED = 20


def refusal(arguments: argparse.Namespace) -> int:
    """Score every question of a file: does the gate let the answerable ones pass and stop the others."""

    def measure(assistant: Assistant, progress: Callable[[int, int], None]) -> Run:
        return assistant.evaluations.refusal(
            arguments.questions, arguments.library, calibrate=arguments.calibrate or (), progress=progress
        )

    return _measure(arguments, measure, REFUSAL_KEYS)


def qa(arguments: argparse.Namespace) -> int:
    """Ask every question of a file and score retrieval and answers."""

    def measure(assistant: Assistant, progress: Callable[[int, int], None]) -> Run:
        return assistant.evaluations.qa(
            arguments.questions,
            arguments.library,
            passages=arguments.passages,
            judge=arguments.judge,
            progress=progress,
        )

    return _measure(arguments, measure, QA_KEYS)


def _measure(
    arguments: argparse.Namespace,
    measure: Callable[[Assistant, Callable[[int, int], None]], Run],
    keys: Sequence[str],
) -> int:
    """Measure beside whoever writes, then keep the run if nobody does; one that cannot be kept is still shown."""
    folder = _report_folder(arguments)
    with opened(arguments, writable=False) as assistant:
        with Counting("questions") as counting:
            run = measure(assistant, counting.show)
        run = _kept(assistant, run)
        _write_report(run, folder)
    if arguments.json:
        figures = {key: run.figures[key] for key in keys}
        output.emit({**figures, "run": run.id or None, "report": str(folder) if folder else None})
        return 0
    _say_figures({key: run.figures[key] for key in keys if key not in _LISTS})
    if run.id:
        output.say(f"kept as run {run.id}: hxd eval compare {run.id} ID")
    _say_report(folder)
    return 0


def _kept(assistant: Assistant, run: Run) -> Run:
    from hxd_desktop.engine.errors import HxdError

    try:
        return assistant.evaluations.keep(run)
    except HxdError as error:
        output.note(f"This run is not kept. {error.title}. {error.message}")
        return run


def list_all(arguments: argparse.Namespace) -> int:
    """Show the runs that are kept, the latest first."""
    with opened(arguments, writable=False) as assistant:
        runs = assistant.evaluations.all()
    return _show_runs(arguments, runs)


def show(arguments: argparse.Namespace) -> int:
    """Show one run, or make its report."""
    folder = _report_folder(arguments)
    with opened(arguments, writable=False) as assistant:
        run = assistant.evaluations.get(arguments.id)
    _write_report(run, folder)
    if arguments.json:
        output.emit({**run.summary(), "report": str(folder) if folder else None})
        return 0
    output.say(f"run {run.id}, {run.when}: {run.kind}, library {run.library}, {run.file}")
    _say_figures({key: value for key, value in run.figures.items() if not isinstance(value, list)})
    _say_report(folder)
    return 0


def remove(arguments: argparse.Namespace) -> int:
    """Forget a run."""
    with opened(arguments, writable=True) as assistant:
        assistant.evaluations.remove(arguments.id)
        runs = assistant.evaluations.all()
    return _show_runs(arguments, runs)


def compare(arguments: argparse.Namespace) -> int:
    """Say what differs between two runs, and whether it is more than chance."""
    with opened(arguments, writable=False) as assistant:
        found = assistant.evaluations.compare(arguments.a, arguments.b)
    if arguments.json:
        output.emit(found)
        return 0
    output.say(f"{found['n']} questions in both, {found['only_a']} and {found['only_b']} in one alone")
    rows = [("", f"run {arguments.a}", f"run {arguments.b}", "difference", "95 %", "")]
    for row in found["differences"]:
        sure = "" if row["low"] <= 0 <= row["high"] else "*"
        bounds = f"{row['low']:+.3f} to {row['high']:+.3f}"
        rows.append((row["figure"], figure(row["a"]), figure(row["b"]), f"{row['difference']:+.3f}", bounds, sure))
    for line in text.table(rows, right=(1, 2, 3, 4), indent="  "):
        output.say(line)
    output.say("* more than chance: the interval leaves out 0")
    for row in found["changed"][:_MOST_CHANGED]:
        output.say(f"  {row['a']} -> {row['b']}  {text.shorten(row['question'], 80)}")
    if len(found["changed"]) > _MOST_CHANGED:
        output.say(f"  and {len(found['changed']) - _MOST_CHANGED} more questions with another outcome: see --json")
    return 0


def _show_runs(arguments: argparse.Namespace, runs: Sequence[Run]) -> int:
    if arguments.json:
        output.emit({"runs": [run.summary() for run in runs]})
        return 0
    if not runs:
        output.say("no runs yet: hxd eval refusal or hxd eval qa makes one")
    rows = [(str(r.id), r.when, r.kind, r.library, r.file, _headline(r), r.setup.get("gate") or "") for r in runs]
    for line in text.table(rows, right=(0,)):
        output.say(line)
    return 0


def _headline(run: Run) -> str:
    key = "f1" if run.kind == "refusal" else "answer_contains"
    return f"{key} {figure(run.figures[key])} of {run.figures['n']}"


def _say_figures(figures: Mapping[str, Any]) -> None:
    for line in text.table([(key, figure(value)) for key, value in figures.items()], right=(1,), indent="  "):
        output.say(line)


def _report_folder(arguments: argparse.Namespace) -> Path | None:
    if not arguments.report:
        return None
    from hxd_desktop.engine.evaluation import report

    folder = Path(arguments.report)
    report.prepare(folder)
    return folder


def _write_report(run: Run, folder: Path | None) -> None:
    if folder is not None:
        from hxd_desktop.engine.evaluation import report

        report.write(run, folder)


def _say_report(folder: Path | None) -> None:
    if folder is not None:
        output.say(f"report: {folder / 'report.md'}")

"""Runs, figures and differences in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hxd_desktop.engine.evaluation.run import OWN_EXAMPLES, QA, REFUSAL, Row, Run
from hxd_desktop.ui import formats
from hxd_desktop.ui.evaluate.session import Shown
from hxd_desktop.ui.i18n import mark, plural, t

KINDS = {REFUSAL: mark("Answers or refuses"), QA: mark("Finds the answer")}
_FIGURES = {
    "n": mark("questions"),
    "f1": "F1",
    "precision": mark("precision"),
    "recall": mark("recall"),
    "threshold": mark("limit"),
    "best_f1": mark("F1 at the best limit"),
    "f1_deviation": mark("F1, standard deviation"),
    "roc_auc": mark("ROC AUC"),
    "accuracy": mark("accuracy"),
    "brier": mark("Brier score"),
    "hit@1": mark("answer in the best passage"),
    "hit@3": mark("answer in the best 3"),
    "hit@5": mark("answer in the best 5"),
    "hit@10": mark("answer in the best 10"),
    "mrr": mark("mean reciprocal rank"),
    "answer_contains": mark("answers that hold it"),
    "answered": mark("answer rate"),
    "refused": mark("refusal rate"),
    "answer_chars": mark("characters an answer"),
    "exact_match": mark("exact match"),
    "bleu": mark("BLEU"),
    "rouge_l": mark("ROUGE-L"),
    "context_precision": mark("precision of the passages"),
    "context_recall": mark("recall of the passages"),
    "faithfulness_lexical": mark("faithfulness, by words"),
    "answer_relevance_lexical": mark("relevance, by words"),
    "faithfulness_llm": mark("faithfulness, by the model"),
    "answer_relevance_llm": mark("relevance, by the model"),
    "ms_per_question": mark("ms a question"),
    "ms_p95": mark("ms, 95 % below"),
}
_WHOLE = {"n"}
_LONG = {"answer_chars", "ms_per_question", "ms_p95"}
_VERDICTS = {
    "right: passed": mark("right: answered"),
    "wrong: passed": mark("wrong: answered"),
    "right: refused": mark("right: refused"),
    "wrong: refused": mark("wrong: refused"),
    "right: answered": mark("right: answered"),
    "wrong: answered": mark("wrong: answered"),
    "unrelated": mark("refused: not covered"),
    "no_evidence": mark("refused: no evidence"),
    "not_a_question": mark("not a question"),
    "unsafe": mark("refused: unsafe"),
    "failed": mark("failed"),
}


def figure_name(key: str) -> str:
    """The name of a figure."""
    return t(_FIGURES[key]) if key in _FIGURES else key


def value(key: str, number: Any) -> str:
    """A figure as it is written."""
    if number is None:
        return "–"
    if key in _WHOLE:
        return formats.count(int(number))
    return formats.decimal(float(number), 1 if key in _LONG else 3)


def verdict(text: str) -> str:
    """What became of a question."""
    return t(_VERDICTS[text]) if text in _VERDICTS else text


def questions_of(run: Run) -> str:
    """Where a run's questions come from, and how many there are."""
    file = t("its own") if run.file == OWN_EXAMPLES else run.file
    return f"{file} ({formats.count(int(run.figures.get('n', 0)))})"


def name_of(run: Run) -> str:
    """A run in a legend."""
    return t("run {n}", n=run.id)


def run_row(run: Run) -> tuple[str, ...]:
    """A run in the table of runs."""
    figures = run.figures
    if run.kind == REFUSAL:
        result = f"F1 {value('f1', figures.get('f1'))}"
    else:
        result = t("{share} of the best 5", share=value("hit@5", figures.get("hit@5")))
    return (str(run.id), result, questions_of(run), formats.when(run.created), run.library)


def run_in_words(run: Run) -> str:
    """A run in one line, with what was measured."""
    kind = t(KINDS[run.kind]) if run.kind in KINDS else run.kind
    return " · ".join((kind, *run_row(run)[1:]))


def figures_table(shown: Shown) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Head and rows: each figure of each run, and how it differs from the first run's."""
    runs = shown.runs
    keys = [key for key in _FIGURES if any(isinstance(run.figures.get(key), int | float) for run in runs)]
    head: list[str] = [t("Figure"), name_of(runs[0])]
    differences: list[dict[str, Any]] = []
    for run, comparison in zip(runs[1:], shown.comparisons, strict=True):
        found = {row["figure"]: row for row in comparison["differences"]} if comparison else {}
        differences.append(found)
        head += [name_of(run), t("difference")]
    rows = []
    for key in keys:
        row = [figure_name(key), value(key, runs[0].figures.get(key))]
        for run, found in zip(runs[1:], differences, strict=True):
            row += [value(key, run.figures.get(key)), difference(found.get(key))]
        rows.append(tuple(row))
    return tuple(head), rows


def difference(row: Mapping[str, float] | None) -> str:
    """A difference with the bounds that hold 95 % of the resamples; "*" where they leave out 0."""
    if row is None:
        return ""
    sure = " *" if row["low"] > 0 or row["high"] < 0 else ""
    low, high = signed(row["low"]), signed(row["high"])
    return f"{signed(row['difference'])} ({low} … {high}){sure}"


def signed(number: float) -> str:
    """A number with its sign."""
    return f"{'+' if number > 0 else '−' if number < 0 else ''}{formats.decimal(abs(number), 3)}"


def remark(shown: Shown) -> str:
    """What has to be known to read the table."""
    if shown.remark:
        return shown.remark
    if len(shown.runs) < 2:
        return ""
    common = [comparison["n"] for comparison in shown.comparisons if comparison]
    return t(
        "Differences on the {n} questions that both asked, with what 95 % of resamplings give; * is more than chance.",
        n=", ".join(formats.count(n) for n in common),
    )


def questions_table(shown: Shown) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """One run: its questions, the wrong ones first; several: those whose outcome differs from the first run's."""
    run = shown.runs[0]
    if len(shown.runs) > 1:
        head = (t("Question"), name_of(run), t("other run"), t("outcome there"))
        return head, [
            (changed["question"], verdict(changed["a"]), name_of(other), verdict(changed["b"]))
            for other, comparison in zip(shown.runs[1:], shown.comparisons, strict=True)
            for changed in (comparison["changed"] if comparison else [])
        ]
    if run.kind == REFUSAL:
        rows = sorted(run.rows, key=lambda row: (row["passed"] == row["answerable"], -abs(row["score"] - 0.5)))
        return (t("Question"), t("Outcome"), t("Score")), [
            (row["question"], refusal_verdict(row), formats.score(row["score"])) for row in rows
        ]
    rows = sorted(run.rows, key=lambda row: (bool(row["contains"]), row["rank"] is not None, row["rank"] or 0))
    return (t("Question"), t("Outcome"), t("Place of the answer")), [
        (row["question"], qa_verdict(row), "–" if row["rank"] is None else formats.count(row["rank"] + 1))
        for row in rows
    ]


def refusal_verdict(row: Row) -> str:
    """What became of a question that was only judged."""
    right = row["passed"] == row["answerable"]
    return verdict(f"{'right' if right else 'wrong'}: {'passed' if row['passed'] else 'refused'}")


def qa_verdict(row: Row) -> str:
    """What became of a question that was asked."""
    if row["answered"]:
        return verdict("right: answered" if row["contains"] else "wrong: answered")
    return verdict(str(row["outcome"]))


def progress(done: int, of: int) -> str:
    """How far a run is."""
    return plural(of, "{done} of {n} question", "{done} of {n} questions", done=formats.count(done))

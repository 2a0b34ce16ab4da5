"""A run as a folder to read and to keep: report.md with pictures, and report.json with every question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hxd_desktop.engine.durable import export_file
from hxd_desktop.engine.errors import StorageError
from hxd_desktop.engine.evaluation import pictures
from hxd_desktop.engine.evaluation.run import REFUSAL, Row, Run

_MOST_SHOWN = 30  # questions in report.md; report.json has all
_PICTURES = {
    "scores.svg": "How the scores lie",
    "precision-recall.svg": "What a threshold costs",
    "f1.svg": "F1 over the threshold, beside HuixiangDou's published best",
    "reliability.svg": "How far the probability can be believed",
    "found.svg": "What was found and answered",
}


def prepare(folder: Path) -> None:
    """Make the folder, so that a long run does not end with a report that cannot be written.

    Raises:
        StorageError: it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error) from error


def write(run: Run, folder: Path) -> None:
    """Write the report of a run into `folder`; an earlier one there is replaced.

    Raises:
        StorageError: a file cannot be written.
    """
    drawn = (pictures.of_refusal if run.kind == REFUSAL else pictures.of_qa)(run.figures, run.rows)
    files = {
        **drawn,
        "report.json": json.dumps(
            {**run.summary(), "figures": run.figures, "rows": run.rows}, ensure_ascii=False, indent=1
        ),
        "report.md": markdown(run, list(drawn)),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in files.items():
            export_file(folder / name, text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise _unwritable(folder, error) from error


def markdown(run: Run, names: list[str]) -> str:
    """The report in words, with links to the pictures `names` beside it."""
    title = "Does it answer and refuse the right questions?" if run.kind == REFUSAL else "Does it find the answers?"
    lines = [f"# {title}", "", f"{run.when}, library {_code(run.library)}, questions from {_code(run.file)}", ""]
    lines += ["| figure | |", "|---|---|"]
    lines += [f"| {key} | {_figure(value)} |" for key, value in run.figures.items() if not isinstance(value, list)]
    for name in names:
        lines += ["", f"## {_PICTURES[name]}", "", f"![{_PICTURES[name]}]({name})"]
    lines += ["", *_questions(run)]
    lines += ["", "## Set-up", "", "| | |", "|---|---|"]
    lines += [f"| {key} | {_cell(_figure(value))} |" for key, value in {**run.setup, "questions": run.sha256}.items()]
    return "\n".join(lines) + "\n"


def _questions(run: Run) -> list[str]:
    """Where it went wrong, the plainest cases first."""
    if run.kind == REFUSAL:
        wrong = [row for row in run.rows if row["passed"] != row["answerable"]]
        wrong.sort(key=lambda row: -abs(row["score"] - run.figures["threshold"]))
        head, line = "| question | label | score |", _refusal_line
    else:
        wrong = [row for row in run.rows if not row["contains"]]
        wrong.sort(key=lambda row: (row["rank"] is None, row["rank"] or 0))
        head, line = "| question | wanted | given | rank |", _qa_line
    shown = wrong[:_MOST_SHOWN]
    of = f"the {len(shown)} plainest of {len(wrong)}" if len(shown) < len(wrong) else f"{len(wrong)}"
    return [f"## Where it went wrong ({of})", "", head, "|---" * head.count(" | ") + "|---|", *map(line, shown)]


def _refusal_line(row: Row) -> str:
    return f"| {_cell(row['question'])} | {'covered' if row['answerable'] else 'not covered'} | {row['score']:.3f} |"


def _qa_line(row: Row) -> str:
    wanted = " + ".join(" / ".join(part) for part in row["answers"])
    given = row["answer"] if row["answered"] else row["outcome"]
    rank = "-" if row["rank"] is None else row["rank"] + 1
    return f"| {_cell(row['question'])} | {_cell(wanted)} | {_cell(given)} | {rank} |"


def _figure(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_figure(v)}" for k, v in value.items())
    return str(value)


def _cell(text: str) -> str:
    """Text that stays inside its cell: on one line, with nothing that Markdown or HTML would take up."""
    for letter, written in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("[", "\\["), ("`", "\\`"), ("*", "\\*")):
        text = text.replace(letter, written)
    return " ".join(text.split())


def _code(text: str) -> str:
    return f"**{_cell(text)}**"


def _unwritable(folder: Path, error: OSError) -> StorageError:
    return StorageError(
        "The report cannot be written", f"{folder}: {error.strerror or error}.", "Choose another folder.", folder
    )

"""Question files: labelled questions, and questions with their answers and passages, in whatever form they come."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hxd_desktop.engine.errors import SettingsError, unreadable
from hxd_desktop.engine.evaluation import forms
from hxd_desktop.engine.evaluation.forms import AnsweredQuestion

__all__ = ["AnsweredQuestion", "LabelledQuestion", "load_answered", "load_labelled", "passages_of"]


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with whether the documents cover it."""

    question: str
    answerable: bool


def load_labelled(*paths: Path) -> list[LabelledQuestion]:
    """Read labelled questions from one file or several, which are taken together.

    Taken are JSON lines and lists of objects (`{"question" (or "query", "text"), "answerable" (or "label")}`), and
    HuixiangDou's lists: good_questions.json and bad_questions.json, gt_good.txt and gt_bad.txt with a question a line.
    Where rows have no label of their own, "good" or "bad" in the file's name is the label of all.

    Raises:
        SettingsError: the file cannot be read, or does not label its questions; it names the line.
    """
    return [question for path in paths for question in _labelled(path)]


def _labelled(path: Path) -> list[LabelledQuestion]:
    of_all = _label_of_name(path)
    found = []
    for where, value in _labelled_rows(path):
        try:
            question, answerable = forms.labelled(value, of_all)
        except forms.Unusable as error:
            raise _wrong(path, f"{where} {error}", error.remedy) from error
        found.append(LabelledQuestion(question, answerable))
    if not found:
        raise _wrong(path, "it holds no questions", 'Write one {"question": "...", "answerable": true} a line.')
    return found


def load_answered(path: Path) -> list[AnsweredQuestion]:
    """Read questions with answers, each row in whichever of these forms it has.

    Our own (`{"id", "question", "answers": [[spelling, ...], ...], "positive", "negative"}`), RGB's (`{"id", "query",
    "answer", "positive", "negative"}`), and CRUD-RAG's (`{"ID", "questions", "answers", "news1", ...}`, in one list, in
    lines, or under the `questanswer_...` tasks of split_merged.json; its other tasks are left out).

    Raises:
        SettingsError: the file cannot be read, or a row has another form; it names the line.
    """
    found = []
    for where, value in _answered_rows(path):
        try:
            found.append(forms.answered(value, where))
        except forms.Unusable as error:
            raise _wrong(path, f"{where} {error}", error.remedy) from error
    if not found:
        raise _wrong(path, "it holds no questions", 'Write one {"question": "...", "answers": [["..."]]} a line.')
    return found


def passages_of(path: Path, which: str) -> list[str]:
    """The passages of a question file, each once, in order; `which`: "all", "positive" or "negative".

    Raises:
        SettingsError: the file cannot be read, or holds no such passages.
    """
    found: dict[str, None] = {}
    for item in load_answered(path):
        if which in ("all", "positive"):
            found.update(dict.fromkeys(item.positive))
        if which in ("all", "negative"):
            found.update(dict.fromkeys(item.negative))
    if not found:
        raise _wrong(path, f"it holds no {which} passages", "Leave --passages out to ask a library of your own.")
    return list(found)


def _label_of_name(path: Path) -> bool | None:
    name = path.stem.lower()
    good, bad = "good" in name, "bad" in name
    return good if good != bad else None


def _labelled_rows(path: Path) -> Iterator[tuple[str, Any]]:
    if path.suffix.lower() == ".txt":
        for number, line in enumerate(_text(path).split("\n"), 1):
            if line.strip():
                yield f"line {number}", line.strip()
        return
    yield from _rows(path)


def _answered_rows(path: Path) -> Iterator[tuple[str, Any]]:
    for where, value in _rows(path):
        if not isinstance(value, dict) or forms.QUESTION_KEYS & value.keys():
            yield where, value
            continue
        tasks = {name: rows for name, rows in value.items() if name.startswith(forms.CRUD_TASKS)}
        if not tasks:
            yield where, value
        for name, rows in tasks.items():
            if not isinstance(rows, list):
                raise _wrong(path, f'"{name}" is not a list', "Give CRUD-RAG's own split_merged.json.")
            for number, row in enumerate(rows, 1):
                yield f"{name}, row {number},", row


def _rows(path: Path) -> Iterator[tuple[str, Any]]:
    """Each row of a JSON list, of JSON lines, or the one object of the file, with where it stands."""
    text = _text(path)
    if text.lstrip().startswith("["):
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            at = error.lineno if isinstance(error, json.JSONDecodeError) else 1
            raise _wrong(path, f"line {at} is not JSON", "Correct the file.") from error
        yield from ((f"row {number}", value) for number, value in enumerate(values, 1))
        return
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if len(lines) > 1 and (whole := _whole(text)) is not None:
        yield "the file", whole
        return
    for number, line in lines:
        try:
            yield f"line {number}", json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _wrong(path, f"line {number} is not JSON", "Write one JSON object a line, or one list.") from error


def _whole(text: str) -> dict[str, Any] | None:
    """The one object that fills the file over several lines, None where there is none."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise _wrong(path, "there is no such file", "Check the path.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, unreadable(error), "The file has to be readable and in UTF-8.") from error


def _wrong(path: Path, message: str, remedy: str) -> SettingsError:
    return SettingsError("The question file cannot be used", f"{path.name}: {message}.", remedy, path)

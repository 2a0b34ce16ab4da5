"""Question files: labelled questions, and questions with their answers and passages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.library.examples import read_file

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question with whether the documents cover it."""

    question: str
    answerable: bool


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with its answer.

    `answers`: the parts of the answer, each in its accepted spellings; an answer holds when each part stands in it in
    one spelling. `positive`, `negative`: passages that hold the answer, and such that only look like it.
    """

    id: str
    question: str
    answers: tuple[tuple[str, ...], ...]
    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()

    def held_by(self, text: str) -> bool:
        """Whether every part of the answer stands in `text` as a substring."""
        return all(any(spelling in text for spelling in part) for part in self.answers)


def load_labelled(path: Path) -> list[LabelledQuestion]:
    """Read labelled questions, in every form in which examples can be imported.

    Raises:
        SettingsError: the file cannot be read, or does not label its questions.
    """
    return [LabelledQuestion(question, answerable) for question, answerable in read_file(path, None)]


def load_answered(path: Path) -> list[AnsweredQuestion]:
    """Read questions with answers from JSON or JSONL.

    Raises:
        SettingsError: the file cannot be read, or a row is not `{"id", "question", "answers": [[spelling, ...], ...]}`.
    """

    def row(value: Any, where: str) -> AnsweredQuestion:
        if not isinstance(value, Mapping) or not isinstance(value.get("question"), str):
            raise _wrong(path, f'{where} has no "question"', 'Rows are {"id", "question", "answers"}.')
        answers = value.get("answers")
        if not isinstance(answers, list) or not all(
            isinstance(part, list) and part and all(isinstance(s, str) for s in part) for part in answers
        ):
            raise _wrong(path, f'{where} has no "answers"', 'Answers are [["spelling", ...], ...], one list a part.')
        return AnsweredQuestion(
            str(value.get("id", where)),
            value["question"],
            tuple(tuple(part) for part in answers),
            _passages(value, "positive"),
            _passages(value, "negative"),
        )

    return list(_rows(path, row))


def _passages(value: Mapping[str, Any], key: str) -> tuple[str, ...]:
    passages = value.get(key, [])
    return tuple(p for p in passages if isinstance(p, str)) if isinstance(passages, list) else ()


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


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise _wrong(path, "there is no such file", "Check the path.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise _wrong(path, str(error), "The file has to be readable and in UTF-8.") from error


def _rows(path: Path, convert: Callable[[Any, str], _Row]) -> Iterator[_Row]:
    """Each row of a JSON list or of JSON lines, converted; empty lines are left out."""
    text = _text(path)
    if text.lstrip().startswith("["):
        try:
            values = json.loads(text)
        except json.JSONDecodeError as error:
            raise _wrong(path, f"line {error.lineno} is not JSON", "Correct the file.") from error
        for number, value in enumerate(values, 1):
            yield convert(value, f"row {number}")
        return
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except json.JSONDecodeError as error:
            raise _wrong(path, f"line {number} is not JSON", "Write one JSON object a line, or one list.") from error
        yield convert(value, f"line {number}")


def _wrong(path: Path, message: str, remedy: str) -> SettingsError:
    return SettingsError("The question file cannot be used", f"{path.name}: {message}.", remedy, path)

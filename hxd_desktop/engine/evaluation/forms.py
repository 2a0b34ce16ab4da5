"""The forms in which a row of a question file comes: our own, HuixiangDou's, RGB's, CRUD-RAG's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

QUESTION_KEYS = frozenset({"question", "query", "questions"})  # ours, RGB's, CRUD-RAG's
CRUD_TASKS = "questanswer_"
_NEWS = re.compile(r"news(\d+)")
_LABELS = {True: True, False: False, "good": True, "bad": False, "true": True, "false": False}


class Unusable(Exception):  # noqa: N818 - what is said of a row, turned into an error where the file is known
    """A row has another form; the text goes on after its place, `remedy` says what it should be."""

    def __init__(self, text: str, remedy: str) -> None:
        super().__init__(text)
        self.remedy = remedy


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

    def parts_in(self, text: str) -> int:
        """How many parts of the answer stand in `text` as a substring."""
        return sum(any(spelling in text for spelling in part) for part in self.answers)

    def held_by(self, text: str) -> bool:
        """Whether every part of the answer stands in `text` as a substring."""
        return self.parts_in(text) == len(self.answers)


def labelled(value: Any, of_all: bool | None) -> tuple[str, bool]:
    """A question and whether it is covered; `of_all` is the label of rows without one.

    Raises:
        Unusable: there is no question, or no label.
    """
    remedy = 'Rows are {"question", "answerable"}, or questions alone in a file with "good" or "bad" in its name.'
    if isinstance(value, Mapping):
        question = next((value[key] for key in ("question", "query", "text") if isinstance(value.get(key), str)), None)
        own = next((value[key] for key in ("answerable", "label") if key in value), of_all)
    else:
        question, own = value if isinstance(value, str) else None, of_all
    if question is None:
        raise Unusable('has no "question"', remedy)
    key = own.lower() if isinstance(own, str) else own
    if isinstance(key, float | list | dict) or key not in _LABELS:
        raise Unusable("does not say whether the documents cover the question", remedy)
    return question, _LABELS[key]


def answered(value: Any, where: str) -> AnsweredQuestion:
    """A question with its answers, from a row of any of the three forms; `where` is its id if it has none.

    Raises:
        Unusable: the row has none of the forms.
    """
    if isinstance(value, Mapping):
        if isinstance(value.get("question"), str):
            return _own(value, where)
        if isinstance(value.get("query"), str):
            return _rgb(value, where)
        if "questions" in value:
            return _crud(value, where)
    raise Unusable(
        'has no "question"',
        'Rows are {"id", "question", "answers"}, RGB\'s {"query", "answer"} or CRUD-RAG\'s {"questions", "answers"}.',
    )


def _own(value: Mapping[str, Any], where: str) -> AnsweredQuestion:
    answers = value.get("answers")
    if not isinstance(answers, list) or not all(isinstance(part, list) for part in answers):
        raise Unusable('has no "answers"', 'Answers are [["spelling", ...], ...], one list a part.')
    return AnsweredQuestion(
        str(value.get("id", where)),
        value["question"],
        _parts(answers, "answers"),
        _passages(value.get("positive")),
        _passages(value.get("negative")),
    )


def _rgb(value: Mapping[str, Any], where: str) -> AnsweredQuestion:
    """RGB: `answer` is a text, a list of parts, or a list with lists of spellings; passages may be nested by part."""
    answer = value.get("answer")
    parts = answer if isinstance(answer, list) else [answer]
    return AnsweredQuestion(
        str(value.get("id", where)),
        value["query"],
        _parts(parts, "answer"),
        _passages(value.get("positive")),
        _passages(value.get("negative")),
    )


def _crud(value: Mapping[str, Any], where: str) -> AnsweredQuestion:
    """CRUD-RAG: `questions` and `answers` are texts, or lists of one; `news1`, `news2`, ... hold the answer."""
    question = value["questions"]
    if isinstance(question, list) and len(question) == 1:
        question = question[0]
    if not isinstance(question, str):
        raise Unusable('has more than one question in "questions"', "Give each question a row of its own.")
    answer = value.get("answers")
    news = sorted((int(match[1]), key) for key in value if (match := _NEWS.fullmatch(key)))
    return AnsweredQuestion(
        str(value.get("ID", where)),
        question,
        _parts(answer if isinstance(answer, list) else [answer], "answers"),
        _passages([value[key] for _, key in news]),
    )


def _parts(values: list[Any], key: str) -> tuple[tuple[str, ...], ...]:
    parts = tuple(_spellings(value, key) for value in values)
    if not parts:
        raise Unusable(f'has no answer in "{key}"', "Leave questions without an answer out of the file.")
    return parts


def _spellings(value: Any, key: str) -> tuple[str, ...]:
    spellings = value if isinstance(value, list) else [value]
    # Numbers are answers too; an empty spelling would stand in every text.
    texts = [str(s) if isinstance(s, int | float) and not isinstance(s, bool) else s for s in spellings]
    if not texts or not all(isinstance(text, str) and text for text in texts):
        raise Unusable(f'has an answer in "{key}" that is no text', "Answers are texts, or lists of their spellings.")
    return tuple(texts)


def _passages(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        return ()
    return tuple(passage for inner in value for passage in _passages(inner))

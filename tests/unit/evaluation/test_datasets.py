from __future__ import annotations

import json
from pathlib import Path

import pytest

from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.evaluation.datasets import load_answered, load_labelled, passages_of


def write(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_labelled_lines(tmp_path: Path) -> None:
    file = write(
        tmp_path / "q.jsonl", {"question": "保修几年", "answerable": True}, {"question": "天气", "answerable": False}
    )
    assert [(q.question, q.answerable) for q in load_labelled(file)] == [("保修几年", True), ("天气", False)]


def test_lists_of_good_and_bad_questions(tmp_path: Path) -> None:
    good = write(tmp_path / "good_questions.json", ["怎么安装", "怎么升级"])
    bad = write(tmp_path / "bad_questions.json", ["吃了吗"])
    assert [q.answerable for q in load_labelled(good) + load_labelled(bad)] == [True, True, False]


def test_a_row_without_label_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_labelled(write(tmp_path / "q.jsonl", {"question": "保修几年"}))


QA = {
    "id": 7,
    "question": "谁负责",
    "answers": [["李建国", "李先生"], ["财务"]],
    "positive": ["甲", "乙"],
    "negative": ["丙", "甲"],
}


def test_answers_and_passages(tmp_path: Path) -> None:
    file = write(tmp_path / "qa.jsonl", QA)
    (item,) = load_answered(file)
    assert item.id == "7"
    assert item.held_by("财务部的李先生")
    assert not item.held_by("李建国")
    assert passages_of(file, "positive") == ["甲", "乙"]
    assert passages_of(file, "negative") == ["丙", "甲"]
    assert passages_of(file, "all") == ["甲", "乙", "丙"]


@pytest.mark.parametrize(
    "row", [{"question": "谁"}, {"question": "谁", "answers": ["李"]}, {"question": "谁", "answers": [[]]}, "谁"]
)
def test_wrong_answers_are_refused_with_their_line(tmp_path: Path, row: object) -> None:
    with pytest.raises(SettingsError, match="line 2"):
        load_answered(write(tmp_path / "qa.jsonl", QA, row))


def test_passages_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="positive"):
        passages_of(write(tmp_path / "qa.jsonl", {"question": "谁", "answers": [["李"]]}), "positive")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_answered(tmp_path / "none.jsonl")

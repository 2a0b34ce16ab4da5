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
    assert [q.answerable for q in load_labelled(good, bad)] == [True, True, False]


def test_huixiangdous_text_lists_hold_a_question_a_line(tmp_path: Path) -> None:
    good, bad = tmp_path / "gt_good.txt", tmp_path / "gt_bad.txt"
    good.write_text("怎么安装\u2028mmcv？\n\n怎么升级\n", encoding="utf-8")
    bad.write_text("\ufeff吃了吗", encoding="utf-8")
    assert [q.question for q in load_labelled(good)] == ["怎么安装\u2028mmcv？", "怎么升级"]
    assert [(q.question, q.answerable) for q in load_labelled(bad)] == [("吃了吗", False)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"query": "怎么安装", "label": 1}, True),
        ({"text": "吃了吗", "label": "bad"}, False),
        ({"question": "怎么安装", "answerable": True, "label": "bad"}, True),
    ],
)
def test_other_names_of_question_and_label(row: object, expected: bool, tmp_path: Path) -> None:
    assert [q.answerable for q in load_labelled(write(tmp_path / "q.jsonl", row))] == [expected]


def test_a_rows_own_label_goes_before_that_of_the_files_name(tmp_path: Path) -> None:
    file = write(tmp_path / "good.jsonl", {"question": "天气", "answerable": False}, "怎么安装")
    assert [q.answerable for q in load_labelled(file)] == [False, True]


@pytest.mark.parametrize(
    "row",
    [{"question": "保修几年"}, "保修几年", 7, {"answerable": True}, {"question": "q", "answerable": "perhaps"},
     {"text": "它呢", "cr_need_gt": True}],
)  # fmt: skip
def test_a_row_without_question_or_label_is_named_with_its_line(row: object, tmp_path: Path) -> None:
    file = write(tmp_path / "q.jsonl", {"question": "保修几年", "answerable": True}, row)
    with pytest.raises(SettingsError, match="line 2"):
        load_labelled(file)


def test_a_file_without_questions_says_so(tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text("\n")
    with pytest.raises(SettingsError, match="no questions"):
        load_labelled(tmp_path / "q.jsonl")


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


RGB = [
    {"id": 0, "query": "死亡人数", "answer": [["12人", "十二人"]], "positive": ["至少12人死亡"], "negative": ["踩踏"]},
    {"id": 1, "query": "哪两天", "answer": ["1月3日", ["1月12日"]], "positive": [["3日宣誓", "又"], ["12日开会"]],
     "negative": []},
    {"id": 2, "query": "where", "answer": "Tampa", "fakeanswer": "Miami", "positive": ["in Tampa"],
     "positive_wrong": ["in Miami"], "negative": ["football"]},
    {"id": 3, "query": "多少个议席", "answer": 70, "positive": [], "negative": []},
]  # fmt: skip


def test_rgb_in_its_own_form(tmp_path: Path) -> None:
    first, second, third, fourth = load_answered(write(tmp_path / "zh.json", *RGB))
    assert (first.id, first.question, first.answers) == ("0", "死亡人数", (("12人", "十二人"),))
    assert second.answers == (("1月3日",), ("1月12日",))
    assert second.positive == ("3日宣誓", "又", "12日开会")
    assert second.held_by("1月3日和1月12日")
    assert not second.held_by("1月3日")
    assert (third.answers, third.positive) == ((("Tampa",),), ("in Tampa",))
    assert fourth.answers == (("70",),)


CRUD_ROW = {
    "ID": "cb-1", "event": "e", "news1": "新华社甲", "news2": "新华社乙",
    "questions": "何时？", "answers": "2028年6月30日",
}  # fmt: skip


def test_crud_in_its_own_file(tmp_path: Path) -> None:
    file = tmp_path / "split_merged.json"
    tasks = {
        "event_summary": [{"x": 1}],
        "questanswer_1doc": [CRUD_ROW],
        "questanswer_2docs": [{**CRUD_ROW, "ID": "b"}],
    }
    file.write_text(json.dumps(tasks, ensure_ascii=False, indent=1), encoding="utf-8")
    first, second = load_answered(file)
    assert (first.id, first.question, first.answers) == ("cb-1", "何时？", (("2028年6月30日",),))
    assert first.positive == ("新华社甲", "新华社乙")
    assert second.id == "b"
    assert passages_of(file, "positive") == ["新华社甲", "新华社乙"]
    assert load_answered(write(tmp_path / "crud.jsonl", CRUD_ROW)) == [first]
    one = write(tmp_path / "crud.json", [{**CRUD_ROW, "questions": ["何时？"], "answers": ["2028年6月30日"]}])
    assert load_answered(one) == [first]


def test_a_bad_row_of_crud_is_named_with_its_task(tmp_path: Path) -> None:
    file = write(tmp_path / "crud.json", {"questanswer_3docs": [CRUD_ROW, {**CRUD_ROW, "answers": None}]})
    with pytest.raises(SettingsError, match="questanswer_3docs, row 2"):
        load_answered(file)


@pytest.mark.parametrize(
    "row",
    [
        {"query": "谁"},
        {"query": "谁", "answer": []},
        {"query": "谁", "answer": [[]]},
        {"query": "谁", "answer": ""},
        {"questions": ["一", "二"], "answers": "三"},
        {"event_summary": []},
    ],
)
def test_wrong_rows_of_others_are_refused_with_their_line(row: object, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="line 2"):
        load_answered(write(tmp_path / "qa.jsonl", QA, row))


def test_passages_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="positive"):
        passages_of(write(tmp_path / "qa.jsonl", {"question": "谁", "answers": [["李"]]}), "positive")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_answered(tmp_path / "none.jsonl")

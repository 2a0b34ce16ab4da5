from __future__ import annotations

from hxd_desktop.engine.answering.agreement import agreement
from hxd_desktop.engine.answering.lexical import LexicalScorer
from hxd_desktop.engine.answering.preprocess import prepare


def agreed(question: str, *texts: str) -> float:
    prepared = prepare(question)
    return agreement(LexicalScorer(prepared, {}, 20.0), prepared.text, texts)


def test_passages_that_name_the_same_number_agree() -> None:
    same = agreed("博物馆有多少名员工？", "博物馆现有员工 320 人。", "博物馆的员工共 320 人，其中一半在讲解部。")
    different = agreed("博物馆有多少名员工？", "博物馆现有员工 320 人。", "博物馆的员工去年增加了 15 人。")
    assert same > different > 0


def test_what_the_question_says_itself_is_no_answer() -> None:
    assert agreed("2021年的展览有多少？", "2021年的展览。", "2021年的展览。") == 0


def test_sentences_about_something_else_are_no_witnesses() -> None:
    assert agreed("博物馆有多少名员工？", "今天气温 25 度。", "明天气温 25 度。") == 0


def test_nothing_agrees_on_nothing() -> None:
    assert agreed("博物馆有多少名员工？") == 0

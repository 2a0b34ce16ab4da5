from __future__ import annotations

from hxd_desktop.engine.answering.agreement import agreement, finder
from hxd_desktop.engine.answering.asked import Asked
from hxd_desktop.engine.answering.close_reading import CloseReader
from hxd_desktop.engine.answering.lexical import LexicalScorer
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.text.folding import fold


def agreed(question: str, *texts: str) -> float:
    prepared = prepare(question)
    asked = Asked(prepared.text)
    scorer = LexicalScorer(prepared, {}, 20.0)
    reader = CloseReader(scorer, asked)
    return agreement(
        [reader.read(*scorer.finder.find(text), frozenset()) for text in texts], asked, fold(prepared.text)
    )


def test_passages_that_name_the_same_number_agree() -> None:
    same = agreed("博物馆有多少名员工？", "博物馆现有员工 320 名。", "博物馆的员工共 320 名，其中一半在讲解部。")
    different = agreed("博物馆有多少名员工？", "博物馆现有员工 320 名。", "博物馆的员工去年增加了 15 名。")
    assert same > different > 0


def test_dates_agree_with_and_without_their_year() -> None:
    same = agreed("展览什么时候开幕？", "展览于 2024 年 5 月 18 日开幕。", "展览将于 5 月 18 日开幕。")
    different = agreed("展览什么时候开幕？", "展览于 2024 年 5 月 18 日开幕。", "展览将于 6 月 1 日开幕。")
    assert same > different > 0


def test_a_rare_name_counts_and_an_everyday_word_does_not() -> None:
    name = agreed("馆长是谁？", "馆长钱钟琬出席。", "新任馆长钱钟琬致辞。")
    everyday = agreed("馆长是谁？", "馆长今天出席，大家都很高兴。", "馆长表示，大家都很高兴。")
    assert name > everyday


def test_what_the_question_says_itself_is_no_answer() -> None:
    assert agreed("2021年的展览有多少？", "2021年的展览。", "2021年的展览。") == 0
    assert agreed("谁是博物馆的馆长？", "博物馆的馆长。", "博物馆的馆长。") == 0


def test_sentences_about_something_else_are_no_witnesses() -> None:
    assert agreed("博物馆有多少名员工？", "今天气温 25 度。", "明天气温 25 度。") == 0


def test_nothing_agrees_on_nothing() -> None:
    assert agreed("博物馆有多少名员工？") == 0
    assert agreed("馆长是谁？") == 0


def test_numbers_without_a_unit_count_where_none_was_asked_for() -> None:
    assert agreed("前台的分机号码是多少？", "前台的分机号码是 8021。") > 0
    assert agreed("台灯多少钱？", "台灯 | 129 | 84") > 0
    assert agreed("台灯有多少台？", "台灯 | 129 | 84") == 0


def test_names_come_in_the_order_of_the_text_so_that_the_next_start_scores_alike() -> None:
    question = "馆长是谁？"
    found = list(finder(Asked(question), fold(question))("beta 钱钟琬馆长 alpha 7 beta"))
    assert found == ["beta", "alpha", "7", "钱钟琬", "钟琬馆", "琬馆长"]

from __future__ import annotations

from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.terms import content_text


def weights(question: str) -> dict[str, float]:
    return {term.term: term.weight for term in prepare(question).terms}


def test_words_of_asking_weigh_little() -> None:
    found = weights("请问保修期是多久？")
    assert found["保修"] == found["修期"] == 1.0
    assert found["请问"] < 0.1
    assert found["多久"] < 0.1


def test_where_two_words_meet_is_no_word() -> None:
    found = weights("训练模型")
    assert found["训练"] == found["模型"] == 1.0
    assert found["练模"] < 0.5


def test_a_seam_that_alone_holds_a_character_stays() -> None:
    assert weights("仰恩大学")["仰恩"] == 1.0
    assert weights("茴香豆")["香豆"] == 1.0


def test_a_word_with_a_character_of_grammar_in_it_is_a_word() -> None:
    assert weights("志愿者参与活动")["参与"] == 1.0


def test_content_text_leaves_words_of_asking_out() -> None:
    assert content_text("请问保修期是多久？") == "保修期"

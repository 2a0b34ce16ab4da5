from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.preprocess import MAX_QUESTION_CHARS, Shape, content_text, normalise, prepare


@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "你好！",
        "您好，在吗？",
        "你好,介绍下自己",
        "介绍一下你自己吧",
        "谢谢大佬",
        "谢谢你",
        "哈哈哈哈",
        "嗯嗯",
        "好的，明白了",
        "早上好呀",
        "Hello!",
        "hi there",
        "Thanks a lot!",
        "who are you?",
        "What can you do?",
        "OK, got it, thank you",
        "How are you?",
        "aaaaaa",
    ],
)
def test_small_talk_is_not_a_question(text: str) -> None:
    assert prepare(text).shape is Shape.SMALL_TALK


@pytest.mark.parametrize("text", ["", "   ", "\n\t", "？？？", "...", "😀😀", "\x00\x01", "[捂脸]"])
def test_nothing_is_empty(text: str) -> None:
    assert prepare(text).shape is Shape.EMPTY


@pytest.mark.parametrize(
    "text",
    [
        "你好，请问茴香馆怎么部署",
        "谢谢，那退货要几天？",
        "hi, how do I train a model",
        "Hello, what is the warranty?",
        "help me install the driver",
        "你是谁开发的模型",
        "你好用吗这个软件",
        "what can you do with the blender",
        "今天天气怎么样?",
        "2022春运开始时间",
        "warranty",
        "可以退款吗",
        "8021",
        "好的，那怎么安装",
    ],
)
def test_real_questions_are_not_eaten(text: str) -> None:
    assert prepare(text).is_question


def test_a_megabyte_is_bounded_and_quick() -> None:
    began = time.perf_counter()
    question = prepare("退款需要几天？" + "日志 error 0x80 \x07" * 70_000)
    assert time.perf_counter() - began < 10
    assert len(question.text) <= MAX_QUESTION_CHARS
    assert len(question.original) <= MAX_QUESTION_CHARS
    assert "退款" in question.text


def test_control_and_format_characters_go() -> None:
    assert normalise("安\u200b装\x00 \r\n\ud800步骤") == "安装 步骤"


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    question = prepare(text, [(text, "")])
    assert len(question.text) <= MAX_QUESTION_CHARS
    assert all(0 <= number < len(question.terms) for number in question.sequence)
    question.text.encode()


def test_words_of_asking_weigh_little() -> None:
    weights = {term.term: term.weight for term in prepare("请问保修期是多久？").terms}
    assert weights["保修"] == weights["修期"] == 1.0
    assert weights["请问"] < 0.1
    assert weights["多久"] < 0.1


def test_language_of_short_questions() -> None:
    assert prepare("hi, how do I train a model").language == "en"
    assert prepare("mmcv 怎么安装").language == "zh"


HISTORY = [("怎么在 Linux 上安装数据库驱动", "先下载。")]


@pytest.mark.parametrize(
    "text",
    ["那 Windows 呢", "苹果电脑呢？", "它支持哪些系统？", "为什么？", "what about windows?", "does it support GPU?"],
)
def test_follow_ups_take_the_subject_along(text: str) -> None:
    question = prepare(text, HISTORY)
    assert question.shape is Shape.FOLLOW_UP
    assert "驱动" in question.search
    carried = [term for term in question.terms if term.start == -1]
    assert carried
    assert all(term.weight <= 0.5 for term in carried)


@pytest.mark.parametrize(
    "text", ["报销单什么时候提交给财务部", "How do I deploy the search service on a Jetson board?"]
)
def test_complete_questions_stay_alone(text: str) -> None:
    question = prepare(text, HISTORY)
    assert question.shape is Shape.QUESTION
    assert question.search == question.text


def test_a_chain_of_follow_ups_keeps_its_subject() -> None:
    question = prepare("那费用呢", [("怎么申请护照", "…"), ("它要多久", "…")])
    assert "护照" in question.search


def test_content_text_leaves_words_of_asking_out() -> None:
    assert content_text("请问保修期是多久？") == "保修期"


@pytest.mark.parametrize(
    "text", ["今天天气怎么样?", "现在几点了", "明天会下雨吗", "what's the weather like?", "any news today?"]
)
def test_asking_for_the_present(text: str) -> None:
    assert prepare(text).live


@pytest.mark.parametrize(
    "text", ["天气数据的接口怎么调用", "新闻稿由谁审核", "how is the exchange rate stored", "现在怎么安装驱动"]
)
def test_mentioning_it_is_not_asking_for_it(text: str) -> None:
    assert not prepare(text).live


def weights(question: str) -> dict[str, float]:
    return {term.term: term.weight for term in prepare(question).terms}


def test_where_two_words_meet_is_no_word() -> None:
    found = weights("训练模型")
    assert found["训练"] == found["模型"] == 1.0
    assert found["练模"] < 0.5


def test_a_seam_that_alone_holds_a_character_stays() -> None:
    assert weights("仰恩大学")["仰恩"] == 1.0
    assert weights("茴香豆")["香豆"] == 1.0


def test_a_word_with_a_character_of_grammar_in_it_is_a_word() -> None:
    assert weights("志愿者参与活动")["参与"] == 1.0

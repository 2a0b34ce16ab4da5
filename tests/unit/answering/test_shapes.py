from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.shapes import Shape


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

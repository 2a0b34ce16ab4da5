from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.normalising import MAX_QUESTION_CHARS
from hxd_desktop.engine.answering.preprocess import prepare


def test_a_megabyte_is_bounded_and_quick() -> None:
    began = time.perf_counter()
    question = prepare("退款需要几天？" + "日志 error 0x80 \x07" * 70_000)
    assert time.perf_counter() - began < 10
    assert len(question.text) <= MAX_QUESTION_CHARS
    assert len(question.original) <= MAX_QUESTION_CHARS
    assert "退款" in question.text


@given(st.text(max_size=300))
def test_any_text_is_taken(text: str) -> None:
    question = prepare(text, [(text, "")])
    assert len(question.text) <= MAX_QUESTION_CHARS
    assert all(0 <= number < len(question.terms) for number in question.sequence)
    question.text.encode()


def test_language_of_short_questions() -> None:
    assert prepare("hi, how do I train a model").language == "en"
    assert prepare("mmcv 怎么安装").language == "zh"

from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.asked import Asked
from hxd_desktop.engine.answering.close_reading import CLOSE_COLUMN, CloseReader, Reading, copies
from hxd_desktop.engine.answering.lexical import LexicalScorer
from hxd_desktop.engine.answering.preprocess import prepare


def read(question: str, text: str, named: frozenset[int] = frozenset()) -> Reading:
    prepared = prepare(question)
    scorer = LexicalScorer(prepared, {}, 20.0)
    return CloseReader(scorer, Asked(prepared.text)).read(*scorer.finder.find(text), named)


def feature(name: str, question: str, text: str) -> float:
    return read(question, text).features[CLOSE_COLUMN[name]]


FILLER = "这里还有许多别的内容，与问题没有关系。" * 4


@pytest.mark.parametrize(
    ("name", "question", "better", "worse"),
    [
        ("sentences", "保修期限和发票", "保修期限见发票。", f"保修期限另行通知。{FILLER}发票请保存。"),
        ("answer", "出差住宿费是多少元？", "出差住宿费每晚 600 元。", f"出差住宿费实报实销。{FILLER}午餐 30 元。"),
        ("exact", "博物馆有多少名员工？", "博物馆现有员工 320 名。", "博物馆员工食堂有 3 层。"),
        ("runs", "语音识别模型训练", "语音识别模型训练完成。", "模型完成了语音的训练与识别。"),
        ("complete", "青灯公司的传真", "青灯公司的传真是 021。", "青灯公司的电话是 021。"),
        ("focus", "他加入哪支球队？", "他加入了一支球队。", "他加入了。"),
    ],
)
def test_each_feature_tells_the_better_passage(name: str, question: str, better: str, worse: str) -> None:
    assert feature(name, question, better) > feature(name, question, worse)


def test_features_stay_within_their_range() -> None:
    for text in ("", "。", "保修", "保修期是多少年？三年。" * 50):
        assert all(0.0 <= value <= 1.0 for value in read("保修期是多少年？", text).features)


def test_a_term_of_the_heading_is_not_missing() -> None:
    question, text = "青灯公司的传真", "传真是 021。"
    everything = frozenset(range(len(prepare(question).terms)))
    complete = CLOSE_COLUMN["complete"]
    assert read(question, text, everything).features[complete] == pytest.approx(1.0)
    assert read(question, text).features[complete] < 1.0


def test_copies_are_told_and_the_first_is_kept() -> None:
    text = "今年的报销制度从七月一日起施行，住宿费每晚上限六百元，交通费按票据报销，餐费每天一百元。"
    other = "考勤从九点开始，迟到三次扣一天年假，请假需要提前一天在系统里提交并由经理批准后才算数。"
    readings = [read("报销", t) for t in (text, other, text + "特此通知。", text)]
    assert copies(readings) == [False, False, False, True]
    assert copies([read("报销", t) for t in (text + "特此通知。", text)]) == [False, True]
    assert copies([]) == []


def test_the_same_text_with_another_number_is_no_copy() -> None:
    text = "The Hamburg warehouse was opened in the spring of 2017 by the founders and stores parcels for the north."
    text += " Its doors open at nine in the morning, and the night shift closes them when the last lorry has gone away."
    assert copies([read("Hamburg", t) for t in (text, text.replace("2017", "2019"), text)]) == [False, False, True]

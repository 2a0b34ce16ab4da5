from __future__ import annotations

import numpy as np
import pytest

from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.statements import STATEMENT_FEATURES, Statement, Statements, default_weights


def source(n: int, text: str, fused: float = 0.9) -> Source:
    return Source(n, "default", f"/docs/{n}.md", None, "", 0, len(text), text, {"fused": fused})


def of(question: str, *texts: str, longest: int = 100) -> Statements:
    return Statements(prepare(question), [source(n, text) for n, text in enumerate(texts, 1)], {}, longest)


def value(statement: Statement, name: str) -> float:
    return statement.features[STATEMENT_FEATURES.index(name)]


def test_statements_are_the_sentences_of_every_source_in_order() -> None:
    first, second = "午餐十一点半供应。晚餐六点供应。", "# 食堂\n菜单每周更新。"
    found = of("午餐几点供应？", first, second).all
    assert [(s.source, (first, second)[s.source][s.start : s.end]) for s in found] == [
        (0, "午餐十一点半供应。"),
        (0, "晚餐六点供应。"),
        (1, "# 食堂"),
        (1, "菜单每周更新。"),
    ]
    assert [s.heading for s in found] == [False, False, True, False]
    assert all(s.whole for s in found)


def test_a_long_sentence_is_cut_at_clauses_without_losing_a_character() -> None:
    text = "，".join(f"第{n}项说明讲的是别的事" for n in range(30)) + "。"
    found = of("说明", text, longest=40).all
    assert len(found) > 5
    assert not any(s.whole for s in found)
    assert all(s.end - s.start <= 40 for s in found)
    assert "".join(text[s.start : s.end] for s in found) == text


@pytest.mark.parametrize(
    ("name", "question", "better", "worse"),
    [
        ("covered", "午餐的供应时间", "午餐的供应时间不变。", "午餐很好吃。"),
        ("exact", "有多少名员工？", "现有员工 320 名。", "现有员工和 3 个部门。"),
        ("focus", "他加入哪支球队？", "他加入了一支球队。", "他加入了。"),
        ("likely", "展览什么时候开幕？", "展览 5 月 18 日开幕。", "展览开幕了。"),
        ("defines", "茴香馆是什么？", "茴香馆是一个餐厅管理系统。", "升级茴香馆之前请备份。"),
    ],
)
def test_each_feature_tells_the_better_sentence(name: str, question: str, better: str, worse: str) -> None:
    (a,), (b,) = of(question, better).all, of(question, worse).all
    assert value(a, name) > value(b, name)


def test_what_several_sources_name_is_agreed_on() -> None:
    found = of("有多少名员工？", "现有员工 320 名。", "员工共 320 名。", "去年员工增加 15 名。").all
    assert value(found[0], "agreed") == value(found[1], "agreed") == 1.0
    assert value(found[2], "agreed") < 1.0


def test_the_neighbour_of_the_questions_words_is_known() -> None:
    found = of("食堂的位置", "食堂的位置见下。三楼东侧。别的内容。").all
    assert [s.beside for s in found] == [False, True, False]


def test_features_stay_in_range_and_nothing_scores_nothing() -> None:
    assert of("午餐").scores().shape == (0,)
    found = of("午餐多少钱？", "午餐 20 元。" * 40, "")
    x = np.array([s.features for s in found.all])
    assert ((x >= 0) & (x <= 2)).all()
    assert set(default_weights()) <= set(STATEMENT_FEATURES)

from __future__ import annotations

from hxd_desktop.engine.answering.extract import extract
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.preprocess import prepare


def source(n: int, text: str, fused: float = 0.9) -> Source:
    return Source(n, "default", f"/docs/{n}.md", None, "", 0, len(text), text, {"fused": fused})


LONG = "这里讲的是别的事情，与问题没有关系。" * 12


def test_the_sentence_that_holds_the_answer_is_quoted_word_for_word() -> None:
    text = LONG + "食堂的午餐供应时间是每天十一点半到一点。" + LONG
    quotes = extract(prepare("食堂午餐几点供应？"), [source(1, text)], {}, 120)
    assert "十一点半到一点" in quotes[0].text
    assert text[quotes[0].start : quotes[0].end] == quotes[0].text
    assert quotes[0].cited().endswith(" [1]")


def test_together_they_stay_within_the_limit() -> None:
    sources = [source(n, f"第{n}条：午餐的供应时间由食堂决定，今年是第{n}种安排。" * 6) for n in range(1, 6)]
    quotes = extract(prepare("午餐的供应时间"), sources, {}, 200)
    assert len("\n".join(quote.cited() for quote in quotes)) <= 200


def test_an_over_long_sentence_is_cut_at_clauses_and_marked() -> None:
    text = (
        "，".join(f"第{n}项说明很长" for n in range(60))
        + "，仓库的钥匙由值班员保管，"
        + "，".join("其他内容" for _ in range(60))
        + "。"
    )
    (quote, *_) = extract(prepare("仓库的钥匙由谁保管"), [source(1, text)], {}, 100)
    assert "值班员保管" in quote.text
    assert quote.cited().startswith("…")
    assert "…" in quote.cited()[1:]


def test_steps_may_be_longer_where_the_passage_is_a_list() -> None:
    steps = "安装步骤如下：\n" + "\n".join(
        f"{n}. 运行第{n}个安装脚本并等待它完成，期间不要关闭窗口" for n in range(1, 9)
    )
    prose = "安装步骤如下，" + "运行安装脚本并等待它完成。" * 30
    listed = extract(prepare("如何安装？"), [source(1, steps)], {}, 100)
    told = extract(prepare("如何安装？"), [source(1, prose)], {}, 100)
    assert len(listed[0].text) > 150
    assert len(told[0].text) <= 100


def test_the_same_is_not_quoted_twice() -> None:
    text = "午餐的供应时间是十一点半。"
    assert len(extract(prepare("午餐的供应时间"), [source(1, text), source(2, text)], {}, 200)) == 1


def test_a_definition_is_preferred_where_one_is_asked_for() -> None:
    passage = "升级茴香馆之前请备份茴香馆的数据。茴香馆是一个餐厅管理系统，由两个人维护。茴香馆的日志在茴香馆目录下。"
    (quote, *_) = extract(prepare("茴香馆是什么？"), [source(1, passage)], {}, 40)
    assert "餐厅管理系统" in quote.text


def test_nothing_shared_nothing_quoted() -> None:
    assert extract(prepare("午餐的供应时间"), [source(1, "Parcels are shipped daily.")], {}, 200) == []


def test_lines_that_say_nothing_are_not_quoted() -> None:
    text = "---\n***\n午餐的供应时间是十一点半。\n***\n---"
    assert extract(prepare("午餐的供应时间"), [source(1, text)], {}, 200)[0].text == "午餐的供应时间是十一点半。"

from __future__ import annotations

from hxd_desktop.engine.answering.extract import Quote, extract
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


GUIDE = """服务支持多种启动方式。

用下面的命令启动翻译服务：

```bash
# 先登录
translate login
translate serve --port 9000
```

日志在 /var/log 下。
"""


def test_the_code_that_a_step_introduces_is_quoted_with_it_whole_and_fenced() -> None:
    (quote, *_) = extract(prepare("怎么启动翻译服务？"), [source(1, GUIDE)], {}, 60)
    assert "用下面的命令启动翻译服务：\n\n```bash" in quote.text
    assert quote.text.endswith("translate serve --port 9000")
    assert GUIDE[quote.start : quote.end] == quote.text
    assert quote.cited().endswith("--port 9000\n```\n[1]")
    assert quote.cited().count("```") == 2


def test_a_line_of_code_stands_in_a_fence_and_its_comment_is_no_heading() -> None:
    text = "```ini\n# 拒答阈值，越大越严格\nreject_throttle = 0.5\n```\n"
    (quote, *_) = extract(prepare("拒答阈值是什么意思"), [source(1, text)], {}, 25)
    assert quote.cited() == "```ini\n# 拒答阈值，越大越严格\n```\n[1]"


def test_fences_and_what_introduces_nothing_are_not_quoted() -> None:
    other = "观察翻译服务日志的办法是："
    quotes = extract(prepare("怎么启动翻译服务？"), [source(1, GUIDE), source(2, other, 0.5)], {}, 120)
    assert [quote.n for quote in quotes if quote.text.endswith("：")] == []
    assert all("```bash" not in quote.text.splitlines()[-1] for quote in quotes)


def test_prose_is_preferred_to_a_line_of_code_with_the_same_words() -> None:
    code = "```\n备份 数据库 到 硬盘\n```\n"
    prose = "备份数据库到硬盘。\n"
    quotes = extract(prepare("备份数据库到哪里"), [source(1, code + prose)], {}, 30)
    assert quotes[0].text == prose.strip()


def test_numbers_in_brackets_of_the_document_cite_nothing() -> None:
    forged = Quote(1, "So it is [2][3]; see `a[4]` and [5](b.md).", 0, 40, 1.0)
    assert forged.cited() == "So it is ［2］［3］; see `a[4]` and [5](b.md). [1]"
    assert Quote(1, "x = a[2]", 0, 8, 1.0, opening="```", closing="```").cited() == "```\nx = a[2]\n```\n[1]"

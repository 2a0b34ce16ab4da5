from __future__ import annotations

import pytest
from sklearn.metrics import average_precision_score

from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.evaluation import evidence
from hxd_desktop.engine.evaluation.forms import AnsweredQuestion

ITEM = AnsweredQuestion("1", "宣誓和开会是哪天？", (("1月3日", "一月三日"), ("1月12日",)))


@pytest.mark.parametrize("relevant", [(1, 0, 0), (0, 1, 1), (1, 0, 1, 0, 1), (0, 0, 0, 1)])
def test_context_precision_is_scikit_learns_average_precision(relevant: tuple[int, ...]) -> None:
    falling = [-rank for rank in range(len(relevant))]
    ours = evidence.context_precision([bool(r) for r in relevant])
    assert ours == pytest.approx(average_precision_score(relevant, falling))


def test_context_precision_of_nothing_right() -> None:
    assert evidence.context_precision([False, False]) == evidence.context_precision([]) == 0.0


def test_context_recall_counts_parts_over_all_passages() -> None:
    assert evidence.context_recall(ITEM, ["一月三日宣誓", "天气"]) == 0.5
    assert evidence.context_recall(ITEM, ["一月三日宣誓", "1月12日开会"]) == 1.0
    assert evidence.context_recall(ITEM, []) == 0.0


def source(text: str) -> Source:
    return Source(1, "default", "/d.md", None, "", 0, len(text), text)


def test_faithfulness_falls_with_words_that_no_source_holds() -> None:
    sources = [source("财务部的负责人是李建国，电话 8021。")]
    true = evidence.faithfulness_lexical("财务部的负责人是李建国。[1]", sources)
    made_up = evidence.faithfulness_lexical("市场总监王大锤住在上海。[1]", sources)
    assert true == 1.0
    assert made_up is not None
    assert made_up < 0.3
    assert evidence.faithfulness_lexical("", sources) is None


def test_relevance_falls_for_an_answer_on_something_else() -> None:
    question = "财务部的负责人是谁？"
    near = evidence.answer_relevance_lexical(question, "财务部的负责人是李建国。[1]")
    far = evidence.answer_relevance_lexical(question, "包裹从汉堡的仓库发出。")
    assert near is not None
    assert far is not None
    assert near > 0.9
    assert far < 0.2
    assert evidence.answer_relevance_lexical("？", "包裹") is None

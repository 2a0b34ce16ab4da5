from __future__ import annotations

import json
from pathlib import Path

import pytest

from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.evaluation.datasets import AnsweredQuestion, LabelledQuestion
from hxd_desktop.engine.evaluation.runner import (
    evaluate_qa,
    evaluate_refusal,
    measure_qa,
    measure_refusal,
    qa_figures,
    refusal_figures,
)
from hxd_desktop.engine.settings import AnswerSettings
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary


@pytest.fixture
def pipeline() -> Pipeline:
    return Pipeline([FakeLibrary(HANDBOOK)], None, None, None, {}, AnswerSettings())


LABELLED = [
    LabelledQuestion("财务部的负责人是谁？", True),
    LabelledQuestion("怎么把茴香馆部署到微信群？", True),
    LabelledQuestion("哪支球队赢了昨晚的比赛？", False),
    LabelledQuestion("谢谢", False),
]


def test_refusal_has_the_documented_keys(pipeline: Pipeline) -> None:
    result, rows = (measured := measure_refusal(pipeline, LABELLED)).figures, measured.rows
    assert list(result) == [
        "n", "f1", "precision", "recall", "threshold", "best_f1", "roc_auc", "ms_per_question", "ms_p95", "accuracy",
        "f1_deviation", "brier", "reliability", "curve",
    ]  # fmt: skip
    assert result["n"] == 4
    assert result["f1"] == result["best_f1"] == result["roc_auc"] == result["accuracy"] == 1.0
    assert result["f1_deviation"] >= 0.0
    assert sum(b["n"] for b in result["reliability"]) == 4
    assert result["brier"] == pytest.approx(sum((1 - r["score"] - r["answerable"]) ** 2 for r in rows) / 4, abs=1e-4)
    assert [(r["question"], r["answerable"]) for r in rows] == [(q.question, q.answerable) for q in LABELLED]
    json.dumps([result, rows])


def test_learning_from_a_file_is_for_this_run_alone(pipeline: Pipeline, tmp_path: Path) -> None:
    questions, taught = tmp_path / "q.jsonl", tmp_path / "taught.jsonl"
    rows = [{"question": q.question, "answerable": q.answerable} for q in LABELLED]
    questions.write_text("\n".join(map(json.dumps, rows)))
    taught.write_text("\n".join(json.dumps({**row, "answerable": not row["answerable"]}) for row in rows * 40))
    before = evaluate_refusal(pipeline, pipeline, [questions]).figures
    learned = evaluate_refusal(pipeline, pipeline, [questions], [taught]).figures
    assert learned["roc_auc"] < before["roc_auc"]
    assert evaluate_refusal(pipeline, pipeline, [questions]).figures["f1"] == before["f1"]


def test_qa_counts_hits_and_answers(pipeline: Pipeline, tmp_path: Path) -> None:
    items = [
        AnsweredQuestion("1", "财务部的负责人是谁？", (("李建国",),)),
        AnsweredQuestion("2", "技术支持的分机号码是多少？", (("8021",),)),
        AnsweredQuestion("3", "量子芯片由哪家公司制造？", (("某公司",),)),
    ]
    measured = measure_qa(pipeline, items)
    result, rows = measured.figures, measured.rows
    assert list(result) == [
        "n", "hit@1", "hit@3", "hit@5", "hit@10", "mrr", "answer_contains", "answered", "refused", "answer_chars",
        "ms_per_question", "ms_p95", "exact_match", "bleu", "rouge_l", "context_precision", "context_recall",
        "faithfulness_lexical", "answer_relevance_lexical", "faithfulness_llm", "answer_relevance_llm",
    ]  # fmt: skip
    assert result["hit@1"] == pytest.approx(2 / 3, abs=1e-3)
    assert result["answer_contains"] == pytest.approx(2 / 3, abs=1e-3)
    assert result["refused"] == pytest.approx(1 / 3, abs=1e-3)
    file = tmp_path / "qa.jsonl"
    file.write_text("\n".join(json.dumps({"id": i.id, "question": i.question, "answers": i.answers}) for i in items))
    assert evaluate_qa(pipeline, file).figures["mrr"] == result["mrr"]
    assert result["context_recall"] == pytest.approx(2 / 3, abs=1e-3)
    assert result["faithfulness_lexical"] == 1.0  # quotations
    assert 0 < result["rouge_l"] < 0.67
    refused = rows[2]
    assert (refused["answer"], refused["outcome"], refused["bleu"]) == ("", "unrelated", 0.0)
    assert refused["faithfulness_lexical"] is None
    json.dumps(rows)


def test_no_questions_give_no_figures() -> None:
    assert qa_figures([])["faithfulness_lexical"] is None
    assert refusal_figures([], 0.5)["f1_deviation"] is None


def test_a_run_can_be_stopped(pipeline: Pipeline) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        measure_refusal(pipeline, LABELLED, cancel=cancel, progress=lambda done, total: cancel.cancel())

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hxd_desktop.engine.answering.pipeline import Pipeline
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.engine.evaluation.datasets import AnsweredQuestion, LabelledQuestion
from hxd_desktop.engine.evaluation.runner import evaluate_qa, evaluate_refusal, measure_qa, measure_refusal
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
    result = measure_refusal(pipeline, LABELLED)
    assert list(result) == [
        "n", "f1", "precision", "recall", "threshold", "best_f1", "roc_auc", "ms_per_question", "ms_p95", "curve",
    ]  # fmt: skip
    assert result["n"] == 4
    assert result["f1"] == result["best_f1"] == result["roc_auc"] == 1.0
    json.dumps(result)


def test_learning_from_a_file_is_for_this_run_alone(pipeline: Pipeline, tmp_path: Path) -> None:
    questions, taught = tmp_path / "q.jsonl", tmp_path / "taught.jsonl"
    rows = [{"question": q.question, "answerable": q.answerable} for q in LABELLED]
    questions.write_text("\n".join(map(json.dumps, rows)))
    taught.write_text("\n".join(json.dumps({**row, "answerable": not row["answerable"]}) for row in rows * 40))
    before = evaluate_refusal(pipeline, pipeline, questions)
    learned = evaluate_refusal(pipeline, pipeline, questions, taught)
    assert learned["roc_auc"] < before["roc_auc"]
    assert evaluate_refusal(pipeline, pipeline, questions)["f1"] == before["f1"]


def test_qa_counts_hits_and_answers(pipeline: Pipeline, tmp_path: Path) -> None:
    items = [
        AnsweredQuestion("1", "财务部的负责人是谁？", (("李建国",),)),
        AnsweredQuestion("2", "技术支持的分机号码是多少？", (("8021",),)),
        AnsweredQuestion("3", "量子芯片由哪家公司制造？", (("某公司",),)),
    ]
    result = measure_qa(pipeline, items)
    assert list(result) == [
        "n", "hit@1", "hit@3", "hit@5", "hit@10", "mrr", "answer_contains", "answered", "refused", "answer_chars",
        "ms_per_question", "ms_p95",
    ]  # fmt: skip
    assert result["hit@1"] == pytest.approx(2 / 3, abs=1e-3)
    assert result["answer_contains"] == pytest.approx(2 / 3, abs=1e-3)
    assert result["refused"] == pytest.approx(1 / 3, abs=1e-3)
    file = tmp_path / "qa.jsonl"
    file.write_text("\n".join(json.dumps({"id": i.id, "question": i.question, "answers": i.answers}) for i in items))
    assert evaluate_qa(pipeline, file)["mrr"] == result["mrr"]


def test_a_run_can_be_stopped(pipeline: Pipeline) -> None:
    cancel = CancelToken()
    with pytest.raises(Cancelled):
        measure_refusal(pipeline, LABELLED, cancel=cancel, progress=lambda done, total: cancel.cancel())

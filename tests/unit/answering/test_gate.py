from __future__ import annotations

import json
from itertools import pairwise

import pytest

from hxd_desktop.engine.answering.gate import Gate, default_model, passes
from hxd_desktop.engine.answering.gate_model import GateModel
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.answering.signals import SIGNALS, missing_terms, signals
from hxd_desktop.engine.paths import assets
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary

RISING = ("coverage", "window", "bm25", "support", "document", "heading", "phrase", "familiar", "familiar_sum")


def read(question: str, library: FakeLibrary | None = None) -> dict[str, float]:
    prepared = prepare(question)
    return signals(retrieve(library or FakeLibrary(HANDBOOK), prepared, None), prepared)


@pytest.mark.parametrize(
    "question", ["财务部的负责人是谁？", "", "？", "量子纠缠", "a b c", "x" * 3000, "今天天气怎么样"]
)
def test_signals_are_complete_and_within_their_range(question: str) -> None:
    values = read(question)
    assert list(values) == list(SIGNALS)
    assert all(0.0 <= value <= 1.0 for value in values.values())
    assert read(question, FakeLibrary({})).keys() == values.keys()


def test_signals_tell_covered_from_uncovered() -> None:
    covered, uncovered = read("财务部的负责人是谁？"), read("量子芯片由谁制造？")
    for name in ("coverage", "window", "known", "support"):
        assert covered[name] > uncovered[name]


@pytest.mark.parametrize("level", [0.0, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("name", RISING)
def test_more_evidence_never_makes_a_question_less_covered(name: str, level: float) -> None:
    values = dict.fromkeys(SIGNALS, level) | {"live": 0.0, "bridge": 0.0, "dense": 0.0}
    logits = [default_model().logit({**values, name: step / 20}) for step in range(21)]
    assert all(b >= a - 1e-9 for a, b in pairwise(logits))


def test_contributions_add_up_to_the_score() -> None:
    values = read("财务部的负责人是谁？")
    model = default_model()
    assert model.base + sum(model.contributions(values).values()) == pytest.approx(model.logit(values))


def test_asking_for_the_present_lowers_it() -> None:
    values = read("财务部的负责人是谁？")
    assert default_model().logit({**values, "live": 1.0}) < default_model().logit(values)


def test_the_shipped_file_says_how_it_was_fitted() -> None:
    data = json.loads((assets() / "gate" / "default.json").read_text(encoding="utf-8"))
    assert data["fitted"]["by"] == "benchmarks/fit_gate.py"
    assert 0 < data["threshold"] < 1
    GateModel.from_json(data)


def test_score_threshold_and_margin_belong_together() -> None:
    question = prepare("财务部的负责人是谁？")
    retrieval = retrieve(FakeLibrary(HANDBOOK), question, None)
    reading = Gate(threshold=0.9).decide(retrieval, question)
    assert passes(reading)
    assert reading.score is not None
    assert reading.margin == pytest.approx(0.9 - reading.score)
    strict = Gate(threshold=reading.score).decide(retrieval, question)
    assert not passes(strict), "at the threshold it is refused"


def test_missing_words_are_named_as_they_were_written() -> None:
    question = prepare("茴香馆支持 Kubernetes 和 量子加密 吗")
    retrieval = retrieve(FakeLibrary(HANDBOOK), question, None)
    missing = missing_terms(retrieval, question)
    assert "Kubernetes" in missing
    assert any("量子" in word for word in missing)
    assert not any("茴香" in word for word in missing)


@pytest.mark.parametrize(
    ("question", "word"),
    [("量子芯片由谁制造？", "量子"), ("Who makes the quantum chip?", "quantum"), ("今天天气怎么样", "当下")],
)
def test_reasons_speak_the_language_of_the_question(question: str, word: str) -> None:
    prepared = prepare(question)
    reading = Gate(threshold=0.0).decide(retrieve(FakeLibrary(HANDBOOK), prepared, None), prepared)
    assert reading.reason is not None
    assert word in reading.reason

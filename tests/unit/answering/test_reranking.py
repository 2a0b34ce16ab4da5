"""A reranker orders the passages and stands in the trace; the gate heeds it once a library's examples teach it."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hxd_desktop.engine.answering.calibration import LabelledExample, fit, gate_from_state
from hxd_desktop.engine.answering.gate import Gate, default_model
from hxd_desktop.engine.answering.scoring import RERANKED, Scored, Scorer
from hxd_desktop.engine.answering.signals import SIGNALS
from hxd_desktop.engine.answering.trace import Trace
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary

QUESTION = "财务部的负责人是谁？"


class Reversed:
    """Likes the passages best that come last."""

    id = "reversed"

    def score(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        return np.linspace(0.1, 0.9, len(passages), dtype=np.float32)

    def close(self) -> None:
        """Nothing is held."""


def scored(reranker: Reversed | None, trace: Trace | None = None) -> Scored:
    return Scorer([FakeLibrary(HANDBOOK)], None, reranker, {}).score(QUESTION, trace=trace)  # type: ignore[list-item]


def test_it_orders_the_passages() -> None:
    plain, read = scored(None), scored(Reversed())
    ids = [candidate.chunk.id for candidate in plain.candidates]
    assert len(ids) > 1
    assert [c.chunk.id for c in read.candidates] == [*reversed(ids[:RERANKED]), *ids[RERANKED:]]
    marks = [c.scores["rerank"] for c in read.candidates[:RERANKED]]
    assert marks == sorted(marks, reverse=True) and marks[0] == 0.9


def test_it_stands_in_the_trace_and_weighs_nothing_by_default() -> None:
    trace = Trace()
    plain, read = scored(None), scored(Reversed(), trace)
    [stage] = [stage for stage in trace.stages if stage.stage == "rerank"]
    assert round(stage.score or 0, 3) == 0.9 and stage.detail["model"] == "reversed"
    assert plain.decisive is not None and read.decisive is not None
    assert plain.decisive.score == read.decisive.score
    assert plain.decisive.signals == {**read.decisive.signals, "rerank": 0.0}
    assert read.decisive.signals["rerank"] == 0.9
    levels = dict.fromkeys(SIGNALS, 0.5)
    assert default_model().logit({**levels, "rerank": 0.0}) == default_model().logit({**levels, "rerank": 1.0})


def examples(n: int, *, telling: bool) -> list[LabelledExample]:
    """Questions that only the reranker tells apart, or nothing does."""
    chance = random.Random(3)
    rows = []
    for number in range(n):
        good = number % 2 == 0
        mark = (0.8 if good else 0.2) + chance.gauss(0, 0.1) if telling else chance.random()
        rows.append(
            LabelledExample("怎么办", good, {**dict.fromkeys(SIGNALS, 0.5), "rerank": min(1.0, max(0.0, mark))})
        )
    return rows


def moved(gate: Gate) -> float:
    """By how much a good mark lowers the probability of not covered."""
    levels = dict.fromkeys(SIGNALS, 0.5)
    return gate.score({**levels, "rerank": 0.1}, "怎么办") - gate.score({**levels, "rerank": 0.9}, "怎么办")


def test_examples_teach_the_gate_to_heed_it() -> None:
    taught = gate_from_state({"learned": fit(examples(60, telling=True))[1]})
    assert moved(Gate()) == 0.0
    assert moved(taught) > 0.5
    assert abs(moved(gate_from_state({"learned": fit(examples(60, telling=False))[1]}))) < moved(taught) / 2

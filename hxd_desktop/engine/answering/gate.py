"""The gate: from signals to the probability that the documents do not cover a question, and the reason in words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from hxd_desktop.engine.answering.model import Refusal
from hxd_desktop.engine.answering.reasons import explain
from hxd_desktop.engine.answering.signals import SIGNALS, missing_terms, signals
from hxd_desktop.engine.paths import assets

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.answering.retrieval import Retrieval


@dataclass(frozen=True, slots=True)
class GateWeights:
    """A logistic regression over standardised signals; the outcome is "covered".

    `mean`, `scale`, `weight`: one per name of `SIGNALS`. `threshold`: on the probability of *not* covered.
    """

    mean: tuple[float, ...]
    scale: tuple[float, ...]
    weight: tuple[float, ...]
    intercept: float
    threshold: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GateWeights:
        """Read what `benchmarks/fit_gate.py` wrote; a signal that the file does not name has no weight."""
        by_name = {row["name"]: row for row in data["signals"]}
        rows = [by_name.get(name, {"mean": 0.0, "scale": 1.0, "weight": 0.0}) for name in SIGNALS]
        return cls(
            mean=tuple(float(row["mean"]) for row in rows),
            scale=tuple(float(row["scale"]) for row in rows),
            weight=tuple(float(row["weight"]) for row in rows),
            intercept=float(data["intercept"]),
            threshold=float(data["threshold"]),
        )

    def standardise(self, values: Mapping[str, float]) -> list[float]:
        """The signals in units of their spread."""
        return [(values[n] - m) / s for n, m, s in zip(SIGNALS, self.mean, self.scale, strict=True)]

    def contributions(self, values: Mapping[str, float]) -> dict[str, float]:
        """How far each signal moves the log-odds towards "covered"."""
        return {n: w * z for n, w, z in zip(SIGNALS, self.weight, self.standardise(values), strict=True)}

    def logit(self, values: Mapping[str, float]) -> float:
        """Log-odds that the documents cover the question."""
        return self.intercept + sum(self.contributions(values).values())


class ExampleModel(Protocol):
    """What a library has learnt from its own examples; see `calibration`."""

    @property
    def threshold(self) -> float:
        """On the probability of not covered."""
        ...

    def logit(self, values: Mapping[str, float], text: str, default_logit: float) -> float:
        """Log-odds of "covered", given the signals, the question's text and what the default weights say."""
        ...


class Gate:
    """Decides for one library; `score` is the same number that is shown, logged and calibrated.

    Args:
        weights: the default weights.
        examples: what the library learnt from its own examples, if anything.
        threshold: the user's own threshold, which then holds whatever was learnt.
    """

    def __init__(
        self, weights: GateWeights | None = None, examples: ExampleModel | None = None, threshold: float | None = None
    ) -> None:
        self.weights = weights or default_weights()
        self.examples = examples
        self.threshold = (
            threshold if threshold is not None else examples.threshold if examples else self.weights.threshold
        )

    def score(self, values: Mapping[str, float], text: str) -> float:
        """Probability, 0 to 1, that the documents do not cover the question."""
        logit = self.weights.logit(values)
        if self.examples is not None:
            logit = self.examples.logit(values, text, logit)
        return 1 / (1 + math.exp(max(-60.0, min(60.0, logit))))

    def decide(self, retrieval: Retrieval, question: Question) -> Refusal:
        """Read the signals of one retrieval and decide; `reason` is None where the question passes."""
        values = signals(retrieval, question)
        score = round(self.score(values, question.text), 4)
        missing = missing_terms(retrieval, question)
        refused = score >= self.threshold
        reason = explain(values, retrieval, question, score, self.threshold, missing) if refused else None
        return Refusal(
            score=score,
            threshold=self.threshold,
            margin=round(abs(score - self.threshold), 4),
            reason=reason,
            signals=values,
            library=retrieval.library,
            missing_terms=missing,
        )


def passes(reading: Refusal) -> bool:
    """Whether a reading lets the question through."""
    return reading.score is not None and reading.score < reading.threshold


@cache
def default_weights() -> GateWeights:
    """The weights that ship with the application (`assets/gate/default.json`)."""
    return GateWeights.from_json(json.loads((assets() / "gate" / "default.json").read_text(encoding="utf-8")))

"""The gate: from signals to the probability that the documents do not cover a question, and the reason in words."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from hxd_desktop.engine.answering.gate_model import GateModel
from hxd_desktop.engine.answering.model import Refusal
from hxd_desktop.engine.answering.reasons import explain, whole_words
from hxd_desktop.engine.answering.signals import missing_terms, signals
from hxd_desktop.engine.paths import assets

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.answering.retrieval import Retrieval


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
        model: the default model.
        examples: what the library learnt from its own examples, if anything.
        threshold: the user's own threshold, which then holds whatever was learnt.
        marks: {"by", "limits"}: the marks of a language model that the examples let decide.
    """

    def __init__(
        self,
        model: GateModel | None = None,
        examples: ExampleModel | None = None,
        threshold: float | None = None,
        marks: Mapping[str, Any] | None = None,
    ) -> None:
        self.model = model or default_model()
        self.examples = examples
        self._marks = marks
        self.threshold = (
            threshold if threshold is not None else examples.threshold if examples else self.model.threshold
        )

    def limits_of(self, generator: str) -> Mapping[str, int]:
        """The least marks with which a question passes, by name; empty for a model whose marks are not known here."""
        return self._marks["limits"] if self._marks and self._marks["by"] == generator else {}

    def score(self, values: Mapping[str, float], text: str) -> float:
        """Probability, 0 to 1, that the documents do not cover the question."""
        logit = self.model.logit(values)
        if self.examples is not None:
            logit = self.examples.logit(values, text, logit)
        return 1 / (1 + math.exp(max(-60.0, min(60.0, logit))))

    def contributions(self, values: Mapping[str, float], text: str) -> dict[str, float]:
        """How far each signal moved the log-odds of "covered", and under "examples" the library's own examples."""
        moved = self.model.contributions(values)
        if self.examples is not None:
            default = self.model.logit(values)
            moved["examples"] = self.examples.logit(values, text, default) - default
        return moved

    def decide(self, retrieval: Retrieval, question: Question) -> Refusal:
        """Read the signals of one retrieval and decide; `reason` is None where the question passes."""
        values = signals(retrieval, question)
        score = round(self.score(values, question.text), 4)
        missing = whole_words(missing_terms(retrieval, question), retrieval, question)
        refused = score >= self.threshold
        reason = None
        if refused:
            moved = self.contributions(values, question.text)
            reason = explain(values, retrieval, question, score, self.threshold, missing, moved)
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
def default_model() -> GateModel:
    """The model that ships with the application (`assets/gate/default.json`)."""
    return GateModel.from_json(json.loads((assets() / "gate" / "default.json").read_text(encoding="utf-8")))

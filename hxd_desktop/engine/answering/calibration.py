"""Fitting a library's gate to its own good and bad questions, with figures that were cross-validated."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering.example_model import (
    MAX_EXAMPLES,
    ExampleModel,
    design,
    kernel,
    posterior_mode,
    share_of,
)
from hxd_desktop.engine.answering.example_text import TextFeatures
from hxd_desktop.engine.answering.gate import Gate, default_model
from hxd_desktop.engine.answering.gate_model import GateModel
from hxd_desktop.engine.answering.mark_limits import learn_limits
from hxd_desktop.engine.errors import SettingsError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.pipeline import Pipeline

# Below this many of each kind the cross-validated figures mean little, and say so.
ENOUGH = 15
_FOLDS = 5
_THRESHOLD_PRIOR = 20  # examples that the default threshold is worth
_SMOOTHING = 0.35  # in log-odds: how far a score might have been elsewhere with other examples
_CURVE_POINTS = 101


@dataclass(frozen=True, slots=True)
class LabelledExample:
    """A good or bad question with its signals.

    `asked`: False where a stage before the gate refuses it whatever the gate says.
    """

    question: str
    answerable: bool
    signals: Mapping[str, float]
    asked: bool = True


@dataclass(frozen=True, slots=True)
class HeldOut:
    """An example as a gate judged it that had not seen it.

    `score`: probability that the documents do not cover it. `passed`: whether it was below the limit, which was
    chosen without it as well.
    """

    question: str
    answerable: bool
    score: float
    passed: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """What a library's examples say about its gate.

    `threshold`: in force, on the probability of not covered. `class_gap`: how far the scores of the two kinds are
    apart, from the highest tenth of the good to the lowest tenth of the bad; negative where they overlap.
    `precision`, `recall`, `f1`: cross-validated, answerable is the positive class; None without both kinds.
    `curve`: {"threshold", "precision", "recall", "f1"} over the cross-validated scores.
    `enough_examples`: whether the figures mean much. `suggested`: what the examples say the threshold should be.
    `by_hand`: whether the one in force was set by the user. `held_out`: the examples, in their order.
    """

    n_good: int
    n_bad: int
    threshold: float
    class_gap: float | None
    precision: float | None
    recall: float | None
    f1: float | None
    curve: tuple[dict[str, float], ...]
    enough_examples: bool
    suggested: float
    by_hand: bool = False
    held_out: tuple[HeldOut, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The JSON object of the command line."""
        return {
            "n_good": self.n_good,
            "n_bad": self.n_bad,
            "threshold": self.threshold,
            "class_gap": self.class_gap,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "curve": [dict(point) for point in self.curve],
            "enough_examples": self.enough_examples,
        }


def fit(
    examples: Sequence[LabelledExample], model: GateModel | None = None, threshold: float | None = None
) -> tuple[Calibration, dict[str, Any] | None]:
    """Learn from a library's examples.

    Args:
        examples: with their signals, as the library stands now; beyond `MAX_EXAMPLES` the latest count.
        model: the default model that is corrected.
        threshold: the user's own, reported instead of the suggested one.

    Returns:
        The figures, and what was learnt, for `gate_from_state`; None where there is nothing to learn from.
    """
    model = model or default_model()
    examples = list(examples)[-MAX_EXAMPLES:]
    labels = np.array([e.answerable for e in examples], dtype=bool)
    n_good, n_bad = int(labels.sum()), int((~labels).sum())
    if not examples:
        in_force = threshold if threshold is not None else model.threshold
        by_hand = threshold is not None
        return Calibration(0, 0, in_force, None, None, None, None, (), False, model.threshold, by_hand), None
    features = TextFeatures.fitted([e.question for e in examples])
    data = design([e.question for e in examples], [e.signals for e in examples], model, features)
    gram = kernel(data, share_of(len(examples)))
    coefficients = posterior_mode(gram, data.logit, labels)
    held_out = _held_out_scores(gram, data.logit, labels, coefficients)
    held_out[[not e.asked for e in examples]] = 1.0
    suggested = suggest_threshold(held_out, labels, model.threshold)
    learned = ExampleModel.from_dual(data, coefficients, features, model, suggested)
    in_force = threshold if threshold is not None else suggested
    both = n_good > 0 and n_bad > 0
    passed = _honestly_passed(held_out, labels, model.threshold, threshold)
    precision, recall, f1 = precision_recall_f1(passed, labels) if both else (None, None, None)
    calibration = Calibration(
        n_good=n_good,
        n_bad=n_bad,
        threshold=round(in_force, 4),
        class_gap=round(float(np.quantile(held_out[~labels], 0.1) - np.quantile(held_out[labels], 0.9)), 4)
        if both
        else None,
        precision=precision,
        recall=recall,
        f1=f1,
        curve=curve(held_out, labels) if both else (),
        enough_examples=min(n_good, n_bad) >= ENOUGH,
        suggested=suggested,
        by_hand=threshold is not None,
        held_out=tuple(
            HeldOut(e.question, e.answerable, round(float(score), 4), bool(below))
            for e, score, below in zip(examples, held_out, passed, strict=True)
        ),
    )
    return calibration, learned.to_state()


def read_signals(
    pipeline: Pipeline, pairs: Iterable[tuple[str, bool]], read: MutableMapping[str, LabelledExample] | None = None
) -> list[LabelledExample]:
    """Read the signals of (question, answerable) pairs on the path that answers.

    Args:
        pipeline: over the one library concerned.
        pairs: the labelled questions; without documents there are no signals, and none is returned.
        read: what was read before of the library as it stands, by question; it is used, and added to.
    """
    examples = []
    read = {} if read is None else read
    for question, answerable in pairs:
        known = read.get(question)
        if known is None:
            scored = pipeline.scorer.score(question, retrieve_anyway=True)
            if scored.decisive is None:
                continue
            asked = scored.question.is_question and scored.unsafe is None
            known = read[question] = LabelledExample(question, answerable, scored.decisive.signals, asked)
        examples.append(replace(known, answerable=answerable))
    return examples


def calibrate(
    pipeline: Pipeline,
    pairs: Sequence[tuple[str, bool]],
    known: Mapping[str, Any] | None,
    *,
    threshold: float | None = None,
    reset: bool = False,
    read: MutableMapping[str, LabelledExample] | None = None,
    marks: Mapping[str, Mapping[str, int]] | None = None,
) -> tuple[dict[str, Any], Calibration]:
    """Fit a library's gate to its examples as the library stands now.

    Args:
        pipeline: over that library alone.
        pairs: its examples as (question, answerable).
        known: the state kept before, of which the user's own threshold stays in force.
        threshold: the user's own threshold from now on.
        reset: forget the user's own threshold.
        read: as for `read_signals`.
        marks: those that the language model in use gave to examples, by question.

    Returns:
        The state to keep for `gate_from_state`, and the figures.
    """
    own = threshold if threshold is not None else None if reset or known is None else known.get("threshold")
    if own is not None and not 0 <= own <= 1:
        raise SettingsError(
            "The threshold is not valid", f"{own} is not between 0 and 1.", "Choose a number from 0 to 1."
        )
    figures, learned = fit(read_signals(pipeline, pairs[-MAX_EXAMPLES:], read), threshold=own)
    state: dict[str, Any] = {"threshold": own, "learned": learned}
    marker = pipeline.marker
    if marker is None or marks is None:
        if known and known.get("marks"):  # of a model that is not asked at the moment
            state["marks"] = known["marks"]
    else:
        held_out = figures.held_out
        given = [marks.get(e.question, {}) for e in held_out]
        limits = learn_limits([e.passed for e in held_out], [e.answerable for e in held_out], given)
        state["marks"] = {"by": marker.generator.id, "limits": limits}
    return state, figures


def gate_from_state(state: Mapping[str, Any] | None, model: GateModel | None = None) -> Gate:
    """A library's gate: the default model, moved by what `calibrate` kept, with the user's own threshold if any."""
    model = model or default_model()
    if state is None:
        return Gate(model)
    learned = state.get("learned")
    examples = ExampleModel.from_state(learned, model) if learned else None
    return Gate(model, examples, state.get("threshold"), state.get("marks"))


def _folds(labels: NDArray[np.bool_]) -> NDArray[np.intp]:
    """A fold for each example: stratified, the same for the same examples."""
    folds = np.zeros(len(labels), dtype=np.intp)
    generator = np.random.default_rng(0)
    for kind in (True, False):
        where = np.flatnonzero(labels == kind)
        n_folds = _FOLDS if len(where) >= 2 * _FOLDS else max(2, len(where))
        folds[generator.permutation(where)] = np.arange(len(where)) % n_folds
    return folds


def _held_out_scores(
    gram: NDArray[np.float64], prior: NDArray[np.float64], labels: NDArray[np.bool_], start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Probability of not covered of each example, by a model that did not see it."""
    logits = prior.copy()
    folds = _folds(labels)
    for fold in np.unique(folds):
        test = folds == fold
        train = ~test
        if not train.any():
            continue
        a = posterior_mode(gram[np.ix_(train, train)], prior[train], labels[train], start[train])
        logits[test] += gram[np.ix_(test, train)] @ a
    return 1 / (1 + np.exp(np.clip(logits, -60, 60)))


def suggest_threshold(scores: NDArray[np.float64], labels: NDArray[np.bool_], default: float) -> float:
    """The threshold with the best expected F1, drawn towards the default while examples are few.

    Scores are smeared in log-odds, so that the threshold comes to stand in the middle of the gap between the classes
    rather than on an example.
    """
    n_each = min(int(labels.sum()), int((~labels).sum()))
    if n_each == 0:
        return default
    logits = _logit(scores)
    grid = np.linspace(min(-4.0, float(logits.min())), max(4.0, float(logits.max())), 801)
    passed = _normal_cdf((grid[:, None] - logits[None, :]) / _SMOOTHING)
    true_positives = passed[:, labels].sum(axis=1)
    f1 = 2 * true_positives / (passed.sum(axis=1) + labels.sum())
    best = np.flatnonzero(f1 >= f1.max() - 1e-3)
    chosen = float(grid[best].mean()) if np.all(np.diff(best) == 1) else float(grid[int(f1.argmax())])
    share = n_each / (n_each + _THRESHOLD_PRIOR)
    mixed = share * chosen + (1 - share) * float(_logit(np.array([default]))[0])
    return round(1 / (1 + math.exp(-mixed)), 4)


def _honestly_passed(
    scores: NDArray[np.float64], labels: NDArray[np.bool_], default: float, fixed: float | None
) -> NDArray[np.bool_]:
    """Whether each example passes, where each fold's threshold was chosen on the other folds."""
    folds = _folds(labels)
    passed = np.zeros(len(labels), dtype=bool)
    for fold in np.unique(folds):
        test = folds == fold
        limit = fixed if fixed is not None else suggest_threshold(scores[~test], labels[~test], default)
        passed[test] = scores[test] < limit
    return passed


def precision_recall_f1(passed: NDArray[np.bool_], labels: NDArray[np.bool_]) -> tuple[float, float, float]:
    """Precision, recall and F1 of "answerable", 0 to 1; 0 where nothing passes."""
    hits = int((passed & labels).sum())
    precision = hits / int(passed.sum()) if passed.any() else 0.0
    recall = hits / int(labels.sum()) if labels.any() else 0.0
    f1 = 2 * precision * recall / (precision + recall) if hits else 0.0
    return round(precision, 4), round(recall, 4), round(f1, 4)


def curve(scores: NDArray[np.float64], labels: NDArray[np.bool_]) -> tuple[dict[str, float], ...]:
    """Precision, recall and F1 over a hundred thresholds."""
    points = []
    for threshold in np.linspace(0, 1, _CURVE_POINTS):
        precision, recall, f1 = precision_recall_f1(scores < threshold, labels)
        points.append({"threshold": round(float(threshold), 2), "precision": precision, "recall": recall, "f1": f1})
    return tuple(points)


def _logit(p: NDArray[np.float64]) -> NDArray[np.float64]:
    clipped = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(clipped / (1 - clipped))


def _normal_cdf(x: NDArray[np.float64]) -> NDArray[np.float64]:
    # The logistic approximation is within 0.01 of the normal distribution, and numpy has no error function.
    return 1 / (1 + np.exp(np.clip(-1.702 * x, -60, 60)))

"""What a library learns from its own good and bad questions: a Gaussian process on top of the default gate.

The log-odds of "covered" are those of the default model plus a correction with a Gaussian prior: linear in the
signals (the same evidence may mean more or less in this library), linear in the words and characters of the question
(its users ask about the same things again), and smooth in its topics and in the signals together. The correction is
the posterior mode, found by Newton's method in the dual (Rasmussen & Williams 2006, algorithm 3.1): few examples move
the default little, many move it far, and since every example's pull is bounded by the likelihood, a single wrong one
cannot turn the rest.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering.example_text import BUCKETS, TextFeatures, Topics, text_gram
from hxd_desktop.engine.answering.signals import SIGNALS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.example_text import Row
    from hxd_desktop.engine.answering.gate_model import GateModel

VERSION = 3
MAX_EXAMPLES = 3000

# Prior variances of the correction, on the scale of log-odds: a constant, the standardised signals, the default's own
# log-odds, then what counts in full only when there are many more examples than `_HALF`: the text, and likeness to
# single examples (a Gaussian of the distance of their standardised signals, with its squared width).
_BIAS, _SIGNAL, _SLOPE = 4.0, 0.1, 0.05
_TEXT, _TOPIC, _NEAR = 20.0, 8.0, 8.0
_WIDTH, _FAR = 25.0, 3.0
_HALF = 60
_MAX_LOGIT = 6.0


@dataclass(frozen=True, slots=True)
class Design:
    """Examples as matrices.

    `signals`: float64 (n, n_signals). `logit`: float64 (n,), the default's. `text`: sparse rows of buckets. `texts`:
    float64 (n, n), their inner products. `topics`, `places`: what they are about, float32 (n, n_topics).
    """

    signals: NDArray[np.float64]
    logit: NDArray[np.float64]
    text: Sequence[Row]
    texts: NDArray[np.float64]
    topics: Topics
    places: NDArray[np.float32]

    def text_weights(self, a: NDArray[np.float64]) -> NDArray[np.float32]:
        """The examples' texts summed with the weights `a`, shape (BUCKETS,)."""
        total = np.zeros(BUCKETS, np.float32)
        for coefficient, (buckets, values) in zip(a, self.text, strict=True):
            total[buckets] += np.float32(coefficient) * values
        return total


def design(
    texts: Sequence[str], values: Sequence[Mapping[str, float]], model: GateModel, features: TextFeatures
) -> Design:
    """Turn examples into matrices."""
    rows = [features.vector(text) for text in texts]
    products = text_gram(rows)
    topics = Topics.fitted(rows, products)
    return Design(
        signals=np.array([model.standardise(v) for v in values], dtype=np.float64).reshape(len(texts), len(SIGNALS)),
        logit=np.array([_bounded(model.logit(v)) for v in values]),
        text=rows,
        texts=products,
        topics=topics,
        places=np.array([topics.place(row) for row in rows]).reshape(len(rows), topics.basis.shape[1]),
    )


def _bounded(logit: float) -> float:
    return max(-_MAX_LOGIT, min(_MAX_LOGIT, logit))


def near(a: NDArray[np.floating], b: NDArray[np.floating]) -> NDArray[np.float32]:
    """How near the signals of each row of `a` are to those of each row of `b`, 1 for the same."""
    a, b = (np.clip(x, -_FAR, _FAR).astype(np.float32) for x in (a, b))
    total = np.zeros((len(a), len(b)), np.float32)
    for column in range(a.shape[1]):
        difference = a[:, column, None] - b[None, :, column]
        total += np.abs(difference, out=difference)
    result: NDArray[np.float32] = np.exp(total / -np.float32(_WIDTH))
    return result


def alike(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """How alike the topics of each row of `a` are to those of each row of `b`, 1 for the same."""
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :] - 2 * a @ b.T
    result: NDArray[np.float32] = np.exp(-np.maximum(squares, 0))
    return result


def share_of(n_examples: int) -> float:
    """How much of the prior variance of text and likeness is in force: little while examples are few."""
    return n_examples / (n_examples + _HALF)


def kernel(data: Design, share: float) -> NDArray[np.float64]:
    """Prior covariance of the corrections, shape (n, n)."""
    gram: NDArray[np.float64] = _TEXT * data.texts
    gram += _TOPIC * alike(data.places, data.places)
    gram += _NEAR * near(data.signals, data.signals)
    gram *= share
    gram += _SIGNAL * (data.signals @ data.signals.T)
    gram += _SLOPE * np.outer(data.logit, data.logit)
    gram += _BIAS
    return gram


def posterior_mode(
    gram: NDArray[np.float64],
    prior: NDArray[np.float64],
    answerable: NDArray[np.bool_],
    start: NDArray[np.float64] | None = None,
) -> NDArray[np.float64]:
    """Dual coefficients `a` of the posterior mode `prior + gram @ a` under the logistic likelihood.

    Newton's method with conjugate gradients inside and halved steps where the objective would fall; the objective is
    concave, so that there is one mode.

    Args:
        gram: prior covariance, shape (n, n).
        prior: prior mean of the log-odds, shape (n,).
        answerable: the labels.
        start: coefficients to begin from.
    """
    sign = np.where(answerable, 1.0, -1.0)
    a = np.zeros(len(prior)) if start is None else start.copy()
    moved = gram @ a
    best = _objective(a, moved, prior, sign)
    for _ in range(40):
        f = prior + moved
        p = _sigmoid(f)
        w = np.maximum(p * (1 - p), 1e-8)
        root = np.sqrt(w)
        b = w * moved + answerable - p
        step = b - root * _conjugate_gradients(gram, root, root * (gram @ b)) - a
        moved_step = gram @ step
        size = 1.0
        while size > 1e-4:
            value = _objective(a + size * step, moved + size * moved_step, prior, sign)
            if value >= best:
                break
            size /= 2
        else:
            return a
        a, moved = a + size * step, moved + size * moved_step
        gained, best = value - best, value
        if gained < 1e-4 * max(1.0, abs(best)):
            break
    return a


def _objective(
    a: NDArray[np.float64], moved: NDArray[np.float64], prior: NDArray[np.float64], sign: NDArray[np.float64]
) -> float:
    """Log posterior up to a constant; `moved` is the covariance times `a`."""
    return float(-np.logaddexp(0, -sign * (prior + moved)).sum() - 0.5 * (a @ moved))


def _conjugate_gradients(
    gram: NDArray[np.float64], root: NDArray[np.float64], right: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Solve (I + diag(root) gram diag(root)) x = right."""
    x = np.zeros_like(right)
    residual = right.copy()
    direction = residual.copy()
    norm = float(residual @ residual)
    target = 1e-8 * norm
    for _ in range(200):
        if norm <= target:
            break
        image = direction + root * (gram @ (root * direction))
        rate = norm / float(direction @ image)
        x += rate * direction
        residual -= rate * image
        norm, before = float(residual @ residual), norm
        direction = residual + (norm / before) * direction
    return x


def _sigmoid(x: NDArray[np.float64]) -> NDArray[np.float64]:
    result: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(x, -60, 60)))
    return result


@dataclass(frozen=True, slots=True)
class ExampleModel:
    """A fitted correction; immutable, any thread may call any method.

    `signals`: float64 (n_signals,), weights of the standardised signals. `slope`, `bias`: of the default log-odds, and
    constant. `examples`, `places`, `pull`: float32 (n, n_signals), (n, n_topics) and (n,), the examples' signals and
    topics, and how far each pulls what is near. `text`: float32 (BUCKETS,). `features`, `topics`: how a question
    becomes buckets, and those a place. `model`: the default that is
    corrected. `threshold`: suggested, on the probability of not covered.
    """

    signals: NDArray[np.float64]
    slope: float
    bias: float
    examples: NDArray[np.float32]
    places: NDArray[np.float32]
    pull: NDArray[np.float32]
    text: NDArray[np.float32]
    features: TextFeatures
    topics: Topics
    model: GateModel
    threshold: float

    @classmethod
    def from_dual(
        cls,
        data: Design,
        a: NDArray[np.float64],
        features: TextFeatures,
        model: GateModel,
        threshold: float,
    ) -> ExampleModel:
        """Turn dual coefficients into weights, so that a question costs little however many examples there are."""
        share = share_of(len(a))
        return cls(
            signals=_SIGNAL * (data.signals.T @ a),
            slope=float(_SLOPE * (data.logit @ a)),
            bias=float(_BIAS * a.sum()),
            examples=data.signals.astype(np.float32),
            places=data.places,
            pull=(share * a).astype(np.float32),
            text=np.float32(share * _TEXT) * data.text_weights(a),
            features=features,
            topics=data.topics,
            model=model,
            threshold=threshold,
        )

    def parts(self, values: Mapping[str, float], text: str, default_logit: float) -> dict[str, float]:
        """How far the library's own examples move the log-odds: by the signals, and by the question's words."""
        buckets, entries = row = self.features.vector(text)
        standard = np.array(self.model.standardise(values))
        likeness = _NEAR * float(self.pull @ near(self.examples, standard[None, :])[:, 0])
        about = _TOPIC * float(self.pull @ alike(self.places, self.topics.place(row)[None, :])[:, 0])
        default = _bounded(default_logit)
        return {
            "default": default,
            "signals": float(self.signals @ standard) + self.slope * default + self.bias + likeness,
            "words": float(self.text[buckets] @ entries) + about,
        }

    def logit(self, values: Mapping[str, float], text: str, default_logit: float) -> float:
        """Log-odds that the documents cover the question."""
        return math.fsum(self.parts(values, text, default_logit).values())

    def to_state(self) -> dict[str, Any]:
        """A JSON-serialisable form."""
        return {
            "version": VERSION,
            "signals": dict(zip(SIGNALS, map(float, self.signals), strict=True)),
            "slope": self.slope,
            "bias": self.bias,
            "examples": _pack(self.examples),
            "places": _pack(self.places),
            "pull": _pack(self.pull),
            "text": _pack(self.text),
            "idf": _pack(self.features.idf),
            "topics": _pack(self.topics.basis),
            "threshold": self.threshold,
        }

    @classmethod
    def from_state(cls, state: Mapping[str, Any], model: GateModel) -> ExampleModel | None:
        """Read `to_state`'s form; None where it is of another version and has to be fitted again."""
        if state.get("version") != VERSION or list(state["signals"]) != list(SIGNALS):
            return None
        pull = _unpack(state["pull"])
        return cls(
            signals=np.array(list(state["signals"].values())),
            slope=state["slope"],
            bias=state["bias"],
            examples=_unpack(state["examples"]).reshape(len(pull), len(SIGNALS)),
            places=_unpack(state["places"]).reshape(len(pull), -1),
            pull=pull,
            text=_unpack(state["text"]),
            features=TextFeatures(_unpack(state["idf"])),
            topics=Topics(_unpack(state["topics"]).reshape(BUCKETS, -1)),
            model=model,
            threshold=state["threshold"],
        )


def _pack(array: NDArray[np.float32]) -> str:
    return base64.b64encode(zlib.compress(array.astype("<f2").tobytes())).decode("ascii")


def _unpack(text: str) -> NDArray[np.float32]:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<f2").astype(np.float32)

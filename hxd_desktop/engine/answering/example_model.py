"""What a library learns from its own good and bad questions: a Gaussian process on top of the default gate.

The log-odds of "covered" are those of the default model plus a correction with a Gaussian prior: linear in the
signals (the same evidence may mean more or less in this library) and linear in the words and characters of the
question (its users ask about the same things again). The correction is the posterior mode, found by Newton's method
in the dual (Rasmussen & Williams 2006, algorithm 3.1): few examples move the default little, many move it far, and
since every example's pull is bounded by the likelihood, a single wrong one cannot turn the rest.
"""

from __future__ import annotations

import base64
import math
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering.signals import SIGNALS
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.words import index_terms

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.gate_model import GateModel

VERSION = 2
BUCKETS = 1 << 14
MAX_EXAMPLES = 3000

# Prior variances of the correction, on the scale of log-odds: a constant, the standardised signals, the default's own
# log-odds, then what counts in full only when there are many more examples than `_HALF`: the text, and likeness to
# single examples (a Gaussian of the distance of their standardised signals, with its squared width).
_BIAS, _SIGNAL, _SLOPE = 4.0, 0.1, 0.05
_TEXT, _NEAR, _WIDTH = 10.0, 8.0, 10.0
_HALF = 60
_MAX_LOGIT = 6.0
_COMMON = 24  # buckets in this many examples go through one matrix product


@dataclass(frozen=True, slots=True)
class Design:
    """Examples as matrices: `signals` float64 (n, n_signals), `logit` float64 (n,), `text` sparse rows of buckets."""

    signals: NDArray[np.float64]
    text: Sequence[tuple[NDArray[np.intp], NDArray[np.float32]]]
    logit: NDArray[np.float64]

    def text_gram(self) -> NDArray[np.float64]:
        """Inner products of the examples' texts, shape (n, n), bucket by bucket: most stand in few examples."""
        n = len(self.text)
        if not n:
            return np.zeros((0, 0))
        rows = np.concatenate([np.full(len(buckets), i) for i, (buckets, _) in enumerate(self.text)])
        buckets = np.concatenate([b for b, _ in self.text])
        values = np.concatenate([v for _, v in self.text])
        order = np.argsort(buckets, kind="stable")
        rows, buckets, values = rows[order], buckets[order], values[order]
        starts = np.flatnonzero(np.diff(buckets, prepend=-1))
        sizes = np.diff(starts, append=len(buckets))
        gram = np.zeros((n, n))
        common = [slice(a, a + k) for a, k in zip(starts, sizes, strict=True) if k >= _COMMON]
        dense = np.zeros((n, len(common)), np.float32)
        for column, where in enumerate(common):
            dense[rows[where], column] = values[where]
        gram += dense @ dense.T
        for a, k in zip(starts, sizes, strict=True):
            if k < _COMMON:
                these = rows[a : a + k]
                gram[these[:, None], these] += np.outer(values[a : a + k], values[a : a + k])
        return gram

    def near_gram(self) -> NDArray[np.float64]:
        """How near the examples' signals are to each other, shape (n, n), 1 for the same."""
        return near(self.signals, self.signals)

    def text_weights(self, a: NDArray[np.float64]) -> NDArray[np.float32]:
        """The examples' texts summed with the weights `a`, shape (BUCKETS,)."""
        total = np.zeros(BUCKETS, np.float32)
        for coefficient, (buckets, values) in zip(a, self.text, strict=True):
            total[buckets] += np.float32(coefficient) * values
        return total


class TextFeatures:
    """Words, bigrams and characters of a question, hashed, weighted by how rare they are among the examples.

    Args:
        idf: float32, shape (BUCKETS,).
    """

    def __init__(self, idf: NDArray[np.float32]) -> None:
        self.idf = idf

    @classmethod
    def fitted(cls, texts: Sequence[str]) -> TextFeatures:
        """Count in how many of `texts` each feature stands."""
        df = np.zeros(BUCKETS)
        for text in texts:
            df[list({_bucket(f) for f in _features(text)})] += 1
        return cls((np.log((1 + len(texts)) / (1 + df)) + 1).astype(np.float32))

    def vector(self, text: str) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Buckets and their values, L2-normalised; both empty for a text without words."""
        counts = Counter(map(_bucket, _features(text)))
        buckets = np.fromiter(counts, dtype=np.intp, count=len(counts))
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32, count=len(counts)))) * self.idf[buckets]
        norm = float(np.linalg.norm(values))
        return buckets, (values / norm).astype(np.float32) if norm else values.astype(np.float32)


def _features(text: str) -> list[str]:
    return [*index_terms(text).split(), *("\x00" + c for c in fold(text) if not c.isspace())]


def _bucket(feature: str) -> int:
    return zlib.crc32(feature.encode("utf-8", "surrogatepass")) % BUCKETS


def design(
    texts: Sequence[str], values: Sequence[Mapping[str, float]], model: GateModel, features: TextFeatures
) -> Design:
    """Turn examples into matrices."""
    return Design(
        signals=np.array([model.standardise(v) for v in values], dtype=np.float64).reshape(len(texts), len(SIGNALS)),
        text=[features.vector(text) for text in texts],
        logit=np.array([_bounded(model.logit(v)) for v in values]),
    )


def _bounded(logit: float) -> float:
    return max(-_MAX_LOGIT, min(_MAX_LOGIT, logit))


def near(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gaussian of the distance of each row of `a` from each row of `b`."""
    squares = (a**2).sum(1)[:, None] + (b**2).sum(1)[None, :] - 2 * a @ b.T
    result: NDArray[np.float64] = np.exp(-np.maximum(squares, 0.0) / (2 * _WIDTH))
    return result


def share_of(n_examples: int) -> float:
    """How much of the prior variance of text and likeness is in force: little while examples are few."""
    return n_examples / (n_examples + _HALF)


def kernel(data: Design, share: float) -> NDArray[np.float64]:
    """Prior covariance of the corrections, shape (n, n)."""
    gram = share * (_TEXT * data.text_gram() + _NEAR * data.near_gram())
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
    constant. `examples`, `pull`: float32 (n, n_signals) and (n,), the examples' signals and how far each pulls what is
    near. `text`: float32 (BUCKETS,). `features`: how a question becomes buckets. `model`: the default that is
    corrected. `threshold`: suggested, on the probability of not covered.
    """

    signals: NDArray[np.float64]
    slope: float
    bias: float
    examples: NDArray[np.float32]
    pull: NDArray[np.float32]
    text: NDArray[np.float32]
    features: TextFeatures
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
            pull=(share * _NEAR * a).astype(np.float32),
            text=np.float32(share * _TEXT) * data.text_weights(a),
            features=features,
            model=model,
            threshold=threshold,
        )

    def parts(self, values: Mapping[str, float], text: str, default_logit: float) -> dict[str, float]:
        """How far the library's own examples move the log-odds: by the signals, and by the question's words."""
        buckets, entries = self.features.vector(text)
        standard = np.array(self.model.standardise(values))
        likeness = float(self.pull @ near(self.examples.astype(np.float64), standard[None, :])[:, 0])
        default = _bounded(default_logit)
        return {
            "default": default,
            "signals": float(self.signals @ standard) + self.slope * default + self.bias + likeness,
            "words": float(self.text[buckets] @ entries),
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
            "pull": _pack(self.pull),
            "text": _pack(self.text),
            "idf": _pack(self.features.idf),
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
            pull=pull,
            text=_unpack(state["text"]),
            features=TextFeatures(_unpack(state["idf"])),
            model=model,
            threshold=state["threshold"],
        )


def _pack(array: NDArray[np.float32]) -> str:
    return base64.b64encode(zlib.compress(array.astype("<f2").tobytes())).decode("ascii")


def _unpack(text: str) -> NDArray[np.float32]:
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), dtype="<f2").astype(np.float32)

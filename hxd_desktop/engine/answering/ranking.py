"""How the features of a passage are weighed into the one score that ranks it, at the first look and at the close one.

Linear weights, learnt from rankings by `benchmarks/fit_ranking.py` and kept in `assets/gate/ranking.json`: fixed
formulas such as reciprocal rank fusion lose where one ranker is much weaker than the other.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hxd_desktop.engine.answering.close_reading import CLOSE_FEATURES
from hxd_desktop.engine.answering.lexical import FEATURES
from hxd_desktop.engine.paths import assets

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Weights:
    """Linear weights of features, and of the cosine by kind of embedder.

    `features`: float32, of `lexical.FEATURES`, and for the close look of `CLOSE_FEATURES` behind them.
    `semantic_floor`: the cosine that any passage has, with an embedder that understands.
    """

    features: NDArray[np.float32]
    dense_lexical: float
    dense_semantic: float
    semantic_floor: float
    intercept: float

    def logits(self, features: NDArray[np.float32], dense: NDArray[np.float32], semantic: bool) -> NDArray[np.float32]:
        """Scores of passages, shape (n,), from features, shape (n, n_features), and cosines, shape (n,)."""
        near = self.dense_semantic * (dense - self.semantic_floor) if semantic else self.dense_lexical * dense
        result: NDArray[np.float32] = features @ self.features + near.astype(np.float32) + np.float32(self.intercept)
        return result


@dataclass(frozen=True, slots=True)
class Ranking:
    """`first`: for every candidate. `close`: for the best of them, which were read closely."""

    first: Weights
    close: Weights

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Ranking:
        """Read what `benchmarks/fit_ranking.py` wrote."""
        return cls(_weights(data["first"], FEATURES), _weights(data["close"], (*FEATURES, *CLOSE_FEATURES)))


def _weights(data: Mapping[str, Any], names: tuple[str, ...]) -> Weights:
    return Weights(
        np.array([data["features"].get(name, 0.0) for name in names], dtype=np.float32),
        float(data["dense_lexical"]),
        float(data["dense_semantic"]),
        float(data["semantic_floor"]),
        float(data["intercept"]),
    )


@cache
def default_ranking() -> Ranking:
    """The weights that ship with the application."""
    return Ranking.from_json(json.loads((assets() / "gate" / "ranking.json").read_text(encoding="utf-8")))

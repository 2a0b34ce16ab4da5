"""The default gate's model: small regression trees over the signals, summed into log-odds of "covered".

Trees rather than one line, because the same coverage means less in a short question than in a long message. They were
fitted to be monotone: more coverage, more support or a better known subject never makes a question less covered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hxd_desktop.engine.answering.signals import SIGNALS

_UNSEEN = {"rerank": 0.3}  # about the spread of what the fit has not seen, so that examples can teach it


@dataclass(frozen=True, slots=True)
class Tree:
    """A binary tree as parallel tuples, the root first.

    `feature`: index into `SIGNALS`, -1 for a leaf. `limit`: values up to it go left. `left`, `right`: node numbers.
    `value`: log-odds of a leaf; of an inner node the mean of the leaves below, weighted by the examples they hold.
    """

    feature: tuple[int, ...]
    limit: tuple[float, ...]
    left: tuple[int, ...]
    right: tuple[int, ...]
    value: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class GateModel:
    """Signals to log-odds that the documents cover the question.

    `base`: the sum of the roots. `offsets`: log-odds per unit of signals that were set rather than learnt.
    `mean`, `scale`: of each signal over the examples of the fit.
    `threshold`: on the probability of *not* covered.
    """

    trees: tuple[Tree, ...]
    base: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    threshold: float
    offsets: tuple[float, ...] = (0.0,) * len(SIGNALS)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GateModel:
        """Read what `benchmarks/fit_gate.py` wrote.

        Raises:
            KeyError: the file names a signal that does not exist.
        """
        number = {name: i for i, name in enumerate(SIGNALS)}
        names = data["signals"]
        spread = {row["name"]: row for row in names}
        feature = {-1: -1} | {i: number[row["name"]] for i, row in enumerate(names)}
        trees = tuple(
            Tree(
                tuple(feature[f] for f in tree["feature"]),
                tuple(tree["limit"]),
                tuple(tree["left"]),
                tuple(tree["right"]),
                tuple(tree["value"]),
            )
            for tree in data["trees"]
        )
        return cls(
            trees,
            float(data["base"]) + sum(tree.value[0] for tree in trees),
            tuple(float(spread[name]["mean"]) if name in spread else 0.0 for name in SIGNALS),
            tuple(float(spread[name]["scale"]) if name in spread else _UNSEEN.get(name, 1.0) for name in SIGNALS),
            float(data["threshold"]),
            tuple(float(data.get("offsets", {}).get(name, 0.0)) for name in SIGNALS),
        )

    def standardise(self, values: Mapping[str, float]) -> list[float]:
        """The signals in units of their spread."""
        return [(values[n] - m) / s for n, m, s in zip(SIGNALS, self.mean, self.scale, strict=True)]

    def contributions(self, values: Mapping[str, float]) -> dict[str, float]:
        """How far each signal moves the log-odds: the change of value along each tree's path, by the signal asked."""
        row = [values[name] for name in SIGNALS]
        moved = [offset * value for offset, value in zip(self.offsets, row, strict=True)]
        for tree in self.trees:
            feature, limit, left, right, value = tree.feature, tree.limit, tree.left, tree.right, tree.value
            node = 0
            asked = feature[0]
            while asked >= 0:
                child = left[node] if row[asked] <= limit[node] else right[node]
                moved[asked] += value[child] - value[node]
                node, asked = child, feature[child]
        return dict(zip(SIGNALS, moved, strict=True))

    def logit(self, values: Mapping[str, float]) -> float:
        """Log-odds that the documents cover the question."""
        row = [values[name] for name in SIGNALS]
        total = self.base + sum(offset * value for offset, value in zip(self.offsets, row, strict=True) if offset)
        for tree in self.trees:
            feature, limit, left, right = tree.feature, tree.limit, tree.left, tree.right
            node = 0
            while (asked := feature[node]) >= 0:
                node = left[node] if row[asked] <= limit[node] else right[node]
            total += tree.value[node] - tree.value[0]
        return total

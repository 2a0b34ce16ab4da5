"""`hxd calibrate`: how well the gate does on the examples that it learnt from."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from hxd_desktop.cli import output, text
from hxd_desktop.cli.counting import Counting
from hxd_desktop.cli.interrupt import Interrupt
from hxd_desktop.cli.opening import opened

CALIBRATION_KEYS = (
    "n_good", "n_bad", "threshold", "class_gap", "precision", "recall", "f1", "curve", "enough_examples",
)  # fmt: skip


def calibrate(arguments: argparse.Namespace) -> int:
    """Fit a library's gate to its examples and show the cross-validated curve."""
    with (
        opened(arguments, writable=True) as assistant,
        Interrupt() as interrupt,
        Counting("examples scored") as counting,
    ):
        fitted = interrupt.run(
            lambda token: assistant.calibrate(
                arguments.library,
                threshold=arguments.threshold,
                reset=arguments.reset,
                scores=arguments.scores,
                progress=counting.show,
                cancel=token,
            )
        )
    record = {key: getattr(fitted, key) for key in CALIBRATION_KEYS}
    if arguments.json:
        output.emit(record)
        return 0
    output.say(f"{arguments.library}: {fitted.n_good} good and {fitted.n_bad} bad questions")
    if not fitted.enough_examples:
        output.say("  too few to learn from: add more with hxd examples add")
    _say_figures(record, CALIBRATION_KEYS[2:])
    return 0


def _say_figures(figures: Mapping[str, Any], keys: Sequence[str]) -> None:
    rows = [(key, figure(figures[key])) for key in keys if key not in {"curve", "enough_examples"}]
    for line in text.table(rows, right=(1,), indent="  "):
        output.say(line)


def figure(value: float | None) -> str:
    """A figure as it is shown: a count as it is, a fraction to three places."""
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else f"{value:.3f}"

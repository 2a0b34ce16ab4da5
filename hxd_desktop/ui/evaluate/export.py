"""Runs as files: a report in a folder, the figures as a table, the plots as pictures."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize

from hxd_desktop.engine.evaluation.run import Run
from hxd_desktop.ui.evaluate.charts import charts_of
from hxd_desktop.ui.evaluate.session import Shown
from hxd_desktop.ui.plots.widget import PlotWidget
from hxd_desktop.ui.saving import save_picture, save_table
from hxd_desktop.ui.theme import Theme

_SIZE = QSize(720, 420)


def write_csv(path: Path, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a table; raises OSError where the file cannot be written."""
    save_table(path, [head, *rows])


def write_questions(path: Path, run: Run) -> None:
    """Write what every question of a run gave; raises OSError where the file cannot be written."""
    keys = list(dict.fromkeys(key for row in run.rows for key in row))
    write_csv(path, keys, [[_cell(row.get(key)) for key in keys] for row in run.rows])


def write_pictures(folder: Path, theme: Theme, shown: Shown) -> None:
    """Draw every plot into `folder`; raises OSError where a file cannot be written."""
    for number, (_, chart) in enumerate(charts_of(shown), 1):
        plot = PlotWidget(theme)
        plot.resize(_SIZE)
        plot.show_chart(chart)
        path = folder / f"plot-{number}.png"
        try:
            save_picture(path, plot.picture())
        finally:
            plot.deleteLater()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict | bool) else str(value)

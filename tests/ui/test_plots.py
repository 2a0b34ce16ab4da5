"""Plots: what they say, how they are read with the mouse and the keys, how they are saved."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.plots import kinds
from hxd_desktop.ui.plots.chart import Mark, tick_words, ticks
from hxd_desktop.ui.plots.widget import PlotWidget
from hxd_desktop.ui.theme import Theme

SCORED = [(0.01, True), (0.02, True), (0.5, False), (1.0, False)]
NAMES = ("to answer", "to refuse")
CURVE = [
    {"threshold": 0.0, "precision": 0.0, "recall": 0.0, "f1": 0.0},
    {"threshold": 0.5, "precision": 1.0, "recall": 0.5, "f1": 0.667},
    {"threshold": 1.0, "precision": 0.5, "recall": 1.0, "f1": 0.667},
]


@pytest.mark.parametrize(
    ("low", "high", "most", "wanted"),
    [
        (0, 1, 5, [0, 0.2, 0.4, 0.6, 0.8, 1.0]),
        (-3, 7, 5, [-2, 0, 2, 4, 6]),
        (0, 1, 10, [n / 10 for n in range(11)]),
        (1, 1, 5, []),
    ],
)
def test_ticks_are_round(low: float, high: float, most: int, wanted: list[float]) -> None:
    assert ticks(low, high, most) == pytest.approx(wanted)


def test_ticks_have_as_many_decimals_as_they_need(language: Language) -> None:
    assert tick_words([0, 0.5, 1], counts=False) == ["0.0", "0.5", "1.0"]
    assert tick_words([0, 0.05, 0.1], counts=False) == ["0.00", "0.05", "0.10"]
    assert tick_words([-1000, 0], counts=True) == ["1,000", "0"]


def test_histograms_count_every_score_once_and_stand_back_to_back(language: Language) -> None:
    chart = kinds.histograms(SCORED, NAMES, [Mark(0.4, "limit 0.40")])
    good, bad = chart.series
    assert sum(y for _, y in good.points) == 2 and sum(y for _, y in bad.points) == -2
    assert good.points[0] == (0.02, 2.0) and bad.points[-1][1] == -1.0
    assert chart.reading(0.02) == "0.00–0.04: to answer 2, to refuse 0"
    assert "to answer: 2 in all" in chart.words() and "limit 0.40" in chart.words()


def test_a_plot_is_read_by_keys_and_mouse(qtbot: QtBot, theme: Theme, language: Language) -> None:
    plot = PlotWidget(theme)
    qtbot.addWidget(plot)
    plot.resize(400, 240)
    plot.show_chart(kinds.over_threshold(CURVE, []))
    plot.show()
    plot.grab()
    assert plot.accessibleName() == "What the limit costs" and "F1: from 0.00" in plot.accessibleDescription()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    assert plot.accessibleDescription() == "limit 0.50: F1 0.67, precision 1.00, recall 0.50"
    qtbot.keyClick(plot, Qt.Key.Key_End)
    assert plot.accessibleDescription().startswith("limit 1.00")
    before = plot.grab().toImage()
    qtbot.mouseMove(plot, QPoint(200, 120))
    qtbot.waitUntil(lambda: plot.grab().toImage() != before)


def test_the_mark_of_a_movable_plot_is_dragged_and_moved_by_keys(
    qtbot: QtBot, theme: Theme, language: Language
) -> None:
    plot = PlotWidget(theme, movable=True)
    qtbot.addWidget(plot)
    plot.resize(400, 240)
    seen: list[float] = []

    def follow(limit: float) -> None:
        seen.append(limit)
        plot.show_chart(kinds.histograms(SCORED, NAMES, [Mark(limit, "limit")]))

    plot.moved.connect(follow)
    follow(0.5)
    plot.show()
    plot.grab()
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    qtbot.keyClick(plot, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert seen[1:] == [0.51, 0.46]
    assert plot._frame is not None
    area = plot._frame.area
    quarter = QPoint(round(area.left() + area.width() / 4), 100)
    qtbot.mousePress(plot, Qt.MouseButton.LeftButton, pos=quarter)
    qtbot.mouseMove(plot, QPoint(round(area.right()) + 30, 100))
    qtbot.mouseRelease(plot, Qt.MouseButton.LeftButton)
    assert seen[3] == pytest.approx(0.25, abs=0.01) and seen[-1] == 1.0


def test_a_plot_is_saved_as_picture_and_table(qtbot: QtBot, theme: Theme, language: Language, tmp_path: Path) -> None:
    plot = PlotWidget(theme)
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    chart = kinds.f1_curves([("run 1", {"curve": CURVE, "threshold": 0.5, "f1": 0.667})], [("other", 0.7757)])
    plot.show_chart(chart)
    assert plot.save_png(str(tmp_path / "plot.png")) and plot.save_csv(str(tmp_path / "plot.csv"))
    picture = QImage(str(tmp_path / "plot.png"))
    assert (picture.width(), picture.height()) == (600, 400)
    with open(tmp_path / "plot.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["series", "limit", "F1"]
    assert ["run 1", "0.5", "0.667"] in rows and ["other 77.6", "", "0.7757"] in rows
    assert not plot.save_csv(str(tmp_path / "nowhere" / "plot.csv"))
    assert not plot.save_png(str(tmp_path / "nowhere" / "plot.png"))


@pytest.mark.parametrize("size", [(120, 90), (900, 500)])
def test_every_kind_is_drawn_at_any_size(qtbot: QtBot, theme: Theme, language: Language, size: tuple[int, int]) -> None:
    figures = {
        "curve": CURVE, "threshold": 0.5, "f1": 0.66, "precision": 1.0, "recall": 0.5,
        "reliability": [{"probability": 0.1, "covered": 0.2, "n": 3}, {"probability": 0.9, "covered": 0.8, "n": 5}],
        "hit@1": 0.2, "hit@3": 0.4, "hit@5": 0.5, "hit@10": 0.6,
    }  # fmt: skip
    runs = [("a", figures), ("b", figures)]
    plot = PlotWidget(theme)
    qtbot.addWidget(plot)
    plot.setMinimumSize(0, 0)
    plot.resize(*size)
    empty = plot.grab().toImage()
    for chart in (
        kinds.f1_curves(runs, []), kinds.precision_recall(runs), kinds.reliability(runs), kinds.ranks(runs),
        kinds.histograms([], NAMES, []),
    ):  # fmt: skip
        plot.show_chart(chart)
        assert plot.grab().toImage() != empty, chart.title

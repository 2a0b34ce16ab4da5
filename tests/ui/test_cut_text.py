"""No text is cut, in either language, where the window is small."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QScrollArea, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.cut_text import cut_texts, too_large
from hxd_desktop.ui.elided import ElidedLabel
from hxd_desktop.ui.scenes import SCENES, Engines
from hxd_desktop.ui.studio import studio

# What has the most text; the gallery looks at every state.
SHOWN = ["first-run", "refused", "failed", "files", "search", "calibrate-moved", "evaluate", "models-download"]
SHOWN += ["models-remote", "settings-answers", "settings-safety", "settings-changed"]


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("name", SHOWN)
def test_no_text_is_cut_in_a_small_window(qtbot: QtBot, engines: Engines, name: str, language: str) -> None:
    with studio("light", language, (1024, 700)) as made:
        shown = SCENES[name](made, engines)
        made.settle()
        assert cut_texts(shown if isinstance(shown, QDialog) else made.window) == []


@pytest.mark.parametrize(("points", "language"), [(9.0, "zh_CN"), (18.0, "en")])
@pytest.mark.parametrize("name", ["refused", "failed", "calibrate-moved", "settings-answers", "search"])
def test_no_text_is_cut_in_a_large_or_a_small_font(
    qtbot: QtBot, engines: Engines, name: str, points: float, language: str
) -> None:
    size = (1024, 700)
    with studio("light", language, size, points) as made:
        shown = SCENES[name](made, engines)
        made.settle()
        shown = shown if isinstance(shown, QDialog) else made.window
        assert cut_texts(shown) + too_large(shown, size) == []


LONG = "A text that is longer than what it is shown in"


def narrow(widget: QWidget) -> QWidget:
    widget.setFixedWidth(60)
    return widget


def tabs() -> QTabBar:
    made = QTabBar()
    made.addTab(LONG)
    return made


def field() -> QLineEdit:
    made = QLineEdit()
    made.setPlaceholderText(LONG)
    return made


def wrapped() -> QLabel:
    made = QLabel(LONG, wordWrap=True)
    made.setFixedHeight(made.fontMetrics().height())
    return made


@pytest.mark.parametrize("make", [lambda: QLabel(LONG), lambda: QPushButton(LONG), tabs, field, wrapped])
def test_a_text_that_is_cut_is_found(qtbot: QtBot, make: Callable[[], QWidget]) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    widget = make()
    QHBoxLayout(panel).addWidget(narrow(widget))
    panel.show()
    assert cut_texts(panel) == [LONG]
    widget.setToolTip(LONG)
    assert cut_texts(panel) == []


def test_an_area_that_goes_on_where_nobody_can_scroll_is_found(qtbot: QtBot) -> None:
    area = QScrollArea(widgetResizable=True)
    qtbot.addWidget(area)
    area.setAccessibleName("Conversation")
    inside = QWidget()
    inside.setMinimumWidth(300)
    area.setWidget(inside)
    area.resize(200, 100)
    area.show()
    assert cut_texts(area.window()) == []  # it can be scrolled
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    holder = QWidget()
    qtbot.addWidget(holder)
    QHBoxLayout(holder).addWidget(area)
    holder.resize(220, 120)
    holder.show()
    assert cut_texts(holder) == ["Conversation"]


def test_a_line_that_is_cut_on_purpose_says_itself_in_its_tooltip(qtbot: QtBot) -> None:
    panel = QWidget()
    qtbot.addWidget(panel)
    label = ElidedLabel(LONG)
    QHBoxLayout(panel).addWidget(narrow(label))
    panel.show()
    panel.grab()
    assert cut_texts(panel) == [] and label.toolTip() == LONG

"""What a screen reader is told: everything has a name and a role, gauges a value, texts their lines, news are said."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.ui import announcing, banner
from hxd_desktop.ui.chat import page
from hxd_desktop.ui.gauge import GaugeBar
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.problems import Problem
from hxd_desktop.ui.reading_order import stops
from hxd_desktop.ui.rich_text import RichText
from hxd_desktop.ui.scenes import SCENES, Engines
from hxd_desktop.ui.studio import studio
from tests.ui.small_library import COVERED, UNCOVERED
from tests.ui.test_keyboard import PLACES
from tests.ui.walking import name_of, told

Role = QAccessible.Role
WORKS = {Role.Button, Role.CheckBox, Role.RadioButton, Role.ComboBox, Role.EditableText, Role.SpinBox, Role.Slider}
WORKS |= {Role.Link, Role.MenuItem, Role.PageTab, Role.ListItem, Role.Table, Role.List, Role.ButtonMenu}
WORKS |= {Role.ProgressBar, Role.ButtonDropDown, Role.Tree}


@pytest.mark.parametrize("name", PLACES)
def test_everything_that_works_has_a_name(qtbot: QtBot, engines: Engines, name: str) -> None:
    with studio("light", "en", (1300, 900)) as made:
        given = SCENES[name](made, engines)
        shown: QWidget = given if isinstance(given, QDialog) else made.window
        made.settle()
        heard = told(shown)
        nameless = [
            f"{one.role} {name_of(one.widget) if one.widget is not None else ''}"
            for one in heard
            if (one.role in WORKS or one.focusable)
            and not one.name
            and not (one.widget is not None and one.widget.focusProxy() is not None)
        ]
        assert nameless == []
        assert not [one for one in heard if one.role == Role.NoRole]
        # It is told of in the order in which Tab goes through it.
        order = stops(shown)
        assert [name_of(one.widget) for one in heard if one.widget in order] == [name_of(stop) for stop in order]


def test_gauges_tell_their_value(qtbot: QtBot, window: MainWindow, ask: Callable[[str], None]) -> None:
    ask(UNCOVERED)
    exchange = window.page.view.exchange_views()[-1]
    bar = exchange.findChild(GaugeBar)
    assert bar is not None
    heard = QAccessible.queryAccessibleInterface(bar)
    value = heard.valueInterface()
    assert heard.role() == Role.ProgressBar and heard.text(QAccessible.Text.Name) == "Refusal score"
    assert exchange.exchange.answer is not None and exchange.exchange.answer.refusal.score is not None
    assert value.currentValue() == round(100 * exchange.exchange.answer.refusal.score)
    assert (value.minimumValue(), value.maximumValue()) == (0, 100)


def test_an_answer_is_read_line_by_line_as_it_is_seen(
    qtbot: QtBot, window: MainWindow, ask: Callable[[str], None]
) -> None:
    ask(COVERED)
    text = window.page.view.exchange_views()[-1].findChild(RichText, "answer_text")
    assert text is not None
    read = QAccessible.queryAccessibleInterface(text).textInterface()
    heard: dict[int, str] = {}
    for at in range(read.characterCount()):
        rect = read.characterRect(at)
        heard[rect.center().y()] = heard.get(rect.center().y(), "") + read.text(at, at + 1)
    lines = list(heard.values())
    seen = []
    block = text.document().begin()
    while block.isValid():
        for n in range(block.layout().lineCount()):
            part = block.layout().lineAt(n)
            seen.append(block.text()[part.textStart() : part.textStart() + part.textLength()].strip())
        block = block.next()
    assert [line.strip() for line in lines if line.strip()] == [line for line in seen if line]
    assert "citric acid" in " ".join(lines)


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What is announced, and whether at once."""
    heard: list[tuple[str, bool]] = []

    def listen(widget: QWidget, text: str, *, at_once: bool = False) -> None:
        heard.append((text, at_once))
        announcing.announce(widget, text, at_once=at_once)

    for module in (page, banner):
        monkeypatch.setattr(module, "announce", listen)
    return heard


def test_an_answer_and_a_refusal_are_announced(
    said: list[tuple[str, bool]], window: MainWindow, ask: Callable[[str], None]
) -> None:
    ask(COVERED)
    ask(UNCOVERED)
    assert [text.splitlines()[0] for text, _ in said] == [
        "Answered from 1 source",
        "Refused: the documents do not cover this",
    ]
    assert "citric acid" in said[0][0]


def test_a_failure_is_announced_at_once(said: list[tuple[str, bool]], window: MainWindow) -> None:
    window.pages.banners.show_problem(Problem("It failed", "The disk is full.", "Make room."))
    window.pages.banners.show_problem(Problem("Saved", "It lies there.", severity="info"))
    assert said == [("It failed. The disk is full. Make room.", True), ("Saved. It lies there.", False)]
    QApplication.processEvents()

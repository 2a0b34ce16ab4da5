"""A long conversation: only what is near the eye has widgets, and what is looked at stays where it is."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from hxd_desktop.ui.chat.exchange import Exchange, Phase
from hxd_desktop.ui.chat.view import ChatView
from hxd_desktop.ui.main_window import MainWindow

MOST = 30


@pytest.fixture
def long(window: MainWindow) -> ChatView:
    exchanges = [
        Exchange(f"question {n}", text="\n\n".join([f"answer {n} " * 20] * (n % 7 + 1)), phase=Phase.DONE)
        for n in range(1000)
    ]
    window.services.session.model.show(exchanges)
    return window.page.view


def shown(view: ChatView) -> list[str]:
    """The questions that are seen, in order."""
    seen = []
    for widget in view.exchange_views():
        top = widget.mapTo(view.viewport(), QPoint(0, 0)).y()
        if top < view.viewport().height() and top + widget.height() > 0:
            seen.append(widget.exchange.question)
    return seen


def test_it_opens_at_its_end_with_few_widgets(long: ChatView) -> None:
    assert shown(long)[-1] == "question 999"
    assert len(long.exchange_views()) < MOST


def test_scrolling_up_by_the_wheel_passes_every_message_in_order(long: ChatView) -> None:
    bar, seen = long.verticalScrollBar(), ["question 999"]
    for _ in range(60):
        bar.setValue(bar.value() - 300)
        now = shown(long)
        assert now, bar.value()
        assert now == [f"question {n}" for n in range(int(now[0].split()[1]), int(now[-1].split()[1]) + 1)]
        assert now[-1] in seen or now[-1] == f"question {int(seen[0].split()[1]) - 1}" or now[0] in seen
        seen = now + seen
        assert len(long.exchange_views()) < MOST
    assert int(shown(long)[0].split()[1]) < 970


def test_what_is_looked_at_stays_when_more_is_made_above(long: ChatView) -> None:
    bar = long.verticalScrollBar()
    for _ in range(25):
        first = next(v for v in long.exchange_views() if v.mapTo(long.viewport(), QPoint(0, 0)).y() > 0)
        before = first.mapTo(long.viewport(), QPoint(0, 0)).y()
        bar.setValue(bar.value() - 100)
        assert abs(first.mapTo(long.viewport(), QPoint(0, 0)).y() - before - 100) <= 2


def test_dragging_the_bar_far_shows_messages_there(long: ChatView) -> None:
    bar = long.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    middle = int(shown(long)[0].split()[1])
    assert 300 < middle < 700
    bar.setValue(0)
    assert shown(long)[0] == "question 0"


def test_home_and_end_and_message_by_message(qtbot: QtBot, long: ChatView) -> None:
    long.setFocus()
    qtbot.keyClick(long, Qt.Key.Key_Home)
    assert shown(long)[0] == "question 0"
    qtbot.keyClick(long, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
        focused = QApplication.focusWidget()
        assert focused.exchange.question == f"question {number}"
        assert f"question {number}" in focused.accessibleName()
    qtbot.keyClick(long, Qt.Key.Key_End)
    assert shown(long)[-1] == "question 999"


def test_a_row_far_away_is_revealed_at_the_top(long: ChatView) -> None:
    long.reveal(400)
    assert shown(long)[0] == "question 400"
    long.reveal(998)
    assert "question 998" in shown(long)


def test_a_question_asked_from_far_above_is_seen(window: MainWindow, long: ChatView) -> None:
    long.reveal(100)
    window.services.session.model.append(Exchange("new one"))
    assert shown(long)[-1] == "new one"


def test_a_conversation_opened_over_the_empty_page_makes_no_more_than_is_seen(window: MainWindow) -> None:
    window.services.session.new()
    assert not window.page.view.isVisible()
    window.services.session.model.show([Exchange(f"q {n}", text="a\n\n" * 9, phase=Phase.DONE) for n in range(200)])
    view = window.page.view
    assert view.isVisible() and shown(view)[-1] == "q 199"
    assert 3 <= len(view.exchange_views()) <= 12

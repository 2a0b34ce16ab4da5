"""Questions edited and asked again, drafts, deleting with undo; on the real engine."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.ui.chat.exchange_view import ExchangeView
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.services import make_services
from tests.ui.small_library import COVERED, COVERED_ZH, UNCOVERED, WAIT_MS

Ask = Callable[[str], None]


def tool(widget: QWidget, name: str) -> QToolButton:
    found = widget.findChild(QToolButton, name)
    assert found is not None, name
    return found


def views(window: MainWindow) -> list[ExchangeView]:
    return window.page.view.exchange_views()


def questions(window: MainWindow) -> list[str]:
    return [view.exchange.question for view in views(window)]


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.services.bridge.idle and not window.services.session.running, timeout=WAIT_MS)


def test_an_edited_question_keeps_the_old_branch_and_either_can_be_shown(
    qtbot: QtBot, window: MainWindow, ask: Ask
) -> None:
    ask(COVERED)
    ask(COVERED_ZH)
    first = views(window)[0]
    assert not first.findChild(QLabel, "branch").isVisible()
    qtbot.mouseClick(tool(first, "edit_question"), Qt.MouseButton.LeftButton)
    field = first.findChild(QPlainTextEdit, "edited_question")
    assert field.hasFocus() and field.toPlainText() == COVERED
    qtbot.keyClicks(field, "How long is the warranty of the brass kettle?")
    with qtbot.waitSignal(window.services.session.finished, timeout=WAIT_MS):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert questions(window) == ["How long is the warranty of the brass kettle?"]
    assert views(window)[0].findChild(QLabel, "branch").text() == "2 / 2"
    qtbot.mouseClick(tool(views(window)[0], "branch_before"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: questions(window) == [COVERED, COVERED_ZH], timeout=WAIT_MS)
    assert views(window)[0].findChild(QLabel, "branch").text() == "1 / 2"
    assert not tool(views(window)[0], "branch_before").isEnabled()
    session, conversation = window.services.session, window.services.session.current
    session.new()
    session.open(conversation)
    qtbot.waitUntil(lambda: questions(window) == [COVERED, COVERED_ZH], timeout=WAIT_MS)
    settle(qtbot, window)


def test_escape_leaves_the_question_as_it_was(qtbot: QtBot, window: MainWindow, ask: Ask) -> None:
    ask(COVERED)
    view = views(window)[0]
    qtbot.mouseClick(tool(view, "edit_question"), Qt.MouseButton.LeftButton)
    field = view.findChild(QPlainTextEdit, "edited_question")
    qtbot.keyClicks(field, "other")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert tool(view, "edit_question").isVisible() and questions(window) == [COVERED]
    settle(qtbot, window)


def test_asking_again_stands_in_the_same_place(qtbot: QtBot, window: MainWindow, ask: Ask) -> None:
    ask(COVERED)
    with qtbot.waitSignal(window.services.session.finished, timeout=WAIT_MS):
        qtbot.mouseClick(tool(views(window)[0], "retry"), Qt.MouseButton.LeftButton)
    settle(qtbot, window)
    assert questions(window) == [COVERED]
    assert views(window)[0].findChild(QLabel, "branch").text() == "2 / 2"


def test_a_wrong_source_is_said_in_a_menu_and_taken_back(
    qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant
) -> None:
    ask(COVERED)
    view = views(window)[0]
    qtbot.mouseClick(tool(view, "bad"), Qt.MouseButton.LeftButton)
    menu = view.findChild(QMenu, "what_was_bad")
    assert [action.text() for action in menu.actions()] == ["Should have been refused", "Wrong source"]
    menu.actions()[1].trigger()
    menu.close()
    qtbot.waitUntil(lambda: tool(view, "bad").isChecked(), timeout=WAIT_MS)
    [example] = assistant.examples()
    assert (example.answerable, example.source) == (True, "wrong_source")
    assert view.findChild(QLabel, "kept").text() == "Kept: answerable, but from another source"
    settle(qtbot, window)
    qtbot.mouseClick(tool(view, "bad"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: assistant.examples() == [], timeout=WAIT_MS)
    settle(qtbot, window)


def test_an_answer_is_copied_as_markdown_as_plain_text_and_with_its_sources(
    qtbot: QtBot, window: MainWindow, ask: Ask
) -> None:
    ask(COVERED)
    actions = {action.text(): action for action in tool(views(window)[0], "more").menu().actions()}
    clipboard = QGuiApplication.clipboard()
    actions["Copy as plain text"].trigger()
    assert "six weeks" in clipboard.text() and "cite:" not in clipboard.text()
    actions["Copy with sources"].trigger()
    assert clipboard.text().startswith(f"## {COVERED}") and "kettle.md" in clipboard.text()
    actions["Copy question"].trigger()
    assert clipboard.text() == COVERED
    settle(qtbot, window)


def test_drafts_belong_to_their_conversation_and_survive_a_restart(
    qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant
) -> None:
    services, edit = window.services, window.page.composer.edit
    ask(COVERED)
    first = services.session.current
    qtbot.keyClicks(edit, "half a thought")
    services.session.new()
    assert edit.toPlainText() == ""
    qtbot.keyClicks(edit, "another")
    services.session.open(first)
    assert edit.toPlainText() == "half a thought"
    settle(qtbot, window)
    services.bridge.close()
    assert assistant.chats.drafts() == {first: "half a thought", 0: "another"}
    again = make_services(services.theme, services.language, services.data_dir)
    again.bridge.adopt(assistant)
    qtbot.waitUntil(lambda: again.session.draft == "another" and again.bridge.idle, timeout=WAIT_MS)
    again.session.open(first)
    assert again.session.draft == "half a thought"
    qtbot.waitUntil(lambda: again.bridge.idle, timeout=WAIT_MS)
    again.bridge.close()


def test_a_deleted_chat_comes_back_by_undo(qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant) -> None:
    ask(COVERED)
    panel, services = window.conversations, window.services
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.list.model().index(0, 0))
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: services.conversations.rowCount() == 0, timeout=WAIT_MS)
    undo = panel.findChild(QPushButton, "undo_delete")
    assert undo.isVisible() and services.session.model.rowCount() == 0
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: questions(window) == [COVERED], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: services.conversations.rowCount() == 1, timeout=WAIT_MS)
    assert not undo.isVisible()
    settle(qtbot, window)


def test_without_undo_it_is_erased(qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant) -> None:
    ask(COVERED)
    services = window.services
    conversation = services.session.current
    services.session.delete(conversation, "Kettle")
    services.session.trash.empty()
    qtbot.waitUntil(lambda: assistant.messages(conversation) == [], timeout=WAIT_MS)
    settle(qtbot, window)
    assert not window.conversations.findChild(QPushButton, "undo_delete").isVisible()


def test_closing_erases_what_was_deleted(qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant) -> None:
    ask(UNCOVERED)
    services = window.services
    conversation = services.session.current
    services.session.delete(conversation)
    services.bridge.close()
    assert assistant.messages(conversation) == []


@pytest.mark.parametrize("query", ["spoon", "spoon of ci"])
def test_chats_are_searched_by_their_words_and_opened_at_the_message(
    qtbot: QtBot, window: MainWindow, ask: Ask, query: str
) -> None:
    ask(COVERED)
    services, panel = window.services, window.conversations
    services.session.new()
    ask(COVERED_ZH)
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(panel.search, query)
    qtbot.waitUntil(lambda: panel.hits.isVisible() and panel.hits.model().rowCount() > 0, timeout=WAIT_MS)
    assert query.split()[0] in panel.hits.model().index(0, 0).data()
    qtbot.keyClick(panel.search, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is panel.hits
    qtbot.keyClick(panel.hits, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: questions(window) == [COVERED], timeout=WAIT_MS)
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.list.isVisible() and not panel.hits.isVisible()
    settle(qtbot, window)


def test_a_pinned_chat_stays_on_top(qtbot: QtBot, window: MainWindow, ask: Ask) -> None:
    ask(COVERED)
    services, panel = window.services, window.conversations
    first = services.session.current
    services.session.new()
    ask(COVERED_ZH)
    panel.list.setCurrentIndex(panel.list.model().index(1, 0))
    action = next(action for action in panel.list.actions() if action.objectName() == "pin_chat")
    action.trigger()
    qtbot.waitUntil(lambda: services.conversations.conversations[0].id == first, timeout=WAIT_MS)
    settle(qtbot, window)

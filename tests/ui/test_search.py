"""The search page as a person uses it, on the real engine."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.answering.model import Filters
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.errors import Cancelled
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.opening import show_in_folder
from hxd_desktop.ui.search.page import SearchPage
from tests.ui.controls import unnamed
from tests.ui.small_library import WAIT_MS


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow) -> SearchPage:
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    made = window.pages.show_page("search")
    assert isinstance(made, SearchPage) and made.edit.hasFocus()
    settle(qtbot, made)
    return made


def settle(qtbot: QtBot, page: SearchPage) -> None:
    qtbot.waitUntil(lambda: not page.session.busy and page._bridge.idle, timeout=WAIT_MS)


def names(page: SearchPage) -> list[str]:
    return [card.reading.file_name for card in page.cards]


def title(page: SearchPage) -> str:
    return page._stack.currentWidget().findChild(QLabel, "empty_title").text()


def test_passages_appear_as_one_types(qtbot: QtBot, page: SearchPage) -> None:
    assert title(page) == "Search without a chat"
    qtbot.keyClicks(page.edit, "citric acid")
    settle(qtbot, page)
    assert names(page)[0] == "kettle.md" and page.area.isVisible()
    first = page.cards[0].reading
    assert {first.passage[a:b] for a, b in first.marks} == {"citric acid"} or first.marks
    assert page.findChild(QLabel, "found_lead").text().split(" · ")[0].endswith("files")
    page.edit.clear()
    settle(qtbot, page)
    assert title(page) == "Search without a chat"


def test_an_older_search_is_stopped_and_never_shown(
    qtbot: QtBot, page: SearchPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    stopped = threading.Event()
    real = Assistant.search

    def slow(assistant: Assistant, query: str, *args: Any, cancel: CancelToken, **kwargs: Any) -> Any:
        asked.append(query)
        if query == "bicycle":
            deadline = time.monotonic() + 10
            while not cancel.cancelled and time.monotonic() < deadline:
                threading.Event().wait(0.005)
            stopped.set()
            raise Cancelled
        return real(assistant, query, *args, cancel=cancel, **kwargs)

    monkeypatch.setattr(Assistant, "search", slow)
    page.edit.setText("bicycle")
    page.session.go()
    qtbot.waitUntil(lambda: asked == ["bicycle"], timeout=WAIT_MS)
    page.edit.setText("warran")
    page.edit.setText("warranty of the kettle")
    qtbot.keyClick(page.edit, Qt.Key.Key_Return)
    settle(qtbot, page)
    assert stopped.is_set() and asked == ["bicycle", "warranty of the kettle"]
    assert page.session.found.wish.query == "warranty of the kettle" and page.session.failed is None
    assert names(page)[0] == "kettle.md"


def test_filters_narrow_and_are_cleared(qtbot: QtBot, page: SearchPage, documents: Path) -> None:
    page.edit.setText("key")
    page.session.go()
    settle(qtbot, page)
    assert "bicycle.txt" in names(page)
    kinds = page.filters.type
    assert [kinds.itemData(n) for n in range(kinds.count())] == [None, "markdown", "text"]
    kinds.setCurrentIndex(kinds.findData("markdown"))
    kinds.activated.emit(kinds.currentIndex())
    settle(qtbot, page)
    assert page.session.wish.filters == Filters(type="markdown") and "bicycle.txt" not in names(page)
    language = page.filters.language
    language.setCurrentIndex(language.findData("zh"))
    language.activated.emit(language.currentIndex())
    settle(qtbot, page)
    assert set(names(page)) <= {"图书馆.md"}
    qtbot.mouseClick(page.filters.clear_button, Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert page.session.wish.filters == Filters() and "bicycle.txt" in names(page)
    days = page.filters.time
    days.setCurrentIndex(1)
    days.activated.emit(1)
    settle(qtbot, page)
    assert page.session.wish.filters.since is not None and "bicycle.txt" in names(page)


def test_nothing_found_says_so_and_offers_to_clear(qtbot: QtBot, page: SearchPage) -> None:
    page.edit.setText("key")
    page.session.narrow((), Filters(folder="/nowhere"))
    settle(qtbot, page)
    assert title(page) == "Nothing found"
    page.filters.clear_button.click()
    button = page._stack.currentWidget().findChild(QPushButton, "empty_action")
    assert button is None or button.text() == "Clear filters"


def test_a_search_that_fails_says_why_and_can_be_tried_again(qtbot: QtBot, page: SearchPage) -> None:
    page.edit.setText("key")
    page.session.narrow(("gone",), Filters())
    settle(qtbot, page)
    assert title(page) == "There is no such library"
    page.session.narrow((), Filters())
    settle(qtbot, page)
    assert "bicycle.txt" in names(page)


def test_a_result_is_reached_by_keys_asked_about_and_opened(
    qtbot: QtBot, page: SearchPage, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("hxd_desktop.ui.main_window.open_document", lambda path: opened.append(path))
    monkeypatch.setattr("hxd_desktop.ui.main_window.show_in_folder", lambda path: opened.append(f"in {path}"))
    page.edit.setText("bicycle shed")
    page.session.go()
    settle(qtbot, page)
    qtbot.keyClick(page.edit, Qt.Key.Key_Down)
    card = page.cards[0]
    assert card.hasFocus() and card.property("chosen")
    qtbot.keyClick(card, Qt.Key.Key_Up)
    assert page.edit.hasFocus()
    qtbot.mouseClick(card.findChild(QToolButton, "open_document"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(card.findChild(QPushButton, "show_result"), Qt.MouseButton.LeftButton)
    assert opened == [card.reading.path, f"in {card.reading.path}"]
    qtbot.keyClick(card, Qt.Key.Key_Return)
    document = window.evidence.document
    qtbot.waitUntil(lambda: document.shown is not None, timeout=WAIT_MS)
    assert document.isVisible() and "bicycle shed" in document.shown.text[slice(*document.shown.marks[0])]
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    window.search_documents()
    qtbot.mouseClick(card.findChild(QPushButton, "ask_about"), Qt.MouseButton.LeftButton)
    assert window.pages.current.key == "chat"
    edit = window.page.composer.edit
    name = Path(card.reading.path)
    assert edit.toPlainText() == f'bicycle shed file:"{name.parent.name}/{name.name}"' and edit.hasFocus()
    qtbot.keyClicks(edit, "What is the code of the bicycle shed?")
    assert edit.toPlainText().startswith("What is the code of the bicycle shed? file:")
    with qtbot.waitSignal(window.services.session.finished, timeout=WAIT_MS):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    answer = window.services.session.model.exchanges[-1].answer
    assert answer is not None and {source.document for source in answer.sources} == {card.reading.path}


def test_a_result_is_shown_in_its_document_beside_the_page(qtbot: QtBot, page: SearchPage, window: MainWindow) -> None:
    page.edit.setText("bicycle shed")
    page.session.go()
    settle(qtbot, page)
    assert not window.evidence.isVisible()
    qtbot.mouseClick(page.cards[0].findChild(QToolButton, "show_document"), Qt.MouseButton.LeftButton)
    settle(qtbot, page)
    assert window.pages.current.key == "search" and page.isVisible()
    assert window.evidence.isVisible() and window.evidence.tabs.currentWidget() is window.evidence.document
    window.write_question()
    window.search_documents()
    assert not window.evidence.isVisible()


def test_every_control_of_the_page_says_what_it_is(qtbot: QtBot, page: SearchPage) -> None:
    page.edit.setText("key")
    page.session.go()
    settle(qtbot, page)
    assert unnamed(page) == []


def test_before_the_engine_is_open_it_says_so(empty_window: MainWindow) -> None:
    empty_window.search_documents()
    page = empty_window.pages.show_page("search")
    assert isinstance(page, SearchPage)
    assert title(page) == "Opening your library"
    page.edit.setText("key")
    page.session.go()
    assert title(page) == "Not ready yet"
    page.edit.clear()


def test_the_folder_of_a_file_is_shown_or_the_nearest_that_is_there(tmp_path: Path) -> None:
    seen: list[str] = []

    def opener(url: QUrl) -> bool:
        seen.append(url.toLocalFile())
        return len(seen) < 2

    assert show_in_folder(str(tmp_path / "gone" / "file.txt"), opener) is None
    assert os.path.samefile(seen[0], tmp_path)
    problem = show_in_folder(str(tmp_path / "file.txt"), opener)
    assert problem is not None and problem.title == "The folder could not be opened"

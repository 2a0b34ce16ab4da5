"""The window as a person uses it: typing, clicking, keys; on the real engine with a small library."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QMessageBox, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import WatchError
from hxd_desktop.engine.settings import RemoteSettings
from hxd_desktop.ui.chat.exchange_view import ExchangeView
from hxd_desktop.ui.evidence.sources import SourceCard, SourceList
from hxd_desktop.ui.library.files_dialog import FilesDialog
from hxd_desktop.ui.main_window import MainWindow
from tests.support.chat_server import ChatServer, running
from tests.ui.small_library import COVERED, COVERED_ZH, UNCOVERED, WAIT_MS

Ask = Callable[[str], None]


def text_of(widget: QWidget, name: str) -> str:
    label = widget.findChild(QLabel, name)
    assert label is not None, name
    return label.text()


def button(widget: QWidget, name: str) -> QPushButton | QToolButton:
    found = widget.findChild(QPushButton, name) or widget.findChild(QToolButton, name)
    assert found is not None, name
    return found


def last_view(window: MainWindow) -> ExchangeView:
    return window.page.view.exchange_views()[-1]


def test_a_covered_question_is_answered_with_sources_and_its_gauge(window: MainWindow, ask: Ask) -> None:
    ask(COVERED)
    view = last_view(window)
    answer = view.exchange.answer
    assert answer is not None and answer.outcome is Outcome.ANSWERED
    assert "six weeks" in view._text.toPlainText()
    assert answer.refusal.score is not None
    assert f"refusal {answer.refusal.score:.2f} · limit {answer.refusal.threshold:.2f}" == text_of(
        view, "gauge_reading"
    )
    assert text_of(view, "gauge_verdict").startswith("Answered from")
    bad, more = button(view, "bad").geometry(), button(view, "more").geometry()
    assert 0 < more.left() - bad.right() < bad.width()  # side by side
    first = window.evidence.sources.cards[0]
    assert first.reading.file_name == "kettle.md"
    assert any("kettle" in first.reading.passage[a:b].lower() for a, b in first.reading.marks)


def test_an_uncovered_question_is_refused_with_reason_and_ways_on(window: MainWindow, ask: Ask) -> None:
    ask(UNCOVERED)
    view = last_view(window)
    answer = view.exchange.answer
    assert answer is not None and answer.outcome is Outcome.UNRELATED
    assert text_of(view, "gauge_verdict") == "Refused: the documents do not cover this"
    anyway = button(view, "answer_anyway")
    assert anyway.isVisible() and anyway.geometry().right() == anyway.parentWidget().rect().right()
    assert button(view, "why").isVisible()


def test_answer_anyway_asks_again_and_says_that_it_was_overruled(qtbot: QtBot, window: MainWindow, ask: Ask) -> None:
    ask(UNCOVERED)
    with qtbot.waitSignal(window.services.session.finished, timeout=WAIT_MS):
        qtbot.mouseClick(button(last_view(window), "answer_anyway"), Qt.MouseButton.LeftButton)
    answer = last_view(window).exchange.answer
    assert answer is not None and answer.outcome in (Outcome.ANSWERED, Outcome.NO_EVIDENCE)
    if answer.outcome is Outcome.ANSWERED:
        assert text_of(last_view(window), "gauge_verdict").startswith("Answered because you asked for it")


def test_why_shows_the_record_of_the_decision(qtbot: QtBot, window: MainWindow, ask: Ask) -> None:
    ask(UNCOVERED)
    qtbot.mouseClick(button(last_view(window), "why"), Qt.MouseButton.LeftButton)
    why = window.evidence.why
    assert window.evidence.tabs.currentWidget() is why
    assert text_of(why, "why_verdict") == "Refused: the documents do not cover this"
    assert "volcano" in text_of(why, "missing_terms")
    stages = [label.text() for label in why.findChildren(QLabel, "stage")]
    assert stages[:2] == ["Question read", "Passages found"]
    assert "Covered or not" in stages


def test_evidence_is_put_up_a_card_a_turn_and_the_record_when_it_is_looked_at(
    qtbot: QtBot, window: MainWindow, ask: Ask
) -> None:
    ask(COVERED)
    evidence = window.evidence
    again = SourceList(window.services.theme)
    qtbot.addWidget(again)
    again.show_groups([("found", evidence.sources.readings)])
    put_up = []
    while len(again.findChildren(SourceCard)) < len(evidence.sources.readings):
        QApplication.processEvents()
        put_up.append(len(again.findChildren(SourceCard)))
    assert put_up == list(range(1, len(evidence.sources.readings) + 1))
    assert len(put_up) > 1
    assert evidence.why.findChild(QLabel, "why_verdict") is None
    evidence.show_why()
    assert text_of(evidence.why, "why_verdict").startswith("Answered")


def test_a_citation_selects_its_source(qtbot: QtBot, window: MainWindow, ask: Ask) -> None:
    ask(COVERED_ZH)
    window.evidence.show_why()
    view = last_view(window)
    cited = next(source.n for source in view.exchange.answer.sources if f"[{source.n}]" in view.exchange.answer.answer)
    view._text.anchorClicked.emit(QUrl(f"cite:{cited}"))
    assert window.evidence.tabs.currentWidget() is window.evidence.sources
    chosen = [card.reading.n for card in window.evidence.sources.cards if card.property("chosen")]
    assert chosen == [cited]


@pytest.mark.parametrize("text", ["", "a question", "一个问题", "一个\n问题", "long words " * 10])
def test_the_lines_of_a_question_are_shown_whole(qtbot: QtBot, window: MainWindow, text: str) -> None:
    edit = window.page.composer.edit
    edit.setPlainText(text)
    window.resize(1000, 700)
    qtbot.waitUntil(lambda: edit.verticalScrollBar().maximum() == 0, timeout=WAIT_MS)
    block = edit.document().firstBlock()
    assert edit.viewport().height() >= edit.blockBoundingGeometry(block).height()


def test_shift_enter_breaks_the_line_and_enter_sends(qtbot: QtBot, window: MainWindow) -> None:
    edit = window.page.composer.edit
    height = edit.height()
    qtbot.keyClicks(edit, "first")
    qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(edit, "second")
    assert edit.toPlainText() == "first\nsecond"
    assert edit.height() > height
    with qtbot.waitSignal(window.services.session.finished, timeout=WAIT_MS):
        qtbot.keyClick(edit, Qt.Key.Key_Return)
    assert edit.toPlainText() == ""
    assert last_view(window).exchange.question == "first\nsecond"


def test_conversations_are_kept_found_renamed_and_deleted(
    qtbot: QtBot, window: MainWindow, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel, services = window.conversations, window.services
    ask(COVERED)
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert services.session.current is None and services.session.model.rowCount() == 0
    ask(COVERED_ZH)
    qtbot.waitUntil(lambda: services.conversations.rowCount() == 2, timeout=WAIT_MS)

    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert panel.search.hasFocus()
    qtbot.keyClicks(panel.search, "kettle")
    assert panel.list.model().rowCount() == 1
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    model = services.session.model
    qtbot.waitUntil(lambda: [item.question for item in model.exchanges] == [COVERED], timeout=WAIT_MS)
    shown = model.exchanges[0]
    assert shown.answer is not None and shown.answer.sources[0].document.endswith("kettle.md")

    services.conversations.setData(services.conversations.index(1, 0), "Tea")
    qtbot.waitUntil(lambda: "Tea" in [item.title for item in services.conversations.conversations], timeout=WAIT_MS)
    qtbot.keyClick(panel.search, Qt.Key.Key_Escape)
    assert panel.search.text() == ""
    answer_dialog(qtbot, monkeypatch, "Delete")
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.list.model().index(0, 0))
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: services.conversations.rowCount() == 1, timeout=WAIT_MS)


def answer_dialog(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """Click the button `text` in the next question."""

    def exec_(box: QMessageBox) -> int:
        box.show()
        wanted = next(b for b in box.buttons() if b.text() == text)
        qtbot.mouseClick(wanted, Qt.MouseButton.LeftButton)
        return 0

    monkeypatch.setattr(QMessageBox, "exec", exec_)


def test_feedback_becomes_an_example_and_can_be_taken_back(
    qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant
) -> None:
    ask(UNCOVERED)
    view = last_view(window)
    bad = button(view, "bad")
    assert bad.toolTip() == "Should have been answered"
    qtbot.mouseClick(bad, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: text_of(view, "kept") == "Kept as a question to answer", timeout=WAIT_MS)
    assert [(item.question, item.answerable, item.source) for item in assistant.examples()] == [
        (UNCOVERED, True, "chat")
    ]
    qtbot.mouseClick(button(view, "good"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: text_of(view, "kept") == "Kept as a question to refuse", timeout=WAIT_MS)
    assert [item.answerable for item in assistant.examples()] == [False]
    qtbot.mouseClick(button(view, "good"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: text_of(view, "kept") == "", timeout=WAIT_MS)
    assert assistant.examples() == []


def test_feedback_is_known_again_when_the_conversation_is_opened(
    qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant
) -> None:
    ask(UNCOVERED)
    qtbot.mouseClick(button(last_view(window), "bad"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(assistant.examples()), timeout=WAIT_MS)
    session = window.services.session
    conversation = session.current
    session.new()
    session.open(conversation)
    qtbot.waitUntil(lambda: bool(window.page.view.exchange_views()), timeout=WAIT_MS)
    assert text_of(last_view(window), "kept") == "Kept as a question to answer"
    qtbot.mouseClick(button(last_view(window), "bad"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: assistant.examples() == [], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: text_of(last_view(window), "kept") == "", timeout=WAIT_MS)


def test_copy_puts_the_answer_on_the_clipboard(qtbot: QtBot, window: MainWindow, ask: Ask) -> None:
    ask(COVERED)
    qtbot.mouseClick(button(last_view(window), "copy"), Qt.MouseButton.LeftButton)
    assert "six weeks" in QGuiApplication.clipboard().text()
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def drop(window: MainWindow, paths: list[Path], at: QPoint) -> str:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    args = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(at, *args))
    assert window.drop.isVisible()
    QApplication.sendEvent(window, QDragMoveEvent(at, *args))
    text = text_of(window.drop, "drop_text")
    QApplication.sendEvent(window, QDropEvent(QPointF(at), *args))
    assert not window.drop.isVisible()
    return text


def test_a_dropped_folder_is_added_and_searched(
    qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant, tmp_path: Path
) -> None:
    assistant.start_watching()
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "lamp.txt").write_text("The green lamp in the tower uses a bulb of forty watts.", encoding="utf-8")
    assert drop(window, [folder], window.rect().center()) == "Add 1 item to default"
    model = window.services.libraries
    qtbot.waitUntil(lambda: model.libraries[0].documents == 4, timeout=WAIT_MS)
    assert "4 documents" in button(window.libraries, "documents").text()
    ask("How many watts does the bulb of the green lamp use?")
    assert "forty watts" in last_view(window)._text.toPlainText()


def test_a_drop_on_a_card_goes_to_that_library(
    qtbot: QtBot, window: MainWindow, assistant: Assistant, tmp_path: Path
) -> None:
    window.services.bridge.change(lambda engine: engine.create_library("Notes"))
    qtbot.waitUntil(lambda: len(window.libraries.cards) == 2, timeout=WAIT_MS)
    card = next(card for card in window.libraries.cards if card.summary.name == "Notes")
    qtbot.waitUntil(lambda: card.height() > 20 and window.services.bridge.idle, timeout=WAIT_MS)
    note = tmp_path / "note.txt"
    note.write_text("A single note.", encoding="utf-8")
    at = window.mapFromGlobal(card.mapToGlobal(card.rect().center()))
    assert drop(window, [note], at) == "Add 1 item to Notes"
    qtbot.waitUntil(lambda: len(card.summary.folders) == 1, timeout=WAIT_MS)
    assert card.summary.folders[0].is_file
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def test_a_folder_is_removed_only_after_the_question(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = window.libraries.cards[0]
    answer_dialog(qtbot, monkeypatch, "Cancel")
    qtbot.mouseClick(button(card, "remove_folder"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)
    assert len(card.summary.folders) == 1
    answer_dialog(qtbot, monkeypatch, "Remove")
    qtbot.mouseClick(button(card, "remove_folder"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: card.summary.folders == (), timeout=WAIT_MS)
    assert text_of(window.page, "empty_title") == "Which documents may I read?"
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def test_a_failure_is_a_banner_that_can_be_dismissed(qtbot: QtBot, window: MainWindow) -> None:
    window.libraries.add_paths(["/nowhere/at/all"])
    qtbot.waitUntil(lambda: len(window.pages.banners.banners()) == 1, timeout=WAIT_MS)
    banner = window.pages.banners.banners()[0]
    assert text_of(banner, "banner_title") == "The folder does not exist"
    qtbot.mouseClick(button(banner, "copy_details"), Qt.MouseButton.LeftButton)
    assert WatchError.__name__ in QGuiApplication.clipboard().text()
    qtbot.mouseClick(button(banner, "dismiss"), Qt.MouseButton.LeftButton)
    assert window.pages.banners.banners() == [] and not window.pages.banners.isVisible()


def test_the_files_of_a_library_are_listed_and_filtered(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.mouseClick(button(window.libraries.cards[0], "documents"), Qt.MouseButton.LeftButton)
    dialog = window.findChild(FilesDialog)
    table = dialog.table
    qtbot.waitUntil(lambda: table.model().rowCount() == 3, timeout=WAIT_MS)
    qtbot.keyClicks(dialog.search, "kettle")
    qtbot.waitUntil(lambda: text_of(dialog, "files_shown") == "1 file", timeout=WAIT_MS)
    dialog.search.clear()
    dialog.states.setCurrentIndex(dialog.states.findText("failed"))
    qtbot.waitUntil(lambda: text_of(dialog, "files_shown") == "0 files", timeout=WAIT_MS)
    assert text_of(dialog, "empty_title") == "No such file"
    dialog.close()
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def test_a_library_left_out_is_not_asked(qtbot: QtBot, window: MainWindow) -> None:
    chip = button(window.page.composer, "asked_library")
    qtbot.keyClicks(window.page.composer.edit, COVERED)
    assert window.page.composer.button.isEnabled()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert window.services.session.asked == ()
    assert not window.page.composer.button.isEnabled()
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert window.services.session.asked == ("default",)


def test_keys_reach_every_part(qtbot: QtBot, window: MainWindow) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    window.conversations.search.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_L, control)
    assert window.page.composer.edit.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_E, control)
    assert not window.evidence.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.evidence.isVisible() and window.evidence.tabs.currentWidget() is window.evidence.why
    qtbot.keyClick(window, Qt.Key.Key_F1)
    keys = next(dialog for dialog in window.findChildren(QDialog) if dialog.isVisible())
    assert "Ctrl+K" in [label.text() for label in keys.findChildren(QLabel)]
    keys.close()


def test_every_control_that_the_keyboard_reaches_says_what_it_is(window: MainWindow, ask: Ask) -> None:
    ask(COVERED)
    silent = []
    for widget in window.findChildren(QWidget):
        reachable = widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        said = widget.accessibleName() or getattr(widget, "text", str)()
        if reachable and not said:
            silent.append(f"{type(widget).__name__} {widget.objectName()}")
    assert silent == []


def test_geometry_and_columns_are_kept_inside_the_data_directory(window: MainWindow, data_dir: Path) -> None:
    window.menus.left.setChecked(False)
    window.columns.setSizes([0, 700, 400])
    window.remember()
    assert (data_dir / "window.ini").exists()
    again = MainWindow(window.services)
    assert not again.menus.left.isChecked()
    again.deleteLater()


def test_a_kill_after_a_change_finds_it_on_the_disk(qtbot: QtBot, window: MainWindow, data_dir: Path) -> None:
    def on_disk(key: str) -> str:
        # As another process reads it: nothing of this one is asked.
        lines = (data_dir / "window.ini").read_text("utf-8").splitlines() if (data_dir / "window.ini").exists() else []
        return next((line for line in lines if line.startswith(f"{key}=")), "")

    before = on_disk("geometry")
    window.resize(window.width() - 40, window.height() - 30)
    qtbot.waitUntil(lambda: on_disk("geometry") not in ("", before), timeout=WAIT_MS)
    window.menus.right.setChecked(False)
    qtbot.waitUntil(lambda: on_disk("right_shown") == "right_shown=false", timeout=WAIT_MS)
    columns = on_disk("columns")
    window.columns.splitterMoved.emit(300, 1)  # as a drag does
    window.columns.setSizes([300, 500, 0])
    window.services.session.set_asked("default", False)
    qtbot.waitUntil(lambda: on_disk("columns") != columns and on_disk("asked") != "", timeout=WAIT_MS)


def test_an_answer_from_elsewhere_wears_a_badge_and_the_window_says_that_it_may_ask(
    qtbot: QtBot, window: MainWindow, ask: Ask, assistant: Assistant
) -> None:
    ask(COVERED)
    assert not last_view(window).findChild(QLabel, "remote_badge").isVisible()
    with running(ChatServer(pieces=("Descale the brass kettle ", "every six weeks. [1]"))) as server:
        remote = RemoteSettings(allowed=True, url=server.url, model="internlm", when="always")
        assistant.update_settings(replace(assistant.settings, remote=remote))
        qtbot.waitUntil(lambda: window.status.offline.text() == "remote model allowed: internlm", timeout=WAIT_MS)
        ask(COVERED)
        view = last_view(window)
        badge = view.findChild(QLabel, "remote_badge")
        assert badge.isVisible()
        assert badge.text() == f"Answered by a remote model: {server.url.split('/')[2]}"
        assert "six weeks" in view._text.toPlainText()
        assert len(server.requests) == 1
        assistant.update_settings(replace(assistant.settings, remote=RemoteSettings()))
        qtbot.waitUntil(lambda: window.status.offline.text() == "offline: no network used", timeout=WAIT_MS)

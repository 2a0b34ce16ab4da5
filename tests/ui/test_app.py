"""The application from start to end, its settings, its pictures, and the binding that it stands on."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import Cancelled, StorageError
from hxd_desktop.engine.events import IndexProgress, Phase
from hxd_desktop.engine.settings import Settings
from hxd_desktop.ui import gallery
from hxd_desktop.ui.app import Application
from hxd_desktop.ui.chat.exchange import Exchange
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.preferences.dialog import SettingsDialog
from hxd_desktop.ui.single import Call
from tests.ui.small_library import COVERED, UNCOVERED, WAIT_MS


@pytest.fixture
def application(qtbot: QtBot, qapp: QApplication, data_dir: Path) -> Iterator[Application]:
    made = Application(qapp, data_dir)
    yield made
    made.close()


def wait_open(qtbot: QtBot, application: Application) -> None:
    bridge = application.services.bridge
    qtbot.waitUntil(lambda: bridge.ready and bridge.idle, timeout=WAIT_MS)


def test_the_window_is_there_before_the_engine(qtbot: QtBot, application: Application) -> None:
    application.window.show()
    assert application.window.findChild(QLabel, "empty_title").text() == "Opening your library"
    assert not application.services.bridge.ready
    application.start()
    wait_open(qtbot, application)

    def title() -> str:
        return application.window.findChild(QLabel, "empty_title").text()

    qtbot.waitUntil(lambda: title() == "Ask your documents", timeout=WAIT_MS)  # libraries are told in batches
    activity = application.window.status.activity
    qtbot.waitUntil(lambda: activity.text() == "3 documents indexed", timeout=WAIT_MS)  # progress is told in batches
    assert application.window.status.offline.text() == "offline: no network used"


def test_a_question_given_at_the_start_is_asked(qtbot: QtBot, qapp: QApplication, data_dir: Path) -> None:
    application = Application(qapp, data_dir, Call(COVERED))
    with qtbot.waitSignal(application.services.session.finished, timeout=WAIT_MS):
        application.start()
    exchange = application.services.session.model.exchanges[0]
    assert exchange.answer is not None and exchange.answer.outcome is Outcome.ANSWERED
    application.close()


def test_a_directory_in_use_is_explained_and_tried_again(qtbot: QtBot, qapp: QApplication, data_dir: Path) -> None:
    other = Assistant.open(data_dir)
    application = Application(qapp, data_dir)
    application.start()
    page = application.window.page
    qtbot.waitUntil(lambda: bool(page._empty and page._empty.buttons), timeout=WAIT_MS)
    # Of the state that is shown now: the one before may still wait for its deletion.
    assert page._empty.findChild(QLabel, "empty_title").text() != "Opening your library"
    other.close()
    qtbot.mouseClick(page._empty.buttons[0], Qt.MouseButton.LeftButton)
    wait_open(qtbot, application)
    application.close()


def test_settings_are_applied_by_the_button_at_once_and_kept(
    qtbot: QtBot, application: Application, data_dir: Path
) -> None:
    application.start()
    wait_open(qtbot, application)
    qtbot.keyClicks(application.window.page.composer.edit, "a draft")
    qtbot.keyClick(application.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = application.window.findChild(SettingsDialog)
    assert not dialog.apply.isEnabled()
    dialog.editors["window.language"].value = "zh_CN"
    dialog.editors["window.theme"].value = "dark"
    before = application.window
    qtbot.mouseClick(dialog.apply, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: application.window is not before and application.services.bridge.idle, timeout=WAIT_MS)
    assert application.services.theme.palette.name == "dark"
    assert application.window.evidence.tabs.tabText(0) == "来源"
    assert application.window.page.composer.edit.toPlainText() == "a draft"
    assert application.window.status.activity.text() == "已索引 3 个文档"
    kept = Settings.load(data_dir / "settings.toml").window
    assert (kept.language, kept.theme) == ("zh_CN", "dark")


def test_broken_settings_do_not_keep_the_window_from_opening(qtbot: QtBot, qapp: QApplication, data_dir: Path) -> None:
    (data_dir / "settings.toml").write_text("window = 3", encoding="utf-8")
    application = Application(qapp, data_dir)
    application.window.show()
    assert len(application.window.pages.banners.banners()) == 1
    application.close()


def test_an_empty_library_offers_the_samples(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    application = Application(qapp, tmp_path / "new")
    application.start()
    wait_open(qtbot, application)
    application.window.page.end_welcome()
    buttons = application.window.page._empty.buttons
    assert [button.text() for button in buttons] == ["Add a folder", "Try the sample documents"]
    qtbot.mouseClick(buttons[1], Qt.MouseButton.LeftButton)
    libraries = application.services.libraries
    qtbot.waitUntil(lambda: bool(libraries.libraries) and libraries.libraries[0].documents > 4, timeout=WAIT_MS)
    application.close()


def streaming(pieces: int) -> Any:
    def ask(question: str, *_: Any, on_stage: Any, on_text: Any, cancel: Any, **__: Any) -> None:
        on_stage("generate")
        for number in range(pieces):
            on_text(f"word{number} ")
        cancel.wait(30)
        raise Cancelled

    return ask


def test_escape_stops_an_answer_and_keeps_what_has_come(
    qtbot: QtBot, window: MainWindow, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(assistant, "ask", streaming(50))
    session = window.services.session
    qtbot.keyClicks(window.page.composer.edit, "Tell me everything")
    qtbot.keyClick(window.page.composer.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(
        lambda: bool(session.model.exchanges) and "word49" in session.model.exchanges[0].text, timeout=WAIT_MS
    )
    view = window.page.view.exchange_views()[0]
    assert view.findChild(QLabel, "running_stage").text() == "Writing the answer…"
    assert window.page.composer.button.accessibleName() == "Stop"
    began = time.monotonic()
    with qtbot.waitSignal(session.finished, timeout=2000):
        qtbot.keyClick(window.page.composer.edit, Qt.Key.Key_Escape)
    assert time.monotonic() - began < 5
    assert "word49" in view._text.toPlainText()
    assert view.findChild(QLabel, "gauge_verdict").text() == "Stopped"
    assert window.page.composer.button.accessibleName() == "Send"
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)


def test_leaving_a_conversation_lets_its_question_finish(qtbot: QtBot, window: MainWindow) -> None:
    session = window.services.session
    with qtbot.waitSignal(session.running_changed, check_params_cb=lambda running: not running, timeout=WAIT_MS):
        session.ask(COVERED)
        session.new()
    qtbot.waitUntil(lambda: window.services.conversations.rowCount() == 1, timeout=WAIT_MS)
    assert session.current is None and session.model.rowCount() == 0
    session.open(window.services.conversations.conversations[0].id)
    qtbot.waitUntil(lambda: session.model.rowCount() == 1 and window.services.bridge.idle, timeout=WAIT_MS)
    assert session.model.exchanges[0].answer is not None


def test_progress_is_shown_on_the_card_and_in_the_status_bar(
    qtbot: QtBot, window: MainWindow, assistant: Assistant
) -> None:
    assistant.events.publish(
        IndexProgress("default", Phase.WORDS, 7, 10, 70, 100, rate_bytes_per_s=2_000_000, seconds_left=30)
    )
    card = window.libraries.cards[0]
    reading = card.findChild(QLabel, "progress_reading")
    qtbot.waitUntil(reading.isVisible, timeout=WAIT_MS)
    assert reading.text().startswith("70 %") and "30 s left" in reading.text()
    assert window.status.activity.text().startswith("Indexing default · 7 of 10 files")
    assistant.events.publish(IndexProgress("default", Phase.IDLE))
    qtbot.waitUntil(lambda: not reading.isVisible() and window.services.bridge.idle, timeout=WAIT_MS)


def test_text_that_names_pictures_and_links_loads_nothing(qtbot: QtBot, window: MainWindow) -> None:
    text = window.findChild(QWidget, "answer_text")
    assert text is None
    window.services.session.model.show([Exchange("q", text="![x](file:///etc/hostname) <img src='http://x/y'>")])
    view = window.page.view.exchange_views()[0]
    assert view._text.loadResource(2, "file:///etc/hostname") is None
    assert "<img" in view._text.toPlainText()


def test_a_picture_of_the_window_is_drawn_for_the_demo(
    qapp: QApplication, assistant: Assistant, tmp_path: Path
) -> None:
    exchanges = [(question, assistant.ask(question)) for question in (COVERED, UNCOVERED)]
    file = gallery.render_window(assistant, exchanges, tmp_path / "window.png", size=(1200, 800))
    picture = QImage(str(file))
    assert (picture.width(), picture.height()) == (1200, 800)
    colours = {picture.pixelColor(x, y).name() for x in range(0, 1200, 7) for y in range(0, 800, 7)}
    assert len(colours) > 20
    assert file.stat().st_size < 300_000
    with pytest.raises(StorageError):
        gallery.render_window(assistant, exchanges, tmp_path / "no folder" / "window.png")
    assert assistant.libraries()  # still open


def test_the_gallery_draws_a_scene(qapp: QApplication, tmp_path: Path) -> None:
    assert gallery.main([str(tmp_path), "--only", "refused-dark-zh_CN-1024"]) == 0
    assert [file.name for file in tmp_path.iterdir()] == ["refused-dark-zh_CN-1024x700.png"]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="None is immortal there")
def test_the_binding_counts_references_to_none_and_true(qapp: QApplication) -> None:
    """A release of Qt for Python lost one with each call until the interpreter aborted."""

    class Sender(QObject):
        sent = Signal()

    sender, widget = Sender(), QWidget()
    before = sys.getrefcount(None), sys.getrefcount(True)
    for _ in range(2000):
        widget.update()
        sender.sent.emit()
    after = sys.getrefcount(None), sys.getrefcount(True)
    assert all(abs(a - b) < 500 for a, b in zip(before, after, strict=True))
    widget.deleteLater()

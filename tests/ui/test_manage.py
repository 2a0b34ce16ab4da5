"""The page of models, on the real engine: importing, using, trying, downloading, removing, a remote model."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.models import catalogue, packaged
from hxd_desktop.engine.models.catalogue import CatalogueFile, Entry, Source
from hxd_desktop.ui.main_window import MainWindow
from hxd_desktop.ui.manage.card import ModelCard
from hxd_desktop.ui.manage.page import ModelsPage
from tests.support import chat_server, hub, tiny_onnx
from tests.ui.controls import unnamed
from tests.ui.small_library import WAIT_MS

NAMES = ("model.onnx", "tokenizer.json", "tokenizer_config.json", "config.json")


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_onnx.make_embedder(tmp_path_factory.mktemp("made") / "tiny-embedder", pooling=None)


@pytest.fixture
def page(qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelsPage]:
    """The page, with a catalogue of one embedder."""
    files = tuple(CatalogueFile(name, name) for name in NAMES)
    source = Source("huggingface", "org/tiny")
    offered = Entry(
        "tiny-offered", "embedder", "Tiny offered", "MIT", ("en",), 64, 1000, 2000, {"pooling": "CLS"}, files, (source,)
    )
    monkeypatch.setattr(catalogue, "entries", lambda: (offered,))
    monkeypatch.setattr(packaged, "find", lambda: None)
    qtbot.mouseClick(window.rail.findChild(QWidget, "page_models"), Qt.MouseButton.LeftButton)
    shown = window.pages.show_page("models")
    assert isinstance(shown, ModelsPage)
    qtbot.waitUntil(lambda: bool(shown.session.rows) and window.services.bridge.idle, timeout=WAIT_MS)
    yield shown
    qtbot.waitUntil(lambda: window.services.bridge.idle and not shown.session.jobs, timeout=WAIT_MS)


def click(qtbot: QtBot, widget: QWidget, name: str) -> None:
    button = widget.findChild(QPushButton, name)
    assert button is not None and button.isEnabled(), name
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def said(widget: QWidget, name: str) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel, name))


def card(page: ModelsPage, model: str) -> ModelCard:
    found = page.card(model)
    assert found is not None, model
    return found


def drop(page: ModelsPage, path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    where = QPoint(20, 20)
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(page, QDragEnterEvent(where, Qt.DropAction.CopyAction, mime, buttons, keys))
    QApplication.sendEvent(page, QDropEvent(QPointF(where), Qt.DropAction.CopyAction, mime, buttons, keys))


def test_a_dropped_embedder_is_verified_its_cost_said_and_it_is_used(
    qtbot: QtBot, page: ModelsPage, embedder: Path, assistant: Assistant
) -> None:
    drop(page, embedder)
    qtbot.waitUntil(lambda: page.card("tiny-embedder") is not None, timeout=WAIT_MS)
    mine = card(page, "tiny-embedder")
    assert said(mine, "model_state") == "verified" and page.card("builtin").row.in_use
    click(qtbot, mine, "model_use")
    assert said(mine, "question_text") == "Measuring what the change takes…"
    qtbot.waitUntil(lambda: "get new vectors" in said(mine, "question_text"), timeout=WAIT_MS)
    assert assistant.settings.models.embedder == "builtin"
    click(qtbot, mine, "question_yes")
    qtbot.waitUntil(lambda: card(page, "tiny-embedder").row.in_use, timeout=WAIT_MS)
    assert assistant.settings.models.embedder == "tiny-embedder"
    click(qtbot, card(page, "builtin"), "model_use")
    qtbot.waitUntil(lambda: "vectors" in said(card(page, "builtin"), "question_text"), timeout=WAIT_MS)
    click(qtbot, card(page, "builtin"), "question_no")
    assert said(card(page, "builtin"), "question_text") == ""


def test_what_is_no_model_says_so_where_it_was_dropped(qtbot: QtBot, page: ModelsPage, tmp_path: Path) -> None:
    (tmp_path / "notes.gguf").write_text("no model")
    drop(page, tmp_path / "notes.gguf")
    qtbot.waitUntil(lambda: "notes.gguf" in said(page, "model_failure"), timeout=WAIT_MS)


def test_nothing_is_fetched_before_the_switch_and_the_answer(
    qtbot: QtBot, window: MainWindow, page: ModelsPage, assistant: Assistant, embedder: Path
) -> None:
    with hub.running() as server:
        server.files = {f"org/tiny/{path.name}": path.read_bytes() for path in embedder.iterdir()}
        click(qtbot, page, "more_embedder")
        click(qtbot, card(page, "tiny-offered"), "model_download")
        assert "Downloads are off" in said(card(page, "tiny-offered"), "question_text")
        click(qtbot, card(page, "tiny-offered"), "question_no")
        settings = assistant.settings
        assistant.update_settings(
            dataclasses.replace(
                settings,
                downloads=dataclasses.replace(settings.downloads, huggingface=(server.address,)),
                window=dataclasses.replace(settings.window, downloads=True),
            )
        )
        click(qtbot, card(page, "tiny-offered"), "model_download")
        mirrors = card(page, "tiny-offered").findChild(QComboBox)
        assert mirrors is not None and mirrors.currentText() == server.address and not server.requests
        click(qtbot, card(page, "tiny-offered"), "question_yes")
        qtbot.waitUntil(lambda: card(page, "tiny-offered").row.state == "ready", timeout=WAIT_MS)
        assert server.requests
    mine = card(page, "tiny-offered")
    click(qtbot, mine, "model_remove")
    assert "deletes its files" in said(mine, "question_text")
    click(qtbot, mine, "question_yes")
    qtbot.waitUntil(lambda: page.session.rows and page.card("tiny-offered").row.state == "available", timeout=WAIT_MS)


def test_a_download_is_stopped_and_shown_as_begun(
    qtbot: QtBot, page: ModelsPage, assistant: Assistant, embedder: Path
) -> None:
    with hub.running() as server:
        server.files = {f"org/tiny/{path.name}": path.read_bytes() for path in embedder.iterdir()}
        server.stall_after = 10
        settings = assistant.settings
        downloads = dataclasses.replace(settings.downloads, huggingface=(server.address,))
        assistant.update_settings(dataclasses.replace(settings, downloads=downloads))
        page.session.download("tiny-offered")
        page.refresh()
        qtbot.waitUntil(server.stalled.is_set, timeout=WAIT_MS)
        click(qtbot, card(page, "tiny-offered"), "job_cancel")
        qtbot.waitUntil(lambda: card(page, "tiny-offered").row.state == "partial", timeout=WAIT_MS)
        server.release.set()
    assert said(card(page, "tiny-offered"), "model_state") == "partly fetched"


def test_without_a_language_model_there_is_nothing_to_try(qtbot: QtBot, page: ModelsPage) -> None:
    assert not page.trial.isVisible()
    with qtbot.waitSignal(page.session.trial_ended, timeout=WAIT_MS) as ended:
        page.session.try_prompt("Who are you?")
    assert ended.args[0].title == "There is no language model to try"
    assert said(page.trial, "trial_told").startswith("There is no language model to try.")


def test_a_remote_model_is_off_until_applied_and_can_be_tested(
    qtbot: QtBot, page: ModelsPage, assistant: Assistant
) -> None:
    with chat_server.running() as server:
        remote = page.remote
        assert not remote.allowed.isChecked() and not remote.test.isEnabled() and not remote.apply.isEnabled()
        page.area.ensureWidgetVisible(remote)
        remote.allowed.setChecked(True)
        assert not remote.apply.isEnabled()  # nothing is named yet
        qtbot.keyClicks(remote.url, server.url)
        qtbot.keyClicks(remote.model, "there")
        assert not assistant.settings.remote.allowed
        click(qtbot, remote, "remote_apply")
        qtbot.waitUntil(lambda: assistant.settings.remote.allowed and remote.test.isEnabled(), timeout=WAIT_MS)
        assert not server.requests
        click(qtbot, remote, "remote_test")
        qtbot.waitUntil(lambda: said(remote, "remote_told").startswith("It says:"), timeout=WAIT_MS)
        assert len(server.requests) == 1


def test_an_address_that_cannot_be_used_is_not_turned_on(qtbot: QtBot, page: ModelsPage, assistant: Assistant) -> None:
    remote = page.remote
    remote.allowed.setChecked(True)
    qtbot.keyClicks(remote.url, "ftp://example.org")
    qtbot.keyClicks(remote.model, "there")
    click(qtbot, remote, "remote_apply")
    qtbot.waitUntil(lambda: bool(said(remote, "remote_told")), timeout=WAIT_MS)
    assert not assistant.settings.remote.allowed


def test_every_control_says_what_it_is(page: ModelsPage) -> None:
    page.sections["embedder"].more.setChecked(True)
    assert unnamed(page) == []

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.errors import StorageError
from hxd_desktop.ui.chat.exchange import Exchange, Phase
from hxd_desktop.ui.conversations import export
from hxd_desktop.ui.i18n import Language
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.small_library import COVERED, WAIT_MS
from tests.ui.test_exchange import make_answer


@pytest.fixture
def exchanges(language: Language) -> list[Exchange]:
    code = "Use it so [1]:\n\n```python\nx = '<b>'\n```\n"
    answer = make_answer(text=code)
    answer.model["generator"] = "a-model"
    return [
        Exchange("Is *it*?\nReally?", answer=answer, phase=Phase.DONE),
        Exchange("未完成的问题", phase=Phase.DONE),
    ]


def test_markdown_holds_questions_answers_scores_and_sources(exchanges: list[Exchange]) -> None:
    text = export.conversation_markdown("Tea & <cake>", exchanges)
    assert text.startswith("# Tea & \\<cake\\>\n")
    assert "## Is \\*it\\*? Really?" in text and "Use it so [1]:" in text and "x = '<b>'" in text
    assert "refusal 0.10 · limit 0.50" in text
    assert "1. /a/b.txt · p. 3 · A › B (Words (BM25) 7.50)" in text
    assert "## 未完成的问题" in text


def test_html_is_one_file_that_loads_nothing(exchanges: list[Exchange]) -> None:
    text = export.conversation_html("Tea & <cake>", exchanges)
    assert "<title>Tea &amp; &lt;cake&gt;</title>" in text
    assert "'&lt;b&gt;'" in text and "<b>" not in text and "未完成的问题" in text
    assert "src=" not in text and "http" not in text and "<script" not in text


def test_html_keeps_what_is_strong_said_with_stress_and_code(language: Language) -> None:
    answer = make_answer(text="A **strong** word, *stress* and `code` [1].")
    answer.model["generator"] = "a-model"
    text = export.conversation_html("Tea", [Exchange("Q?", answer=answer, phase=Phase.DONE)])
    assert "<strong>strong</strong>" in text and "<em>stress</em>" in text and "<code>code</code>" in text
    assert "<span" not in text


@pytest.mark.parametrize(
    ("name", "chosen", "meant"),
    [
        ("chat.md", ".md", "chat.md"),
        ("chat.pdf", ".md", "chat.pdf"),  # typed
        ("chat.md", ".pdf", "chat.pdf"),  # as the dialog named it at first
        ("chat.html", ".pdf", "chat.html"),
        ("chat", ".json", "chat.json"),
        ("v1.2 notes", ".md", "v1.2 notes.md"),
    ],
)
def test_a_chat_is_saved_in_the_format_that_is_meant(name: str, chosen: str, meant: str) -> None:
    assert export.as_meant(Path("/a", name), chosen) == Path("/a", meant)


def test_json_holds_the_answer_objects(exchanges: list[Exchange]) -> None:
    read = json.loads(export.conversation_json("Tea", exchanges))
    assert read["title"] == "Tea"
    assert read["exchanges"][0]["answer"]["sources"][0]["document"] == "/a/b.txt"
    assert read["exchanges"][1]["answer"] is None


@pytest.mark.parametrize("suffix", export.SUFFIXES)
def test_each_format_is_written_whole_or_not_at_all(exchanges: list[Exchange], tmp_path: Path, suffix: str) -> None:
    file = export.save("Tea", exchanges, tmp_path / f"chat{suffix}")
    assert file.stat().st_size > 200
    assert file.read_bytes()[:4] == {".md": b"# Te", ".html": b"<!DO", ".pdf": b"%PDF", ".json": b"{\n  "}[suffix]
    assert [f.name for f in tmp_path.iterdir()] == [file.name]
    with pytest.raises(StorageError, match="nowhere"):
        export.save("Tea", exchanges, tmp_path / "nowhere" / f"chat{suffix}")


@pytest.mark.parametrize(
    ("title", "name"), [("a/b: c?", "a b c.md"), ("..", "Chat.md"), ("x" * 300, "x" * 80 + ".md"), ("图书", "图书.md")]
)
def test_a_file_is_named_after_the_chat(language: Language, title: str, name: str) -> None:
    assert export.file_name(title, ".md") == name


def test_a_chat_is_saved_from_its_menu(
    qtbot: QtBot, window: MainWindow, ask: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(COVERED)  # type: ignore[operator]
    file = tmp_path / "kept"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(file), "JSON (*.json)"))
    panel = window.conversations
    panel.list.setCurrentIndex(panel.list.model().index(0, 0))
    with qtbot.waitSignal(window.services.session.exported, timeout=WAIT_MS):
        next(action for action in panel.list.actions() if action.text() == "Save as…").trigger()
    assert json.loads(file.with_suffix(".json").read_text(encoding="utf-8"))["exchanges"][0]["question"] == COVERED
    assert window.pages.banners.banners()[0].problem.title == "The chat is saved"
    qtbot.waitUntil(lambda: window.services.bridge.idle, timeout=WAIT_MS)

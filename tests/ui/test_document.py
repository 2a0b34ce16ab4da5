"""The Document tab as a person uses it, on the real engine with real files."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication, QTextDocument
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui.evidence.document import DocumentPane
from hxd_desktop.ui.main_window import MainWindow
from tests.ui.small_library import COVERED, WAIT_MS

Ask = Callable[[str], None]


@pytest.fixture
def pane(window: MainWindow) -> DocumentPane:
    return window.evidence.document


def settle(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(
        lambda: window.services.bridge.idle and not window.evidence.document._rest.isActive(), timeout=WAIT_MS
    )


def note(pane: DocumentPane) -> str:
    label = pane.findChild(QLabel, "document_note")
    return label.text() if label.isVisible() else ""


def test_a_source_opens_its_document_with_the_quoted_words_marked(
    qtbot: QtBot, window: MainWindow, ask: Ask, pane: DocumentPane
) -> None:
    ask(COVERED)
    card = window.evidence.sources.cards[0]
    qtbot.mouseClick(card.findChild(QToolButton, "show_document"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    assert window.evidence.tabs.currentWidget() is pane and pane.hasFocus()
    marked = pane.shown.text[slice(*pane.shown.marks[0])]
    assert "six weeks" in marked and "warranty" not in marked
    assert pane.findChild(QLabel, "document_name").text() == "kettle.md" and note(pane) == ""
    settle(qtbot, window)


def test_a_changed_and_a_missing_file_are_told(
    qtbot: QtBot, window: MainWindow, ask: Ask, pane: DocumentPane, documents: Path
) -> None:
    ask(COVERED)
    file, times = documents / "kettle.md", os.stat(documents / "kettle.md")
    passage = window.evidence._passage(1)
    try:
        os.utime(file, (1, 1))
        window.evidence.show_passage(passage)
        qtbot.waitUntil(lambda: "has changed since it was read" in note(pane), timeout=WAIT_MS)
        file.rename(documents / "away")
        pane.show_passage(None)
        window.evidence.show_passage(passage)
        qtbot.waitUntil(lambda: "is not there any more" in note(pane), timeout=WAIT_MS)
        assert "six weeks" in pane.shown.text
    finally:
        (documents / "away").rename(file)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    settle(qtbot, window)


@pytest.fixture
def pdf(assistant: Assistant, tmp_path: Path) -> Passage:
    document = pymupdf.open()
    for what in ("Granaries are described at the beginning.", "Windmills and their sails come next.", "Last, bread."):
        document.new_page().insert_text((72, 500), what)
    document.save(tmp_path / "mills.pdf")
    assistant.add_folder(tmp_path / "mills.pdf")
    assistant.index()
    text = assistant.document_text("default", str(tmp_path / "mills.pdf"))
    start = text.index("Windmills")
    return Passage("default", str(tmp_path / "mills.pdf"), start, text.index("next.") + 5, 2)


def test_a_pdf_is_shown_at_its_page_turned_and_zoomed(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, pdf: Passage
) -> None:
    window.evidence.show_passage(pdf)
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    place = pane.findChild(QLabel, "page_place")
    assert place.text() == "Page 2 of 3" and len(pane.shown.boxes) == 1 and note(pane) == ""
    assert "Windmills" in pane._page.accessibleName()
    assert pane._pages.horizontalScrollBar().maximum() == 0
    left, top, right, _ = pane.shown.boxes[0]
    drawn, width = pane._page.grab().toImage(), pane._page.width()
    above_letters = round(top * pane._page.height()) + 1
    inks = [drawn.pixelColor(x, above_letters) for x in range(round(left * width) + 1, round(right * width))]
    assert any(ink.blue() < 230 < ink.red() for ink in inks)
    before = pane._page.width()
    qtbot.keyClick(pane, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert pane._page.width() > before
    settle(qtbot, window)
    assert pane.shown.picture.width >= pane._page.width()
    qtbot.mouseClick(pane.findChild(QToolButton, "page_after"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: place.text() == "Page 3 of 3", timeout=WAIT_MS)
    assert not pane.shown.found and note(pane) == ""
    assert not pane.findChild(QToolButton, "page_after").isEnabled()
    pane._pages.verticalScrollBar().setValue(0)
    qtbot.keyClick(pane, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: place.text() == "Page 2 of 3", timeout=WAIT_MS)
    settle(qtbot, window)


def test_what_is_not_found_is_not_marked_and_it_says_so(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, pdf: Passage
) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((72, 72), "Another text altogether.")
    document.save(pdf.path)
    window.evidence.show_passage(Passage(pdf.library, pdf.path, pdf.start, pdf.end, 1))
    qtbot.waitUntil(lambda: "could not be found on this page" in note(pane), timeout=WAIT_MS)
    assert "changed since it was read" in note(pane) and pane.shown.boxes == ()
    settle(qtbot, window)


def test_a_document_that_the_library_does_not_know_is_not_shown(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, tmp_path: Path
) -> None:
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    window.evidence.show_passage(Passage("default", str(tmp_path / "secret.txt"), 0, 6))
    nothing = pane.findChild(QLabel, "no_document")
    qtbot.waitUntil(lambda: "is not part of" in nothing.text(), timeout=WAIT_MS)
    assert pane.shown is None
    settle(qtbot, window)


def test_links_in_documents_ask_before_they_leave_and_pictures_load_nothing(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    asked: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()) or True)

    def refuse(box: QMessageBox) -> int:
        asked.append(box.informativeText())
        return 0

    monkeypatch.setattr(QMessageBox, "exec", refuse)
    for url in ("http://example.org/x", "file:///etc/passwd", "javascript:alert(1)"):
        pane._text.anchorClicked.emit(QUrl(url))
    assert asked == ["http://example.org/x"] and opened == []
    for kind in (QTextDocument.ResourceType.ImageResource, QTextDocument.ResourceType.HtmlResource):
        assert pane._text.loadResource(kind.value, QUrl("http://example.org/x.png")) is None


@pytest.fixture
def long(assistant: Assistant, tmp_path: Path) -> list[Passage]:
    """Two passages of a long document in Markdown."""
    text = "# Mills\n\n" + "".join(
        f"## Mill {n}\n\nThe **sails** of mill {n} turn. " + "They turn and turn. " * 60 + "\n\n" for n in range(40)
    )
    (tmp_path / "mills.md").write_text(text, encoding="utf-8")
    assistant.add_folder(tmp_path / "mills.md")
    assistant.index()
    quoted = [f"The **sails** of mill {n} turn." for n in (2, 35)]
    starts = [text.index(words) for words in quoted]
    file = str(tmp_path / "mills.md")
    return [Passage("default", file, at, at + len(words)) for at, words in zip(starts, quoted, strict=True)]


def marked(pane: DocumentPane) -> list[str]:
    return [selection.cursor.selectedText() for selection in pane._text.extraSelections()]


def test_markdown_is_set_with_its_passage_in_view_and_shown_plain_when_wanted(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, long: list[Passage]
) -> None:
    window.evidence.show_passage(long[1])
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    settle(qtbot, window)
    assert "".join(marked(pane)) == "The sails of mill 35 turn." and note(pane) == ""
    assert "##" not in pane._text.toPlainText()
    bar = pane._text.verticalScrollBar()
    qtbot.waitUntil(lambda: 0 < bar.value() < bar.maximum(), timeout=WAIT_MS)
    assert 0 < pane._text.cursorRect().top() < pane._text.viewport().height()
    qtbot.mouseClick(pane.findChild(QPushButton, "show_plain"), Qt.MouseButton.LeftButton)
    assert marked(pane) == ["The **sails** of mill 35 turn."] and "## Mill 35" in pane._text.toPlainText()
    before = pane._text.document().defaultFont().pointSizeF()
    qtbot.mouseClick(pane.findChild(QToolButton, "zoom_in"), Qt.MouseButton.LeftButton)
    assert pane._text.document().defaultFont().pointSizeF() > before
    settle(qtbot, window)


def test_words_are_found_over_all_parts(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, long: list[Passage]
) -> None:
    window.evidence.show_passage(long[0])
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    qtbot.keyClick(pane, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    edit, count = pane.findChild(QLineEdit, "find_edit"), pane.findChild(QLabel, "find_count")
    assert edit.hasFocus() and window.pages.current.key == "chat"
    qtbot.keyClicks(edit, "SAILS OF MILL 3")
    qtbot.waitUntil(lambda: count.text() == "1 of 11", timeout=WAIT_MS)
    qtbot.waitUntil(lambda: pane._text.hit_is_seen, timeout=WAIT_MS)
    assert "".join(marked(pane)) == "sails of mill 3"
    qtbot.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: count.text() == "2 of 11" and pane.shown.number > 1, timeout=WAIT_MS)
    settle(qtbot, window)
    assert pane._text.hit_is_seen
    qtbot.keyClick(edit, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: count.text() == "1 of 11" and pane.shown.number == 1, timeout=WAIT_MS)
    edit.setText("nowhere")
    qtbot.waitUntil(lambda: count.text() == "No match", timeout=WAIT_MS)
    qtbot.keyClick(edit, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "".join(marked(pane)) == "The sails of mill 2 turn.", timeout=WAIT_MS)
    assert not edit.isVisible() and pane.hasFocus()
    settle(qtbot, window)


def test_words_are_found_on_the_pages_of_a_pdf(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, pdf: Passage
) -> None:
    window.evidence.show_passage(pdf)
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    qtbot.mouseClick(pane.findChild(QToolButton, "find"), Qt.MouseButton.LeftButton)
    qtbot.keyClicks(pane.findChild(QLineEdit, "find_edit"), "bread")
    qtbot.waitUntil(lambda: pane.shown.number == 3 and len(pane.shown.hit_boxes) == 1, timeout=WAIT_MS)
    assert pane._page.first_mark() > 0
    settle(qtbot, window)


def test_cited_passages_of_a_document_are_gone_through_and_copied_with_their_source(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, long: list[Passage]
) -> None:
    pane.show_cited([long[1], Passage("default", "/elsewhere.md", 0, 5), long[0]])
    window.evidence.show_passage(long[0])
    qtbot.waitUntil(lambda: pane.shown is not None, timeout=WAIT_MS)
    place = pane.findChild(QLabel, "passage_place")
    assert place.text() == "Passage 1 of 2" and not pane.findChild(QToolButton, "passage_before").isEnabled()
    qtbot.mouseClick(pane.findChild(QToolButton, "passage_after"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: place.text() == "Passage 2 of 2" and pane.shown is not None, timeout=WAIT_MS)
    assert "".join(marked(pane)) == "The sails of mill 35 turn."
    qtbot.mouseClick(pane.findChild(QToolButton, "copy_passage"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "The **sails** of mill 35 turn.\n— mills.md › Mill 35"
    settle(qtbot, window)


def test_a_passage_that_is_not_drawn_is_told(
    qtbot: QtBot, window: MainWindow, pane: DocumentPane, assistant: Assistant, tmp_path: Path
) -> None:
    text = "# Head\n\nWords <!-- a hidden remark --> and more.\n"
    (tmp_path / "h.md").write_text(text, encoding="utf-8")
    assistant.add_folder(tmp_path / "h.md")
    assistant.index()
    start = text.index("a hidden")
    window.evidence.show_passage(Passage("default", str(tmp_path / "h.md"), start, start + 8))
    qtbot.waitUntil(lambda: "choose Plain text" in note(pane), timeout=WAIT_MS)
    assert marked(pane) == []
    qtbot.mouseClick(pane.findChild(QPushButton, "show_plain"), Qt.MouseButton.LeftButton)
    assert note(pane) == "" and marked(pane) == ["a hidden"]
    settle(qtbot, window)

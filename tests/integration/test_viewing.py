"""Documents of a real library, looked at through the page process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.errors import SettingsError
from hxd_desktop.engine.viewing import FileState, Passage, parts_of

SENTENCE = "The lighthouse keeper is paid on the last Friday of every month."


@pytest.fixture
def library(tmp_path: Path) -> Iterator[tuple[Assistant, Path, Path]]:
    folder = tmp_path / "documents"
    folder.mkdir()
    document = pymupdf.open()
    for text in ("An introduction to the lighthouse, long enough to be read.", SENTENCE):
        document.new_page().insert_text((72, 72), text)
    document.save(folder / "a.pdf")
    (folder / "b.md").write_text("# Boats\n\n" + "Filler line.\n" * 2000 + SENTENCE + "\n", encoding="utf-8")
    assistant = Assistant.open(tmp_path / "data")
    assistant.add_folder(folder)
    assistant.index()
    yield assistant, folder / "a.pdf", folder / "b.md"
    assistant.close()


def passage(assistant: Assistant, path: Path, page: int | None = None) -> Passage:
    text = assistant.document_text("default", str(path))
    start = text.index(SENTENCE)
    return Passage("default", str(path), start, start + len(SENTENCE), page)


def test_a_pdf_opens_at_its_page_with_the_passage_marked(library: tuple[Assistant, Path, Path]) -> None:
    assistant, pdf, _ = library
    shown = assistant.viewer.view(passage(assistant, pdf, 2), width=500)
    assert (shown.number, shown.count, shown.file) == (2, 2, FileState.SAME)
    assert shown.picture is not None and shown.picture.width == 500 and len(shown.boxes) == 1
    before = assistant.viewer.view(passage(assistant, pdf, 2), number=1)
    assert (before.number, before.found, before.marked) == (1, False, 2)


def test_text_opens_at_the_part_that_holds_the_passage(library: tuple[Assistant, Path, Path]) -> None:
    assistant, _, text = library
    shown = assistant.viewer.view(passage(assistant, text))
    [(start, end)] = shown.marks
    assert shown.picture is None and shown.text[start:end] == SENTENCE
    assert shown.number == shown.marked == shown.count > 1


def test_a_changed_or_missing_file_is_told(library: tuple[Assistant, Path, Path]) -> None:
    assistant, pdf, text = library
    where = passage(assistant, pdf, 2)
    os.utime(text, (1, 1))
    assert assistant.viewer.view(passage(assistant, text)).file is FileState.CHANGED
    other = pymupdf.open()
    other.new_page().insert_text((72, 72), "Something else.")
    other.save(pdf)
    shown = assistant.viewer.view(where)
    assert (shown.file, shown.found, shown.number) == (FileState.CHANGED, False, 1)
    pdf.write_bytes(b"%PDF-1.7 broken")
    broken = assistant.viewer.view(where)
    assert "damaged" in broken.problem and SENTENCE in broken.text and broken.found
    pdf.unlink()
    gone = assistant.viewer.view(where)
    assert gone.file is FileState.MISSING and SENTENCE in gone.text


def test_only_documents_of_the_library_are_shown(library: tuple[Assistant, Path, Path], tmp_path: Path) -> None:
    assistant, pdf, _ = library
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    for path in (tmp_path / "secret.txt", Path("/etc/passwd"), pdf.parent / ".." / "secret.txt"):
        with pytest.raises(SettingsError):
            assistant.viewer.view(Passage("default", str(path), 0, 3))
    assert not assistant.viewer.view(Passage("default", str(pdf), 5, 10**9, 1)).found


def test_parts_make_up_the_text() -> None:
    for text in ("", "short", "line\n" * 9000, "x" * 50_000):
        parts = parts_of(text)
        assert "".join(text[a:b] for a, b in parts) == text
        assert all(b - a <= 18_000 for a, b in parts)

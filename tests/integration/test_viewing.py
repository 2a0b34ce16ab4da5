"""Documents of a real library, looked at through the page process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pymupdf
import pytest

from hxd_desktop.engine.assistant import Assistant
from hxd_desktop.engine.documents.markdown import markdown_document
from hxd_desktop.engine.documents.model import BlockKind
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


def test_parts_end_before_headings_and_between_blocks() -> None:
    text = "".join(f"## Head {n}\n\n" + "Words of a paragraph. " * 60 + "\n\n" for n in range(40))
    parts = parts_of(text, markdown_document(text).blocks)
    assert len(parts) > 2 and "".join(text[a:b] for a, b in parts) == text
    assert all(text.startswith("## Head", start) for start, _ in parts)


def test_a_part_tells_how_it_is_built_and_its_tables_keep_their_names(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    table, page = tmp_path / "documents" / "t.csv", tmp_path / "documents" / "p.html"
    table.write_text("Name,Days\n" + "".join(f"Person number {n},{n}\n" for n in range(2000)), encoding="utf-8")
    page.write_text("<h1>Head</h1><p>Words of a page.</p>", encoding="utf-8")
    with closing(Assistant.open(tmp_path / "data")) as assistant:
        assistant.add_folder(tmp_path / "documents")
        assistant.index()
        second = assistant.viewer.view(Passage("default", str(table), 0, 4), number=2)
        assert (second.kind, second.above) == ("csv", "Name | Days")
        assert {block.kind for block in second.blocks} == {BlockKind.TABLE_ROW}
        assert second.text[second.blocks[0].start :].startswith("Person number")
        shown = assistant.viewer.view(Passage("default", str(page), 0, 4))
        assert [block.kind for block in shown.blocks] == [BlockKind.HEADING, BlockKind.PARAGRAPH]
        page.write_text("<p>Something else.</p>", encoding="utf-8")  # what it was built like is not known any more
        assert {block.kind for block in assistant.viewer.view(shown.passage).blocks} == {BlockKind.PARAGRAPH}


def test_words_are_found_in_pages_and_parts(library: tuple[Assistant, Path, Path]) -> None:
    assistant, pdf, text = library
    assert assistant.viewer.find(passage(assistant, pdf, 2), "lighthouse") == [(1, 1), (2, 1)]
    assert [times for _, times in assistant.viewer.find(passage(assistant, text), "filler")] != []
    [(number, times)] = assistant.viewer.find(passage(assistant, text), "last Friday")
    shown = assistant.viewer.view(passage(assistant, text), number=number, query="last friday")
    assert times == 1 and [shown.text[a:b] for a, b in shown.hits] == ["last Friday"]
    drawn = assistant.viewer.view(passage(assistant, pdf, 2), query="keeper")
    assert len(drawn.hit_boxes) == 1 and drawn.number == 2


def test_a_part_holds_no_more_rows_than_are_laid_out_at_once() -> None:
    text = "".join(f"| {n} | x |\n" for n in range(1000)) + "\nThe end.\n"
    blocks = markdown_document(text).blocks
    parts = parts_of(text, blocks)
    assert "".join(text[a:b] for a, b in parts) == text
    assert len(parts) == 9 and all(text[a:b].count("\n|") < 120 for a, b in parts)

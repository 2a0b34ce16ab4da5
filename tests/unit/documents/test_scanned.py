"""Paragraphs of pages that were read: sizes, blocks, and PDFs of which only some pages are pictures."""

from __future__ import annotations

import pymupdf

from hxd_desktop.engine.documents.ocr.model import ScanLine
from hxd_desktop.engine.documents.pdf import parse_image, parse_pdf
from hxd_desktop.engine.documents.scanned import paragraphs_of


def line(text: str, y: float, block: int = 0, height: float = 0.012) -> ScanLine:
    return ScanLine(text, 0.9, 0.1, y, 0.9, y + height, 0.1, 0.8, y, y + height, block, False)


def mixed(scanned: int, written: int) -> bytes:
    document = pymupdf.open()
    for n in range(written):
        word = ("zero", "one", "two", "three")[n]  # pages that differ in a number alone would be a running header
        document.new_page().insert_text((72, 72), f"Written page {word} that holds quite enough text.", fontsize=11)
    for _ in range(scanned):
        page = document.new_page()
        page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 40, 60), False))
    return bytes(document.tobytes())


def test_lines_of_about_one_height_are_body_text_and_larger_ones_stand_out() -> None:
    lines = [line("Title", 0, 0, 0.03), line("The body of", 0.1, 1, 0.013), line("the text.", 0.12, 1, 0.0115)]
    ((number, found),) = paragraphs_of({3: lines}, {3: 800.0}, 10.0)
    assert (number, [p.text for p in found]) == (3, ["Title", "The body of the text."])
    assert found[1].size == 10.0 and found[0].size > 20.0


def test_only_pages_without_text_ask_to_be_read() -> None:
    document = parse_pdf(mixed(2, 3))
    assert (document.scan_pages, document.unread, document.needs_ocr) == ((4, 5), 2, False)


def test_what_was_read_stands_on_its_page_among_the_others() -> None:
    data = mixed(2, 1)
    document = parse_pdf(data, {2: [line("Read off the second page.", 0.1)]})
    assert [(b.page, document.text[b.start : b.end]) for b in document.blocks] == [
        (1, "Written page zero that holds quite enough text."),
        (2, "Read off the second page."),
    ]
    assert (document.scan_pages, document.unread) == ((2, 3), 1)
    assert not parse_pdf(data, {2: [], 3: []}).unread


def test_text_that_a_page_has_is_never_replaced() -> None:
    document = parse_pdf(mixed(0, 1), {1: [line("Something else.", 0.1)]})
    assert "Written page zero" in document.text and "else" not in document.text


def test_a_picture_is_a_document_of_one_page() -> None:
    picture = bytes(pymupdf.Pixmap(pymupdf.csRGB, pymupdf.IRect(0, 0, 400, 600), False).tobytes("png"))
    assert parse_image(picture).needs_ocr
    document = parse_image(picture, {1: [line("发票号码", 0.1)]})
    assert (document.text, document.parser, document.needs_ocr) == ("发票号码", "image", False)
    assert parse_image(b"RIFF\0\0\0\0WEBPVP8 ").needs_ocr

from __future__ import annotations

import pymupdf
import pytest

from hxd_desktop.engine.documents.chunking import chunk
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.pdf import _parse, parse_image, parse_pdf
from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.settings import ChunkSettings
from tests.support.hostile_pages import PAGES, pdf_of_pages

BODY = "This is a line of running text in the body of the page, long enough to be one."


def headings_of(document: ParsedDocument) -> list[tuple[int, int | None, str]]:
    return [
        (block.level, block.page, document.text[block.start : block.end])
        for block in document.blocks
        if block.kind is BlockKind.HEADING
    ]


def page_of(document: pymupdf.Document, *lines: tuple[str, float], font: str = "helv", top: float = 72) -> pymupdf.Page:
    page = document.new_page()
    for text, size in lines:
        page.insert_text((72, top), text, fontsize=size, fontname=font)
        top += size * 1.25 + (12 if size > 11 else 0)
    return page


def image_on(page: pymupdf.Page) -> None:
    pixels = pymupdf.Pixmap(pymupdf.csGRAY, pymupdf.IRect(0, 0, 40, 40))
    pixels.clear_with(200)
    page.insert_image(page.rect, pixmap=pixels)


def test_paragraphs_headings_by_size_and_pages() -> None:
    source = pymupdf.open()
    page_of(source, ("The Guide", 22), (BODY, 10), (BODY, 10), ("Install", 15), (BODY, 10))
    page_of(source, ("Use", 15), (BODY, 10))
    document = parse_pdf(source.tobytes())
    assert headings_of(document) == [(1, 1, "The Guide"), (2, 1, "Install"), (2, 2, "Use")]
    assert f"{BODY} {BODY}" in document.text
    assert document.title == "The Guide"
    assert not document.needs_ocr
    assert {block.page for block in document.blocks} == {1, 2}


def test_bold_lines_of_the_same_size_are_headings_and_numbers_say_how_deep() -> None:
    source = pymupdf.open()
    page = source.new_page()
    for top, text, font in (
        (72, "1 Scope", "hebo"),
        (100, BODY, "helv"),
        (112, BODY, "helv"),
        (150, "1.1 Terms", "hebo"),
        (180, BODY, "helv"),
        (192, BODY, "helv"),
    ):
        page.insert_text((72, top), text, fontsize=10, fontname=font)
    assert headings_of(parse_pdf(source.tobytes())) == [(1, 1, "1 Scope"), (2, 1, "1.1 Terms")]


def test_the_outline_makes_the_headings_where_there_is_one() -> None:
    source = pymupdf.open()
    for name in ("Alpha", "Beta", "Gamma"):
        page_of(source, (name, 10), (BODY, 10), ("LARGE BUT NO HEADING", 20), (BODY, 10))
    source.set_toc([[1, "Alpha", 1], [1, "Beta", 2], [2, "Gamma", 3]])
    # The heading must be a paragraph of its own: leave room below it.
    document = parse_pdf(source.tobytes())
    assert all(text != "LARGE BUT NO HEADING" for _, _, text in headings_of(document)) or headings_of(document) == []


def test_chinese_lines_are_joined_without_a_space_and_parted_words_mended() -> None:
    source = pymupdf.open()
    page = source.new_page()
    page.insert_text((72, 72), ["茴香豆是一个知识", "助手，可以回答问题。"], fontname="china-s", fontsize=11)
    page.insert_text((72, 200), ["A line that ends with an infor-", "mation, and a well-", "known word."], fontsize=11)
    text = parse_pdf(source.tobytes()).text
    assert "茴香豆是一个知识助手，可以回答问题。" in text
    assert "with an information, and a" in text


def test_cells_of_a_row_stay_in_one_row() -> None:
    source = pymupdf.open()
    page = source.new_page()
    for row, cells in enumerate((("Name", "Price"), ("Tea", "12"), ("Coffee", "15"))):
        for column, text in enumerate(cells):
            page.insert_text((72 + 150 * column, 72 + 14 * row), text, fontsize=10)
    document = parse_pdf(source.tobytes())
    rows = [document.text[b.start : b.end].split() for b in document.blocks]
    assert ["Tea", "12"] in rows
    assert ["Coffee", "15"] in rows


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    source = pymupdf.open()
    for number in range(1, 7):
        page = source.new_page()
        page.insert_text((72, 30), "Annual report of the company", fontsize=9)
        page.insert_text((72, 100), f"Content number {'abcdef'[number - 1]}. {BODY}", fontsize=10)
        page.insert_text((72, 800), f"Page {number} of 6", fontsize=9)
    text = parse_pdf(source.tobytes()).text
    assert "Annual report" not in text
    assert "of 6" not in text
    assert text.count("Content number") == 6


def test_lines_that_are_all_there_is_are_no_headers() -> None:
    document = pymupdf.open()
    for number in range(5):
        page_of(document, (f"Seat {number}", 11))
    assert parse_pdf(document.tobytes()).text.split() == "Seat 0 Seat 1 Seat 2 Seat 3 Seat 4".split()


def test_the_title_of_the_metadata_unless_a_program_made_it_up() -> None:
    source = pymupdf.open()
    page_of(source, ("Shown title", 20), (BODY, 10))
    source.set_metadata({"title": "Kept title"})
    assert parse_pdf(source.tobytes()).title == "Kept title"
    source.set_metadata({"title": "Microsoft Word - draft3.doc"})
    assert parse_pdf(source.tobytes()).title == "Shown title"


def test_a_scan_needs_ocr_and_a_picture_book_does_not() -> None:
    scan = pymupdf.open()
    for _ in range(3):
        image_on(scan.new_page())
    document = parse_pdf(scan.tobytes())
    assert document.needs_ocr
    assert document.text == ""
    book = pymupdf.open()
    for _ in range(3):
        image_on(page_of(book, (BODY, 10), (BODY, 10)))
    assert not parse_pdf(book.tobytes()).needs_ocr
    blank = pymupdf.open()
    blank.new_page()
    assert not parse_pdf(blank.tobytes()).needs_ocr


def test_protected_by_a_password() -> None:
    source = pymupdf.open()
    page_of(source, (BODY, 10))
    options = {"encryption": pymupdf.PDF_ENCRYPT_AES_256, "owner_pw": "owner"}
    with pytest.raises(Unreadable, match="password"):
        parse_pdf(source.tobytes(**options, user_pw="secret"))
    # One that anybody may open, but not change, is read.
    assert BODY in parse_pdf(source.tobytes(**options, user_pw="")).text


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\nnonsense " * 50])
def test_damaged(data: bytes) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        parse_pdf(data)


def test_a_cut_pdf_gives_what_can_be_saved_or_a_reason() -> None:
    source = pymupdf.open()
    for _ in range(5):
        page_of(source, (BODY, 10))
    data = source.tobytes()
    for share in (0.3, 0.6, 0.9):
        try:
            document = parse_pdf(data[: int(len(data) * share)])
        except Unreadable:
            continue
        assert document.text == "" or "running text" in document.text


def test_pages_reach_the_chunks() -> None:
    source = pymupdf.open()
    for name in ("One", "Two", "Three"):
        page_of(source, (name, 18), *[(BODY, 10)] * 12)
    chunks = chunk(parse_pdf(source.tobytes()), ChunkSettings())
    assert [(piece.page, piece.heading) for piece in chunks] == [(1, "One"), (2, "Two"), (3, "Three")]


def test_a_damaged_page_leaves_the_others() -> None:
    whole = pdf_of_pages(3)
    for kid in (b"9999 0 R", b"2 0 R"):
        assert parse_pdf(whole.replace(b"/Kids[5 0 R 6 0 R", b"/Kids[5 0 R " + kid)).text.count("A page of very") >= 1


def test_pages_that_a_file_only_says_it_has_are_not_all_asked_for() -> None:
    class Lying:
        page_count = 1_000_000
        asked = 0

        def __getitem__(self, number: int) -> object:
            Lying.asked += 1
            raise pymupdf.mupdf.FzErrorFormat("cannot find page in page tree")

    with pytest.raises(Unreadable, match="damaged"):
        _parse(Lying(), {}, "pdf")
    assert Lying.asked < 2_000


@pytest.mark.parametrize("name", ["huge.png", "lying.png", "huge.tif", "packed.tif", "huge.bmp", "upside-down.bmp"])
def test_a_picture_that_nobody_can_hold_is_called_large_not_damaged(name: str) -> None:
    with pytest.raises(Unreadable, match="larger than can be read"):
        parse_image(PAGES[name]())

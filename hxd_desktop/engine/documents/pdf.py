"""PDF and pictures of pages: paragraphs with their pages, headings by outline or by type size, scans recognised.

The text is what MuPDF extracts, in its order, with the lines of a paragraph joined (a word parted at a line end
is put together again) and headers and footers that run through the pages left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.documents.builder import DocumentBuilder, one_line
from hxd_desktop.engine.documents.lines import BULLET, Line, Paragraph, joined
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import Unreadable, damaged, password_protected
from hxd_desktop.engine.documents.scanned import paragraphs_of

if TYPE_CHECKING:
    from hxd_desktop.engine.documents.ocr.model import ScanLine

_BOLD = 16  # MuPDF's span flag
_MIN_PAGE_CHARS = 30  # a page with fewer, and with an image, is a scan
_SCANNED_SHARE = 0.8  # of the pages: the document is a scan
_OUTLINED_PATHS = 300  # filled paths on a page without text: letters drawn as outlines
_UNKNOWN_SHARE = 0.3  # of a page's characters without a Unicode value: its text cannot be read
_HEADING_GROWTH = 1.12  # of the size of the body text
_HEADING_CHARS = 160
_RUNNING_SHARE = 0.4  # of the pages that a running header stands on
_TRUSTED_ENTRIES = 3  # of the outline found in the text: then it alone makes headings
_LOST_PAGES = 1000  # in a row that are not there: the file only says that it has so many
_SHRINK_PAGES = 64  # how often MuPDF's cache is emptied

_NUMBERED = re.compile(
    r"(?:\d{1,2}(?:\.\d{1,2}){0,4}\.?\s+\S|第[一二三四五六七八九十百\d]+[章节篇部]|[一二三四五六七八九十]{1,3}、)"
)
_NUMBER = re.compile(r"[\d.]+(?=\s)")
_SENTENCE_END = re.compile(r"[.。;；,，:：]$")
_LEADERS = re.compile(r"(?:\s?[.·…]){5,}\s*")
_PAGE_NUMBER = re.compile(
    r"(?:[Pp]age|第)?\s*[-–—]?\s*(?:\d{1,4}|[ivxl]{1,6})\s*[-–—页]?\s*(?:(?:of|/|共)\s*\d{1,4}\s*页?)?"
)
_DIGITS = re.compile(r"\d+")
_POOR_TITLE = re.compile(
    r"untitled|.*\.(?:docx?|pptx?|xlsx?|indd|tex|pdf|rtf|qxd)$|(?:microsoft )?(?:word|powerpoint) - ", re.IGNORECASE
)


def parse_pdf(data: bytes, read: Mapping[int, Sequence[ScanLine]] | None = None) -> ParsedDocument:
    """Parse a PDF; linear in its pages, some hundreds a second.

    `read`: what was read off pages that are pictures (1-based).

    Raises:
        Unreadable: it is damaged or protected by a password.
        MemoryError: MuPDF ran out of memory.
    """
    with opened(data, "pdf", "a PDF") as document:
        return _parse(document, read or {}, "pdf")


def parse_image(data: bytes, read: Mapping[int, Sequence[ScanLine]] | None = None) -> ParsedDocument:
    """Parse a picture, each of its pages a scan; `read` and errors as in `parse_pdf`."""
    if data[8:12] == b"WEBP" and not read:  # MuPDF cannot open it; whoever reads it converts it first
        return ParsedDocument("", (), "image", None, True, (1,), 1)
    with opened(data, None, "a picture") as document:
        return _parse(document, read or {}, "image")


@contextmanager
def opened(data: bytes, filetype: str | None, called: str) -> Iterator[Any]:
    """Open a document with MuPDF.

    Raises:
        Unreadable: it is damaged or protected by a password.
        MemoryError: MuPDF ran out of memory.
    """
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        document = pymupdf.open(stream=data, filetype=filetype)
    except mupdf_errors() as error:
        _raise_for(error, picture=filetype is None)
        raise damaged(called) from error
    try:
        if document.needs_pass:
            raise password_protected()
        yield document
    finally:
        document.close()
        pymupdf.TOOLS.store_shrink(100)


def mupdf_errors() -> tuple[type[Exception], ...]:
    """What MuPDF raises over a damaged file: its own errors are no RuntimeErrors, those of PyMuPDF are."""
    import pymupdf

    return (RuntimeError, ValueError, IndexError, pymupdf.mupdf.FzErrorBase)


def _raise_for(error: Exception, *, picture: bool) -> None:
    """MuPDF tells in words alone what went wrong."""
    message = str(error)
    if picture and any(words in message for words in ("might overflow", "too large", "out of range")):
        raise Unreadable("It is larger than can be read.") from error
    if "malloc" in message or "calloc" in message or "out of memory" in message:
        raise MemoryError from error


def _parse(document: Any, read: Mapping[int, Sequence[ScanLine]], parser: str) -> ParsedDocument:
    import pymupdf

    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    pages: list[list[Paragraph]] = []
    scanned: list[int] = []
    longer_sides: dict[int, float] = {}
    unreadable = in_a_row = 0
    failures = mupdf_errors()
    count = document.page_count
    for number in range(count):
        try:
            page = document[number]
            paragraphs = _paragraphs(page.get_text("dict", flags=flags), number + 1)
            chars = _readable_chars(paragraphs)
            if chars < _MIN_PAGE_CHARS and _is_drawn(page):
                scanned.append(number + 1)
                longer_sides[number + 1] = max(page.rect.width, page.rect.height)
            in_a_row = 0
        except failures as error:  # this page is damaged, others may be whole
            _raise_for(error, picture=parser == "image")
            unreadable += 1
            in_a_row += 1
            paragraphs = []
        pages.append(paragraphs)
        if number % _SHRINK_PAGES == _SHRINK_PAGES - 1:
            pymupdf.TOOLS.store_shrink(100)
        if in_a_row > _LOST_PAGES:
            count = len(pages)
            break
    if count == 0 or unreadable == count:
        raise damaged("a PDF" if parser == "pdf" else "a picture")
    read = {number: read[number] for number in scanned if number in read}
    sizes = _sizes([paragraph for page in pages for paragraph in page])
    for number, paragraphs in paragraphs_of(read, longer_sides, sizes.most_common(1)[0][0] if sizes else None):
        pages[number - 1] = paragraphs
    _drop_running_lines(pages)
    builder = DocumentBuilder(parser)
    builder.scan_pages, builder.unread = tuple(scanned), len(scanned) - len(read)
    builder.needs_ocr = builder.unread > 0 and builder.unread >= _SCANNED_SHARE * count
    _build(builder, [paragraph for page in pages for paragraph in page], _outline(document))
    builder.title = _title(document, pages[0])
    return builder.build()


def _readable_chars(paragraphs: list[Paragraph]) -> int:
    chars = sum(len(paragraph.text) for paragraph in paragraphs)
    unknown = sum(paragraph.text.count("\ufffd") for paragraph in paragraphs)
    return 0 if unknown > _UNKNOWN_SHARE * chars else chars - unknown


def _is_drawn(page: Any) -> bool:
    """Whether a page shows an image, or so many paths that they may be letters."""
    kinds = Counter(entry[0] for entry in page.get_bboxlog())
    return bool(kinds["fill-image"] or kinds["fill-imgmask"] or kinds["fill-path"] > _OUTLINED_PATHS)


# A page's paragraphs


def _paragraphs(page: dict[str, Any], number: int) -> list[Paragraph]:
    paragraphs: list[Paragraph] = []
    for block in page["blocks"]:
        if block["type"] != 0:
            continue
        rows = _rows([line for line in map(_line, block["lines"]) if line is not None])
        paragraphs += joined(rows, number)
    return paragraphs


def _line(line: dict[str, Any]) -> Line | None:
    spans = line["spans"]
    text = "".join(span["text"] for span in spans)
    if not text or text.isspace():
        return None
    main = max(spans, key=lambda span: len(span["text"]))
    left, top, right, bottom = line["bbox"]
    bold = all(span["flags"] & _BOLD or "Bold" in span["font"] for span in spans if not span["text"].isspace())
    return Line(_LEADERS.sub(" … ", text).strip(), main["size"], bold, left, right, top, bottom)


def _rows(lines: list[Line]) -> list[Line]:
    """Put the cells of a row together, of which MuPDF makes a line each; a tab stands for a gap."""
    rows: list[Line] = []
    for line in lines:
        row = rows[-1] if rows else None
        if row is None or not _same_row(row, line):
            rows.append(line)
            continue
        gap = line.left - row.right
        row.tabular = row.tabular or gap > line.size
        row.text += ("\t" if gap > line.size else " " if gap > 0.15 * line.size else "") + line.text
        row.right, row.bottom, row.bold = line.right, max(row.bottom, line.bottom), row.bold and line.bold
    return rows


def _same_row(before: Line, line: Line) -> bool:
    overlap = min(before.bottom, line.bottom) - max(before.top, line.top)
    return overlap > 0.5 * min(before.bottom - before.top, line.bottom - line.top) and line.left >= before.right - 1


def _drop_running_lines(pages: list[list[Paragraph]]) -> None:
    """Remove page numbers, and headers and footers that most pages share but for their digits."""
    if len(pages) < 3:
        return
    before = [list(page) for page in pages]
    for edge in (0, -1):
        for _ in range(2):  # a header and a page number may stand side by side
            keys = [_running_key(page[edge]) if page else None for page in pages]
            counts = Counter(key for key in keys if key is not None)
            for page, key in zip(pages, keys, strict=True):
                if key is None:
                    continue
                enough = 3 if key.startswith("#") or key.endswith("#") else max(3, _RUNNING_SHARE * len(pages))
                if counts[key] >= enough or _PAGE_NUMBER.fullmatch(page[edge].text):
                    del page[edge]
    if not any(pages):  # tickets, labels: such lines are all that there is
        pages[:] = before


def _running_key(paragraph: Paragraph) -> str | None:
    if paragraph.lines > 2 or len(paragraph.text) > 120:
        return None
    return _DIGITS.sub("#", paragraph.text)


# Headings


def _outline(document: Any) -> dict[int, dict[str, int]]:
    """The PDF's own table of contents: page -> folded title -> level."""
    try:
        entries = document.get_toc(simple=True)
    except mupdf_errors():
        return {}
    outline: dict[int, dict[str, int]] = {}
    for level, title, page in entries:
        if folded := _fold(title):
            outline.setdefault(page, {})[folded] = level
    return outline


def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _build(builder: DocumentBuilder, paragraphs: list[Paragraph], outline: dict[int, dict[str, int]]) -> None:
    sizes = _sizes(paragraphs)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    bold_chars = sum(len(paragraph.text) for paragraph in paragraphs if paragraph.bold)
    bold_stands_out = bold_chars < 0.3 * sum(sizes.values())
    larger = {p.size for p in paragraphs if _may_head(p) and p.size >= body * _HEADING_GROWTH}
    levels = {size: min(rank, 4) for rank, size in enumerate(sorted(larger, reverse=True), 1)}
    bold_level = min(max(levels.values(), default=0) + 1, 5) if bold_stands_out else 0
    listed = [outline.get(p.page, {}).get(_fold(p.text), 0) if outline and _may_head(p) else 0 for p in paragraphs]
    trust_outline = sum(map(bool, listed)) >= _TRUSTED_ENTRIES
    for paragraph, level in zip(paragraphs, listed, strict=True):
        if not trust_outline and not level and _may_head(paragraph):
            level = levels.get(paragraph.size, 0)
            if not level and bold_level and paragraph.bold and _stands_alone(paragraph):
                level = bold_level + _depth(paragraph.text)
        if level:
            builder.heading(paragraph.text, level, page=paragraph.page)
        elif paragraph.tabular:
            builder.add(BlockKind.TABLE_ROW, paragraph.text, page=paragraph.page)
        elif BULLET.match(paragraph.text):
            builder.add(BlockKind.LIST_ITEM, paragraph.text, page=paragraph.page)
        else:
            builder.paragraph(paragraph.text, page=paragraph.page)


def _sizes(paragraphs: list[Paragraph]) -> Counter[float]:
    """Return how many characters there are of each size."""
    sizes = Counter[float]()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
    return sizes


def _may_head(paragraph: Paragraph) -> bool:
    return paragraph.lines <= 3 and len(paragraph.text) <= _HEADING_CHARS and any(map(str.isalpha, paragraph.text))


def _stands_alone(paragraph: Paragraph) -> bool:
    if paragraph.lines > 1 or len(paragraph.text) < 2:
        return False
    if _NUMBERED.match(paragraph.text):
        return True
    return not paragraph.tabular and len(paragraph.text) <= 80 and not _SENTENCE_END.search(paragraph.text)


def _depth(text: str) -> int:
    """How deep the number of a heading says that it is: 0 for `2 Use`, 1 for `2.1 Start`."""
    number = _NUMBER.match(text)
    return number[0].strip(".").count(".") if number else 0


def _title(document: Any, first_page: list[Paragraph]) -> str | None:
    """The title in the metadata, else the largest type of the first page."""
    title = one_line((document.metadata or {}).get("title") or "")
    if len(title) > 2 and not _POOR_TITLE.match(title):
        return title
    candidates = [paragraph for paragraph in first_page if _may_head(paragraph)]
    largest = max(candidates, key=lambda paragraph: paragraph.size, default=None)
    if largest is None or largest.size <= min(paragraph.size for paragraph in first_page):
        return None
    return largest.text

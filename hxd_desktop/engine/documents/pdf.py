"""PDF: paragraphs with their pages, headings by outline or by type size, scans recognised.

The text is what MuPDF extracts, in its order, with the lines of a paragraph joined (a word parted at a line end
is put together again) and headers and footers that run through the pages left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from hxd_desktop.engine.documents.builder import DocumentBuilder, one_line
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import damaged, password_protected

_BOLD = 16  # MuPDF's span flag
_MIN_PAGE_CHARS = 30  # a page with fewer, and with an image, is a scan
_SCANNED_SHARE = 0.8  # of the pages: the document is a scan
_OUTLINED_PATHS = 300  # filled paths on a page without text: letters drawn as outlines
_UNKNOWN_SHARE = 0.3  # of a page's characters without a Unicode value: its text cannot be read
_HEADING_GROWTH = 1.12  # of the size of the body text
_HEADING_CHARS = 160
_RUNNING_SHARE = 0.4  # of the pages that a running header stands on
_TRUSTED_ENTRIES = 3  # of the outline found in the text: then it alone makes headings
_SHRINK_PAGES = 64  # how often MuPDF's cache is emptied

_CJK_EDGE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_PARTED_WORD = re.compile(r"(?<![-\w])[^\W\d_]{2,}[-\u2010]$")
_BULLET = re.compile(r"[•·●○▪■◦‣\uf0b7\uf0a7–*-]\s|\(?\d{1,3}[.)]\s|[(（]?[一二三四五六七八九十\d]{1,3}[)）、]")
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


@dataclass(slots=True)
class _Line:
    text: str
    size: float  # of most of its characters, in points
    bold: bool
    left: float
    right: float
    top: float
    bottom: float
    tabular: bool = False  # cells with gaps between them


@dataclass(slots=True)
class _Paragraph:
    text: str
    size: float
    bold: bool
    lines: int
    page: int  # 1-based
    tabular: bool = False


def parse_pdf(data: bytes) -> ParsedDocument:
    """Parse a PDF; linear in its pages, some hundreds a second.

    Raises:
        Unreadable: it is damaged or protected by a password.
        MemoryError: MuPDF ran out of memory.
    """
    import pymupdf

    pymupdf.TOOLS.mupdf_display_errors(False)
    pymupdf.TOOLS.mupdf_display_warnings(False)
    try:
        document = pymupdf.open(stream=data, filetype="pdf")
    except (RuntimeError, ValueError) as error:
        _raise_for(error)
        raise damaged("a PDF") from error
    try:
        if document.needs_pass:
            raise password_protected()
        return _parse(pymupdf, document)
    finally:
        document.close()
        pymupdf.TOOLS.store_shrink(100)


def _raise_for(error: Exception) -> None:
    """MuPDF reports everything by one kind of exception."""
    message = str(error)
    if "malloc" in message or "calloc" in message or "out of memory" in message:
        raise MemoryError from error


def _parse(pymupdf: Any, document: Any) -> ParsedDocument:
    flags = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
    pages: list[list[_Paragraph]] = []
    scanned = unreadable = 0
    count = document.page_count
    for number in range(count):
        try:
            page = document[number]
            paragraphs = _paragraphs(page.get_text("dict", flags=flags), number + 1)
            chars = _readable_chars(paragraphs)
            scanned += chars < _MIN_PAGE_CHARS and _is_drawn(page)
        except (RuntimeError, ValueError) as error:  # this page is damaged, others may be whole
            _raise_for(error)
            unreadable += 1
            paragraphs = []
        pages.append(paragraphs)
        if number % _SHRINK_PAGES == _SHRINK_PAGES - 1:
            pymupdf.TOOLS.store_shrink(100)
    if count == 0 or unreadable == count:
        raise damaged("a PDF")
    _drop_running_lines(pages)
    builder = DocumentBuilder("pdf")
    builder.needs_ocr = scanned > 0 and scanned >= _SCANNED_SHARE * count
    _build(builder, [paragraph for page in pages for paragraph in page], _outline(document))
    builder.title = _title(document, pages[0])
    return builder.build()


def _readable_chars(paragraphs: list[_Paragraph]) -> int:
    chars = sum(len(paragraph.text) for paragraph in paragraphs)
    unknown = sum(paragraph.text.count("\ufffd") for paragraph in paragraphs)
    return 0 if unknown > _UNKNOWN_SHARE * chars else chars - unknown


def _is_drawn(page: Any) -> bool:
    """Whether a page shows an image, or so many paths that they may be letters."""
    kinds = Counter(entry[0] for entry in page.get_bboxlog())
    return bool(kinds["fill-image"] or kinds["fill-imgmask"] or kinds["fill-path"] > _OUTLINED_PATHS)


# A page's paragraphs


def _paragraphs(page: dict[str, Any], number: int) -> list[_Paragraph]:
    paragraphs: list[_Paragraph] = []
    for block in page["blocks"]:
        if block["type"] != 0:
            continue
        rows = _rows([line for line in map(_line, block["lines"]) if line is not None])
        if not rows:
            continue
        left = min(row.left for row in rows)
        current = [rows[0]]
        for before, row in pairwise(rows):
            if _begins_paragraph(before, row, left):
                paragraphs.append(_join(current, number))
                current = []
            current.append(row)
        paragraphs.append(_join(current, number))
    return paragraphs


def _line(line: dict[str, Any]) -> _Line | None:
    spans = line["spans"]
    text = "".join(span["text"] for span in spans)
    if not text or text.isspace():
        return None
    main = max(spans, key=lambda span: len(span["text"]))
    left, top, right, bottom = line["bbox"]
    bold = all(span["flags"] & _BOLD or "Bold" in span["font"] for span in spans if not span["text"].isspace())
    return _Line(_LEADERS.sub(" … ", text).strip(), main["size"], bold, left, right, top, bottom)


def _rows(lines: list[_Line]) -> list[_Line]:
    """Put the cells of a row together, of which MuPDF makes a line each; a tab stands for a gap."""
    rows: list[_Line] = []
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


def _same_row(before: _Line, line: _Line) -> bool:
    overlap = min(before.bottom, line.bottom) - max(before.top, line.top)
    return overlap > 0.5 * min(before.bottom - before.top, line.bottom - line.top) and line.left >= before.right - 1


def _begins_paragraph(before: _Line, line: _Line, left: float) -> bool:
    if before.tabular or line.tabular or _BULLET.match(line.text):
        return True
    if abs(line.size - before.size) > 0.1 * before.size or (line.bold != before.bold and line.left - left < line.size):
        return True
    # An indented line after one that was not.
    return line.left - left > 1.2 * line.size and before.left - left < 0.6 * line.size


def _join(lines: list[_Line], page: int) -> _Paragraph:
    text = lines[0].text
    for line in lines[1:]:
        parted = line.text[:1].islower() and _PARTED_WORD.search(text[-40:])
        if parted or text.endswith("\u00ad"):
            text = text[:-1] + line.text
        elif _CJK_EDGE.match(text[-1:]) and _CJK_EDGE.match(line.text[:1]):
            text += line.text
        else:
            text += " " + line.text
    weight = Counter[float]()
    for line in lines:
        weight[round(line.size * 2) / 2] += len(line.text)
    size = weight.most_common(1)[0][0]
    return _Paragraph(text, size, all(line.bold for line in lines), len(lines), page, lines[0].tabular)


def _drop_running_lines(pages: list[list[_Paragraph]]) -> None:
    """Remove page numbers, and headers and footers that most pages share but for their digits."""
    if len(pages) < 3:
        return
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


def _running_key(paragraph: _Paragraph) -> str | None:
    if paragraph.lines > 2 or len(paragraph.text) > 120:
        return None
    return _DIGITS.sub("#", paragraph.text)


# Headings


def _outline(document: Any) -> dict[int, dict[str, int]]:
    """The PDF's own table of contents: page -> folded title -> level."""
    try:
        entries = document.get_toc(simple=True)
    except (RuntimeError, ValueError) as error:
        _raise_for(error)
        return {}
    outline: dict[int, dict[str, int]] = {}
    for level, title, page in entries:
        if folded := _fold(title):
            outline.setdefault(page, {})[folded] = level
    return outline


def _fold(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def _build(builder: DocumentBuilder, paragraphs: list[_Paragraph], outline: dict[int, dict[str, int]]) -> None:
    sizes = Counter[float]()
    for paragraph in paragraphs:
        sizes[paragraph.size] += len(paragraph.text)
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
        elif _BULLET.match(paragraph.text):
            builder.add(BlockKind.LIST_ITEM, paragraph.text, page=paragraph.page)
        else:
            builder.paragraph(paragraph.text, page=paragraph.page)


def _may_head(paragraph: _Paragraph) -> bool:
    return paragraph.lines <= 3 and len(paragraph.text) <= _HEADING_CHARS and any(map(str.isalpha, paragraph.text))


def _stands_alone(paragraph: _Paragraph) -> bool:
    if paragraph.lines > 1 or len(paragraph.text) < 2:
        return False
    if _NUMBERED.match(paragraph.text):
        return True
    return not paragraph.tabular and len(paragraph.text) <= 80 and not _SENTENCE_END.search(paragraph.text)


def _depth(text: str) -> int:
    """How deep the number of a heading says that it is: 0 for `2 Use`, 1 for `2.1 Start`."""
    number = _NUMBER.match(text)
    return number[0].strip(".").count(".") if number else 0


def _title(document: Any, first_page: list[_Paragraph]) -> str | None:
    """The title in the metadata, else the largest type of the first page."""
    title = one_line((document.metadata or {}).get("title") or "")
    if len(title) > 2 and not _POOR_TITLE.match(title):
        return title
    candidates = [paragraph for paragraph in first_page if _may_head(paragraph)]
    largest = max(candidates, key=lambda paragraph: paragraph.size, default=None)
    if largest is None or largest.size <= min(paragraph.size for paragraph in first_page):
        return None
    return largest.text

"""Text that can be stored and shown, and documents put together from pieces of it."""

from __future__ import annotations

import re

from hxd_desktop.engine.documents.model import Block, BlockKind, ParsedDocument

_LINE_ENDS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_UNWANTED = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
# Most texts hold nothing of these three kinds: one look finds out.
_TO_MEND = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){3,}")
_BLANKS = re.compile(r"[^\S\n]{200,}")
_LONG_BLANK = " " * 200
_SPACES = re.compile(r"\s+")

_KEEP_EDGES = frozenset({BlockKind.CODE, BlockKind.TABLE_ROW})  # indentation; blank first and last cells
_ONE_LINE_APART = frozenset({BlockKind.LIST_ITEM, BlockKind.TABLE_ROW})


def clean(text: str) -> str:
    """Return `text` as it is kept: always encodable, line feeds for all line ends, no control character but tabs.

    More than two blank lines in a row become two, and absurdly long blanks shrink: they carry nothing,
    and would fill chunks.
    """
    if _TO_MEND.search(text):
        text = _LINE_ENDS.sub("\n", text)
        text = _UNWANTED.sub("", text)
        text = _SURROGATES.sub("\ufffd", text)
    if "\n\n\n" in text or "\n " in text or "\n\t" in text:
        text = _BLANK_LINES.sub("\n\n\n", text)
    if _LONG_BLANK in text:
        text = _BLANKS.sub(" ", text)
    return text


def one_line(text: str) -> str:
    """Return `text` clean and on one line, without white space at its ends."""
    return " ".join(clean(text).split())


def table_row(cells: list[str]) -> str:
    """Return the text of one row: every cell stays in its column, blank ones too (`A |  | C`)."""
    return " | ".join(map(one_line, cells))


class DocumentBuilder:
    """Put a `ParsedDocument` together block by block.

    Blocks stand a blank line apart; list items, table rows and lines of one kind a line apart.
    """

    def __init__(self, parser: str) -> None:
        self._parser = parser
        self._parts: list[str] = []
        self._blocks: list[Block] = []
        self._length = 0
        self.title: str | None = None
        self.title_from_heading = True
        self.needs_ocr = False
        self.scan_pages: tuple[int, ...] = ()
        self.unread = 0

    @property
    def length(self) -> int:
        """Characters so far."""
        return self._length

    @property
    def blocks(self) -> int:
        """Blocks so far."""
        return len(self._blocks)

    def add(self, kind: BlockKind, text: str, *, page: int | None = None, level: int = 0) -> None:
        """Append one block; text without a visible character adds nothing."""
        text = clean(text).strip("\n" if kind in _KEEP_EDGES else None)
        if not text or text.isspace():
            return
        if kind is BlockKind.HEADING:
            text = _SPACES.sub(" ", text)
        if self._blocks:
            close = self._blocks[-1].kind is kind and kind in _ONE_LINE_APART
            self._parts.append("\n" if close else "\n\n")
            self._length += 1 if close else 2
        self._parts.append(text)
        start = self._length
        self._length += len(text)
        self._blocks.append(Block(kind, start, self._length, page, min(max(level, 1), 6) if level else 0))

    def heading(self, text: str, level: int, *, page: int | None = None) -> None:
        """Append a heading of `level` 1 to 6 (deeper ones count as 6)."""
        self.add(BlockKind.HEADING, text, page=page, level=max(level, 1))

    def paragraph(self, text: str, *, page: int | None = None) -> None:
        """Append a paragraph."""
        self.add(BlockKind.PARAGRAPH, text, page=page)

    def row(self, cells: list[str], *, page: int | None = None) -> None:
        """Append a table row; a row of blank cells adds nothing."""
        if any(not cell.isspace() for cell in cells if cell):
            self.add(BlockKind.TABLE_ROW, table_row(cells), page=page)

    def include(self, document: ParsedDocument, *, deeper: int = 0) -> None:
        """Append all of another document, its headings `deeper` levels down, its pages left out."""
        if not document.blocks:
            return
        if self._blocks:
            self._parts.append("\n\n")
            self._length += 2
        shift = self._length
        self._parts.append(document.text)
        self._length += len(document.text)
        self._blocks.extend(
            Block(b.kind, b.start + shift, b.end + shift, None, min(b.level + deeper, 6) if b.level else 0)
            for b in document.blocks
        )

    def build(self) -> ParsedDocument:
        """Return the document; the title is the first heading where the format gave none."""
        text = "".join(self._parts)
        title = one_line(self.title)[:300] if self.title else ""
        if not title and self.title_from_heading:
            first = next((b for b in self._blocks if b.kind is BlockKind.HEADING), None)
            title = text[first.start : first.end][:300] if first else ""
        return ParsedDocument(
            text, tuple(self._blocks), self._parser, title or None, self.needs_ocr, self.scan_pages, self.unread
        )

"""ODT and ODP, read from their XML; ODS is read with the other spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.builder import DocumentBuilder, one_line
from hxd_desktop.engine.documents.containers import local_name, open_zip, parse_xml, read_entry
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.problems import damaged, password_protected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_CALLED = "an OpenDocument file"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_PRESENTATION = "{urn:oasis:names:tc:opendocument:xmlns:presentation:1.0}"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"

_SKIPPED = frozenset(
    {"tracked-changes", "annotation", "annotation-end", "note-citation", "forms", "sequence-decls", "variable-decls"}
)
_FURNITURE = frozenset({"date-time", "footer", "header", "page-number"})
_MAX_REPEAT = 64


def parse_opendocument(data: bytes) -> ParsedDocument:
    """Parse an OpenDocument text or presentation; `page` is the number of the slide.

    Raises:
        Unreadable: protected by a password, damaged, nested too deeply, or too much inside.
    """
    with open_zip(data, _CALLED) as archive:
        if b"manifest:encryption-data" in (read_entry(archive, "META-INF/manifest.xml") or b""):
            raise password_protected()
        content = read_entry(archive, "content.xml")
        meta = read_entry(archive, "meta.xml")
    if content is None:
        raise damaged(_CALLED)
    body = parse_xml(content).find(f"{_OFFICE}body")
    if body is None or len(body) == 0:
        raise damaged(_CALLED)
    builder = DocumentBuilder("opendocument")
    _Reader(builder).walk(body[0])
    title = parse_xml(meta).find(f".//{_TITLE}") if meta else None
    builder.title = one_line(title.text or "") or None if title is not None else None
    return builder.build()


class _Reader:
    def __init__(self, builder: DocumentBuilder) -> None:
        self._builder = builder
        self._page: int | None = None
        self._lists = 0

    def walk(self, container: Element) -> None:
        for child in container:
            name = local_name(child)
            if name in ("p", "h"):
                self._paragraph(child)
            elif name == "table" and child.tag == f"{_TABLE}table":
                self._table(child)
            elif name == "page":
                self._slide(child)
            elif name == "list":
                self._lists += 1
                self.walk(child)
                self._lists -= 1
            elif name not in _SKIPPED:
                self.walk(child)

    def _slide(self, page: Element) -> None:
        self._page = (self._page or 0) + 1
        frames = list(page.iterfind(f"{_DRAW}frame"))
        title = next((frame for frame in frames if frame.get(f"{_PRESENTATION}class") == "title"), None)
        if title is not None:
            self._builder.heading(_all_text(title), 1, page=self._page)
            page.remove(title)
        for frame in frames:
            if frame is not title and frame.get(f"{_PRESENTATION}class") in _FURNITURE:
                page.remove(frame)
        notes = page.find(f"{_PRESENTATION}notes")
        if notes is not None:
            for frame in list(notes.iterfind(f"{_DRAW}frame")):
                if frame.get(f"{_PRESENTATION}class") in _FURNITURE:
                    notes.remove(frame)
        self.walk(page)

    def _paragraph(self, paragraph: Element) -> None:
        text, aside = _text(paragraph)
        if paragraph.tag == f"{_TEXT}h":
            level = paragraph.get(f"{_TEXT}outline-level", "1")
            self._builder.heading(text, int(level) if level.isdecimal() else 1, page=self._page)
        else:
            kind = BlockKind.LIST_ITEM if self._lists else BlockKind.PARAGRAPH
            self._builder.add(kind, text, page=self._page)
        for element in aside:
            self.walk(element)

    def _table(self, table: Element) -> None:
        above: list[str] = []
        for row in table.iter(f"{_TABLE}table-row"):
            if next(row.iterancestors(f"{_TABLE}table")) is not table:
                continue  # of a table inside this one: its text is in the outer cell
            texts: list[str] = []
            for cell in row:
                name = local_name(cell)
                if name not in ("table-cell", "covered-table-cell"):
                    continue
                repeat = cell.get(f"{_TABLE}number-columns-repeated", "1")
                count = min(int(repeat), _MAX_REPEAT) if repeat.isdecimal() else 1
                text = _all_text(cell)
                for _ in range(count):
                    # A covered cell lies under one that is merged over it: from above it repeats, from the left not.
                    covers = name == "covered-table-cell" and not text and self._covered_from_above(cell, above, texts)
                    texts.append(above[len(texts)] if covers else text)
            while texts and not texts[-1] and len(texts) > len(above):
                texts.pop()
            self._builder.row(texts, page=self._page)
            above = texts

    @staticmethod
    def _covered_from_above(cell: Element, above: list[str], texts: list[str]) -> bool:
        left = cell.getprevious()
        spans = left is not None and left.get(f"{_TABLE}number-columns-spanned", "1") != "1"
        return not spans and len(texts) < len(above)


def _all_text(element: Element) -> str:
    texts = (_text(child)[0].strip() for child in element.iter(f"{_TEXT}p", f"{_TEXT}h"))
    return " ".join(text for text in texts if text)


def _text(paragraph: Element) -> tuple[str, list[Element]]:
    """The text of a paragraph, and what is anchored in it: footnotes, text boxes, tables."""
    parts: list[str] = []
    aside: list[Element] = []
    _collect(paragraph, parts, aside)
    return "".join(parts), aside


def _collect(element: Element, parts: list[str], aside: list[Element]) -> None:
    """Depth is bounded by libxml2."""
    parts.append(_collapsed(element.text))
    for child in element:
        name = local_name(child)
        if name == "s":
            count = child.get(f"{_TEXT}c", "1")
            parts.append(" " * (min(int(count), _MAX_REPEAT) if count.isdecimal() else 1))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name in ("note-body", "text-box", "table"):
            aside.append(child)
        elif name not in _SKIPPED:
            _collect(child, parts, aside)
        parts.append(_collapsed(child.tail))


def _collapsed(text: str | None) -> str:
    if not text:
        return ""
    return text if "\n" not in text and "  " not in text else " ".join(_with_edges(text))


def _with_edges(text: str) -> Iterator[str]:
    if text[0].isspace():
        yield ""
    yield from text.split()
    if text[-1].isspace():
        yield ""

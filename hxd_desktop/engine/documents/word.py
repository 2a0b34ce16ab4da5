"""DOCX, read from its XML: a library would lose content controls, text boxes, footnotes and merged cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.builder import DocumentBuilder, one_line
from hxd_desktop.engine.documents.containers import local_name
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.ooxml import WORD, Package
from hxd_desktop.engine.documents.problems import damaged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_CALLED = "a Word document"
_VAL = f"{WORD}val"
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)\s*(\d)", re.IGNORECASE)
_TITLE_NAMES = frozenset({"title", "标题", "標題"})
_CODE_NAME = re.compile(r"(?:source |html )?(?:code|preformatted|listing)|代码|macro text|plain text", re.IGNORECASE)
# Deleted, moved away, shown twice for old programs, or the reading of a ruby text.
_SKIPPED = frozenset({"del", "moveFrom", "Fallback", "rt", "pPr", "rPr", "instrText", "delText", "fldChar"})
_CONTAINERS = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "AlternateContent", "Choice"})
_LONG_CELL_CHARS = 1500


@dataclass(slots=True)
class _Style:
    level: int | None  # of a heading, 0 for body text, None where the base style decides
    listed: bool
    base: str
    is_title: bool
    is_code: bool


def parse_docx(data: bytes) -> ParsedDocument:
    """Parse a Word document (also templates, with macros, and of the strict variant).

    Raises:
        Unreadable: protected by a password, damaged, nested too deeply, or too much inside.
    """
    package = Package(data, _CALLED)
    main = package.main_part()
    root = package.xml(main)
    body = root.find(f"{WORD}body") if root is not None else None
    if body is None:
        raise damaged(_CALLED)
    targets = dict(package.relations(main).values())
    builder = DocumentBuilder("word")
    reader = _Reader(builder, _styles(package.xml(targets.get("styles", "word/styles.xml"))))
    reader.walk(body)
    for kind in ("footnotes", "endnotes"):
        notes = package.xml(targets[kind]) if kind in targets else None
        for note in notes if notes is not None else ():
            if note.get(f"{WORD}type") is None:  # others are separators
                reader.walk(note)
    builder.title = package.title() or reader.title
    return builder.build()


def _styles(root: Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for style in root.iter(f"{WORD}style") if root is not None else ():
        name_of, base_of = style.find(f"{WORD}name"), style.find(f"{WORD}basedOn")
        name = name_of.get(_VAL, "") if name_of is not None else ""
        properties = style.find(f"{WORD}pPr")
        level = _outline_level(properties)
        if level is None and (heading := _HEADING_NAME.match(name)):
            level = int(heading[1])
        styles[style.get(f"{WORD}styleId", "")] = _Style(
            level,
            _is_listed(properties),
            base_of.get(_VAL, "") if base_of is not None else "",
            name.lower() in _TITLE_NAMES,
            bool(_CODE_NAME.match(name)),
        )
    return styles


def _outline_level(properties: Element | None) -> int | None:
    outline = properties.find(f"{WORD}outlineLvl") if properties is not None else None
    if outline is None:
        return None
    value = outline.get(_VAL, "9")
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else 0


def _is_listed(properties: Element | None) -> bool:
    number = properties.find(f"{WORD}numPr/{WORD}numId") if properties is not None else None
    return number is not None and number.get(_VAL) != "0"


class _Reader:
    def __init__(self, builder: DocumentBuilder, styles: dict[str, _Style]) -> None:
        self._builder = builder
        self._styles = styles
        self.title: str | None = None

    def walk(self, container: Element) -> None:
        """Add the paragraphs and tables of a container, in order."""
        for child in container:
            name = local_name(child)
            if name == "p":
                self._paragraph(child)
            elif name == "tbl":
                self._table(child)
            elif name in _CONTAINERS:
                self.walk(child)

    def _paragraph(self, paragraph: Element) -> None:
        text, boxes = _text(paragraph)
        if text and not text.isspace():
            self._add(text, paragraph.find(f"{WORD}pPr"))
        for box in boxes:
            self.walk(box)

    def _add(self, text: str, properties: Element | None) -> None:
        style_of = properties.find(f"{WORD}pStyle") if properties is not None else None
        chain = list(self._chain(style_of.get(_VAL, "") if style_of is not None else ""))
        level = _outline_level(properties)
        if level is None:
            level = next((style.level for style in chain if style.level is not None), 0)
        if any(style.is_title for style in chain[:1]):
            self.title = self.title or one_line(text)
            level = 1
        if level and len(text) <= 400:
            self._builder.heading(text, level)
        elif _is_listed(properties) or any(style.listed for style in chain):
            self._builder.add(BlockKind.LIST_ITEM, text)
        elif any(style.is_code for style in chain[:1]):
            self._builder.add(BlockKind.CODE, text)
        else:
            self._builder.paragraph(text)

    def _chain(self, identity: str) -> Iterator[_Style]:
        for _ in range(12):  # a style may name itself as its base
            style = self._styles.get(identity)
            if style is None:
                return
            yield style
            identity = style.base

    def _table(self, table: Element) -> None:
        above: list[str] = []  # what vertically merged cells repeat
        for row in _children(table, "tr"):
            cells = list(_children(row, "tc"))
            if _is_layout(cells):
                for cell in cells:
                    self.walk(cell)
                continue
            texts: list[str] = []
            for cell in cells:
                properties = cell.find(f"{WORD}tcPr")
                merge = properties.find(f"{WORD}vMerge") if properties is not None else None
                span_of = properties.find(f"{WORD}gridSpan") if properties is not None else None
                span = span_of.get(_VAL, "1") if span_of is not None else "1"
                if merge is not None and merge.get(_VAL) != "restart" and len(texts) < len(above):
                    texts.append(above[len(texts)])
                else:
                    texts.append(_cell_text(cell))
                texts.extend([""] * (min(int(span), 64) - 1 if span.isdecimal() else 0))
            self._builder.row(texts)
            above = texts


def _children(parent: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, also those wrapped in content controls."""
    for child in parent:
        name = local_name(child)
        if name == wanted:
            yield child
        elif name in _CONTAINERS:
            yield from _children(child, wanted)


def _is_layout(cells: list[Element]) -> bool:
    """Whether a row only arranges the page: what is in its cells are paragraphs, not values."""
    for cell in cells:
        paragraphs = sum(1 for _ in cell.iterchildren(f"{WORD}p"))
        if cell.find(f"{WORD}tbl") is not None or (len(cells) == 1 and paragraphs > 1):
            return True
        if paragraphs > 3 and len(_cell_text(cell)) > _LONG_CELL_CHARS:
            return True
    return False


def _cell_text(cell: Element) -> str:
    parts: list[str] = []
    for paragraph in cell.iter(f"{WORD}p"):
        text, _ = _text(paragraph)
        if text.strip():
            parts.append(text.strip())
    return " ".join(parts)


def _text(paragraph: Element) -> tuple[str, list[Element]]:
    """The text of a paragraph, and the text boxes anchored in it."""
    parts: list[str] = []
    boxes: list[Element] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = local_name(element)
        if name == "t":
            parts.append(element.text or "")
        elif name == "tab":
            parts.append("\t")
        elif name in ("br", "cr"):
            parts.append("\n")
        elif name == "noBreakHyphen":
            parts.append("-")
        elif name == "txbxContent":
            boxes.append(element)
        elif name not in _SKIPPED:
            stack.extend(reversed(element))
    return "".join(parts), boxes

"""PPTX: the title of each slide is a heading, its text and tables follow, its notes come last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.builder import DocumentBuilder
from hxd_desktop.engine.documents.containers import local_name
from hxd_desktop.engine.documents.model import BlockKind, ParsedDocument
from hxd_desktop.engine.documents.ooxml import DRAWING, RELATION, SLIDE, Package
from hxd_desktop.engine.documents.problems import damaged

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_CALLED = "a PowerPoint presentation"
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"sldNum", "dt", "ftr", "hdr", "sldImg"})
_EMBEDDED = frozenset({"chart", "diagramData"})


def parse_pptx(data: bytes) -> ParsedDocument:
    """Parse a PowerPoint presentation; `page` is the number of the slide.

    Raises:
        Unreadable: protected by a password, damaged, nested too deeply, or too much inside.
    """
    package = Package(data, _CALLED)
    main = package.main_part()
    root = package.xml(main)
    if root is None:
        raise damaged(_CALLED)
    relations = package.relations(main)
    builder = DocumentBuilder("slides")
    parts = [relations.get(slide.get(f"{RELATION}id", ""), ("", ""))[1] for slide in root.iter(f"{SLIDE}sldId")]
    for number, part in enumerate(parts, 1):
        _add_slide(builder, package, part, number)
    builder.title = package.title()
    return builder.build()


def _add_slide(builder: DocumentBuilder, package: Package, part: str, number: int) -> None:
    root = package.xml(part) if part else None
    if root is None:
        return
    shapes = list(root.iterfind(f".//{SLIDE}sp"))
    title = next((shape for shape in shapes if _placeholder(shape) in _TITLES), None)
    if title is not None:
        builder.heading(" ".join(_paragraphs(title)), 1, page=number)
    tree = root.find(f"{SLIDE}cSld/{SLIDE}spTree")
    for element in tree.iter(f"{SLIDE}sp", f"{DRAWING}tbl") if tree is not None else ():
        if element is title or _in_fallback(element):
            continue
        if local_name(element) == "tbl":
            _add_table(builder, element, number)
        elif _placeholder(element) not in _FURNITURE:
            _add_shape(builder, element, number)
    related = package.relations(part).values()
    for kind, target in related:
        embedded = package.xml(target) if kind in _EMBEDDED else None
        if embedded is not None:
            builder.paragraph("\n".join(_paragraphs(embedded)), page=number)
    for kind, target in related:
        notes = package.xml(target) if kind == "notesSlide" else None
        for shape in notes.iterfind(f".//{SLIDE}sp") if notes is not None else ():
            if _placeholder(shape) == "body":
                builder.paragraph("\n".join(_paragraphs(shape)), page=number)


def _placeholder(shape: Element) -> str:
    """The role of a shape: "title", "body", ...; "" for one that fills no placeholder of the layout."""
    if local_name(shape) != "sp":
        return ""
    found = shape.find(f"{SLIDE}nvSpPr/{SLIDE}nvPr/{SLIDE}ph")
    return found.get("type", "content") if found is not None else ""


def _in_fallback(element: Element) -> bool:
    """Whether it is the copy of something for old programs."""
    return any(local_name(ancestor) == "Fallback" for ancestor in element.iterancestors())


def _paragraphs(element: Element) -> list[str]:
    texts = (_text(paragraph) for paragraph in element.iter(f"{DRAWING}p"))
    return [text for text in texts if text.strip()]


def _text(paragraph: Element) -> str:
    parts: list[str] = []
    for element in paragraph.iter(f"{DRAWING}t", f"{DRAWING}br", f"{DRAWING}tab"):
        name = local_name(element)
        parts.append((element.text or "") if name == "t" else "\n" if name == "br" else "\t")
    return "".join(parts)


def _add_shape(builder: DocumentBuilder, shape: Element, number: int) -> None:
    texts = _paragraphs(shape)
    kind = BlockKind.LIST_ITEM if len(texts) > 1 else BlockKind.PARAGRAPH
    for text in texts:
        builder.add(kind, text, page=number)


def _add_table(builder: DocumentBuilder, table: Element, number: int) -> None:
    above: list[str] = []
    for row in table.iterfind(f"{DRAWING}tr"):
        texts: list[str] = []
        for index, cell in enumerate(row.iterfind(f"{DRAWING}tc")):
            if cell.get("vMerge") in ("1", "true") and index < len(above):
                texts.append(above[index])
            else:
                texts.append(" ".join(_paragraphs(cell)))
        builder.row(texts, page=number)
        above = texts

"""EPUB: the chapters in reading order, each a web page."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from hxd_desktop.engine.documents.builder import DocumentBuilder, one_line
from hxd_desktop.engine.documents.containers import local_name, open_zip, parse_xml, read_entry
from hxd_desktop.engine.documents.html import add_html, decode_html
from hxd_desktop.engine.documents.model import ParsedDocument
from hxd_desktop.engine.documents.problems import Unreadable, damaged

if TYPE_CHECKING:
    import zipfile

    from lxml.etree import _Element as Element

_CALLED = "an e-book"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def parse_epub(data: bytes) -> ParsedDocument:
    """Parse an e-book; its table of contents is left out.

    Raises:
        Unreadable: protected against reading, damaged, or too much inside.
    """
    with open_zip(data, _CALLED) as archive:
        container = _xml(archive, "META-INF/container.xml")
        package_path = next((e.get("full-path", "") for e in container.iter() if local_name(e) == "rootfile"), "")
        package = _xml(archive, package_path)
        items = {item.get("id", ""): item for item in package.iter() if local_name(item) == "item"}
        encrypted = _encrypted(archive)
        builder = DocumentBuilder("epub")
        for reference in package.iter():
            item = items.get(reference.get("idref", "")) if local_name(reference) == "itemref" else None
            if item is None or item.get("media-type") not in _PAGES or "nav" in item.get("properties", "").split():
                continue
            path = posixpath.normpath(posixpath.join(posixpath.dirname(package_path), unquote(item.get("href", ""))))
            if path in encrypted:
                raise Unreadable("It is protected by digital rights management.")
            page = decode_html(read_entry(archive, path) or b"")
            if page:
                add_html(builder, page)
        title = next((e.text for e in package.iter() if local_name(e) == "title" and e.text), None)
        builder.title = one_line(title) if title else None
    return builder.build()


def _xml(archive: zipfile.ZipFile, path: str) -> Element:
    data = read_entry(archive, path)
    if data is None:
        raise damaged(_CALLED)
    return parse_xml(data)


def _encrypted(archive: zipfile.ZipFile) -> frozenset[str]:
    """The entries that are encrypted; fonts are in many free books."""
    data = read_entry(archive, "META-INF/encryption.xml")
    if data is None:
        return frozenset()
    references = (element.get("URI") for element in parse_xml(data).iter() if local_name(element) == "CipherReference")
    return frozenset(unquote(uri) for uri in references if uri)

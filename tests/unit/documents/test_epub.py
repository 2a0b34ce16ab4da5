from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.epub import parse_epub
from hxd_desktop.engine.documents.problems import Unreadable
from tests.unit.documents.made import zip_of

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">'
    '<rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
PACKAGE = """<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:title>呐喊</dc:title></metadata><manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="b" href="text/two%20b.xhtml" media-type="application/xhtml+xml"/>
<item id="a" href="text/one.xhtml" media-type="application/xhtml+xml"/>
<item id="css" href="x.css" media-type="text/css"/></manifest>
<spine><itemref idref="nav"/><itemref idref="a"/><itemref idref="b"/><itemref idref="css"/></spine></package>"""


def page(text: str) -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><html xmlns="http://www.w3.org/1999/xhtml"><body>{text}</body></html>'
    )


def book(**more: str) -> bytes:
    return zip_of(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": CONTAINER,
            "OEBPS/book.opf": PACKAGE,
            "OEBPS/nav.xhtml": page("<h1>Contents</h1>"),
            "OEBPS/text/two b.xhtml": page("<h1>Two</h1><p>second</p>"),
            "OEBPS/text/one.xhtml": page("<h1>One</h1><p>first</p>"),
            **more,
        },
        stored=("mimetype",),
    )


def test_chapters_in_reading_order_without_the_contents() -> None:
    document = parse_epub(book())
    assert document.title == "呐喊"
    assert document.text == "One\n\nfirst\n\nTwo\n\nsecond"


def test_encrypted_chapters_are_said_to_be_protected_and_encrypted_fonts_are_not() -> None:
    reference = '<encryption><CipherReference URI="{}"/></encryption>'
    parse_epub(book(**{"META-INF/encryption.xml": reference.format("OEBPS/font.otf")}))
    with pytest.raises(Unreadable, match="rights management"):
        parse_epub(book(**{"META-INF/encryption.xml": reference.format("OEBPS/text/one.xhtml")}))


def test_damaged() -> None:
    with pytest.raises(Unreadable):
        parse_epub(zip_of({"mimetype": "application/epub+zip"}))

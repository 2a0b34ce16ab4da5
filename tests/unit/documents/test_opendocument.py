from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.opendocument import parse_opendocument
from hxd_desktop.engine.documents.problems import Unreadable
from tests.unit.documents.made import zip_of

NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name if name != "draw" else "drawing"}:1.0"'
    for name in ("office", "table", "text", "draw", "presentation")
)


def opened(body: str, *, kind: str = "text", **entries: str) -> bytes:
    inner = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    content = f"<office:document-content {NAMES}>{inner}</office:document-content>"
    mime = f"application/vnd.oasis.opendocument.{kind}"
    return zip_of({"mimetype": mime, "content.xml": content, **entries}, stored=("mimetype",))


def test_text() -> None:
    body = (
        "<text:tracked-changes><text:deletion><text:p>gone</text:p></text:deletion></text:tracked-changes>"
        '<text:h text:outline-level="2">Head</text:h>'
        '<text:p>One <text:span>two</text:span><text:s text:c="2"/>three<text:tab/>x<text:line-break/>y'
        "<text:note><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>A note.</text:p></text:note-body></text:note> end</text:p>"
        "<text:list><text:list-item><text:p>item</text:p></text:list-item></text:list>"
        "<text:section><text:p>in a section</text:p></text:section>"
    )
    meta = '<m xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Der Titel</dc:title></m>'
    document = parse_opendocument(opened(body, **{"meta.xml": meta}))
    assert document.title == "Der Titel"
    assert document.text == "Head\n\nOne two  three\tx\ny end\n\nA note.\n\nitem\n\nin a section"
    assert [(block.kind.value, block.level) for block in document.blocks[:1]] == [("heading", 2)]
    assert document.blocks[3].kind.value == "list_item"


def test_tables() -> None:
    def cell(text: str, attributes: str = "") -> str:
        return f"<table:table-cell {attributes}><text:p>{text}</text:p></table:table-cell>"

    rows = [
        cell("A") + cell("B") + cell("C"),
        cell("tall", 'table:number-rows-spanned="2"') + cell("") + cell("1"),
        "<table:covered-table-cell/>" + cell("x") + cell("2"),
        cell("wide", 'table:number-columns-spanned="2"') + "<table:covered-table-cell/>" + cell("3"),
        '<table:table-cell table:number-columns-repeated="2"/>' + cell("4"),
    ]
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    document = parse_opendocument(opened(f"<table:table>{body}</table:table>"))
    assert document.text == "A | B | C\ntall |  | 1\ntall | x | 2\nwide |  | 3\n |  | 4"


def test_slides() -> None:
    def frame(role: str, text: str) -> str:
        box = f"<draw:text-box><text:p>{text}</text:p></draw:text-box>"
        return f'<draw:frame presentation:class="{role}">{box}</draw:frame>'

    body = (
        f"<draw:page>{frame('outline', 'text')}{frame('title', 'First')}{frame('page-number', '9')}</draw:page>"
        f"<draw:page>{frame('title', 'Second')}"
        f"<presentation:notes>{frame('notes', 'Say it.')}</presentation:notes></draw:page>"
    )
    document = parse_opendocument(opened(body, kind="presentation"))
    assert [(b.kind.value, b.page, document.text[b.start : b.end]) for b in document.blocks] == [
        ("heading", 1, "First"),
        ("paragraph", 1, "text"),
        ("heading", 2, "Second"),
        ("paragraph", 2, "Say it."),
    ]


def test_protected_and_damaged() -> None:
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(Unreadable, match="password"):
        parse_opendocument(opened("", **{"META-INF/manifest.xml": manifest}))
    for data in (zip_of({"mimetype": "x"}), zip_of({"content.xml": "<x/>"}), zip_of({"content.xml": "<x"})):
        with pytest.raises(Unreadable):
            parse_opendocument(data)

from __future__ import annotations

import io

import docx
import pytest
from docx.document import Document

from hxd_desktop.engine.documents.chunking import chunk
from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.documents.word import parse_docx
from hxd_desktop.engine.settings import ChunkSettings
from tests.unit.documents.made import compound_file, docx_of, zip_of


def saved(document: Document) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(content: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{content}</w:tc>"


def test_structure() -> None:
    document = docx.Document()
    document.add_heading("The report", 0)
    document.add_heading("第一部分", 1)
    document.add_paragraph("Text of the part.")
    document.add_paragraph("first", style="List Bullet")
    document.add_paragraph("second", style="List Number")
    document.add_heading("Details", 2)
    parsed = parse_docx(saved(document))
    assert [(b.kind.value, b.level, parsed.text[b.start : b.end]) for b in parsed.blocks] == [
        ("heading", 1, "The report"),
        ("heading", 1, "第一部分"),
        ("paragraph", 0, "Text of the part."),
        ("list_item", 0, "first"),
        ("list_item", 0, "second"),
        ("heading", 2, "Details"),
    ]
    assert parsed.title == "The report"


def test_the_title_of_the_properties_comes_first() -> None:
    document = docx.Document()
    document.core_properties.title = "From the properties"
    document.add_heading("From the text", 0)
    assert parse_docx(saved(document)).title == "From the properties"


def test_tables_keep_blank_cells_and_merged_ones_stay_sensible() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for row, texts in zip(table.rows, [["A", "B", "C"], ["", "x", "1"], ["", "", "2"]], strict=True):
        for target, text in zip(row.cells, texts, strict=True):
            target.text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    wide = document.add_table(1, 3)
    wide.cell(0, 0).merge(wide.cell(0, 1)).text = "wide"
    wide.cell(0, 2).text = "end"
    assert parse_docx(saved(document)).text == "A | B | C\n | x | 1\n | x | 2\nwide |  | end"


def test_a_layout_table_is_read_as_the_blocks_in_it() -> None:
    heading = paragraph("Head", '<w:outlineLvl w:val="0"/>')
    body = f"<w:tbl><w:tr>{cell(heading + paragraph('one') + paragraph('two'))}</w:tr></w:tbl>"
    parsed = parse_docx(docx_of(body))
    assert parsed.text == "Head\n\none\n\ntwo"
    assert parsed.blocks[0].level == 1


def test_what_libraries_forget_content_controls_text_boxes_footnotes_and_deletions() -> None:
    body = (
        f"<w:sdt><w:sdtContent>{paragraph('in a control')}</w:sdtContent></w:sdt>"
        "<w:p><w:r><w:t>kept</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom><w:ins><w:r><w:t> added</w:t></w:r></w:ins>"
        f"<w:r><w:tab/><w:t>tab</w:t><w:br/><w:t>line</w:t><w:txbxContent>{paragraph('boxed')}</w:txbxContent></w:r></w:p>"
    )
    notes = (
        f'<w:footnote w:type="separator">{paragraph("sep")}</w:footnote><w:footnote>{paragraph("A note.")}</w:footnote>'
    )
    parsed = parse_docx(docx_of(body, parts={"footnotes": notes}))
    assert parsed.text == "in a control\n\nkept added\ttab\nline\n\nboxed\n\nA note."


def test_headings_by_localised_style_names_and_inheritance() -> None:
    styles = (
        '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:styleId="2"><w:name w:val="mine"/><w:basedOn w:val="1"/></w:style>'
        '<w:style w:styleId="3"><w:name w:val="标题 3"/><w:basedOn w:val="3"/></w:style>'
    )
    body = "".join(paragraph(f"by {i}", f'<w:pStyle w:val="{i}"/>') for i in (1, 2, 3, 4))
    parsed = parse_docx(docx_of(body, parts={"styles": styles}))
    assert [block.level for block in parsed.blocks] == [1, 1, 3, 0]


def test_the_strict_variant_of_the_standard() -> None:
    document = zip_of(
        {
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"'
            ' Target="/word/document.xml"/></Relationships>',
            "word/document.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body>'
            f"{paragraph('strict')}</w:body></w:document>",
        }
    )
    assert parse_docx(document).text == "strict"


def test_a_document_protected_by_a_password() -> None:
    with pytest.raises(Unreadable, match="password"):
        parse_docx(compound_file({"EncryptedPackage": b"secret", "EncryptionInfo": b"x"}))


def test_damage_and_entity_bombs() -> None:
    with pytest.raises(Unreadable):
        parse_docx(docx_of("<w:p>"))
    with pytest.raises(Unreadable):
        parse_docx(zip_of({"word/document.xml": "<x/>"}))
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    data = docx_of(paragraph("&b;&b;&b;"))
    with pytest.raises(Unreadable):
        parse_docx(data)  # an entity that nobody declared
    relations = '<Relationship Id="r1" Type="x/officeDocument" Target="word/document.xml"/>'
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    declared = zip_of(
        {
            "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f"{relations}</Relationships>",
            "word/document.xml": f'{bomb}<w:document xmlns:w="{namespace}"><w:body>'
            f"{paragraph('a&b;z')}</w:body></w:document>",
        }
    )
    assert parse_docx(declared).text == "a"


def test_deep_nesting_is_refused() -> None:
    inner = paragraph("deep")
    for _ in range(200):
        inner = f"<w:tbl><w:tr>{cell(inner)}</w:tr></w:tbl>"
    with pytest.raises(Unreadable, match="nested"):
        parse_docx(docx_of(inner))


def test_heading_paths_reach_the_chunks() -> None:
    document = docx.Document()
    document.add_heading("Guide", 1)
    document.add_paragraph("Words to read. " * 60)
    document.add_heading("Install", 2)
    document.add_paragraph("Words to read. " * 60)
    chunks = chunk(parse_docx(saved(document)), ChunkSettings())
    assert [piece.heading for piece in chunks] == ["Guide", "Guide > Install"]

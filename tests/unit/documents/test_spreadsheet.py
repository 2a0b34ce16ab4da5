from __future__ import annotations

import datetime
import io

import pytest
import xlsxwriter

from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.documents.spreadsheet import parse_spreadsheet
from tests.unit.documents.made import compound_file, zip_of


def workbook_of(*sheets: tuple[str, list[list[object]]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as workbook:
        for name, rows in sheets:
            sheet = workbook.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return target.getvalue()


def test_sheets_with_blank_cells_types_and_pages() -> None:
    data = workbook_of(
        (
            "Prices",
            [["name", "day", "price"], ["a", datetime.date(2024, 5, 6), 1.5], ["", "", 2], [], ["茶", "", True]],
        ),
        ("Empty", []),
        ("Numbers", [[1, 2], [3, 4]]),
    )
    document = parse_spreadsheet(data)
    assert [(b.kind.value, b.level, b.page, document.text[b.start : b.end]) for b in document.blocks] == [
        ("heading", 1, 1, "Prices"),
        ("heading", 2, 1, "name | day | price"),
        ("table_row", 0, 1, "a | 2024-05-06 | 1.5"),
        ("table_row", 0, 1, " |  | 2"),
        ("table_row", 0, 1, "茶 |  | TRUE"),
        ("heading", 1, 3, "Numbers"),
        ("table_row", 0, 3, "1 | 2"),
        ("table_row", 0, 3, "3 | 4"),
    ]
    assert document.title is None


def test_cells_merged_downwards_repeat_and_those_merged_across_do_not() -> None:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.merge_range(1, 1, 2, 1, "tall")
        sheet.merge_range(3, 1, 3, 2, "wide")
        sheet.write(1, 2, 1)
        sheet.write(2, 2, 2)
    document = parse_spreadsheet(target.getvalue())
    assert document.text == "S\n\ntall | 1\ntall | 2\nwide | "


def test_open_document_spreadsheet() -> None:
    names = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    cells = "".join(
        f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>'
        if t
        else "<table:table-cell/>"
        for t in ("A", "", "C")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Sheet"><table:table-row>{cells}</table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    entries = {"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": "<manifest/>"}
    document = parse_spreadsheet(zip_of(entries, stored=("mimetype",)))
    assert document.text == "Sheet\n\nA |  | C"
    manifest = "<manifest:manifest><manifest:encryption-data/></manifest:manifest>"
    with pytest.raises(Unreadable, match="password"):
        parse_spreadsheet(zip_of({"mimetype": mime, "content.xml": "x", "META-INF/manifest.xml": manifest}))


def test_protected_and_damaged() -> None:
    with pytest.raises(Unreadable, match="password"):
        parse_spreadsheet(compound_file({"EncryptedPackage": b"x"}))
    for data in (b"nonsense", zip_of({"xl/workbook.xml": "<x"}), compound_file({"Workbook": b"nonsense"})):
        with pytest.raises(Unreadable):
            parse_spreadsheet(data)

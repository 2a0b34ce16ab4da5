"""Workbooks that would end or hang calamine, and honest ones that only look like it."""

from __future__ import annotations

import io
from pathlib import PurePath

import pytest
import xlsxwriter

from hxd_desktop.engine.documents import sheet_extent
from hxd_desktop.engine.documents.problems import Unreadable
from hxd_desktop.engine.documents.registry import parse_bytes
from hxd_desktop.engine.documents.spreadsheet import parse_spreadsheet
from tests.support.samples import SAMPLES, ods_of
from tests.unit.documents.made import compound_file

CELL = '<table:table-cell office:value-type="string" {}><text:p>word</text:p></table:table-cell>'


def row(cells: str, repeated: int = 1) -> str:
    return f'<table:table-row table:number-rows-repeated="{repeated}">{cells}</table:table-row>'


def xlsx(cells: dict[tuple[int, int], str], *, bold: bool = False, told: bytes | None = None) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet("S")
        for (line, column), text in cells.items():
            sheet.write(line, column, text)
        if bold:
            sheet.write_blank(1_048_575, 16_383, None, workbook.add_format({"bold": True}))
    data = target.getvalue()
    if told is None:
        return data
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, sheet_extent._DIMENSION.sub(told, old.read(name)))
    return out.getvalue()


FAR = {(0, 0): "near", (1_048_575, 16_383): "far"}


@pytest.mark.parametrize("told", [None, b"", b'<dimension ref="A1"'])
def test_a_cell_in_the_far_corner_is_told_whatever_the_sheet_says(told: bytes | None) -> None:
    with pytest.raises(Unreadable, match=r"1,048,576 rows and 16,384 columns"):
        parse_spreadsheet(xlsx(FAR, told=told))


def test_far_formats_and_long_rows_are_read() -> None:
    assert "near" in parse_spreadsheet(xlsx({(0, 0): "near"}, bold=True)).text
    assert "end" in parse_spreadsheet(xlsx({(0, 0): "near", (2, 16_383): "end"})).text


@pytest.mark.parametrize(
    "rows",
    [
        row(CELL.format('table:number-columns-repeated="100000000"')),
        row(CELL.format(""), 1_000_000_000),
        row('<table:table-cell table:number-columns-repeated="4000000000"/>' + CELL.format("")),
        row("<table:table-cell/>", 4_000_000_000) + row(CELL.format("")),
    ],
)
def test_cells_and_rows_that_are_repeated_without_end(rows: str) -> None:
    with pytest.raises(Unreadable, match="more than can be read"):
        parse_spreadsheet(ods_of(rows))


def test_blank_rows_to_the_end_of_a_sheet_are_no_reach() -> None:
    blank = '<table:table-cell table:number-columns-repeated="16384"/>'
    assert "word" in parse_spreadsheet(ods_of(row(CELL.format("") + blank) + row(blank, 1_048_575))).text


def test_an_ods_that_is_not_well_formed_or_declares_entities_fails_at_once() -> None:
    for rows in ("<table:table-row>", row(CELL.format("")) + "</table:oops>"):
        with pytest.raises(Unreadable, match="damaged"):
            parse_spreadsheet(ods_of(rows))
    with pytest.raises(Unreadable, match="damaged"):
        parse_spreadsheet(ods_of(row("<text:p>&l9;</text:p>"), before='<!DOCTYPE x [<!ENTITY l9 "lol">]>'))


def test_an_xls_whose_sectors_run_in_circles_fails() -> None:
    data = SAMPLES["a.xls"]()
    assert "words" in parse_spreadsheet(data).text
    table = data.rindex(b"\xff" * 100)
    first = table - table % 512
    looping = data[:first] + b"\x00\x00\x00\x00" + data[first + 4 :]
    with pytest.raises(Unreadable, match="damaged"):
        parse_spreadsheet(looping)


def test_an_xls_without_a_workbook_or_with_a_cell_beyond_the_last_column_fails() -> None:
    with pytest.raises(Unreadable, match="damaged"):
        parse_spreadsheet(compound_file({"Other": b"x"}))
    data = SAMPLES["a.xls"]()
    cell = data.index(b"\x03\x02\x0e\x00")
    with pytest.raises(Unreadable, match="damaged"):
        parse_spreadsheet(data[: cell + 6] + b"\xff\x7f" + data[cell + 8 :])


def test_what_a_library_in_rust_raises_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        """Not an Exception, so that nobody catches it by chance."""

    def panic(_: bytes) -> None:
        raise PanicException("index out of bounds")

    monkeypatch.setattr("hxd_desktop.engine.documents.spreadsheet.parse_spreadsheet", panic)
    with pytest.raises(Unreadable, match="damaged"):
        parse_bytes(PurePath("a.xlsx"), SAMPLES["a.xlsx"]())

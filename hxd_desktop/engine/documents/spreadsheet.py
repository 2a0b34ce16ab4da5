"""XLSX, XLSB, XLS and ODS through calamine: a heading for each sheet, a row of text for each row."""

from __future__ import annotations

import datetime
import io
from typing import Any

from hxd_desktop.engine.documents.builder import DocumentBuilder
from hxd_desktop.engine.documents.containers import open_zip, read_entry
from hxd_desktop.engine.documents.model import ParsedDocument
from hxd_desktop.engine.documents.problems import damaged, password_protected
from hxd_desktop.engine.documents.sheet_extent import check_archive, check_compound
from hxd_desktop.engine.documents.tables import add_table

_CALLED = "a spreadsheet"
_COMPOUND = b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def parse_spreadsheet(data: bytes) -> ParsedDocument:
    """Parse a workbook; `page` is the number of the sheet, charts left out.

    Raises:
        Unreadable: protected by a password, damaged, or too much inside.
    """
    import python_calamine

    if data.startswith(_COMPOUND):
        if _ENCRYPTED_PACKAGE in data:
            raise password_protected()
        check_compound(data)
    else:
        with open_zip(data, _CALLED) as archive:  # calamine itself has no limits
            if b"manifest:encryption-data" in (read_entry(archive, "META-INF/manifest.xml") or b""):
                raise password_protected()
            check_archive(archive)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    except python_calamine.PasswordError as error:
        raise password_protected() from error
    except python_calamine.CalamineError as error:
        raise damaged(_CALLED) from error
    builder = DocumentBuilder("spreadsheet")
    builder.title_from_heading = False  # "Sheet1" is no title
    sheets = workbook.sheet_names
    for number, name in enumerate(sheets, 1):
        try:
            sheet = workbook.get_sheet_by_name(name)
        except python_calamine.CalamineError:  # a chart sheet, or one that is damaged: the others count
            if len(sheets) == 1:
                raise
            continue
        rows = [list(map(_shown, row)) for row in sheet.to_python(skip_empty_area=True)]
        _repeat_merged(rows, sheet)
        add_table(builder, rows, page=number, name=name)
    return builder.build()


def _shown(value: Any) -> str:
    """A cell as a person reads it."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ") if value.time() != datetime.time() else value.date().isoformat()
    return "" if value is None else str(value)


def _repeat_merged(rows: list[list[str]], sheet: Any) -> None:
    """Cells merged downwards say the same in every row; those merged across stay blank."""
    first_row, first_column = sheet.start or (0, 0)
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        row, column = top - first_row, left - first_column
        if not (0 <= row < len(rows) and 0 <= column < len(rows[row])):
            continue
        for below in rows[row + 1 : bottom - first_row + 1]:
            below[column] = below[column] or rows[row][column]

"""How far the sheets of a workbook reach, told before calamine is asked.

calamine lays a sheet out as a full rectangle from its first cell to its last, so a single cell in the far corner takes
all memory and ends the process; so does a chain of sectors that leads back into itself; in an ODS that is not
well-formed it never comes to an end.
"""

from __future__ import annotations

import io
import re
import struct
import xml.parsers.expat
import zipfile
from collections.abc import Iterator
from typing import Any, NoReturn

from hxd_desktop.engine.documents.containers import read_entry
from hxd_desktop.engine.documents.problems import Unreadable, damaged

MOST_CELLS = 24_000_000  # of a rectangle: some 1.5 GB in calamine and Python together
_CALLED = "a spreadsheet"
_HEAD_BYTES = 4096
_SHEET = re.compile(r"/?xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_DIMENSION = re.compile(rb"<(?:\w+:)?dimension\s[^>]*?\bref=[\"'](?:[A-Z]{1,3}\d{1,7}:)?([A-Z]{1,3})(\d{1,7})[\"']")
# With something in it: blank ones with a format of their own take no room.
_CELL = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)><(?!/)")
_CELL_RECORDS = frozenset((0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00BE, 0x00FD, 0x00D6))
_LAST_COLUMN = 255  # of the old format


def check_archive(archive: zipfile.ZipFile) -> None:
    """Look at every sheet of an XLSX or ODS.

    Raises:
        Unreadable: one spans more cells than can be held, or is not well-formed where calamine would hang.
    """
    if archive.NameToInfo.get("content.xml") is not None:
        _check_open_document(read_entry(archive, "content.xml") or b"")
        return
    for entry in archive.infolist():
        if _SHEET.fullmatch(entry.filename):
            rows, columns = _reach(archive, entry)
            _check(rows, columns)


def check_compound(data: bytes) -> None:
    """Look at the cells of an XLS.

    Raises:
        Unreadable: a cell lies where none can be, or there is no workbook in it.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            if _loops(compound):
                raise damaged(_CALLED)
            name = next((name for name in ("Workbook", "Book") if compound.exists(name)), None)
            if name is None:
                raise damaged(_CALLED)
            book = compound.openstream(name).read()
    except (OSError, ValueError, IndexError, TypeError, AttributeError, struct.error, RecursionError) as error:
        raise damaged(_CALLED) from error
    for kind, body in _records(book):
        if kind in _CELL_RECORDS and len(body) >= 4 and int.from_bytes(body[2:4], "little") > _LAST_COLUMN:
            raise damaged(_CALLED)


def _check(rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        _too_far(rows, columns)


def _too_far(rows: int, columns: int) -> NoReturn:
    raise Unreadable(
        f"A sheet of it spans {rows:,} rows and {columns:,} columns, which is more than can be read.",
        "Delete what stands far out, or save the rest in a file of its own.",
    )


def _reach(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> tuple[int, int]:
    """Rows and columns of a sheet, as it says itself; counted where that is nothing to go by."""
    try:
        with archive.open(entry) as stream:
            head = stream.read(_HEAD_BYTES)
    except Exception:  # noqa: BLE001 - what zlib and zipfile raise over damage; calamine says what is wrong
        return 0, 0
    told = _DIMENSION.search(head)
    if told is not None and (told[1], told[2]) != (b"A", b"1"):  # that is what some write who do not know
        rows, columns = int(told[2]), _column(told[1])
        if rows * columns <= MOST_CELLS:
            return rows, columns
    rows = columns = 0
    for cell in _CELL.finditer(read_entry(archive, entry.filename) or b""):
        rows, columns = max(rows, int(cell[2])), max(columns, _column(cell[1]))
    return rows, columns


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _loops(compound: Any) -> bool:
    """Whether a chain of sectors comes back to where it was."""
    chains = [(compound.fat, compound.first_dir_sector), (compound.fat, compound.first_mini_fat_sector)]
    if compound.minifat is None:
        compound.loadminifat()
    for entry in filter(None, compound.direntries):
        small = entry.size < compound.mini_stream_cutoff_size and entry is not compound.root
        chains.append((compound.minifat if small else compound.fat, entry.isectStart))
    for table, sector in chains:
        steps = 0
        while sector < len(table):
            sector, steps = table[sector], steps + 1
            if steps > len(table):
                return True
    return False


def _records(book: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 8]
        at += 4 + size


def _check_open_document(content: bytes) -> None:
    counting = _Repeats()
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = counting.begin
    parser.EndElementHandler = counting.end
    parser.EntityDeclHandler = counting.entity
    try:
        parser.Parse(content, True)
    except xml.parsers.expat.ExpatError as error:
        raise damaged(_CALLED) from error


class _Repeats:
    """Adds up how often the cells and rows of an ODS say that they are repeated."""

    def __init__(self) -> None:
        self._rows = self._blank_rows = self._columns = self._widest = self._pending = self._repeat = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self._rows = self._blank_rows = self._widest = 0
            case "table-row":
                self._columns = self._pending = 0
                self._repeat = _times(attributes, "number-rows-repeated")
            case "table-cell" | "covered-table-cell":
                self._pending += _times(attributes, "number-columns-repeated")
                if any(key.endswith(("value-type", "formula")) for key in attributes):
                    self._filled()
            case "p":
                self._filled()

    def end(self, name: str) -> None:
        if name.rpartition(":")[2] != "table-row":
            return
        if self._columns:
            self._rows += self._blank_rows + self._repeat
            self._blank_rows, self._widest = 0, max(self._widest, self._columns)
            _check(self._rows, self._widest)
        else:
            self._blank_rows += self._repeat

    @staticmethod
    def entity(*_: object) -> None:
        raise damaged(_CALLED)  # no office program declares any

    def _filled(self) -> None:
        self._columns += self._pending
        self._pending = 0


def _times(attributes: dict[str, str], name: str) -> int:
    text = next((value for key, value in attributes.items() if key.endswith(name)), "1")
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 12 else 1

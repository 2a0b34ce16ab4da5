"""A valid sample of every format that can be read, small, with a marked word where the format holds text."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import xlsxwriter

from tests.unit.documents.made import compound_file, zip_of
from tests.unit.documents.test_opendocument import opened
from tests.unit.documents.test_registry import MADE

# Two pixels, lossless; no library here writes this format everywhere.
_WEBP = base64.b64decode("UklGRiAAAABXRUJQVlA4TBQAAAAvAUAAAAdQ5FQIIAAKmv7HiIj+Bw==")


def _png() -> bytes:
    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0)
    rows = b"".join(b"\x00" + bytes(range(24)) for _ in range(8))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def _jpeg() -> bytes:
    import pymupdf

    return bytes(pymupdf.Pixmap(_png()).tobytes("jpeg"))


def _tiff() -> bytes:
    """Eight by eight grey pixels in one strip."""
    fields = ((256, 8), (257, 8), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1), (278, 8), (279, 64))
    table = struct.pack("<H", len(fields)) + b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in fields)
    return b"II*\x00" + struct.pack("<I", 72) + bytes(range(0, 256, 4)) + table + bytes(4)


def _bmp() -> bytes:
    pixels = bytes(range(192))
    header = struct.pack("<IiiHHIIiiII", 40, 8, 8, 1, 24, 0, len(pixels), 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 54 + len(pixels), 0, 0, 54) + header + pixels


def _xls() -> bytes:
    """A workbook of Excel 97 with one sheet, a word and a number."""

    def record(kind: int, body: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(body)) + body

    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    sheet += record(0x0204, struct.pack("<HHHHB", 0, 0, 0, 5, 0) + b"words")
    sheet += record(0x0203, struct.pack("<HHHd", 0, 1, 0, 3.5)) + record(0x000A)
    start = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    start += record(0x0042, struct.pack("<H", 1200))
    length = len(start) + len(record(0x0085, b"\x00" * 14)) + len(record(0x000A))
    start += record(0x0085, struct.pack("<IHBB", length, 0, 6, 0) + b"Sheet1") + record(0x000A)
    return compound_file({"Workbook": start + sheet})


def _xlsx_with_a_macro() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        sheet = workbook.add_worksheet("S")
        sheet.write_formula(0, 0, '=WEBSERVICE("http://example.org/")', None, 1)
        sheet.write_url(1, 0, "https://example.org/", string="link")
    return target.getvalue()


_MANIFEST = (
    '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<m:file-entry m:full-path="/" m:media-type="application/vnd.oasis.opendocument.spreadsheet"/></m:manifest>'
)


def ods_of(rows: str, *, before: str = "") -> bytes:
    """A spreadsheet of one sheet with these rows."""
    table = f'<table:table table:name="S">{rows}</table:table>'
    made = opened(table, kind="spreadsheet", **{"META-INF/manifest.xml": _MANIFEST})
    if not before:
        return made
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        entries: dict[str, bytes] = {name: archive.read(name) for name in archive.namelist()}
    entries["content.xml"] = before.encode() + bytes(entries["content.xml"])
    return zip_of(dict(entries), stored=("mimetype",))


_MARKDOWN = """---
title: A
---
# One

Words with *stars*, `code`, [a link](b.md "t"), ![a picture](c.png) and <b>tags</b>.[^1]

| a | b |
|---|--:|
| 1 | 2 |

- item
  1. deeper
> quoted

```py
x = 1
```
[^1]: A note.
"""
_RST = """
Title
=====

.. note:: A note.

.. code-block:: python

   x = 1

==== ====
 a    b
==== ====
 1    2
==== ====

Words with ``code``, `a link <b.rst>`_ and *stars*.
"""

SAMPLES: dict[str, Callable[[], bytes]] = {
    **MADE,
    "a.txt": lambda: "第一行，一些文字。\n\nSecond line.\n".encode("gb18030"),
    "b.txt": lambda: "\ufeff第一行，一些文字。\nSecond line.\n".encode("utf-16-le"),
    "a.md": _MARKDOWN.encode,
    "a.rst": _RST.encode,
    "a.py": lambda: b'"""Words."""\n\nclass A:\n    def b(self):\n        return "c"\n',
    "a.jsonl": lambda: b'{"a": "words", "b": [1, null]}\n["c"]\n3\n',
    "a.png": _png,
    "a.jpg": _jpeg,
    "a.tif": _tiff,
    "a.bmp": _bmp,
    "a.webp": lambda: _WEBP,
    "a.doc": lambda: compound_file({"WordDocument": b"\xec\xa5\xc1\x00" * 64, "1Table": b"words"}),
    "a.ppt": lambda: compound_file({"PowerPoint Document": b"\x0f\x00\xe8\x03" * 64, "Current User": b"a"}),
    "a.xls": _xls,
    "a.xlsm": _xlsx_with_a_macro,
    "a.ods": lambda: ods_of(
        '<table:table-row><table:table-cell office:value-type="string"><text:p>words</text:p></table:table-cell>'
        "</table:table-row>"
    ),
    "a.odp": lambda: opened(
        '<draw:page><draw:frame presentation:class="title"><draw:text-box><text:p>words</text:p></draw:text-box>'
        "</draw:frame></draw:page>",
        kind="presentation",
    ),
    "a.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><text>words</text></svg>',
}

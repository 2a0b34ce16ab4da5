"""Files that mean harm: valid ones with flipped bits, and ones crafted to hang, to crash or to fill memory."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Iterator
from email.message import EmailMessage

from tests.support.hostile_pages import PAGES, pdf_of_pages
from tests.unit.documents.made import zip_of

_LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "lol">{_LAUGHS}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
_SPLICES = (
    b"\x00" * 64,
    b"\xff" * 64,
    b"-1",
    b"99999999999999999999",
    b"%n%s",
    b"<",
    b"]]>",
    b"\xed\xa0\x80",
    b"\r\n" * 9,
)


def mutated(data: bytes, chance: random.Random) -> bytes:
    """Return `data` with bits flipped, pieces cut out, doubled, moved or replaced."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4, 16, 64))):
        if not changed:
            break
        at = chance.randrange(len(changed))
        end = min(len(changed), at + chance.choice((1, 2, 8, 64, 512)))
        match chance.randrange(8):
            case 0 | 1 | 2:
                changed[at] ^= 1 << chance.randrange(8)
            case 3:
                changed[at] = chance.choice((0, 0xFF, 0x7F, 0x80))
            case 4:
                del changed[at:end]
            case 5:
                changed[at:at] = changed[at:end] * chance.choice((1, 2, 50))
            case 6:
                changed[at:at] = chance.choice(_SPLICES)
            case 7:
                del changed[at if chance.random() < 0.2 else len(changed) :]
    return bytes(changed)


def mutated_inside(data: bytes, chance: random.Random) -> bytes:
    """Mutate one entry of a zip archive before it is packed, so that the archive itself is sound."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    name = chance.choice(sorted(entries))
    entries[name] = mutated(entries[name], chance)
    return zip_of(dict(entries), stored=("mimetype",))


def spliced(one: bytes, other: bytes, chance: random.Random) -> bytes:
    """The beginning of one file and the end of another."""
    return one[: chance.randrange(len(one) + 1)] + other[chance.randrange(len(other) + 1) :]


def inputs(made: dict[str, bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield `count` (name, bytes): the samples in turn, harmed anew each time, some under another's name."""
    chance = random.Random(seed)
    names = sorted(made)
    for number in range(count):
        name = names[number % len(names)]
        data = made[name]
        kind = chance.random()
        if kind < 0.08:
            data = data[: chance.randrange(len(data))]
        elif kind < 0.16:
            data = spliced(data, made[chance.choice(names)], chance)
        elif data.startswith(b"PK") and chance.random() < 0.6:
            data = mutated_inside(data, chance)
        else:
            data = mutated(data, chance)
        if chance.random() < 0.04:
            name = f"{name}.{chance.choice(names).rpartition('.')[2]}"
        yield f"{number:06}-{name}", data


def _nested_zip(depth: int) -> bytes:
    data = zip_of({"word/document.xml": b"\x00" * (10 << 20)})
    for _ in range(depth):
        data = zip_of({f"word/document{n}.xml": data for n in range(10)})
    return data


def _lying_zip() -> bytes:
    """An archive whose directory promises a byte where a hundred megabytes lie."""
    data = bytearray(zip_of({"word/document.xml": b"\x00" * (70 << 20)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (1).to_bytes(4, "little")
    return bytes(data)


def _mail(depth: int) -> bytes:
    message = EmailMessage()
    message["Subject"], message["From"] = "Innermost", "a@example.org"
    message.set_content("Inside.")
    for number in range(depth):
        outer = EmailMessage()
        outer["Subject"], outer["From"] = f"Level {number}", "a@example.org"
        outer.set_content("See inside.")
        outer.add_attachment(message)
        message = outer
    return message.as_bytes()


def _parts(depth: int) -> bytes:
    lines = ["Subject: parts", "From: a@example.org", "To: b@example.org", "MIME-Version: 1.0"]
    for number in range(depth):
        lines += [f'Content-Type: multipart/mixed; boundary="b{number}"', "", f"--b{number}"]
    return "\r\n".join([*lines, "Content-Type: text/plain", "", "deep"]).encode()


_OPEN = '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0">'
_WORD = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
_ODT = "application/vnd.oasis.opendocument.text"

# By name, made when asked for: some are large.
CRAFTED: dict[str, Callable[[], bytes]] = {
    "zip-bomb.docx": lambda: zip_of({"word/document.xml": b"\x00" * (80 << 20)}),
    "zip-bomb.xlsx": lambda: zip_of({"xl/workbook.xml": b"\x00" * (80 << 20)}),
    "zip-bomb.odt": lambda: zip_of({"mimetype": _ODT, "content.xml": b" " * (80 << 20)}, stored=("mimetype",)),
    "nested-zip.docx": lambda: _nested_zip(3),
    "lying-zip.docx": _lying_zip,
    "many-entries.docx": lambda: zip_of({f"word/document{n}.xml": "" for n in range(60_000)}),
    "laughs.docx": lambda: zip_of(
        {"_rels/.rels": "<Relationships/>", "word/document.xml": f"{BOMB}{_WORD}<w:t>&l9;&f;</w:t></w:document>"}
    ),
    "laughs.xml": lambda: f"<?xml version='1.0'?>{BOMB}<x>&l9;&f;</x>".encode(),
    "laughs.svg": lambda: f"{BOMB}<svg xmlns='http://www.w3.org/2000/svg'><text>&l9;&f;</text></svg>".encode(),
    "laughs.html": lambda: f"{BOMB}<html><body><p>&l9;&f; words</p></body></html>".encode(),
    "laughs.odt": lambda: zip_of(
        {"mimetype": _ODT, "content.xml": f"{BOMB}{_OPEN}&l9;&f;</office:document-content>"}, stored=("mimetype",)
    ),
    "laughs.epub": lambda: zip_of(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": f"{BOMB}<container><rootfile full-path='&f;'/></container>",
        },
        stored=("mimetype",),
    ),
    "laughs-in-a-sheet.xlsx": lambda: zip_of(
        {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": f"{BOMB}<workbook>&l9;</workbook>"}
    ),
    "deep.html": lambda: b"<div>" * 200_000 + b"deep" + b"</div>" * 200_000,
    "deep-tables.html": lambda: b"<table><tr><td>" * 5_000 + b"deep",
    "deep-lists.html": lambda: b"<ul><li>" * 20_000 + b"deep",
    "deep.json": lambda: b'{"a":' * 300_000 + b"1" + b"}" * 300_000,
    "deep-arrays.jsonl": lambda: (b"[" * 5_000 + b"]" * 5_000 + b"\n") * 20,
    "deep.ipynb": lambda: b'{"cells":' + b"[" * 100_000,
    "deep.rtf": lambda: b"{\\rtf1 " + b"{\\b " * 200_000 + b"deep" + b"}" * 200_000 + b"}",
    "endless-words.rtf": lambda: b"{\\rtf1 " + b"\\a" * 2_000_000 + b"}",
    "bin.rtf": lambda: b"{\\rtf1 \\bin99999999999 text}",
    "deep-quotes.md": lambda: b">" * 100_000 + b" deep\n",
    "deep-quotes-and-lists.md": lambda: b"".join(b"> - " * n + b"item\n" for n in range(1, 800)),
    "deep-list.md": lambda: b"".join(b" " * (2 * n) + b"- item\n" for n in range(3_000)),
    "brackets.md": lambda: b"[" * 100_000 + b"](" * 100_000,
    "stars.md": lambda: b"*_" * 200_000 + b"\n# " + b"`" * 100_000,
    "pipes.md": lambda: b"|" * 200_000 + b"\n" + b"|-" * 100_000 + b"\n" + b"|x" * 100_000,
    "deep-mail.eml": lambda: _mail(40),
    "deep-parts.eml": lambda: _parts(3_000),
    "headers.eml": lambda: b"Subject: x\nFrom: a@b\n" + b"X-A: " + b"=?utf-8?q?" * 100_000 + b"\n\nbody",
    "many-mails.mbox": lambda: b"From a@b Mon Jan  1 00:00:00 2024\nSubject: x\n\nbody\n\n" * 20_000,
    "endless-line.txt": lambda: b"x" * 20_000_000,
    "endless-line-of-words.txt": lambda: b"word " * 4_000_000,
    "endless-line.csv": lambda: b"a," * 3_000_000,
    "quote-never-closed.csv": lambda: b'a,b\n"' + b"x,\n" * 2_000_000,
    "wide-and-long.csv": lambda: b"a\n" * 200_000 + b"," * 100_000,
    "endless-line.py": lambda: b"x = '" + b"a" * 10_000_000 + b"'",
    "endless-line.html": lambda: b"<p>" + b"&amp;" * 3_000_000,
    "attributes.html": lambda: b"<p " + b" ".join(b"a%d=1" % n for n in range(300_000)) + b">x",
    "comments.html": lambda: b"<!--" * 500_000,
    "endless-line.rst": lambda: b"=" * 3_000_000 + b"\n" + b"a" * 3_000_000 + b"\n" + b"=" * 3_000_000,
    "blank-lines.md": lambda: b"\n" * 10_000_000 + b"x",
    "form-feeds.txt": lambda: b"\x0c" * 3_000_000 + b"x",
    "nulls.txt": lambda: b"a\x00" * 1_000_000,
    "combining.txt": lambda: ("a" + "\u0301" * 1_000_000).encode(),
    "right-to-left.txt": lambda: ("\u202e\u2066" * 200_000 + "words").encode(),
    "surrogates.txt": lambda: b"\xed\xa0\x80\xed\xbf\xbf words " * 10_000,
    "private-use.txt": lambda: "".join(map(chr, range(0xE000, 0xF8FF))).encode() * 50,
    "one-script-after-the-other.txt": lambda: "".join(
        chr(n) for n in range(0x20, 0x2FFFF) if not 0xD800 <= n < 0xE000
    ).encode(),
    **PAGES,
    "no-objects.pdf": lambda: b"%PDF-1.7\n" + b"1 0 obj<</Length 99999999999>>stream\n" * 10_000,
    "pdf.txt": lambda: pdf_of_pages(1),
    "text.pdf": lambda: b"This is not a PDF at all.",
    "program.txt": lambda: b"\x7fELF" + bytes(range(256)) * 100,
    "picture.docx": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 10,
    "archive.md": lambda: zip_of({"a.txt": "x"}),
    "pages.xlsx": lambda: zip_of({"word/document.xml": "<x/>"}),
    "macro.docm": lambda: zip_of({"word/document.xml": "<x/>", "word/vbaProject.bin": b"\xd0\xcf\x11\xe0" * 1000}),
    "macro-virus.xlsm": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 100_000,
    "cut.doc": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "fat-loop.msg": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 36 + b"\x01\x00\x00\x00" * 200_000,
}

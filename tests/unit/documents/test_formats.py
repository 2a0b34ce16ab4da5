from __future__ import annotations

from pathlib import PurePath

import pytest

from hxd_desktop.engine.documents.formats import Format, describe_unread, detect
from tests.unit.documents.made import compound_file, docx_of, zip_of

ODT = zip_of({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, stored=("mimetype",))
EPUB = zip_of({"mimetype": "application/epub+zip"}, stored=("mimetype",))
MAIL = b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Hello\r\n\r\nText\r\n"


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("a.txt", b"text", Format.TEXT),
        ("LICENSE", b"text", Format.TEXT),
        ("a.unknown", b"text", Format.TEXT),
        ("README.MD", b"# x", Format.MARKDOWN),
        ("a.rst", b"x", Format.RST),
        ("Main.PY", b"x = 1", Format.CODE),
        ("a.yaml", b"a: 1", Format.CODE),
        ("a.HTM", b"<p>x", Format.HTML),
        ("a.csv", b"a,b", Format.CSV),
        ("a.TSV", b"a\tb", Format.CSV),
        ("a.json", b"{}", Format.JSON),
        ("a.jsonl", b"{}", Format.JSONL),
        ("a.ipynb", b"{}", Format.NOTEBOOK),
        ("a.PDF", b"%PDF-1.7\n", Format.PDF),
        ("a.rtf", b"{\\rtf1", Format.RTF),
        ("a.eml", MAIL, Format.EML),
        ("a.mbox", b"From a@b Mon Jan  1 00:00:00 2024\n" + MAIL, Format.MBOX),
        ("a.docx", docx_of(""), Format.DOCX),
        ("a.odt", ODT, Format.ODT),
        ("a.epub", EPUB, Format.EPUB),
        ("a.doc", compound_file({"WordDocument": b"x"}), Format.DOC),
        ("a.ppt", compound_file({"PowerPoint Document": b"x"}), Format.PPT),
        ("a.xls", compound_file({"Workbook": b"x"}), Format.XLS),
        ("a.msg", compound_file({"__nameid_version1.0": {}}), Format.MSG),
    ],
)
def test_honest_names(name: str, head: bytes, expected: Format) -> None:
    assert detect(PurePath(name), head) is expected


@pytest.mark.parametrize(
    ("name", "head", "expected"),
    [
        ("notes.txt", b"%PDF-1.4\n", Format.PDF),
        ("a.pdf", b"just text", Format.TEXT),
        ("a.pdf", b"<!DOCTYPE html><html>", Format.HTML),
        ("a.doc", b"{\\rtf1\\ansi", Format.RTF),
        ("a.doc", docx_of(""), Format.DOCX),
        ("a.doc", b"<html><body>", Format.HTML),
        ("a.xls", b"a\tb\tc\n", Format.CSV),
        ("a.docx", ODT, Format.ODT),
        ("a.zip", EPUB, Format.EPUB),
        ("a.docx", compound_file({"WordDocument": b"x"}), Format.DOC),
        ("a.md", docx_of(""), Format.DOCX),
        ("a.txt", b"<!-- x --><html lang='en'>", Format.HTML),
        ("1234.", MAIL, Format.EML),
        ("inbox", b"From a@b Mon Jan  1 00:00:00 2024\n" + MAIL, Format.MBOX),
        ("a.docx", compound_file({"EncryptedPackage": b"x"}), Format.DOCX),
    ],
)
def test_lying_names(name: str, head: bytes, expected: Format) -> None:
    assert detect(PurePath(name), head) is expected


@pytest.mark.parametrize(
    ("name", "head", "reason"),
    [
        ("a.gif", b"GIF89a\x00\x00", "It is an image, not a document."),
        ("a.cr2", b"II*\x00\x10\x00", "It is an image, not a document."),
        ("a.svg", b"<svg/>", "It is an image, not a document."),
        ("a.zip", zip_of({"a.txt": "x"}), "It is an archive, not a document."),
        ("a.mp4", b"\x00\x00\x00\x20ftypisom", "It is an image, a sound recording or a video, not a document."),
        ("a.bin", bytes(range(256)), "It is a binary file of an unknown format."),
        ("a.py", bytes(range(256)), "It is a binary file of an unknown format."),
    ],
)
def test_what_cannot_be_read_is_named(name: str, head: bytes, reason: str) -> None:
    assert detect(PurePath(name), head) is None
    assert describe_unread(PurePath(name), head) == reason

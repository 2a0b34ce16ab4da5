"""Whatever bytes come under whatever name, there is a document or a reason."""

from __future__ import annotations

import email.policy
import io
import json
import random
from collections.abc import Callable
from functools import cache
from pathlib import PurePath

import docx
import pptx
import pymupdf
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from hxd_desktop.engine.documents.chunking import chunk
from hxd_desktop.engine.documents.formats import _SUFFIXES, Format
from hxd_desktop.engine.documents.registry import parse_bytes
from hxd_desktop.engine.errors import DocumentError
from hxd_desktop.engine.settings import ChunkSettings
from tests.unit.documents.made import compound_file, msg_properties
from tests.unit.documents.test_epub import book
from tests.unit.documents.test_mail import mail
from tests.unit.documents.test_opendocument import opened


def _docx() -> bytes:
    document, target = docx.Document(), io.BytesIO()
    document.add_heading("Head", 1)
    document.add_table(2, 2).cell(0, 0).text = "cell"
    document.save(target)
    return target.getvalue()


def _pptx() -> bytes:
    presentation, target = pptx.Presentation(), io.BytesIO()
    presentation.slides.add_slide(presentation.slide_layouts[0]).shapes.title.text = "Head"
    presentation.save(target)
    return target.getvalue()


def _xlsx() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as workbook:
        workbook.add_worksheet("S").write_row(0, 0, ["a", 1, "b"])
    return target.getvalue()


def _pdf() -> bytes:
    source = pymupdf.open()
    source.new_page().insert_text((72, 72), "Some text of a page.")
    return bytes(source.tobytes(deflate=False))


def _eml() -> bytes:
    message = mail("S", "text", "<p>html</p>")
    message.add_attachment(_docx(), maintype="application", subtype="x", filename="a.docx")
    return message.as_bytes(policy=email.policy.SMTP)


MADE: dict[str, Callable[[], bytes]] = {
    "a.docx": _docx,
    "a.pptx": _pptx,
    "a.xlsx": _xlsx,
    "a.pdf": _pdf,
    "a.eml": _eml,
    "a.mbox": lambda: b"From a@b Mon May  6 10:00:00 2024\n" + _eml(),
    "a.odt": lambda: opened("<text:h>H</text:h><table:table><table:table-row/></table:table>"),
    "a.epub": book,
    "a.msg": lambda: compound_file(msg_properties("S", "body")),
    "a.rtf": lambda: rb"{\rtf1\ansi\ansicpg936{\fonttbl\f0 A;}\'c4\'e3 text\par\trowd a\cell\row}",
    "a.html": lambda: b"<html><body><h1>a</h1><table><tr><td colspan=2>x</td></tr></table></body></html>",
    "a.ipynb": lambda: json.dumps({"cells": [{"cell_type": "code", "source": ["x"], "outputs": []}]}).encode(),
    "a.json": lambda: b'{"a": [{"b": 1}, null], "c": {"d": "e"}}',
    "a.csv": lambda: b'a,"b\n c",d\n1,,2\n',
}
made = cache(lambda name: MADE[name]())


def document_or_reason(name: str, data: bytes) -> None:
    try:
        _, document = parse_bytes(PurePath(name), data)
    except DocumentError as error:
        assert error.message
        return
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end <= len(document.text)
        assert not document.text[position : block.start].strip()
        position = block.end
    assert not document.text[position:].strip()
    chunks = chunk(document, ChunkSettings())
    assert "".join(document.text[piece.start : piece.end] for piece in chunks) == document.text
    document.text.encode()


@pytest.mark.parametrize("name", MADE)
def test_whole_documents(name: str) -> None:
    kind, document = parse_bytes(PurePath(name), made(name))
    assert kind.value == _SUFFIXES[PurePath(name).suffix].value
    assert document.text


@pytest.mark.parametrize("name", MADE)
def test_damaged_documents(name: str) -> None:
    data, chance = made(name), random.Random(name)
    for _ in range(25):
        broken = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        if chance.random() < 0.3:
            del broken[chance.randrange(len(broken)) :]
        document_or_reason(name, bytes(broken))


@given(
    st.sampled_from(sorted(_SUFFIXES)),
    st.binary(max_size=200),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"{\\rtf1"]),
)
@settings(deadline=None, max_examples=200)
def test_any_bytes_under_any_name(suffix: str, data: bytes, start: bytes) -> None:
    if _SUFFIXES[suffix] not in (Format.DOC, Format.PPT):
        document_or_reason(f"a{suffix.upper()}", start + data)

from __future__ import annotations

import struct

import pytest

from hxd_desktop.engine.documents.outlook import decompress_rtf, read_msg
from hxd_desktop.engine.documents.problems import Unreadable
from tests.unit.documents.made import compound_file, msg_properties

# The example of [MS-OXRTFCP] 3.1.
COMPRESSED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
PLAIN = b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_the_example_of_the_standard() -> None:
    assert decompress_rtf(COMPRESSED) == PLAIN


def test_stored_and_wrong_data() -> None:
    assert decompress_rtf(struct.pack("<II4sI", 20, 4, b"MELA", 0) + b"{\\rt") == b"{\\rt"
    for data in (b"", struct.pack("<II4sI", 20, 4, b"XXXX", 0)):
        with pytest.raises(ValueError, match=r"too short|unknown"):
            decompress_rtf(data)
    with pytest.raises(Unreadable):
        decompress_rtf(struct.pack("<II4sI", 20, 1 << 30, b"LZFu", 0))


def test_a_body_that_is_only_rtf() -> None:
    letter = read_msg(compound_file(msg_properties("S", p1009=COMPRESSED)))
    assert letter.text.strip() == "hello world"


def test_a_body_that_is_only_html() -> None:
    letter = read_msg(compound_file(msg_properties("S", p1013=b"<p>Hello</p>")))
    assert letter.html.startswith("<p>Hello</p>")

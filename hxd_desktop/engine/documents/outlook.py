"""MSG: Outlook's mail, a compound file whose streams are properties named by number."""

from __future__ import annotations

import datetime
import io
import struct
from typing import Any

from hxd_desktop.engine.documents.encoding import decode
from hxd_desktop.engine.documents.html import decode_html
from hxd_desktop.engine.documents.letters import MAX_DEPTH, Letter
from hxd_desktop.engine.documents.problems import damaged, too_much_inside

# Property numbers of [MS-OXPROPS].
_SUBJECT, _BODY, _HTML, _RTF = "0037", "1000", "1013", "1009"
_SENDER_NAME, _SENDER_ADDRESS, _SENDER_SMTP = "0C1A", "0C1F", "5D01"
_TO, _CC = "0E04", "0E03"
_LONG_NAME, _SHORT_NAME, _DATA = "3707", "3704", "3701"
_SENT, _DELIVERED = 0x0039, 0x0E06
_UTF16, _BYTES_STRING, _BINARY, _STORAGE = "001F", "001E", "0102", "000D"

_HEADER_BYTES = {True: 32, False: 24}  # before the fixed properties: of the file, of a mail inside it
_TIME = 0x0040
_EPOCH = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
_RTF_START = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_MAX_RTF_BYTES = 32 << 20


def read_msg(data: bytes) -> Letter:
    """Read an Outlook mail with its attachments, and the mails that are attached to it.

    Raises:
        Unreadable: it is damaged.
    """
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as compound:
            return _letter(compound, [], 0)
    except (OSError, ValueError, IndexError, KeyError, struct.error) as error:
        raise damaged("an Outlook mail") from error


def _letter(compound: Any, folder: list[str], depth: int) -> Letter:
    streams = _Streams(compound, folder)
    sender = " ".join(
        filter(None, [streams.text(_SENDER_NAME), _angled(streams.text(_SENDER_SMTP) or streams.text(_SENDER_ADDRESS))])
    )
    letter = Letter(subject=streams.text(_SUBJECT))
    letter.headers = [
        ("From", sender),
        ("To", streams.text(_TO)),
        ("Cc", streams.text(_CC)),
        ("Date", streams.time(_SENT) or streams.time(_DELIVERED)),
    ]
    letter.text = streams.text(_BODY)
    html = streams.binary(_HTML)
    letter.html = (decode_html(html) or "") if html else streams.text(_HTML)
    compressed = streams.binary(_RTF)
    if compressed and not letter.text and not letter.html:
        from hxd_desktop.engine.documents.rtf import rtf_text

        letter.text = rtf_text(decompress_rtf(compressed))
    for name in sorted(
        {path[len(folder)] for path in _below(compound, folder) if path[len(folder)].startswith("__attach_")}
    ):
        _attach(compound, [*folder, name], letter, depth)
    return letter


def _attach(compound: Any, folder: list[str], letter: Letter, depth: int) -> None:
    streams = _Streams(compound, folder)
    inner = f"__substg1.0_{_DATA}{_STORAGE}"
    if compound.exists([*folder, inner]) and not compound.exists([*folder, inner, "CONTENTS"]):
        if depth < MAX_DEPTH:
            letter.enclosed.append(_letter(compound, [*folder, inner], depth + 1))
        return
    name = streams.text(_LONG_NAME) or streams.text(_SHORT_NAME)
    if name:
        letter.attachments.append((name, streams.binary(_DATA)))


def _below(compound: Any, folder: list[str]) -> list[list[str]]:
    return [
        path
        for path in compound.listdir(streams=True, storages=True)
        if len(path) > len(folder) and path[: len(folder)] == folder
    ]


def _angled(address: str) -> str:
    return f"<{address}>" if "@" in address else ""


class _Streams:
    """The properties of a mail or an attachment."""

    def __init__(self, compound: Any, folder: list[str]) -> None:
        self._compound = compound
        self._folder = folder

    def _read(self, name: str) -> bytes:
        path = [*self._folder, name]
        if not self._compound.exists(path) or self._compound.get_type(path) != 2:  # 2: a stream
            return b""
        with self._compound.openstream(path) as stream:
            return bytes(stream.read())

    def text(self, number: str) -> str:
        wide = self._read(f"__substg1.0_{number}{_UTF16}")
        if wide:
            return wide.decode("utf-16-le", errors="replace").rstrip("\x00")
        return (decode(self._read(f"__substg1.0_{number}{_BYTES_STRING}").rstrip(b"\x00")) or "").strip("\x00")

    def binary(self, number: str) -> bytes:
        return self._read(f"__substg1.0_{number}{_BINARY}")

    def time(self, number: int) -> str:
        """A time among the fixed properties, in UTC; "" where there is none."""
        data = self._read("__properties_version1.0")
        for offset in range(_HEADER_BYTES[not self._folder], len(data) - 15, 16):
            kind, found, _, value = struct.unpack_from("<HHIQ", data, offset)
            if found == number and kind == _TIME and value:
                try:
                    moment = _EPOCH + datetime.timedelta(microseconds=value // 10)
                except OverflowError:
                    return ""
                return moment.strftime("%Y-%m-%d %H:%M UTC")
        return ""


def decompress_rtf(data: bytes) -> bytes:
    """Undo the compression of [MS-OXRTFCP].

    Raises:
        ValueError: it is not compressed RTF.
        Unreadable: it unpacks to more than any mail holds.
    """
    if len(data) < 16:
        raise ValueError("too short")
    _, size, kind, _ = struct.unpack_from("<II4sI", data)
    if kind == b"MELA":
        return data[16 : 16 + size]
    if kind != b"LZFu":
        raise ValueError("unknown compression")
    if size > _MAX_RTF_BYTES:
        raise too_much_inside()
    window = bytearray(_RTF_START.ljust(4096, b"\x00"))
    position = len(_RTF_START)
    output = bytearray()
    index = 16
    while index < len(data) and len(output) < size:
        control = data[index]
        index += 1
        for bit in range(8):
            if index >= len(data) or len(output) >= size:
                break
            if control >> bit & 1:
                if index + 1 >= len(data):
                    return bytes(output)
                token = data[index] << 8 | data[index + 1]
                index += 2
                offset, length = token >> 4, (token & 15) + 2
                if offset == position % 4096:
                    return bytes(output)
                for step in range(length):
                    byte = window[(offset + step) % 4096]
                    output.append(byte)
                    window[position % 4096] = byte
                    position += 1
            else:
                output.append(data[index])
                window[position % 4096] = data[index]
                position += 1
                index += 1
    return bytes(output[:size])

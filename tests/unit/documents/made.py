"""Documents made on the spot, by the libraries that others make them with, or byte by byte where there are none."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

SECTOR = 512
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def zip_of(entries: dict[str, bytes | str], *, stored: tuple[str, ...] = ()) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data, zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED)
    return target.getvalue()


def docx_of(body: str, *, parts: dict[str, str] | None = None) -> bytes:
    """A Word document around the XML of a body, for what python-docx cannot write."""
    namespace = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    extra = "".join(
        f'<Relationship Id="r{i}" Type="{kinds}/{name}" Target="{name}.xml"/>' for i, name in enumerate(parts or {})
    )
    return zip_of(
        {
            "_rels/.rels": f'<Relationships xmlns="{relations}">'
            f'<Relationship Id="r1" Type="{kinds}/officeDocument" Target="word/document.xml"/></Relationships>',
            "word/_rels/document.xml.rels": f'<Relationships xmlns="{relations}">{extra}</Relationships>',
            "word/document.xml": f'<w:document xmlns:w="{namespace}"><w:body>{body}</w:body></w:document>',
            **{f"word/{n}.xml": f'<w:{n} xmlns:w="{namespace}">{xml}</w:{n}>' for n, xml in (parts or {}).items()},
        }
    )


def compound_file(tree: dict[str, Any]) -> bytes:
    """An OLE2 compound file: names to bytes (streams, padded to 4096) or to dicts (storages)."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "kind": 5, "data": b""}]

    def add(parent: int, children: dict[str, Any]) -> None:
        # A binary search tree degenerated to a list is legal, and readers walk it all the same.
        previous = None
        for name in sorted(children, key=lambda name: (len(name), name.upper())):
            value = children[name]
            index = len(entries)
            entries.append({"name": name, "kind": 1 if isinstance(value, dict) else 2})
            if previous is None:
                entries[parent]["child"] = index
            else:
                entries[previous]["right"] = index
            previous = index
            if isinstance(value, dict):
                entries[index]["data"] = b""
                add(index, value)
            else:
                entries[index]["data"] = value.ljust(4096, b"\x00") if len(value) < 4096 else value
                entries[index]["size"] = max(len(value), 4096)

    add(0, tree)
    sectors: list[bytes] = []
    fat: list[int] = []

    def store(data: bytes) -> int:
        first = len(sectors)
        count = -(-len(data) // SECTOR)
        for i in range(count):
            sectors.append(data[i * SECTOR : (i + 1) * SECTOR].ljust(SECTOR, b"\x00"))
            fat.append(first + i + 1 if i + 1 < count else _END)
        return first

    for entry in entries:
        entry["start"] = store(entry["data"]) if entry["data"] else _END
    directory = b""
    for entry in entries:
        name = entry["name"].encode("utf-16-le") + b"\x00\x00"
        directory += struct.pack(
            "<64sHBBIII16sIQQIQ",
            name,
            len(name),
            entry["kind"],
            1,
            _FREE,
            entry.get("right", _FREE),
            entry.get("child", _FREE),
            b"",
            0,
            0,
            0,
            entry["start"],
            entry.get("size", 0),
        )
    while len(directory) % SECTOR:
        directory += struct.pack("<64sHBBIII16sIQQIQ", b"", 0, 0, 0, _FREE, _FREE, _FREE, b"", 0, 0, 0, 0, 0)
    directory_start = store(directory)
    fat_count = 1
    while fat_count * 128 < len(fat) + fat_count:
        fat_count += 1
    fat_start = len(sectors)
    fat += [_FAT_SECTOR] * fat_count
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_count * SECTOR, b"\xff")
    places = [fat_start + i for i in range(fat_count)] + [_FREE] * (109 - fat_count)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 16
    header += struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_count, directory_start, 0, 4096, _END, 0, _END, 0
    )
    header += struct.pack("<109I", *places)
    return header + b"".join(sectors) + table


def msg_properties(subject: str, body: str = "", *, sender: str = "", to: str = "", **binary: bytes) -> dict[str, Any]:
    """The streams of an Outlook mail; `binary`: property number prefixed with `p` to bytes."""
    text = {"0037": subject, "1000": body, "0C1A": sender, "0E04": to}
    streams: dict[str, Any] = {
        f"__substg1.0_{number}001F": value.encode("utf-16-le") for number, value in text.items() if value
    }
    streams |= {f"__substg1.0_{number[1:]}0102": value for number, value in binary.items()}
    streams["__nameid_version1.0"] = {"__substg1.0_00020102": b"x"}
    streams["__properties_version1.0"] = b"\x00" * 32 + struct.pack("<HHIQ", 0x40, 0x0039, 0, 134_000_000_000_000_000)
    return streams

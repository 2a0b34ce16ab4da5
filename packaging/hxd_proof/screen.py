"""Pictures of Xvfb's screen, from its frame buffer: no tool has to be installed for them."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path


def pixels(screen: Path) -> tuple[int, int, bytes]:
    """Return width, height and the RGB bytes of Xvfb's frame buffer, a file in X's window dump format, 32 bits deep."""
    dump = screen.read_bytes()
    header = struct.unpack(">25I", dump[:100])
    width, height, stride = header[4], header[5], header[12]
    start = header[0] + header[19] * 12
    rows = bytearray()
    for row in range(height):
        line = dump[start + row * stride : start + row * stride + width * 4]
        rgb = bytearray(width * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = line[2::4], line[1::4], line[0::4]
        rows += rgb
    return width, height, bytes(rows)


def png(width: int, height: int, rgb: bytes) -> bytes:
    """Return a PNG of RGB bytes."""
    rows = b"".join(b"\0" + rgb[at : at + width * 3] for at in range(0, len(rgb), width * 3))

    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = part(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(rows)) + part(b"IEND", b"")


def is_drawn(rgb: bytes) -> bool:
    """Tell whether a window stands on the screen: a bare one is black."""
    return len(rgb) - rgb.count(0) > len(rgb) // 4


def differing(one: bytes, other: bytes) -> float:
    """Return the share of two pictures' bytes that differ."""
    return sum(a != b for a, b in zip(one, other, strict=True)) / len(one)

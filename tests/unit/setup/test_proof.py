from __future__ import annotations

import struct
from pathlib import Path

from PySide6.QtGui import QImage

from hxd_proof import screen
from hxd_proof.use import was_answered, written


def dump(path: Path, rows: list[list[tuple[int, int, int]]], spare: int = 4, colours: int = 2) -> Path:
    """Write a picture as Xvfb keeps its screen: with a name, a table of colours, and bytes behind each row."""
    width, height = len(rows[0]), len(rows)
    name = b"screen\0\0"
    header = [0] * 25
    header[0], header[4], header[5], header[12], header[19] = 100 + len(name), width, height, width * 4 + spare, colours
    body = b"".join(
        b"".join(bytes((blue, green, red, 0)) for red, green, blue in row) + b"\xff" * spare for row in rows
    )
    path.write_bytes(struct.pack(">25I", *header) + name + bytes(12 * colours) + body)
    return path


def test_a_screen_becomes_a_picture(tmp_path: Path) -> None:
    rows = [[(255, 0, 0), (0, 255, 0)], [(0, 0, 255), (9, 8, 7)]]
    width, height, rgb = screen.pixels(dump(tmp_path / "screen", rows))
    assert (width, height, rgb) == (2, 2, bytes([255, 0, 0, 0, 255, 0, 0, 0, 255, 9, 8, 7]))
    image = QImage.fromData(screen.png(width, height, rgb))
    assert [image.pixelColor(1, 1).red(), image.pixelColor(0, 0).red()] == [9, 255]
    assert screen.is_drawn(rgb) and not screen.is_drawn(bytes(300))
    assert screen.differing(rgb, rgb) == 0 and screen.differing(rgb, bytes(12)) == 0.5


def test_what_a_model_wrote_counts_also_where_the_sources_do_not_bear_it_out() -> None:
    told = {
        "model": {"generator": "tiny"},
        "trace": [{"stage": "gate"}, {"stage": "generate", "detail": {"run": {"tokens": 7}}}],
        "outcome": "ungrounded",
        "answer": "",
    }
    assert was_answered(told)
    assert not was_answered(told | {"model": {"generator": "extractive"}})
    assert not was_answered(told | {"outcome": "unrelated"})
    assert written(told, "tiny") == "wrote 7 tokens (ungrounded: '')"

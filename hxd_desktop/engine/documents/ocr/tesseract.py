"""Tesseract, a program that many systems bring: its words put together to lines."""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine.documents.lines import both_cjk
from hxd_desktop.engine.documents.ocr.layout import Piece, arrange
from hxd_desktop.engine.documents.ocr.model import ScanLine

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_TURN = re.compile(r"^Rotate: (\d+)", re.MULTILINE)
_DPI = "200"
_WORD_GAP = 1.5  # in heights of a word: words further apart are cells


class TesseractEngine:
    """Reads pictures of pages. `languages`: what it was installed with, such as ("chi_sim", "eng")."""

    def __init__(self, languages: Sequence[str], timeout_s: float) -> None:
        self._program = shutil.which("tesseract") or "tesseract"
        self._languages = "+".join(languages)
        self._timeout_s = timeout_s

    def read(self, image: NDArray[np.uint8]) -> list[ScanLine]:
        """Return the lines on a picture, in reading order. `image`: height x width x 3, RGB."""
        import numpy as np

        told = _TURN.search(self._run(image, "--psm", "0", "-l", "osd", check=False))
        clockwise = int(told[1]) // 90 % 4 if told else 0
        upright = np.rot90(image, -clockwise)
        height, width = upright.shape[:2]
        table = self._run(upright, "-l", self._languages, "--psm", "3", "tsv")
        return arrange(pieces_of(table, width, height, clockwise), max(width, height))

    def _run(self, image: NDArray[np.uint8], *arguments: str, check: bool = True) -> str:
        height, width = image.shape[:2]
        picture = b"P6 %d %d 255\n" % (width, height) + image.tobytes()
        command = [self._program, "stdin", "stdout", "--dpi", _DPI, *arguments]
        done = subprocess.run(command, input=picture, capture_output=True, timeout=self._timeout_s, check=check)
        return done.stdout.decode("utf-8", "replace")


def pieces_of(table: str, width: int, height: int, turns: int = 0) -> list[Piece]:
    """Return the words of Tesseract's table, those of a line together.

    `width`, `height`: of the picture that was read, which had been turned clockwise by `turns` quarters.
    """
    pieces: list[Piece] = []
    line: tuple[str, ...] = ()
    for row in csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE):
        text = (row.get("text") or "").strip()
        if row.get("level") != "5" or not text:
            continue
        left, top = float(row["left"]), float(row["top"])
        right, bottom = left + float(row["width"]), top + float(row["height"])
        score = max(float(row["conf"]), 0.0) / 100
        place = (row["block_num"], row["par_num"], row["line_num"])
        if place == line and pieces and left - pieces[-1].corners[1][0] < _WORD_GAP * (bottom - top):
            before = pieces.pop()
            gap = "" if both_cjk(before.text, text) else " "
            old, new = len(before.text), len(text)
            score = (before.score * old + score * new) / (old + new)
            text = before.text + gap + text
            left, top = before.corners[0][0], min(before.corners[0][1], top)
            bottom = max(before.corners[2][1], bottom)
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        box = (left / width, top / height, right / width, bottom / height)
        pieces.append(Piece(text, score, corners, _turned(box, turns)))
        line = place
    return pieces


def _turned(box: tuple[float, float, float, float], turns: int) -> tuple[float, float, float, float]:
    """Return a box as it stands on the page before that was turned clockwise."""
    for _ in range(turns):
        left, top, right, bottom = box
        box = (top, 1 - right, bottom, 1 - left)
    return box

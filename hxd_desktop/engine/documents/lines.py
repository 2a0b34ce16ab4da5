"""Lines of a page put together to paragraphs, wherever the lines come from: a PDF's text, or a picture of a page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

BULLET = re.compile(r"[•·●○▪■◦‣\uf0b7\uf0a7–*-]\s|\(?\d{1,3}[.)]\s|[(（]?[一二三四五六七八九十\d]{1,3}[)）、]")

_CJK_EDGE = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_PARTED_WORD = re.compile(r"(?<![-\w])[^\W\d_]{2,}[-\u2010]$")


@dataclass(slots=True)
class Line:
    """A line of a page, in points."""

    text: str
    size: float  # of most of its characters, in points
    bold: bool
    left: float
    right: float
    top: float
    bottom: float
    tabular: bool = False  # cells with gaps between them


@dataclass(slots=True)
class Paragraph:
    """Lines that belong together, as one text."""

    text: str
    size: float
    bold: bool
    lines: int
    page: int  # 1-based
    tabular: bool = False


def joined(rows: Sequence[Line], page: int) -> list[Paragraph]:
    """Return the paragraphs of rows that stand below each other, top to bottom."""
    if not rows:
        return []
    paragraphs: list[Paragraph] = []
    left = min(row.left for row in rows)
    current = [rows[0]]
    for before, row in pairwise(rows):
        if _begins_paragraph(before, row, left):
            paragraphs.append(_join(current, page))
            current = []
        current.append(row)
    paragraphs.append(_join(current, page))
    return paragraphs


def both_cjk(before: str, after: str) -> bool:
    """Whether no space belongs between two pieces of text."""
    return bool(_CJK_EDGE.match(before[-1:]) and _CJK_EDGE.match(after[:1]))


def _begins_paragraph(before: Line, line: Line, left: float) -> bool:
    if before.tabular or line.tabular or BULLET.match(line.text):
        return True
    if abs(line.size - before.size) > 0.1 * before.size or (line.bold != before.bold and line.left - left < line.size):
        return True
    # An indented line after one that was not.
    return line.left - left > 1.2 * line.size and before.left - left < 0.6 * line.size


def _join(lines: list[Line], page: int) -> Paragraph:
    text = lines[0].text
    for line in lines[1:]:
        parted = line.text[:1].islower() and _PARTED_WORD.search(text[-40:])
        if parted or text.endswith("\u00ad"):
            text = text[:-1] + line.text
        elif both_cjk(text, line.text):
            text += line.text
        else:
            text += " " + line.text
    weight = Counter[float]()
    for line in lines:
        weight[round(line.size * 2) / 2] += len(line.text)
    size = weight.most_common(1)[0][0]
    return Paragraph(text, size, all(line.bold for line in lines), len(lines), page, lines[0].tabular)

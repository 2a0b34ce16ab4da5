"""Sentences of Chinese, Japanese and European text, as ranges of the original."""

from __future__ import annotations

import re

# A European full stop ends a sentence only before white space, and not after an initial or a common abbreviation.
_END = re.compile(
    r"""[。！？；!?…][。！？；!?…”’」』）)\]"']*
      | \.["'”’)\]]*(?=\s)
        (?<!\b[A-Z]\.)(?<!\b[DM]r\.)(?<!\bMs\.)(?<!\bMrs\.)(?<!\bSt\.)(?<!\bNo\.)(?<!\bvs\.)(?<!\bcf\.)(?<!e\.g\.)(?<!i\.e\.)(?<!\betc\.)
      | \n\s*""",
    re.VERBOSE,
)


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the half-open range of each sentence, in order, without white space at its ends.

    Line ends also end a sentence. Ranges do not overlap and together hold every character that is not white space.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    if start == end:
        return
    if not (text[start].isspace() or text[end - 1].isspace()):
        spans.append((start, end))
        return
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        spans.append((start, start + len(stripped)))

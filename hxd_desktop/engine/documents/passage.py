"""Finds a passage of the extracted text on a page as it is laid out, where lines, hyphens and spaces differ."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

_SURE = 12  # letters and digits that do not stand together twice on a page by chance


def folded(text: str) -> tuple[str, list[int]]:
    """Return the letters and digits of `text`, all alike in case and width, and the position of each in `text`."""
    kept: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).casefold():
            if part.isalnum():
                kept.append(part)
                places.append(at)
    return "".join(kept), places


def locate(page: str, passage: str) -> list[tuple[int, int]]:
    """Return where `passage` stands in the text of a page: half-open ranges of `page` in order, none where nowhere.

    Paragraphs are found one by one, as a header may stand between them; of one that begins on the page before or goes
    on on the next, what stands here. What is too short to be told apart counts only where it follows what was found.
    """
    text, places = folded(page)
    whole = folded(passage)[0]
    if not whole:
        return []
    at = text.find(whole)
    if at >= 0 and (len(whole) >= _SURE or text.count(whole) == 1):
        return [_range(places, at, at + len(whole))]
    found: list[tuple[int, int]] = []
    cursor = 0
    for paragraph in (folded(line)[0] for line in passage.splitlines()):
        if not paragraph:
            continue
        begin, end = _part(text, paragraph, cursor, follows=bool(found))
        if begin < end:
            found.append((begin, end))
            cursor = end
    return [_range(places, begin, end) for begin, end in found]


def _part(text: str, paragraph: str, cursor: int, *, follows: bool) -> tuple[int, int]:
    at = text.find(paragraph, cursor)
    if at >= 0 and (len(paragraph) >= _SURE or (follows and at == cursor)):
        return at, at + len(paragraph)
    head = _longest(lambda size: paragraph[:size] in text[cursor:], len(paragraph))
    tail = _longest(lambda size: paragraph[-size:] in text[cursor:], len(paragraph))
    if max(head, tail) < _SURE:
        return 0, 0
    part = paragraph[:head] if head >= tail else paragraph[-tail:]
    at = text.find(part, cursor)
    return at, at + len(part)


def _longest(holds: Callable[[int], bool], most: int) -> int:
    """The greatest size up to `most` for which `holds`, which is true up to some size and false beyond; 0 for none."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if holds(middle):
            low = middle
        else:
            high = middle - 1
    return low


def _range(places: list[int], begin: int, end: int) -> tuple[int, int]:
    return places[begin], places[end - 1] + 1

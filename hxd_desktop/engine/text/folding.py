"""Folding: what two spellings of the same text have in common.

Compatibility forms (NFKC: full-width letters, ligatures), case, accents and Traditional Chinese are
folded away, so that a Simplified question finds a Traditional text. Folded text is for keys only;
what is shown and quoted is always the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from hxd_desktop.engine.text.traditional import SIMPLIFIED, TRADITIONAL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def _unaccented() -> dict[int, str]:
    table = {}
    for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        base = unicodedata.normalize("NFKD", chr(code))
        if len(base) > 1 and base[0].isascii() and all(unicodedata.combining(mark) for mark in base[1:]):
            table[code] = base[0]
    return table


# Letters that do not decompose, by the letter they are written with where a keyboard lacks them.
_LOOKALIKES = dict(zip("øØłŁđĐħĦŧŦıßẞæÆœŒðÐ", "oOlLdDhHtTisSaAoOdD", strict=True))

_CHARACTERS = (
    _unaccented()
    | {ord(letter): plain for letter, plain in _LOOKALIKES.items()}
    | {ord(t): s for t, s in zip(TRADITIONAL, SIMPLIFIED, strict=True)}
)

# Most text needs none of the slow steps: a character class finds out first.
_NEEDS_TABLE = re.compile(f"[\u00c0-\u024f\u1e00-\u1eff{TRADITIONAL}]")
# Full-width punctuation, dots and dashes are left out on purpose: they are in every text and in no key.
_NEEDS_NFKC = re.compile(
    "[\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc-\u00be\u0132-\u0149\u017f\u01c4-\u01f3\u02b0-\u036f\u1100-\u11ff\u2070-\u218f\u2460-\u24ff"
    "\u2e80-\u2fdf\u3099\u309a\u3131-\u33ff\ua69c-\ua69d\uf900-\ufaff\ufb00-\ufdff\ufe30-\ufefc"
    "\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff61-\uffef\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff\U0002f800-\U0002fa1f]"
)
_MARKS = re.compile("[\u0300-\u036f]")
# Half-width voicing marks, and vowels and finals of Hangul: no combining marks, yet composed with what is before.
_JOINS = re.compile("[\uff9e\uff9f\u1160-\u11ff]")


def fold_keep_case(text: str) -> str:
    """Fold everything but case, which identifiers like `rejectThrottle` are split by."""
    if text.isascii():
        return text
    if _NEEDS_NFKC.search(text):
        return _fold_all(text)
    return text.translate(_CHARACTERS) if _NEEDS_TABLE.search(text) else text


def fold_many_keep_case(texts: Sequence[str]) -> list[str]:
    """Fold each of some texts by itself, as `fold_keep_case` does: in a tenth of the time where there are many."""
    import numpy as np

    joined = "".join([f"{text}\n" for text in texts])
    if joined.isascii():
        return list(texts)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    needed = np.flatnonzero(_needs_folding().take(codes, mode="clip"))
    folded = list(texts)
    if len(needed):
        ends = np.cumsum(np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1)
        for row in np.unique(np.searchsorted(ends, needed, side="right")).tolist():
            folded[row] = fold_keep_case(texts[row])
    return folded


@cache
def _needs_folding() -> NDArray[np.bool_]:
    """For each code whether text that holds it needs a slow step; the last stands for all that follow."""
    import numpy as np

    characters = "".join(map(chr, range(0x30000)))
    needs = np.zeros(len(characters), dtype=np.bool_)
    for pattern in (_NEEDS_TABLE, _NEEDS_NFKC):
        needs[[match.start() for match in pattern.finditer(characters)]] = True
    return needs


def folds_apart(one: str, other: str) -> bool:
    """Say whether two texts fold by themselves to what they fold to in one text, a line end between them."""
    if one.isascii() and other.isascii():
        return True
    # NFKC is taken of a whole text or not at all.
    return (_NEEDS_NFKC.search(one) is None) == (_NEEDS_NFKC.search(other) is None)


def _fold_all(text: str) -> str:
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).translate(_CHARACTERS)


def fold(text: str) -> str:
    """Fold compatibility forms, accents, Traditional Chinese and case; the length may change."""
    return fold_keep_case(text).lower()


def fold_with_offsets(text: str) -> tuple[str, list[int] | None]:
    """Fold all but case, and say where each folded character came from.

    Returns:
        The folded text and, where lengths may have changed, the original offset of each folded character with
        `len(text)` at the end; None where offsets are the same.
    """
    if not _NEEDS_NFKC.search(text):
        return fold_keep_case(text), None  # the table maps one character to one
    pieces: list[str] = []
    offsets: list[int] = []
    start = 0
    # What joins the character before it is folded together with it, cluster by cluster.
    for end in range(1, len(text) + 1):
        if end < len(text) and (unicodedata.combining(text[end]) or _JOINS.match(text[end])):
            continue
        piece = text[start:end]
        if not piece.isascii():
            piece = _fold_all(piece)  # as in the whole text, also where this cluster alone would not need it
        pieces.append(piece)
        offsets.extend([start] * len(piece))
        start = end
    offsets.append(len(text))
    return "".join(pieces), offsets

"""Words, as the full-text index and every lexical score see them.

Runs of CJK become overlapping bigrams (a single character stands alone): measured against a word segmenter on
Chinese news, bigrams find more and cost a fifth. Other words are folded, stemmed (English Snowball) and, where
they are identifiers, kept whole and split: `reject_throttle`, `rejectThrottle` and `mmcv.runner` are all found by
their parts. Both sides of a search go through this module; `VERSION` is part of the index's fingerprint.
"""

from __future__ import annotations

import re
from operator import add

import Stemmer

from hxd_desktop.engine.text.folding import fold_keep_case, fold_with_offsets

VERSION = 1

CJK = (
    "\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003134f"
)
CJK_CHARACTER = re.compile(f"[{CJK}]")

# ASCII words first and by themselves: twice as fast as one class for all letters.
_ASCII_WORD = r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*(?:\+\+|#)?"
_ASCII_TOKEN = re.compile(_ASCII_WORD)
_TOKEN = re.compile(rf"{_ASCII_WORD}|[{CJK}]+|[^\W\x00-\x7f{CJK}]+")
_ASCII_PART = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.")
_OTHER_LETTER = re.compile(rf"[^\W\x00-\x7f{CJK}]")
_CAMEL = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
_SEPARATOR = re.compile(r"[._]+")
_FIRST_CJK = "\u3005"
_MAX_WORD = 64  # longer "words" are base64, hashes, separators drawn by hand: no key for a search
_MAX_CACHED = 8000  # and as many of before: words of one file alone must not fill the memory

_stem = Stemmer.Stemmer("english", maxCacheSize=0).stemWord


def _is_cjk(token: str) -> bool:
    return token[0] >= _FIRST_CJK and CJK_CHARACTER.match(token) is not None


def _word_terms(token: str) -> list[str]:
    """The terms of one word that is not CJK: itself, and its parts where it is an identifier."""
    lower = token.lower()
    if len(lower) > _MAX_WORD or not lower.strip("_"):
        return []
    if lower.isalpha() and (token[1:] == lower[1:] or token.isupper()):
        return [_stem(lower)]
    terms = [lower.strip("_")]
    for piece in _SEPARATOR.split(token):
        parts = _CAMEL.findall(piece)
        if len(parts) > 1:
            terms.append(piece.lower())
        terms += [_stem(part.lower()) for part in parts]
    return list(dict.fromkeys(terms))


class _Remembering(dict[str, str]):
    """What was made of the latest keys; of those before them, what is asked for again stays."""

    def __init__(self) -> None:
        self._before: dict[str, str] = {}

    def known(self, key: str) -> str | None:
        return self._before.get(key)

    def keep(self, key: str, value: str) -> None:
        if len(self) >= _MAX_CACHED:
            self._before = dict(self)
            self.clear()
        self[key] = value


class _Terms(_Remembering):
    """Token -> its terms joined by spaces; words are remembered, runs of CJK (rarely the same twice) are not."""

    def __missing__(self, token: str) -> str:
        if _is_cjk(token):
            return " ".join(map(add, token, token[1:])) if len(token) > 1 else token
        terms = self.known(token)
        if terms is None:
            terms = " ".join(_word_terms(token))
        self.keep(token, terms)
        return terms


_terms = _Terms()


class _AsciiTerms(_Remembering):
    """Run of characters that ASCII words are made of -> the terms of its words, with a space after each word's."""

    def __missing__(self, run: str) -> str:
        terms = self.known(run)
        if terms is None:
            terms = "".join([f"{_terms[token]} " for token in _ASCII_TOKEN.findall(run)])
        if len(run) <= _MAX_WORD:
            self.keep(run, terms)
        return terms


_ascii_terms = _AsciiTerms()
# Everything in ASCII that no word holds becomes a space: splitting there is faster than matching each word.
_BETWEEN_ASCII = {
    code: " " for code in range(0x80) if not (character := chr(code)).isalnum() and character not in "_.+#"
}


def index_terms(text: str) -> str:
    """Return the terms of `text` in order, with repetitions, joined by spaces."""
    if text.isascii():
        return "".join(map(_ascii_terms.__getitem__, text.translate(_BETWEEN_ASCII).split()))[:-1]
    folded = fold_keep_case(text)
    pattern = _ASCII_TOKEN if folded.isascii() else _TOKEN
    return " ".join(map(_terms.__getitem__, pattern.findall(folded)))


def query_terms(text: str) -> list[str]:
    """Return the different terms of `text`, in order of first appearance."""
    return list(dict.fromkeys(index_terms(text).split()))


def term_spans(text: str) -> list[tuple[str, int, int]]:
    """Return each term with the half-open range of the original text that it came from, in order.

    All terms of one identifier share its range; CJK bigrams overlap.
    """
    folded, offsets = fold_with_offsets(text)
    spans: list[tuple[str, int, int]] = []
    for match in _TOKEN.finditer(folded):
        token, start, end = match[0], match.start(), match.end()
        if _is_cjk(token):
            width = min(2, len(token))
            found = [(token[i : i + width], start + i, start + i + width) for i in range(len(token) - width + 1)]
        else:
            found = [(term, start, end) for term in _terms[token].split()]
        if offsets is not None:
            # The end is where the next original character starts, so that a ligature is taken whole.
            found = [(term, offsets[a], _after(offsets, b)) for term, a, b in found]
        spans += found
    return spans


def ascii_tokens(text: str) -> list[tuple[int, int]]:
    """Return the half-open range of each ASCII word of a text, in order."""
    return [match.span() for match in _ASCII_TOKEN.finditer(text)]


def token_at(folded: str, position: int) -> tuple[int, int]:
    """Return the half-open range of the word (not CJK) that covers `position` of a folded text."""
    start = position
    if folded[position].isascii():
        while start and folded[start - 1] in _ASCII_PART:
            start -= 1
        pattern = _ASCII_TOKEN
    else:
        while start and _OTHER_LETTER.match(folded[start - 1]):
            start -= 1
        pattern = _TOKEN
    for match in pattern.finditer(folded, start):
        if match.end() > position:
            return match.span()
    return position, position + 1


def _after(offsets: list[int], end: int) -> int:
    last = offsets[end - 1]
    while end < len(offsets) and offsets[end] == last:
        end += 1
    return offsets[end]

"""The parts of a question that asks several things at once, each made to stand alone.

Only what is plainly several questions is taken apart: sentences that each ask, clauses that each begin with a word of
asking, and two things joined by "和" that the question says are asked for each ("分别"), or that are of a kind (two
years, two words that end alike). Everything else stays whole: a question taken apart wrongly finds less.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.answering.extract import Quote, extract
from hxd_desktop.engine.answering.preprocess import Question, prepare
from hxd_desktop.engine.text.words import CJK, index_terms

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Source

MAX_PARTS = 3
# Longer messages tell a story around what they ask.
_MAX_CHARS = 200
_MAX_SENTENCE_CHARS = 120

_SENTENCE = re.compile(r"(?<=[?？])\s*")
_WORDS_ZH = "|".join(
    map(
        re.escape,
        sorted({*lexicon.INTERROGATIVE_ZH, "时间", "地点"} - {"求", "支持", "区别", "呢", "吗"}, key=len, reverse=True),
    )
)
_ASKS = re.compile(rf"{_WORDS_ZH}|[呢吗]|\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_FURTHER_PART = 0.5
_PER_PART = 5
_SEAM = 0.2  # weight of a term that only taking the question apart has made
_OWN = re.compile(rf"{_WORDS_ZH}|\b(?:what|which|who|whom|whose|when|where|why|how)\b", re.IGNORECASE)
_WH = r"(?:what|which|who|whom|whose|when|where|why|how(?: (?:many|much|long|far|often|old|big|tall))?)"
_CLAUSES = re.compile(rf"(?:,\s*|\s+)and\s+(?={_WH}\b)", re.IGNORECASE)
_TWO_WORDS = re.compile(rf"^({_WH})\s+and\s+({_WH})\b\s*(.+)$", re.IGNORECASE)

_JOIN = re.compile("和|与|以及|及(?!其)|、")
_EACH = re.compile("分别|各(?=是|有|为)")
_YEARS = re.compile(r"(\d{4})年?(?:和|与|及|、)(\d{4})年")
_NAME = r"《[^》]+》|“[^”]+”|[A-Za-z0-9][\w.+-]*"
_NAMES = re.compile(rf"(?P<a>{_NAME})(?:和|与|以及|及|、)(?P<b>{_NAME})", re.ASCII)
_RUN_LEFT = re.compile(rf"[{CJK}]{{2,10}}\Z")
_RUN_RIGHT = re.compile(rf"[{CJK}]{{2,16}}")
# Where the name of the first thing cannot begin earlier, and that of the second cannot go on.
_BORDER_LEFT = re.compile(r".*(?:[的在年月日了个是有对]|多少|哪些|请问)")
_BORDER_RIGHT = re.compile(r"[的是为有在各哪谁怎几]|分别|什么|多少|如何|何时|正在")
_SHORT_NAME = 4
_ONE_THING = ("国家和地区", "国家与地区", "时间和地点", "党和国家")


def split_parts(text: str) -> tuple[str, ...]:
    """Return the parts of a normalised question, at most `MAX_PARTS`; one where it asks a single thing."""
    if len(text) > _MAX_CHARS:
        return (text,)
    sentences = list(dict.fromkeys(piece.strip("。，, ") for piece in _SENTENCE.split(text) if piece.strip("。，, ")))
    if 1 < len(sentences) <= MAX_PARTS and all(_ASKS.search(piece) for piece in sentences):
        return tuple(sentences)
    if len(text) > _MAX_SENTENCE_CHARS:
        return (text,)
    return _two_words(text) or _clauses(text) or _coupled(text) or (text,)


def _two_words(text: str) -> tuple[str, ...]:
    match = _TWO_WORDS.match(text)
    return (f"{match[1]} {match[3]}", f"{match[2]} {match[3]}") if match else ()


def _clauses(text: str) -> tuple[str, ...]:
    pieces = [piece.strip(" ,") for piece in _CLAUSES.split(text)]
    return tuple(pieces[:MAX_PARTS]) if len(pieces) > 1 and all(_ASKS.search(piece) for piece in pieces) else ()


def _coupled(text: str) -> tuple[str, ...]:
    each = _EACH.search(text)
    years = _YEARS.search(text)
    if years is not None:
        return _both(text, years.start(), years.end(), f"{years[1]}年", f"{years[2]}年")
    names = _NAMES.search(text)
    if names is not None and each is not None:
        return _both(text, names.start(), names.end(), names["a"], names["b"])
    for join in _JOIN.finditer(text):
        left, right = _RUN_LEFT.search(text, 0, join.start()), _RUN_RIGHT.match(text, join.end())
        if left is None or right is None or any(text.startswith(x, join.start() - 2) for x in _ONE_THING):
            continue
        a = _BORDER_LEFT.sub("", left[0])
        b = _BORDER_RIGHT.split(right[0], maxsplit=1)[0]
        kind = next((k for k in range(2, len(b) + 1) if a and b[k - 1] == a[-1]), 0)
        if kind:  # of a kind: they end alike, as 男单 and 女单冠军 do
            b = b[:kind]
            # What stands before the first belongs to both, unless the two are named in full.
            shared = a[:-kind] if len(a) - kind >= 2 else ""
        elif each is not None and each.start() > join.start() and 2 <= len(a) <= min(_SHORT_NAME, len(b)):
            b, shared = b[: len(a)], ""
        else:
            continue
        return _both(text, join.start() - len(a), join.end() + len(b), a, shared + b)
    return ()


def _both(text: str, start: int, end: int, a: str, b: str) -> tuple[str, ...]:
    return tuple(_EACH.sub("", f"{text[:start]}{one}{text[end:]}") for one in (a, b))


def prepare_parts(question: Question) -> tuple[Question, ...]:
    """The parts of a question made ready, follow-ups among them completed; the question itself where it is one."""
    texts = split_parts(question.text)
    if len(texts) < 2:
        return (question,)
    prepared: list[Question] = []
    first = texts[0]
    for text in texts:
        part = prepare(text, [(first, "")] if prepared else [])
        asking = _ASKS.search(first)
        if part.carried and asking is not None and not _OWN.search(text):
            # "And B?" asks of B what was asked of A.
            part = replace(part, text=f"{text} {asking[0]}")
        prepared.append(part)
    return tuple(part for part in prepared if part.is_question)


def quote_parts(
    parts: Sequence[Question], pool: Sequence[Source], idf: Mapping[str, float], limit_chars: int, n_sources: int
) -> tuple[list[Quote], list[Source]]:
    """Quote for each part of a question by itself.

    Args:
        parts: of the question.
        pool: the passages that may be quoted, best for the whole question first.
        idf: of the question's terms, 0 to 1.
        limit_chars: length of the quotations for a question of one part; each further part adds half of it.
        n_sources: how many sources are wanted.

    Returns:
        The quotations in the order of the parts, and the sources, renumbered: those quoted and the best of the rest.
    """
    budget = int(limit_chars * (1 + _FURTHER_PART * (len(parts) - 1)) / len(parts))
    quotes: list[Quote] = []
    for part in parts:
        weights = {term.term: idf.get(term.term, _SEAM) for term in part.terms}
        for quote in extract(part, _nearest(part, pool, weights), weights, budget):
            if not any(_overlap(quote, other) for other in quotes):
                quotes.append(quote)
    quoted = {quote.n for quote in quotes}
    rest = [source.n for source in pool if source.n not in quoted][: max(0, n_sources - len(quoted))]
    kept = [source for source in pool if source.n in quoted or source.n in rest]
    number = {source.n: i for i, source in enumerate(kept, 1)}
    return (
        [replace(quote, n=number[quote.n]) for quote in quotes],
        [replace(source, n=number[source.n]) for source in kept],
    )


def _nearest(part: Question, pool: Sequence[Source], weights: Mapping[str, float]) -> list[Source]:
    """The passages of the pool that hold most of a part, best first."""
    mass = {term.term: term.mass * weights[term.term] for term in part.terms}
    total = sum(mass.values()) or 1.0

    def covered(source: Source) -> float:
        held = mass.keys() & set(index_terms(f"{source.heading} {source.text}").split())
        return sum(mass[term] for term in held) / total + source.scores.get("fused", 0.0)

    return sorted(pool, key=covered, reverse=True)[:_PER_PART]


def _overlap(a: Quote, b: Quote) -> bool:
    return a.n == b.n and a.start < b.end and b.start < a.end

"""How far an answer's words are those of a reference: exact match, BLEU, ROUGE-L, from 0 to 1.

Checked against sacrebleu and rouge in the tests. CJK counts by characters, everything else by words; texts are folded
first (case, width, Traditional), as they are for the search.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Sequence

from hxd_desktop.engine.text.folding import fold

MAX_REFERENCES = 16
_MAX_ORDER = 4
_CITATION = re.compile(r"\s*\[\d{1,3}\]")
_CJK = "\u3000-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = rf"[^\W{_CJK}]+"
_TOKEN = re.compile(rf"[{_CJK}]|{_WORD}(?:(?:(?<=\d)[.,](?=\d)|(?<=[^\W\d])['-](?=\w)){_WORD})*|[^\w\s]")
_NEITHER_LETTER_NOR_DIGIT = re.compile(r"[\W_]+")


def without_citations(answer: str) -> str:
    """The answer without its [1], [2] ..."""
    return _CITATION.sub("", answer)


def references(parts: Sequence[Sequence[str]]) -> list[str]:
    """The texts that an answer is compared with: its parts side by side, in each combination of their spellings."""
    return ["，".join(chosen) for chosen in itertools.islice(itertools.product(*parts), MAX_REFERENCES)]


def tokens(text: str) -> list[str]:
    """Characters of CJK, words and numbers of the rest, and punctuation."""
    return _TOKEN.findall(fold(text))


def exact_match(answer: str, wanted: Sequence[str]) -> bool:
    """Whether the answer is one of the references but for case, space and punctuation."""
    return _bare(answer) in {_bare(reference) for reference in wanted}


def _bare(text: str) -> str:
    return _NEITHER_LETTER_NOR_DIGIT.sub("", fold(text))


def bleu(answer: str, wanted: Sequence[str]) -> float:
    """BLEU-4 of one text: exponential smoothing, orders that the text is too short for left out, closest length."""
    given = tokens(answer)
    others = [tokens(reference) for reference in wanted]
    if not given or not any(others):
        return 0.0
    logs: list[float] = []
    smoothing, any_match = 1.0, False
    for order in range(1, min(_MAX_ORDER, len(given)) + 1):
        held = _ngrams(given, order)
        most: Counter[tuple[str, ...]] = Counter()
        for other in others:
            most |= _ngrams(other, order)
        matched, total = sum((held & most).values()), len(given) - order + 1
        any_match = any_match or matched > 0
        if not matched:
            smoothing *= 2
        logs.append(math.log(matched / total if matched else 1 / (smoothing * total)))
    if not any_match:
        return 0.0
    closest = min((len(other) for other in others), key=lambda n: (abs(n - len(given)), n))
    brevity = min(0.0, 1 - closest / len(given))
    return math.exp(brevity + sum(logs) / len(logs))


def _ngrams(sequence: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    return Counter(zip(*(sequence[i:] for i in range(order)), strict=False))


def rouge_l(answer: str, wanted: Sequence[str]) -> float:
    """F1 of the longest common subsequence of tokens, with the reference that gives the most."""
    given = tokens(answer)
    best = 0.0
    for reference in wanted:
        other = tokens(reference)
        if given and other:
            best = max(best, 2 * _common(given, other) / (len(given) + len(other)))
    return best


def _common(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence, a row of the table as the bits of one number (Hyyrö 2004)."""
    where: dict[str, int] = {}
    for i, token in enumerate(a):
        where[token] = where.get(token, 0) | 1 << i
    full = (1 << len(a)) - 1
    row = full
    for token in b:
        met = row & where.get(token, 0)
        row = (row + met) | (row - met)
    return len(a) - (row & full).bit_count()

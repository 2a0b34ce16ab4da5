"""Whether the passages agree on an answer: the same number, date or name beside the question's words, again and again.

Passages that merely look relevant share the question's words but name a different thing each; where the answer is in
the documents, and more than one of them tells it, it comes up in several. One number from that, with no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.answer_type import AnswerType
from hxd_desktop.engine.text.sentences import sentences

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.lexical import LexicalScorer

_NUMBER = re.compile(r"\d[\d,.]*(?: ?[万亿千百])?[余多]?(?:[%％个名人种次条项家位所座台辆天年元倍吨米]|\b)")
_DATE = re.compile(
    r"(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]|\d{4}年\d{1,2}月|\d{4}年|\b(?:1[89]|20)\d\d\b|"
    r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b"
)
_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}|[a-z0-9][a-z0-9.]+")
_BY_KIND = {AnswerType.DATE: _DATE, AnswerType.NUMBER: _NUMBER, AnswerType.MONEY: _NUMBER}
_RELEVANT = 0.3  # share of the question's weight that a sentence must hold to be a witness


def agreement(scorer: LexicalScorer, question: str, texts: Sequence[str]) -> float:
    """How many passages, counted by how much of the question their sentence holds, name the same thing.

    Args:
        scorer: of the question.
        question: its folded text; what it says itself is no answer.
        texts: the passages, best first.

    Returns:
        0 where none names anything, about the number of passages that agree otherwise.
    """
    pattern = _BY_KIND.get(scorer.kind, _NAME)
    votes: dict[str, float] = {}
    for text in texts:
        hits, folded = scorer.finder.find(text)
        named: dict[str, float] = {}
        next_hit = 0
        for start, end in sentences(folded):
            terms = set()
            while next_hit < len(hits) and hits[next_hit][0] < end:
                terms.add(hits[next_hit][1])
                next_hit += 1
            covered = scorer.mass(terms) / scorer.total
            if covered < _RELEVANT:
                continue
            for name in pattern.findall(folded, start, end):
                if named.get(name, 0.0) < covered and name not in question:
                    named[name] = covered
        for name, covered in named.items():
            votes[name] = votes.get(name, 0.0) + covered
    return max(votes.values(), default=0.0)

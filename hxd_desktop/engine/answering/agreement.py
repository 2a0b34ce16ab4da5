"""Whether the passages agree on an answer: the same number, date or name beside the question's words, again and again.

Passages that merely look relevant share the question's words but name a different thing each; where the answer is in
the documents, and more than one of them tells it, it comes up in several. One number from that, with no model.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from hxd_desktop.engine.answering.answer_type import AnswerType
from hxd_desktop.engine.answering.values import Value, values
from hxd_desktop.engine.text.general import general_language

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from hxd_desktop.engine.answering.asked import Asked
    from hxd_desktop.engine.answering.close_reading import Reading

_VALUES = (AnswerType.DATE, AnswerType.NUMBER, AnswerType.MONEY)
_RELEVANT = 0.2  # share of the question's weight that a sentence must hold to be a witness
_CJK = re.compile(r"[\u4e00-\u9fff]{3,}")
_WORD = re.compile(r"[a-z][a-z0-9.-]{2,}|\d[\d.,]*%?")
_BARE_NUMBER = re.compile(r"(?<![\w.-])\d[\d,.]*(?![\w-])")
_NAME_CHARS = 3
# Passages on one subject share some name by chance: as a witness it counts for less than a shared value.
_NAME_SHARE = 0.65
# Names of everyday words prove nothing: what counts not at all, and in full, as negative logarithms of frequency.
_EVERYDAY, _RARE = 7.0, 13.0
_LOOKED_AT = 60

_Finder = Callable[[str], Iterable[object]]


def agreement(readings: Sequence[Reading], asked: Asked, question: str) -> float:
    """How many passages, counted by how much of the question their sentence holds, name the same thing.

    Args:
        readings: the passages, best first.
        asked: what an answer would look like.
        question: its folded text; what it says itself is no answer.

    Returns:
        0 where none names anything, about the number of passages that agree otherwise.
    """
    share = 1.0 if asked.kind in _VALUES else _NAME_SHARE
    return share * max(votes(readings, asked, question).values(), default=0.0)


def votes(readings: Sequence[Reading], asked: Asked, question: str) -> dict[object, float]:
    """What `finder` finds in the passages, with the sum of the shares of the question beside it, everyday names less.

    Args: as of `agreement`.
    """
    counted = _votes(readings, finder(asked, question))
    if asked.kind in _VALUES:
        return counted
    pairs = {question[i : i + 2] for i in range(len(question) - 1)}
    ranked = sorted(counted.items(), key=lambda vote: -vote[1])
    told = ((str(name), vote) for name, vote in ranked)
    new = list(islice((vote for vote in told if not _repeats(vote[0], question, pairs)), _LOOKED_AT))
    rarity = _rarity([name for name, _ in new])
    return {name: vote * float(rare) for (name, vote), rare in zip(new, rarity, strict=True)}


def finder(asked: Asked, question: str) -> Callable[[str], Iterable[object]]:
    """What finds the things in a folded sentence that could be the answer."""
    return _ValuesOf(asked, question) if asked.kind in _VALUES else _names


def _votes(readings: Sequence[Reading], things: _Finder) -> dict[object, float]:
    """For each thing the sum, over the passages, of the best-covered sentence that names it."""
    votes: dict[object, float] = {}
    for reading in readings:
        named: dict[object, float] = {}
        for (start, end), covered in zip(reading.spans, reading.covered, strict=True):
            if covered >= _RELEVANT:
                for thing in things(reading.folded[start:end]):
                    if named.get(thing, 0.0) < covered:
                        named[thing] = covered
        for thing, covered in named.items():
            votes[thing] = votes.get(thing, 0.0) + covered
    return votes


class _ValuesOf:
    """Finds values of the kind that is asked for, and of the unit where the question names one."""

    def __init__(self, asked: Asked, question: str) -> None:
        self._kind = asked.kind
        self._exact = asked.exact
        self._known = values(asked.kind, question)
        self._question = question

    def __call__(self, sentence: str) -> Iterable[object]:
        found = values(self._kind, sentence)
        if not found and self._exact is None and self._kind is not AnswerType.DATE:
            # Telephone numbers have no unit, and in a price list the currency stands in the head of the column.
            yield from (number for number in _BARE_NUMBER.findall(sentence) if number not in self._question)
        for value in found:
            if self._exact is not None and not self._exact.search(value.text):
                continue
            if not any(value.comparable(known) and not value.differs(known) for known in self._known):
                yield _key(value)


def _key(value: Value) -> object:
    """What makes two values the same; a day counts by month and day, as most texts leave out the year."""
    if value.key[0] == "date":
        _, year, month, day = value.key
        return ("date", month, day) if month and day else ("date", year, month)
    return value.key


def _names(sentence: str) -> Iterable[object]:
    """Stretches of three Chinese characters, words in Latin letters, and numbers, each once."""
    # In order, unlike a set's: of equals the first count, and a score has to be the same at the next start.
    found: dict[object, None] = dict.fromkeys(_WORD.findall(sentence))
    for run in _CJK.findall(sentence):
        found.update(dict.fromkeys(run[i : i + _NAME_CHARS] for i in range(len(run) - _NAME_CHARS + 1)))
    return found


def _repeats(name: str, question: str, pairs: set[str]) -> bool:
    if name.isascii():
        return name in question
    return any(name[i : i + 2] in pairs for i in range(len(name) - 1))


def _rarity(names: Sequence[str]) -> NDArray[np.float64]:
    """From 0 for everyday words to 1, float64, shape (len(names),); of a Chinese name its commonest pair counts."""
    parts = [[name] if name.isascii() else [name[i : i + 2] for i in range(len(name) - 1)] for name in names]
    frequencies = general_language().frequencies([part for pieces in parts for part in pieces])
    starts = np.cumsum([0, *(len(pieces) for pieces in parts[:-1])])
    commonest = np.maximum.reduceat(frequencies, starts) if names else np.zeros(0)
    rarity: NDArray[np.float64] = np.clip(
        (-np.log(np.maximum(commonest, 1e-12)) - _EVERYDAY) / (_RARE - _EVERYDAY), 0.0, 1.0
    )
    rarity[[name[0].isdigit() for name in names]] = 1.0
    return rarity

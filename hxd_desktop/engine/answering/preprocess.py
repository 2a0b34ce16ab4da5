"""From what was typed to a question: normalised, its shape told, follow-ups completed, its terms weighted.

Everything is bounded: a megabyte pasted into the question field costs no more than a page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.general import general_language
from hxd_desktop.engine.text.language import detect
from hxd_desktop.engine.text.words import CJK, CJK_CHARACTER, term_spans

MAX_QUESTION_CHARS = 2000
_HEAD_CHARS = 1500  # of an over-long question the head says what is asked, the tail often repeats it
_MAX_TERMS = 96
_MAX_HISTORY = 6

# A term of grammar, a bigram half of grammar, a term taken over from the previous question.
_FUNCTION_WEIGHT = 0.05
_MIXED_WEIGHT = 0.3
CARRIED_WEIGHT = 0.5
# A word; a bigram without, with one and with two bigrams of content that overlap it. Measured on Chinese news: bigrams
# of equal mass let long names drown what is asked about them.
_WORD_MASS = 1.3
_BIGRAM_MASS = (1.0, 0.7, 0.5)


class Shape(StrEnum):
    """What kind of turn a text is."""

    QUESTION = "question"
    FOLLOW_UP = "follow_up"  # understood only together with the question before it
    SMALL_TALK = "small_talk"  # greeting, thanks, talk about the assistant
    EMPTY = "empty"  # nothing, or nothing but punctuation and pictures


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A term of the question with how much it says of the subject: `weight` 0 to 1, offsets in `Question.text`.

    `mass` is `weight` times how much of a word the term is: overlapping bigrams of one run say the same thing twice.
    A term carried over from an earlier question has `start == end == -1`.
    """

    term: str
    weight: float
    start: int
    end: int
    mass: float = 0.0

    @property
    def content(self) -> bool:
        """Whether the term is about the subject rather than grammar."""
        return self.weight > _FUNCTION_WEIGHT


@dataclass(frozen=True, slots=True)
class Question:
    """A question made ready.

    `original`: as typed, shortened if over-long. `text`: normalised. `search`: `text` with what an earlier question
    adds to a follow-up. `language`: ISO code or "". `terms`: different terms in order. `sequence`: indices into
    `terms` in the order of the text, for phrases. `interrogative`: 0 to 1, how much it looks like a question.
    `live`: it asks for the state of the world right now.
    """

    original: str
    text: str
    search: str
    language: str
    shape: Shape
    terms: tuple[QueryTerm, ...]
    sequence: tuple[int, ...]
    interrogative: float
    live: bool = False
    carried: str = ""

    @property
    def is_question(self) -> bool:
        """Whether the documents should be asked at all."""
        return self.shape in (Shape.QUESTION, Shape.FOLLOW_UP)


def prepare(text: str, history: Sequence[tuple[str, str]] = ()) -> Question:
    """Make a question ready; `history` holds earlier (question, answer) pairs, oldest first."""
    normal = normalise(text)
    shape = _shape(normal)
    terms, sequence = weigh_terms(normal)
    carried = ""
    if shape is Shape.QUESTION and history:
        carried = _carried(normal, terms, history)
        if carried:
            shape = Shape.FOLLOW_UP
            terms = _extend(terms, carried)
    return Question(
        original=text[:MAX_QUESTION_CHARS],
        text=normal,
        search=f"{normal} {carried}" if carried else normal,
        language=_language(normal),
        shape=shape,
        terms=terms,
        sequence=sequence,
        interrogative=_interrogative(normal),
        live=_live(normal),
        carried=carried,
    )


def _language(text: str) -> str:
    """The language of a question: too short for votes of function words, so that words of asking decide."""
    words = _LATIN_WORD.findall(text.lower()) if text.isascii() else []
    if any(word in lexicon.INTERROGATIVE_EN for word in words[:2]) or sum(w in lexicon.FUNCTION_EN for w in words) >= 2:
        return "en"
    return detect(text)


_SPACE = re.compile(r"\s+")
# Chat programs write pictures and emoji as names in brackets; they say nothing of the subject.
_STICKER = re.compile(rf"\[[{CJK}]{{1,4}}\]")


def normalise(text: str) -> str:
    """Remove control characters and runs of white space, and bound the length to `MAX_QUESTION_CHARS`."""
    if len(text) > 2 * MAX_QUESTION_CHARS:  # bound the work before anything looks at every character
        text = text[: 2 * _HEAD_CHARS] + " " + text[-2 * (MAX_QUESTION_CHARS - _HEAD_CHARS) :]
    # Unpaired surrogates come from broken pipes and cannot be stored or shown; format characters hide inside words.
    text = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c
        for c in text
        if unicodedata.category(c) != "Cf"
    )
    text = _SPACE.sub(" ", _STICKER.sub(" ", text)).strip()
    if len(text) > MAX_QUESTION_CHARS:
        text = text[:_HEAD_CHARS] + " " + text[-(MAX_QUESTION_CHARS - _HEAD_CHARS - 1) :]
    return text


# -- shape -----------------------------------------------------------------------------------------


def _alternatives(phrases: Sequence[str]) -> str:
    return "|".join(re.escape(phrase) for phrase in sorted(set(phrases), key=len, reverse=True))


_FUNCTION_ZH = re.compile(_alternatives(lexicon.FUNCTION_ZH))
_NOT_TEXT = re.compile(r"[\W_]+")
_SMALL_TALK = re.compile(
    "(?:"
    + _alternatives(lexicon.SMALL_TALK_ZH)
    + rf"|(?<![^\W{CJK}])(?:"
    + _alternatives(lexicon.SMALL_TALK_EN)
    + rf")(?![^\W{CJK}]))"
)
_FILLER = re.compile(
    rf"(?:大佬们?|各位|大家|老师|同学们?|朋友们?|兄弟们?|群友们?|小助手|助手|机器人|[你您]们?|[啊呀吧呢吗嘛哦哈啦喽哟的了么请先呗噢诶哎唉]|(?<![^\W{CJK}])(?:please|there|guys|all|everyone|friend|dear|sir|mate|just|well|so|and|to)(?![^\W{CJK}]))"
)


def _shape(text: str) -> Shape:
    folded = fold(text).replace("’", "'")
    if not _NOT_TEXT.sub("", folded):
        return Shape.EMPTY
    # Longer messages are about something even where a greeting opens them.
    if len(folded) > 80:
        return Shape.QUESTION
    rest = _SMALL_TALK.sub(" ", folded)
    if rest == folded:
        # A single sound or letter ("嗯嗯嗯", "aaa", "？？") says nothing either.
        return Shape.SMALL_TALK if len(set(_NOT_TEXT.sub("", folded))) == 1 and not folded.isdigit() else Shape.QUESTION
    return Shape.QUESTION if _NOT_TEXT.sub("", _FILLER.sub("", rest)) else Shape.SMALL_TALK


_ASKING_ZH = re.compile(_alternatives(lexicon.INTERROGATIVE_ZH))
_LATIN_WORD = re.compile(r"[a-z']+")


def _interrogative(text: str) -> float:
    """How much a text looks like a question: a question mark, a word that asks, where it stands."""
    folded = fold(text)
    words = _LATIN_WORD.findall(folded)
    score = 0.0
    if "?" in folded or "？" in folded:
        score += 0.4
    if _ASKING_ZH.search(folded) or (words and words[0] in lexicon.INTERROGATIVE_EN):
        score += 0.5
    elif any(word in lexicon.INTERROGATIVE_EN for word in words[:6]):
        score += 0.3
    return min(1.0, score + 0.1)


_NOW = re.compile(_alternatives(lexicon.NOW_ZH) + rf"|\b(?:{_alternatives(lexicon.NOW_EN)})\b")
_LIVE = re.compile(_alternatives(lexicon.LIVE_ZH) + rf"|\b(?:{_alternatives(lexicon.LIVE_EN)})\b")
_ALWAYS_LIVE = re.compile(_alternatives(lexicon.ALWAYS_LIVE_ZH) + rf"|\b(?:{_alternatives(lexicon.ALWAYS_LIVE_EN)})\b")
_LIVE_CHARS = 40  # longer texts mention the present without asking for it


def _live(text: str) -> bool:
    if len(text) > _LIVE_CHARS:
        return False
    folded = fold(text).replace("’", "'")
    return _ALWAYS_LIVE.search(folded) is not None or (
        _NOW.search(folded) is not None and _LIVE.search(folded) is not None
    )


# -- follow-ups ------------------------------------------------------------------------------------

_POINTING_ZH = re.compile(_alternatives(lexicon.POINTING_ZH))
_FEW_CONTENT_CHARS = 6
_AND_THIS = re.compile(r".{1,12}呢\s*[?？]?$")  # "上海呢？": of this, what was asked before


def _carried(text: str, terms: Sequence[QueryTerm], history: Sequence[tuple[str, str]]) -> str:
    """What the earlier questions add: "" where `text` stands on its own."""
    if not _points_back(text, terms):
        return ""
    # An earlier follow-up was itself completed by the one before it.
    subject = ""
    for question, _ in list(history)[-_MAX_HISTORY:]:
        normal = normalise(question)
        content = content_text(normal)
        if not content:
            continue
        continues = subject and _points_back(normal, weigh_terms(normal)[0])
        subject = f"{subject} {content}" if continues else content
    return subject[-200:]


def _points_back(text: str, terms: Sequence[QueryTerm]) -> bool:
    folded = fold(text)
    content = sum(t.end - t.start if t.term.isascii() else 1 for t in terms if t.weight >= 1.0)
    if content == 0:
        return True
    words = _LATIN_WORD.findall(folded)
    few_words = folded.isascii() and sum(w not in lexicon.FUNCTION_EN for w in words) <= 2
    short = content <= _FEW_CONTENT_CHARS or few_words
    if folded.startswith(lexicon.CONTINUING_ZH + lexicon.CONTINUING_EN) and short:
        # "how do I install X" stands alone; "how about X", "why?" and "那 X 呢" do not.
        stands_alone = words[:1] in (["how"], ["why"]) and words[1:2] not in ([], ["about"], ["not"])
        return not stands_alone
    if short and _AND_THIS.match(folded) is not None and _ASKING_ZH.search(folded.rstrip("呢?？ ")) is None:
        return True
    if _POINTING_ZH.search(folded) is not None and content <= 2 * _FEW_CONTENT_CHARS:
        return True
    return any(word in lexicon.POINTING_EN for word in words) and len(words) <= 12


def content_text(text: str) -> str:
    """The parts of `text` that are about its subject, without words of asking and grammar, joined by spaces."""
    pieces: list[str] = []
    last_end = -1
    for start, end in _content_spans(text):
        if start <= last_end:
            pieces[-1] += text[last_end:end]
        else:
            pieces.append(text[start:end])
        last_end = end
    return " ".join(pieces)


def _content_spans(text: str) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    for term in sorted(weigh_terms(text)[0], key=lambda t: (t.start, -t.end)):
        if term.weight < 1.0:
            continue
        if spans and term.start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], term.end))
        else:
            spans.append((term.start, term.end))
    return spans


# -- terms -----------------------------------------------------------------------------------------


@lru_cache(maxsize=64)  # a question is asked for its terms several times on its way
def weigh_terms(text: str) -> tuple[tuple[QueryTerm, ...], tuple[int, ...]]:
    """The different terms of `text` with their weights, and the order in which they stand in it (as indices)."""
    grammar = _grammar_mask(text)
    index: dict[str, int] = {}
    terms: list[QueryTerm] = []
    sequence: list[int] = []
    for term, start, end in term_spans(text):
        number = index.get(term)
        if number is None:
            if len(terms) >= _MAX_TERMS:
                continue
            number = index[term] = len(terms)
            terms.append(QueryTerm(term, _weight(text, grammar, start, end), start, end))
        sequence.append(number)
    return _with_mass(_by_words(terms)), tuple(sequence)


def _by_words(terms: Sequence[QueryTerm]) -> list[QueryTerm]:
    """Weigh bigrams by whether they are words: "参与" in spite of its 与, less where two meet ("练模" in "训练模型").

    Such a seam stands inside no word of the language, and both its characters belong to words without it.
    """
    pairs = [term for term in terms if term.content and _is_bigram(term.term)]
    if not pairs:
        return list(terms)
    general = general_language()
    within = dict(zip(pairs, general.inside([term.term for term in pairs]), strict=True))
    covered = {place for term, inside in within.items() if inside for place in (term.start, term.start + 1)}
    doubtful = [term for term, inside in within.items() if not inside and term.weight > _MIXED_WEIGHT]
    alone = general.alone([character for term in doubtful for character in term.term]).reshape(len(doubtful), 2)
    seams = {
        term
        for term, (first, second) in zip(doubtful, alone, strict=True)
        if (term.start in covered or first) and (term.start + 1 in covered or second)
    }
    weighed = []
    for term in terms:
        if term in seams:
            term = replace(term, weight=_MIXED_WEIGHT)
        elif within.get(term, False) and term.weight == _MIXED_WEIGHT:
            term = replace(term, weight=1.0)
        weighed.append(term)
    return weighed


def _with_mass(terms: Sequence[QueryTerm]) -> tuple[QueryTerm, ...]:
    starts = {term.start for term in terms if term.weight > _MIXED_WEIGHT and _is_bigram(term.term)}
    weighed = []
    for term in terms:
        factor = _WORD_MASS
        if _is_bigram(term.term):
            factor = _BIGRAM_MASS[(term.start - 1 in starts) + (term.start + 1 in starts)]
        weighed.append(replace(term, mass=term.weight * factor))
    return tuple(weighed)


def _is_bigram(term: str) -> bool:
    return len(term) == 2 and CJK_CHARACTER.match(term) is not None


def _grammar_mask(text: str) -> bytearray:
    """One byte a character: 1 where a Chinese word of asking or grammar stands."""
    mask = bytearray(len(text))
    lowered = text.lower() if len(text.lower()) == len(text) else text
    for match in _FUNCTION_ZH.finditer(lowered):
        mask[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    return mask


def _weight(text: str, grammar: bytearray, start: int, end: int) -> float:
    if any(grammar[start:end]):
        return _FUNCTION_WEIGHT if all(grammar[start:end]) else _MIXED_WEIGHT
    word = text[start:end].lower()
    if word in lexicon.FUNCTION_EN:
        return _FUNCTION_WEIGHT
    return 1.0


def _extend(terms: tuple[QueryTerm, ...], carried: str) -> tuple[QueryTerm, ...]:
    known = {term.term for term in terms}
    added = [
        QueryTerm(t.term, t.weight * CARRIED_WEIGHT, -1, -1, t.mass * CARRIED_WEIGHT)
        for t in weigh_terms(carried)[0]
        if t.term not in known
    ]
    return (*terms, *added[:_MAX_TERMS])

"""What kind of turn a text is, how much it looks like a question, and whether it asks for the present."""

from __future__ import annotations

import re
from enum import StrEnum

from hxd_desktop.engine.answering import lexicon
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.words import CJK


class Shape(StrEnum):
    """What kind of turn a text is."""

    QUESTION = "question"
    FOLLOW_UP = "follow_up"  # understood only together with the question before it
    SMALL_TALK = "small_talk"  # greeting, thanks, talk about the assistant
    EMPTY = "empty"  # nothing, or nothing but punctuation and pictures


_NOT_TEXT = re.compile(r"[\W_]+")
_SMALL_TALK = re.compile(
    "(?:"
    + lexicon.alternatives(lexicon.SMALL_TALK_ZH)
    + rf"|(?<![^\W{CJK}])(?:"
    + lexicon.alternatives(lexicon.SMALL_TALK_EN)
    + rf")(?![^\W{CJK}]))"
)
_FILLER = re.compile(
    rf"(?:大佬们?|各位|大家|老师|同学们?|朋友们?|兄弟们?|群友们?|小助手|助手|机器人|[你您]们?|[啊呀吧呢吗嘛哦哈啦喽哟的了么请先呗噢诶哎唉]|(?<![^\W{CJK}])(?:please|there|guys|all|everyone|friend|dear|sir|mate|just|well|so|and|to)(?![^\W{CJK}]))"
)


def shape_of(text: str) -> Shape:
    """Tell what kind of turn a normalised text is; whether it is a follow-up depends on what was asked before."""
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


ASKING_ZH = lexicon.any_of(lexicon.INTERROGATIVE_ZH)
LATIN_WORD = re.compile(r"[a-z']+")


def interrogative(text: str) -> float:
    """How much a text looks like a question: a question mark, a word that asks, where it stands; 0.1 to 1."""
    folded = fold(text)
    words = LATIN_WORD.findall(folded)
    score = 0.0
    if "?" in folded or "？" in folded:
        score += 0.4
    if ASKING_ZH.search(folded) or (words and words[0] in lexicon.INTERROGATIVE_EN):
        score += 0.5
    elif any(word in lexicon.INTERROGATIVE_EN for word in words[:6]):
        score += 0.3
    return min(1.0, score + 0.1)


_NOW = re.compile(lexicon.alternatives(lexicon.NOW_ZH) + rf"|\b(?:{lexicon.alternatives(lexicon.NOW_EN)})\b")
_LIVE = re.compile(lexicon.alternatives(lexicon.LIVE_ZH) + rf"|\b(?:{lexicon.alternatives(lexicon.LIVE_EN)})\b")
_ALWAYS_LIVE = re.compile(
    lexicon.alternatives(lexicon.ALWAYS_LIVE_ZH) + rf"|\b(?:{lexicon.alternatives(lexicon.ALWAYS_LIVE_EN)})\b"
)
_LIVE_CHARS = 40  # longer texts mention the present without asking for it


def asks_for_now(text: str) -> bool:
    """Whether a text asks for the state of the world right now (the weather, a price), which no document knows."""
    if len(text) > _LIVE_CHARS:
        return False
    folded = fold(text).replace("’", "'")
    return _ALWAYS_LIVE.search(folded) is not None or (
        _NOW.search(folded) is not None and _LIVE.search(folded) is not None
    )

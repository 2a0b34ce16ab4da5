"""A text as it was typed, made fit to be worked on: nothing in it that cannot be seen, and not too long.

A megabyte pasted into the question field costs no more than a page.
"""

from __future__ import annotations

import re
import unicodedata

from hxd_desktop.engine.text.words import CJK

MAX_QUESTION_CHARS = 2000
_HEAD_CHARS = 1500  # of an over-long question the head says what is asked, the tail often repeats it
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

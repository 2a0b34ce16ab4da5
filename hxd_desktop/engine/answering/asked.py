"""What the answer to a question would look like in a text: a number of the unit asked for, a date, a kind of thing."""

from __future__ import annotations

import re

from hxd_desktop.engine.answering.answer_type import AnswerType, asked_type, held_pattern
from hxd_desktop.engine.text.folding import fold

_NUMERAL = r"(?:\d[\d,.]*|[〇零一二两三四五六七八九十百千万亿]+)\s*[万亿千百多余]*"
_UNIT_ZH = re.compile(r"(?:多少|几)\s*([\u4e00-\u9fff%％]{1,3})")
_UNIT_EN = re.compile(r"how many (?:[a-z]+ )??([a-z]{3,})")
_ANY_QUANTITY = re.compile(r"\d[\d,.]*\s*[万亿千百多余]*[\u4e00-\u9fff%％]|\d%|百分之")
# The thing after "which": "哪支球队", "什么系统", "which city".
_FOCUS = re.compile(
    r"(?:哪一?[个家所座支条项位种些类几]*|什么样?的?|何种?)([\u4e00-\u9fff]{2})|\b(?:which|what) ([a-z]{3,})"
)
_NO_FOCUS = frozenset(("is", "are", "was", "were", "does", "did", "the", "will", "can", "has", "have", "would"))


class Asked:
    """Where in a text the answer to a question might stand.

    Args:
        question: the question.

    Attributes:
        kind: the kind of answer.
        exact: matches a quantity in the very unit that is asked for; None where none is.
        likely: matches whatever is of the kind; None for kinds that leave no mark.
        focus: the thing that is asked for by name, folded; "" where the question names none.
    """

    def __init__(self, question: str) -> None:
        folded = fold(question)
        self.kind = asked_type(question)
        # Money is told by its currencies, whatever the question calls it.
        self.exact = _with_unit(folded) if self.kind is AnswerType.NUMBER else None
        self.likely = self.exact
        if self.likely is None:
            self.likely = _ANY_QUANTITY if self.kind is AnswerType.NUMBER else held_pattern(self.kind)
        named = _FOCUS.search(folded)
        focus = (named[1] or named[2]) if named else ""
        self.focus = "" if focus in _NO_FOCUS else focus

    def names_focus(self, folded: str) -> float:
        """1 where a folded text names the thing asked for, 0.3 where only its last character (球队: 勇士队), else 0."""
        if not self.focus:
            return 0.0
        if self.focus in folded:
            return 1.0
        return 0.3 if not self.focus.isascii() and self.focus[-1] in folded else 0.0


def _with_unit(folded: str) -> re.Pattern[str] | None:
    named = _UNIT_ZH.search(folded)
    if named:
        unit = named[1]
        return re.compile(rf"{_NUMERAL}(?:{re.escape(unit)}|{re.escape(unit[0])})")
    named = _UNIT_EN.search(folded)
    if named:
        return re.compile(rf"\d[\d,.]* (?:[a-z]+ ){{0,2}}{re.escape(named[1])}")
    return None

"""Abbreviations that a text itself explains: "virtual private network (VPN)", "光学字符识别（OCR）", "（简称“央行”）".

Latin long forms are found as by Schwartz & Hearst (2003, "A simple algorithm for identifying abbreviation definitions
in biomedical text"): the letters of the short form stand in order in the words before the bracket, the first of them
at the beginning of a word. Chinese has no such letters: there the long form is the run of characters at the bracket,
from the last word of grammar on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hxd_desktop.engine.text.words import CJK

_MOST_CHARS = 80  # of a long form
_SHORT = re.compile(r"[A-Za-z][A-Za-z0-9&/.+-]{1,9}")
_BRACKET = re.compile(r"[(（]([^()（）\n]{2,100})[)）]")
_SAID_SHORT = re.compile(
    rf"^(?:以下|下文|下面|后文|文中)?(?:简称|统称|缩写为?|下称)(?:为|作)?\W{{0,2}}([{CJK}A-Za-z0-9]{{2,10}})\W?$"
)
# What contracts and orders call themselves and their parties: no names.
_ANY_NAME = re.compile(
    r"[本该我甲乙丙丁]?(?:[方司]|公司|通知|意见|报告|规则|规定|办法|条例|协议|合同|项目|标的|平台|系统|我们|.先生|.女士)"
)
_PARTS = re.compile(
    r"\s*[,，、;；:：]\s*|\s+(?:or|also|hereinafter|i\.e\.)\s+|(?:简称|缩写为?|英文名?|全称)(?:为|是)?\s*"
)
_CJK_RUN = re.compile(rf"[{CJK}]+$")
_CHINESE_GLOSS = re.compile(rf"[{CJK}]{{4,16}}")
# A long form in Chinese begins after these: "我们使用的光学字符识别（OCR）".
_BEFORE_NAME = re.compile(
    r".*(?:[的是和与及或在由用把被将对为叫以从向]|使用|采用|通过|利用|基于|根据|关于|进行|支持|包括|包含|例如|比如|"
    r"称为|叫做|一个|一种|这种|该|即|所谓)"
)
# What stands in brackets behind a short form more often than its meaning: remarks, not names.
_REMARK = re.compile(r"[不可需仅只请如若见需无非已未必须应该可选推荐默认建议注意包括支持使用按在当]")
_LAST_WORD = re.compile(rf"(?:^|[^A-Za-z0-9])({_SHORT.pattern})$")
_NUMERONYM = re.compile(r"([A-Za-z])(\d{1,2})([A-Za-z]{1,2})")
_QUOTES = " \"“”‘’'*_`"
_LATIN_WORD = re.compile(r"[A-Za-z][\w'-]*")


def definitions(text: str) -> list[tuple[str, str]]:
    """Return the abbreviations that `text` explains, as (short form, long form), both as they are written."""
    found: dict[tuple[str, str], None] = {}
    for bracket in _BRACKET.finditer(text):
        before = (
            text[max(0, bracket.start() - _MOST_CHARS) : bracket.start()].rpartition("\n")[2].rstrip(" \t\"”’'》」*_`")
        )
        for short, long in _explained(before, bracket[1].strip()):
            found[short, long] = None
    return list(found)


def is_short_form(word: str) -> bool:
    """Whether a word is written like an abbreviation: capitals or capitals and digits, 2 to 10 characters."""
    capitals = sum(c.isupper() for c in word)
    return _SHORT.fullmatch(word) is not None and capitals >= 1 and capitals + sum(c.isdigit() for c in word) >= 2


def numeronym(word: str) -> str:
    """Return a word with the number of its inner letters in their place: "k8s" for "kubernetes"."""
    return f"{word[0]}{len(word) - 2}{word[-1]}".lower() if len(word) > 3 else ""


def _explained(before: str, inside: str) -> Iterator[tuple[str, str]]:
    called = _SAID_SHORT.match(inside)
    if called is not None:
        long = _chinese_name(before) or (_latin_long_form(before, called[1]) if called[1].isascii() else "")
        if long and not long.endswith(called[1]) and not _ANY_NAME.fullmatch(called[1]):
            yield called[1], long
        return
    parts = [part.strip(_QUOTES) for part in _PARTS.split(inside) if part.strip(_QUOTES)]
    short = next((part for part in parts if _abbreviates(part)), None)
    if short is not None:
        for long in (_latin_long_form(before, short), _chinese_name(before)):
            if long:
                yield short, long
                break
        for part in parts:
            if part != short and _latin_long_form(part, short) == part:
                yield short, part
        return
    word = _LAST_WORD.search(before)
    if word is None or not _abbreviates(word[1]):
        return
    for part in parts:
        glossed = is_short_form(word[1]) and _CHINESE_GLOSS.fullmatch(part) and not _REMARK.search(part)
        if glossed or _latin_long_form(part, word[1]) == part:
            yield word[1], part


def _abbreviates(word: str) -> bool:
    return is_short_form(word) or _NUMERONYM.fullmatch(word) is not None


def _chinese_name(before: str) -> str:
    """The name that ends a text in Chinese: 3 to 16 characters, without the grammar before it."""
    run = _CJK_RUN.search(before)
    if run is None:
        return ""
    cut = _BEFORE_NAME.match(run[0][:-3])
    name = run[0][cut.end() :] if cut is not None else run[0]
    return name if 3 <= len(name) <= 16 else ""


def _latin_long_form(before: str, short: str) -> str:
    """The words that end `before` and that `short` abbreviates; "" where there are none."""
    words = list(_LATIN_WORD.finditer(before))[-min(len(short) + 5, 2 * len(short)) :]
    if not words or words[-1].end() != len(before):
        return ""
    counted = _NUMERONYM.fullmatch(short.lower())
    if counted is not None:
        word = words[-1][0]
        first, inner, last = counted.groups()
        fits = word.lower().startswith(first) and word.lower().endswith(last)
        return word if fits and len(word) == 1 + int(inner) + len(last) else ""
    long = before[words[0].start() :]
    at = len(long)
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and (
            long[at].lower() != letter or (place == 0 and at > 0 and (long[at - 1].isalnum() or long[at - 1] == "-"))
        ):
            at -= 1
        if at < 0:
            return ""
    form = long[at:]
    held = [word.lower() for word in _LATIN_WORD.findall(form)]
    return form if len(held) >= 2 and short.lower() not in held else ""

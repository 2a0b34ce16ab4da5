"""Numbers, amounts and dates in a text, made comparable; yes and no by their negation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from hxd_desktop.engine.answering.answer_type import AnswerType

_DIGITS = r"\d+(?:[,，]\d{3})*(?:\.\d+)?"
_CHINESE = "〇零一二两三四五六七八九十百千"
_MULTIPLE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_WORDS = ("zero one two three four five six seven eight nine ten eleven twelve").split()
_ENGLISH_MULTIPLE = {"hundred": 100, "thousand": 1000, "million": 10**6, "billion": 10**9}

_NUMBER = re.compile(
    rf"(?<![a-z0-9_.])(?P<digits>{_DIGITS})(?P<multiple>[十百千]?[万萬亿億]?)(?:\s?(?P<scale>hundred|thousand|million|billion)\b)?"
    rf"|(?P<chinese>[{_CHINESE}]+)(?P<chinese_multiple>[万萬亿億]?)"
    rf"|\b(?P<word>{'|'.join(_WORDS)})\b(?:\s(?P<word_scale>hundred|thousand|million|billion)\b)?",
    re.IGNORECASE,
)
# What is counted, right behind the number: a percent sign, a Chinese measure with its noun, an English word.
_UNIT = re.compile(r"\s?(?:[余多几]?(?P<chinese>[%％‰]|[\u4e00-\u9fff]{1,3})|[-\s]?(?P<word>[a-z]+|%))", re.IGNORECASE)
_MEASURES = frozenset(
    "个個名人位年月天日周週小分秒次条條项項家所座台臺辆輛倍元吨噸米公里层層届屆级級章页頁件张張本只隻岁歲"
) | {"%", "％"}
_ARTICLES = frozenset("个個名位次条條项項家座件张張本只隻")
_CURRENCIES = {
    name: code
    for code, names in {
        "cny": "元 圆 圓 块 塊 人民币 人民幣 ¥ ￥ rmb cny yuan",
        "usd": "美元 美金 $ usd dollar dollars",
        "eur": "欧元 歐元 € eur euro euros",
        "gbp": "英镑 英鎊 £ gbp pounds",
        "jpy": "日元 日圆 jpy yen",
        "hkd": "港元 港币 港幣 hkd",
    }.items()
    for name in names.split()
}
_NAMES = "|".join(re.escape(name) for name in sorted(_CURRENCIES, key=len, reverse=True))
_MONEY_BEFORE = re.compile(rf"(?P<currency>{_NAMES})\s?\Z", re.IGNORECASE)
_MONEY_BEHIND = re.compile(rf"\s?(?P<currency>{_NAMES})(?![a-z])", re.IGNORECASE)

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<{0}>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*\.?"
_YEAR = r"(?P<{0}>1[0-9]\d\d|20\d\d)"
_DATE = re.compile(
    rf"{_YEAR.format('y1')}\s?年(?:\s?(?P<m1>\d{{1,2}})\s?月(?:\s?(?P<d1>\d{{1,2}})\s?[日号號])?)?"
    r"|(?P<m2>\d{1,2})\s?月\s?(?P<d2>\d{1,2})\s?[日号號]"
    rf"|(?<!\d){_YEAR.format('y3')}[-/.](?P<m3>\d{{1,2}})[-/.](?P<d3>\d{{1,2}})(?!\d)"
    rf"|\b{_MONTH.format('n4')}\s(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s{_YEAR.format('y4')})?\b"
    rf"|\b(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH.format('n5')}(?:,?\s{_YEAR.format('y5')})?\b"
    rf"|\b{_MONTH.format('n6')},?\s{_YEAR.format('y6')}\b"
    rf"|(?<![a-z0-9_.,]){_YEAR.format('y7')}(?![a-z0-9_,]|\.\d)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"不(?:得|能|可以?|会|支持|允许|需要?|必|包括|包含|提供|是|予)|无法|無法|禁止|没有|沒有|未(?:能|曾|予)?|无需|无须"
    r"|\b(?:not|cannot|never|no longer)\b|n['’]t\b|\bno\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Value:
    """Something of the kind that is asked for. `key`: what is compared; `start`, `end`: where it stands in the text."""

    text: str
    start: int
    end: int
    key: tuple[object, ...]

    def comparable(self, other: Value) -> bool:
        """Whether the two measure the same thing: the same unit, or dates with a part in common."""
        if self.key[0] != other.key[0]:
            return False
        return self.key[0] != "date" or any(a and b for a, b in zip(self.key[1:], other.key[1:], strict=True))

    def as_exact(self, other: Value) -> bool:
        """Whether `other` names at least what this names: a year is not as exact as a day."""
        return all(b or not a for a, b in zip(self.key[1:], other.key[1:], strict=True))

    def differs(self, other: Value) -> bool:
        """Whether two comparable values cannot both be right."""
        if self.key[0] == "date":
            return any(a and b and a != b for a, b in zip(self.key[1:], other.key[1:], strict=True))
        return self.key != other.key


def values(kind: AnswerType, text: str) -> list[Value]:
    """The values of a kind in `text`, in order; none for a kind that names no value.

    Amounts and numbers are equal where they are the same number of the same unit; a date where no part (year, month,
    day) that both name is different.
    """
    match kind:
        case AnswerType.DATE:
            return list(_dates(text))
        case AnswerType.NUMBER:
            return list(_numbers(text))
        case AnswerType.MONEY:
            return list(_amounts(text))
        case AnswerType.YES_NO:
            return [_polarity(text)]
    return []


def without(text: str, found: list[Value]) -> str:
    """`text` with a space in place of each value (of its negation, for yes or no)."""
    pieces, last = [], 0
    for value in found:
        if value.key[0] == "polarity":
            return _NOT.sub(" ", text)
        pieces.append(text[last : value.start])
        last = value.end
    return " ".join([*pieces, text[last:]])


def _dates(text: str) -> Iterator[Value]:
    for match in _DATE.finditer(text):
        parts: dict[str, int] = {}
        for name, value in match.groupdict().items():
            if value is not None:
                part = "m" if name[0] == "n" else name[0]
                parts[part] = _MONTHS.index(value[:3].lower()) + 1 if name[0] == "n" else int(value)
        if 1 <= parts.get("m", 1) <= 12 and 1 <= parts.get("d", 1) <= 31:
            yield Value(match[0], match.start(), match.end(), ("date", parts.get("y"), parts.get("m"), parts.get("d")))


def _numbers(text: str) -> Iterator[Value]:
    dates = [(value.start, value.end) for value in _dates(text)]
    for match in _NUMBER.finditer(text):
        if any(start <= match.start() < end for start, end in dates):
            continue
        amount = _amount(match)
        unit = _UNIT.match(text, match.end())
        if amount is None or unit is None:
            continue
        if match["chinese"] is not None and not _counts(match[0], unit["chinese"] or ""):
            continue
        named = (unit["chinese"] or unit["word"]).lower().replace("％", "%")
        end = match.end() + (len(unit[0]) if unit["word"] or named == "%" else len(unit[0]) - len(named) + 1)
        # Of a Chinese measure with its noun the first character is enough to tell seats from per cent.
        yield Value(text[match.start() : end], match.start(), end, (named if unit["word"] else named[0], amount))


def _counts(numeral: str, unit: str) -> bool:
    """Whether a Chinese numeral counts something: most lone ones are part of a word ("一般") or an article ("一个")."""
    return unit[:1] in _MEASURES and (numeral != "一" or unit[:1] not in _ARTICLES)


def _amounts(text: str) -> Iterator[Value]:
    for match in _NUMBER.finditer(text):
        before = _MONEY_BEFORE.search(text, max(0, match.start() - 8), match.start())
        behind = _MONEY_BEHIND.match(text, match.end())
        found = behind or before
        amount = _amount(match)
        if found is None or amount is None:
            continue
        start = before.start() if behind is None and before is not None else match.start()
        end = behind.end() if behind is not None else match.end()
        yield Value(text[start:end], start, end, (_CURRENCIES[found["currency"].lower()], amount))


def _polarity(text: str) -> Value:
    denied = _NOT.search(text)
    return Value(text.strip(), 0, len(text), ("polarity", denied is None))


def _amount(match: re.Match[str]) -> Decimal | None:
    if match["digits"] is not None:
        try:
            number = Decimal(match["digits"].replace(",", "").replace("，", ""))
        except InvalidOperation:
            return None
        for multiple in match["multiple"]:
            number *= _MULTIPLE[multiple]
        number *= _ENGLISH_MULTIPLE.get((match["scale"] or "").lower(), 1)
    elif match["word"] is not None:
        number = Decimal(_WORDS.index(match["word"].lower()))
        number *= _ENGLISH_MULTIPLE.get((match["word_scale"] or "").lower(), 1)
    else:
        whole = _chinese(match["chinese"])
        if whole is None:
            return None
        number = Decimal(whole * _MULTIPLE.get(match["chinese_multiple"], 1))
    return number.normalize()


def _chinese(numeral: str) -> int | None:
    """A Chinese numeral below ten thousand; None where the characters are none."""
    if not any(c in "十百千" for c in numeral):
        digits = [_CHINESE_DIGITS[c] for c in numeral]
        return int("".join(map(str, digits))) if len(digits) <= 4 else None
    total = digit = 0
    for character in numeral:
        if character in _MULTIPLE:
            total += (digit or 1) * _MULTIPLE[character]
            digit = 0
        else:
            digit = _CHINESE_DIGITS[character]
    return total + digit


_CHINESE_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}

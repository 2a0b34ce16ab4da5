"""What kind of answer a question asks for, and whether a sentence holds one."""

from __future__ import annotations

import re
from enum import StrEnum

from hxd_desktop.engine.text.folding import fold


class AnswerType(StrEnum):
    """The kind of answer that is asked for."""

    MONEY = "money"
    NUMBER = "number"
    DATE = "date"
    PLACE = "place"
    PERSON = "person"
    ORGANISATION = "organisation"
    YES_NO = "yes_no"
    LIST = "list"
    DEFINITION = "definition"
    HOW_TO = "how_to"
    REASON = "reason"
    OTHER = "other"


# The first that matches decides, so that "多少人" is a number and "哪些人" a list.
_ASKED: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        (
            AnswerType.DATE,
            (
                r"什么时候|啥时候|何时|哪一?[年月天日]|几月|几号|几点|时间(?:是|为|段|点)?|日期|多久前|"
                r"(?:^|since |until |and )when\b|"
                r"\bwhen (?:is|are|was|were|do|does|did|will|would|can|could|should|has|have)\b|"
                r"what (?:time|date|day|year|month)|which (?:year|day|month)"
            ),
        ),
        (
            AnswerType.LIST,
            r"哪些|哪几|哪两|哪三|列出|列举|包括什么|包含什么|分别|\blist\b|which .*\bare\b|what are (?:the|all)",
        ),
        (
            AnswerType.MONEY,
            (
                r"多少钱|几块钱|多少元|几元|价钱|售价|单价|定价|"
                r"\bprices?\b|how much (?:does|do|did|is|are|was|were)\b|\bcosts?\b"
            ),
        ),
        (
            AnswerType.NUMBER,
            (
                r"多少|几[个名人种次条项家位所座台辆天年倍元]|多[大长高远重深快久宽]|比例|占比|百分|数量|人数|总数|增长率|"
                r"价格|金额|总额|面积|票房|"
                r"how (?:many|much|long|far|old|large|big|tall|fast|often)|what (?:percentage|number|amount|price)"
            ),
        ),
        (AnswerType.PERSON, r"谁|哪位|什么人|导演|作者|冠军|\bwho(?:m|se)?\b"),
        (
            AnswerType.PLACE,
            (
                r"哪里|哪儿|在哪|何处|地点|位于|哪[个一]?(?:国|省|市|县|城|地区|地方|区|镇)|"
                r"\bwhere\b|what (?:country|city|place|location)"
            ),
        ),
        (
            AnswerType.ORGANISATION,
            (
                r"哪[个一]?(?:家|公司|机构|部门|单位|大学|学校|银行|组织|企业)|"
                r"which (?:company|organi[sz]ation|university)"
            ),
        ),
        (AnswerType.REASON, r"为什么|为何|为啥|原因|\bwhy\b"),
        (
            AnswerType.HOW_TO,
            (
                r"怎么(?!样|回事)|怎样|如何|步骤|教程|\bhow (?:do|can|to|should|does|would)\b|"
                r"\bwhat (?:should|can|do|must) (?:i|we|you|one) do\b|steps to"
            ),
        ),
        (
            AnswerType.DEFINITION,
            r"是什么[?？。]?$|什么是|是啥|什么意思|^介绍|what(?:'s| is| are)\b|\bdefine\b|meaning of",
        ),
        (
            AnswerType.YES_NO,
            r"吗|是不是|是否|能不能|可不可以|有没有|会不会|^(?:is|are|was|were|do|does|did|can|could|will|has|have)\b",
        ),
    )
)

_NUMERAL = r"(?:\d[\d,.]*|[〇零一二两三四五六七八九十百千万亿]+)"
_HELD: dict[AnswerType, re.Pattern[str]] = {
    AnswerType.MONEY: re.compile(
        rf"{_NUMERAL}\s*(?:[万亿千百]*元|块钱)|[$€£¥]\s*\d|\b(?:cny|rmb|usd|eur|gbp|prices?|dollars?|euros?|yuan)\b|价格|售价|单价|免费"
    ),
    AnswerType.NUMBER: re.compile(
        rf"\d|{_NUMERAL}(?:[个名人种次条项家位所座台辆天年倍元%％]|成|分之)|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|hundred|thousand|million)\b"
    ),
    AnswerType.DATE: re.compile(
        rf"{_NUMERAL}\s*[年月日号点时]|\d{{4}}[-/.]\d|\d{{1,2}}:\d{{2}}|\b(?:1[89]|20)\d\d\b|"
        r"\b(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|周[一二三四五六日]|星期|春节|今[年天日]|昨[天日]|明[年天日]"
    ),
    AnswerType.PLACE: re.compile(r"[省市县区州国镇村路街岛湾港馆]|位于|在|\b(?:in|at|near|located)\b"),
    AnswerType.PERSON: re.compile(
        r"先生|女士|教授|主席|总统|总理|部长|局长|主任|导演|记者|选手|表示|介绍说?|\b[a-z]+ [a-z]+\b"
    ),
    AnswerType.ORGANISATION: re.compile(
        r"公司|集团|大学|学院|银行|部|局|委|协会|组织|中心|研究[院所]|\b(?:inc|ltd|corp|company|university|institute)\b"
    ),
    AnswerType.LIST: re.compile(r"、|包括|包含|分别|以及|等|；|\b(?:including|such as|and)\b|^\s*(?:[-*•]|\d+[.)、])"),
    AnswerType.DEFINITION: re.compile(r"是(?:一|指|由|基于|用)|指的是|称为|定义|\b(?:is|are) (?:a|an|the)\b|refers to"),
    AnswerType.HOW_TO: re.compile(
        r"首先|然后|步骤|运行|执行|安装|使用|通过|可以|点击|打开|\b(?:run|install|use|click|open|set|first|then|step)\b|^\s*(?:[-*•$>]|\d+[.)、])|`"
    ),
    AnswerType.REASON: re.compile(
        r"因为|由于|因此|原因|导致|所以|为了|\b(?:because|since|due to|therefore|caused?|reason)\b"
    ),
}


def asked_type(question: str) -> AnswerType:
    """The kind of answer that `question` asks for."""
    folded = fold(question).strip()
    return next((kind for kind, pattern in _ASKED if pattern.search(folded)), AnswerType.OTHER)


def held_pattern(kind: AnswerType) -> re.Pattern[str] | None:
    """What marks an answer of that kind in a folded text; None for kinds that leave no mark."""
    return _HELD.get(kind)


def holds(kind: AnswerType, folded: str) -> bool:
    """Whether a folded text holds something of that kind; True for kinds that leave no mark."""
    pattern = _HELD.get(kind)
    return pattern is None or pattern.search(folded) is not None


# What follows the name of a thing where it is being defined.
_DEFINES = r"[^。.!?！？\n]{0,16}?(?:是(?!否|不是)|指的?是|[，,：:—-]+\s*(?:一|an? )|\b(?:is|are)\b (?:an?|the|one)\b)"
_WEAKLY = 0.3


class TypeCheck:
    """How surely texts hold something of the kind that a question asks for.

    Args:
        question: the question.
        subject: the words of the question that are about its subject, separated by spaces: for a definition, what
            has to be defined.
    """

    def __init__(self, question: str, subject: str) -> None:
        self.kind = asked_type(question)
        names = "|".join(re.escape(word) for word in fold(subject).split())
        self._defined = re.compile(rf"(?:{names}){_DEFINES}") if names and self.kind is AnswerType.DEFINITION else None

    def strength(self, folded: str) -> float:
        """From 0, not at all, to 1 for a folded text."""
        if self._defined is not None:
            return 1.0 if self._defined.search(folded) else _WEAKLY * holds(self.kind, folded)
        return float(holds(self.kind, folded))

"""Whether a generated reply says, in whatever words, that it does not know: that is a refusal, not an answer.

What counts is who does not know what. "I could not find it", "the sources do not mention it", "无法回答" are refusals;
"if you cannot find the invoice, ask", "the plan does not include repairs" are answers.
"""

from __future__ import annotations

import re

from hxd_desktop.engine.answering.prompts import NOT_IN_SOURCES
from hxd_desktop.engine.text.folding import fold
from hxd_desktop.engine.text.sentences import sentences

# A saying a line; an indented line goes on with the one before it; <parts> stand for what is listed under their name.
_ZH_PARTS = r"""
<lead> (?:恕|我(?:们)?(?:仔细)?(?:查阅|查看|看|找|翻阅|检索|搜索)(?:过|了)?.{0,12}?|非常抱歉|很抱歉|抱歉|对不起|
    不好意思|很遗憾|遗憾的?是|因此|所以|故|但是?|不过|目前|暂时|现在|对此|我们?|也|就|还|并|确实|真的|关于.{0,16}?|
    对于.{0,16}?|这个?问题|该问题|此问题|你的问题|您的问题|根据.{0,20}?|从.{0,16}?|依据.{0,14}?|仅凭.{0,12}?|
    基于.{0,14}?|由于.{0,16}?|在.{0,16}?[中里上]|[，,:： ]){0,5}
<sources> (?:资料|文档|文件|文中|原文|材料|上下文|段落|内容|来源|信息|文本|知识库|摘录|片段|参考|上文|里面|其中)
<within> (?:里面|里|之?中|上|内|当中|均|都|也|还|似乎|好像|对.{1,14}|关于.{1,14}|就.{1,14}|[仅只].{1,16}|
    [，, ]){0,3}
<not> (?:并?没有?|并?未能?|尚未|均未|都没有?|均?没有?|不曾|未曾)
<says> (?:提到|提及|说明|说到|说|给出|提供|包含|包括|涉及|记载|记录|描述|介绍|找到|查到|指出|写明|写到|写|出现|
    回答|涵盖|列出|透露|显示|标明|交代|谈到|解释|含有|覆盖|讲到|讲|谈及|体现|提(?![供前出交醒升高取到及]))
"""

_ZH_SAYINGS = r"""
^<lead>(?:不知道|不清楚|不太清楚|不了解|不确定|不得而知|无从得知|无从知晓|无从判断|答不上来|回答不了|没法回答|
    不能回答|不好说)
^<lead>(?:无法|不能|没法|难以|没有办法|没办法)(?:直接|准确|明确|具体|就此|据此|从.{0,16}?){0,2}(?:回答|确定|判断|
    得知|得出|给出|确认|提供|作答|推断|知道|知晓|解答|告诉|告知|获知|找到|看出|判定)
^.{0,24}?<sources><within><not>(?:直接|明确|具体|任何|清楚|有|地|对.{0,14}?|关于.{0,14}?|与.{0,14}?|
    就.{0,14}?){0,2}(?:<says>(?!的)|相关|有关|足够|答案|信息|线索|依据)
^<lead>(?:没有?|未能?|没能|找不到|查不到|搜不到|看不到)(?:在.{0,14}?)?(?:找到|查到|检索到|搜到|发现|看到|
    得到)?.{0,14}?(?:答案|(?:相关|有关|足够|对应|明确|具体|这方面)的?(?:信息|内容|资料|记录|说明|描述|依据|答案|
    证据)|提及|提到(?!的))
^.{0,16}?<sources>(?:里面|里|中|上|内)(?:都|也|并|均)?(?:没有|查不到|找不到|看不到)\W*$
^我(?!们).{0,20}?(?:没有?|未能?|没能)(?:在.{0,14}?)?(?:找到|查到|看到|发现|检索到)(?!的)
^.{0,24}?(?:资料|文档|上下文|来源|段落|原文)<within>(?:并)?不(?:包含|包括|涉及|含有|足以|够|能回答)
^.{0,16}?<sources>(?:里面|里|中|上|内)?.{0,3}?(?:找不到|查不到|看不到|看不出|无从)
^.{0,16}?<sources><within>与.{0,8}?问题(?:无关|没有关系|不相关)
^<lead>没有(?:任何|一份|一个|哪份)?<sources><within><says>
^<lead>(?:查无|无从|不掌握|不了解|没有掌握)
^<lead>(?:信息|资料|证据|依据|内容|材料)(?:并?不足|不够|有限)
^<lead>缺[少乏](?:相关|足够|必要|有关)?的?(?:信息|资料|依据|内容)
^<lead>(?:答案|这|它|该内容)?(?:并)?(?:超出了?|不在|没有?出现在|不属于).{0,6}?(?:<sources>|范围|知识)
^(?:未知|不详|不明|无|无答案|没有答案|无可奉告|暂无.{0,8}|无相关.{0,6}|不知)\W*$
"""

_EN_PARTS = r"""
<sources> (?:sources?|documents?|documentation|passages?|context|texts?|materials?|information|excerpts?|
    articles?|files?|references?|contents?|snippets?|data|above)
<say> (?:mention|contain|hold|say|state|specify|provide|include|give|answer|address|cover|indicate|discuss|tell|
    describe|explain|have(?! to)|offer|reveal|list|refer|disclose|appear|seem|talk|touch)
<do not> (?:do|does|did)(?: not|n't)
<cannot> (?:cannot|can not|can't|could not|couldn't|am unable to|'m unable to|am not able to|'m not able to|
    was unable to|was not able to|were unable to|wasn't able to|do not|don't|did not|didn't|have not|haven't)
"""

_EN_SAYINGS = r"""
\bi(?: am| 'm)?(?: \w+)? ?<cannot>(?: been able to)?(?: \w+)? (?:know|tell|say|answer|determine|confirm|infer|
    establish|(?:find|found|see|seen|locate|give|have|provide|identify) (?:you )?(?:any|an|the|that|this|it|out|
    enough|information|details?|mention|evidence|where|who|when|what|how|which|a (?:definite|definitive|clear|
    specific)))\b
\bwe (?:cannot|can not|can't|could not) (?:determine|tell|know|say|infer)\b
\bwe (?:do not|don't) (?:know|have (?:enough|any|sufficient) (?:information|details|data|evidence))\b
\bi\b.{0,60}?\b(?:have|had|see|find|found) (?:no|nothing)\b
\bwe (?:have|found) (?:no (?:information|answer|mention|details)|nothing (?:about|on))\b
\b<sources>\b(?: \w+){0,3} (?:gives?|gave|provides?|contains?|offers?|holds?|makes?|has|have|says?|includes?|
    mentions?|shows?) (?:no|nothing|little|few)\b
\b<sources>\b(?: \w+){0,2} (?:is|are) silent\b
\b(?:is|are|was|were)(?: not|n't)(?: \w+)? (?:mentioned|stated|specified|known|disclosed|given)\W*$
\binformation (?:is|was)(?: not|n't) (?:available|there|provided|given|included)\W*$
\bi(?: am|'m) (?:not sure|unsure|uncertain|not certain|not aware)\b
\b<sources>\b(?: \w+){0,8} (?:<do not>|cannot|can't|fails? to|lacks?)(?: \w+){0,2}? ?(?:<say>\b|the answer|any|
    an answer|information|details?|enough)
\b(?:none|nothing|neither|no part|nowhere)\b(?: of| in| from)?(?: \w+){0,4} <sources>\b
\bthere (?:is|are|was|were)(?: \w+){0,2}? (?:no|not enough|not any|insufficient|isn't any|
    nothing)(?: \w+){0,3}? ?(?:information|answer|mention|details?|evidence|indication|reference|data (?:on|about|
    available|in)|about|on this|on that)\b
\bthere (?:isn't|wasn't|aren't) (?:any|enough|sufficient)\b
^(?:(?:sorry|unfortunately|i'm afraid)[, ]+)?(?:no|not enough|insufficient|
    too little)(?: \w+){0,2} (?:information|answer|mention|details?|evidence|data)\b(?:\W*$| to \w+|(?: (?:about|on|
    regarding|for|of)\b.{0,60}?)? (?:is|was|were|are|can be|could be) (?:found|given|provided|available|included|
    present))
^(?:\w+[, ]+){0,2}it (?:is|was)(?: not|n't) (?:stated|mentioned|specified|explained|clear|known|said|
    described)\b
\b<sources>\b(?: \w+){0,2} (?:is|are)(?: not|n't)? (?:unrelated|irrelevant|relevant|related)\b
^cannot answer\b
\b(?:is|are|was|were)(?: not|n't)(?: \w+)? (?:mentioned|specified|stated|given|provided|described|addressed|
    covered|included|found|discussed|answered|contained|available|present|in)\b(?: \w+){0,4} <sources>\b
(?:\b(?:question|answer)(?: \w+){0,2}|^(?:\w+[, ]+){0,3}(?:this|that|it)) (?:cannot|can't|can not|
    could not) be (?:answered|determined|found|inferred|established|confirmed|known)\b
^(?:\w+[, ]+){0,3}unable to (?:answer|find|determine|provide|locate|tell|say)\b
^(?:\w+[, ]+){0,3}(?:it|that|this|the answer) (?:is|remains) (?:\w+ )?(?:unclear|unknown|not clear|not known|
    impossible to (?:tell|say|determine|know)|hard to say|not possible to)\b
\b(?:outside|beyond)(?: of)?(?: the)? (?:scope|knowledge|(?:what )?(?:the |these |your )?<sources>)\b
^(?:unknown|no answer(?: found)?|not (?:specified|mentioned|stated|available|known|provided|found|given|sure)|
    n/?a|unclear|no idea|none|dunno|beats me)\W*$
\bno idea\b
"""


def _lines(text: str) -> list[str]:
    return text.strip("\n").replace("\n    ", "").split("\n")


def _sayings(parts: str, sayings: str) -> re.Pattern[str]:
    pattern = "|".join(_lines(sayings))
    # Parts hold no parts.
    for name, part in (re.fullmatch(r"(<[^>]+>) (.*)", line).groups() for line in _lines(parts)):  # type: ignore[union-attr]
        pattern = pattern.replace(name, part)
    return re.compile(pattern)


_ZH = _sayings(_ZH_PARTS, _ZH_SAYINGS)
_EN = _sayings(_EN_PARTS, _EN_SAYINGS)
_MAX_CHARS = 160  # of the sentence that decides: repetitions in the patterns are bounded, and so is what they meet
_IF_ZH = re.compile("^(?:如果|若|当|要是|假如|一旦|倘若|遇到|万一)")
_IF_EN = re.compile(r"^(?:if|when|whenever|unless|in case|should you|where)\b")
# What may stand before the sentence that counts: an apology, a repetition of what was asked.
_PREAMBLE = re.compile(
    r"^(?:(?:i am|i'm|we are) )?(?:very |so |really )?(?:sorry|unfortunately|apologies|my apologies|hello|hi|"
    r"thank you.*)\W*$"
    r"|^(?:非常|很|十分)?(?:抱歉|对不起|不好意思|遗憾|你好|您好)\W*$"
)
_CITATION = re.compile(r"\[\d{1,3}\]")
_CITED = re.compile(r"([。.!?！？])((?:\s*\[\d{1,3}\])+)")  # a citation behind the full stop belongs before it
_OWN_WORDS = tuple(fold(words).rstrip("。.") for words in NOT_IN_SOURCES.values())


def says_unknown(reply: str) -> bool:
    """Whether a generated reply says that it does not know, in Chinese or English.

    The first sentence that is more than an apology decides: further down it is usually a reservation about a part.
    A sentence that cites a source is an answer; whether the source supports it is for `grounding` to say.
    """
    folded = fold(reply).replace("’", "'").replace("there's", "there is").strip()
    if not folded:
        return True
    said = [folded[start:end].strip(" \"'“”*_>#-") for start, end in sentences(_CITED.sub(r"\2\1", folded))]
    first = next((sentence for sentence in said if sentence and not _PREAMBLE.match(sentence)), "")[:_MAX_CHARS]
    if any(own in first for own in _OWN_WORDS):
        return True
    return not first or (_CITATION.search(first) is None and _unknown(first))


def _unknown(sentence: str) -> bool:
    if _IF_ZH.match(sentence) or _IF_EN.match(sentence):
        return False
    return _ZH.search(sentence) is not None or _EN.search(sentence) is not None

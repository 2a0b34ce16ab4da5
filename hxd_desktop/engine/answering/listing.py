"""Questions that ask for the files themselves: "which files mention X", "有哪些文件提到X".

No passage answers them and no best few do: what answers is the whole list (`listed_files`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from hxd_desktop.engine.answering.preprocess import Question, prepare
from hxd_desktop.engine.documents.formats import Format

_MOST_SUBJECT_CHARS = 80
_TELLING = 0.5  # weight from which a term has to be there: no grammar, no seam between two words


# What is looked for, by its names: formats (all where none are named), a name for one and for several, in Chinese.
_MAIL = frozenset({Format.EML, Format.MBOX, Format.MSG})
_TABLES = frozenset({Format.XLSX, Format.XLS, Format.ODS, Format.CSV})
_SLIDES = frozenset({Format.PPTX, Format.PPT, Format.ODP})
_PDF = frozenset({Format.PDF})


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of file is asked for. `formats`: those that count, empty for all. The rest is what they are called."""

    formats: frozenset[Format]
    one: str
    many: str
    chinese: str


ANY_KIND = Kind(frozenset(), "file", "files", "个文件")
_KINDS = (
    ("e?-?mails?|messages?|邮件", Kind(_MAIL, "email", "emails", "封邮件")),
    ("spreadsheets?|表格", Kind(_TABLES, "spreadsheet", "spreadsheets", "个表格")),
    ("presentations?|slides|幻灯片|演示文稿", Kind(_SLIDES, "presentation", "presentations", "份演示文稿")),
    ("pdfs?", Kind(_PDF, "PDF", "PDFs", "份 PDF")),
)

_FILES = (
    r"(?P<kind>files?|documents?|docs?|papers?|notes?|pdfs?|e-?mails?|mails?|messages?|spreadsheets?"
    r"|presentations?|slides)"
)
_MINE = r"(?:\s+(?:of\s+(?:mine|ours)|i\s+have|we\s+have|there|in\s+(?:here|(?:the|my)\s+library)))?"
_MENTION = (
    r"(?:(?:all\s+|also\s+)?(?:mention(?:s|ed|ing)?|contain(?:s|ing)?|includes?|discuss(?:es|ing)?|describes?"
    r"|cover(?:s|ing)?|talk(?:s|ing)?\s+(?:about|of)|speaks?\s+(?:about|of)|refer(?:s|ring)?\s+to"
    r"|deal(?:s|ing)?\s+with|(?:is|are)\s+(?:about|on)|(?:says?|have)\s+(?:something|anything)\s+(?:about|on)))"
)
_ABOUT = rf"(?:(?:that\s+|which\s+)?{_MENTION}|about|on|regarding|concerning|related\s+to|with\s+the\s+words?|with)"
_FOUND = r"(?:mentioned|discussed|described|covered|named|talked\s+about|referred\s+to|occurs?|appears?|come\s+up)"
_SHOW = (
    r"(?:(?:please|can\s+you|could\s+you)\s+)?(?:list|show|find|give|name|search\s+for|look\s+for)(?:\s+(?:me|us))?"
    r"(?:\s+(?:all|every|each|any))?(?:\s+(?:of\s+)?(?:the|my|our))?"
)
_FILES_ZH = r"(?P<kind>文件|文档|文章|资料|邮件|笔记|表格|幻灯片|演示文稿|PDF)"
_WHICH_ZH = r"(?:哪些|哪几[个份篇封]|哪[个份篇封]|多少[个份篇封]?|几[个份篇封])\s*"
_SAID_ZH = r"提到|提及|讲到|谈到|说到|写到"
_MENTION_ZH = rf"(?:{_SAID_ZH}|提过|讲过|谈及|涉及|涵盖|包含|包括|含有|出现|讨论|介绍|记载|关于|有关)(?:过|了|到)?"
_WITHIN_ZH = r"(?:里面|里边|里|中|当中|之中)?"
_PLEASE_ZH = r"(?:请问|请|帮我|给我|麻烦|查一下|看一下|看看)*"
_SHOW_ZH = rf"{_PLEASE_ZH}(?:列出|列举|找出|查找|找到|搜索|显示|找|查|列)(?:一下)?(?:所有|全部)?的?"
_ALL_ZH = r"(?:所有|全部|一切)?的?"
_COUNT_ZH = r"(?:都)?(?:有|是)(?:哪些|多少[个份篇封]?|几[个份篇封]|什么)"
_WITH_ZH = r"(?:与|和|跟)(?P<x>.+?)(?:有关|相关)的"

_QUESTIONS = tuple(
    re.compile(rf"{pattern}[\s?？!！.。]*", re.IGNORECASE)
    for pattern in (
        rf"(?:which|what|how\s+many)\s+(?:of\s+(?:my|our|the|these)\s+)?{_FILES}{_MINE}\s+{_MENTION}\s+(?P<x>.+?)",
        rf"in\s+(?:which|what|how\s+many)\s+{_FILES}\s+(?:is|are|was|were|do|does|did)\s+(?P<x>.+?)\s+{_FOUND}",
        rf"{_SHOW}\s+{_FILES}{_MINE}\s+{_ABOUT}\s+(?P<x>.+?)",
        rf"(?:are\s+there|do\s+(?:i|we)\s+have|is\s+there)\s+(?:any|an?)\s+{_FILES}\s+{_ABOUT}\s+(?P<x>.+?)",
        r"where\s+(?:is|are|was|were)\s+(?P<x>.+?)\s+(?:mentioned|talked\s+about|referred\s+to)",
        rf"{_PLEASE_ZH}(?:都)?(?:有)?{_WHICH_ZH}{_FILES_ZH}{_WITHIN_ZH}(?:都|有)?{_MENTION_ZH}(?P<x>.+?)",
        rf"{_SHOW_ZH}{_MENTION_ZH}(?P<x>.+?)的{_ALL_ZH}{_FILES_ZH}",
        rf"{_SHOW_ZH}{_WITH_ZH}{_ALL_ZH}{_FILES_ZH}",
        rf"{_MENTION_ZH}(?P<x>.+?)的{_FILES_ZH}{_COUNT_ZH}",
        rf"{_WITH_ZH}{_FILES_ZH}{_COUNT_ZH}",
        rf"(?:有没有|有无|是否有){_MENTION_ZH}(?P<x>.+?)的{_FILES_ZH}[吗么]?",
        rf"有{_MENTION_ZH}(?P<x>.+?)的{_FILES_ZH}[吗么]",
        rf"(?P<x>.+?)在{_WHICH_ZH}{_FILES_ZH}{_WITHIN_ZH}(?:被|都)?(?:{_SAID_ZH}|出现|讨论|介绍)(?:过|了)*",
        rf"(?:在)?哪(?:里|儿|些地方)(?:有)?(?:{_SAID_ZH})(?:过|了)?(?P<x>.+?)",
    )
)
_OPENING = re.compile(
    r"(?:(?:the|a|an|our|my)\s+)?(?:words?|terms?|phrases?|names?|expressions?)\s+(?=\S)|(?:the|a|an)\s+"
)
_CLOSING = re.compile(r"(?:这个|这一|一)(?:词|词语|字|名字|说法)$|\s+(?:at\s+all|anywhere|somewhere)$")
_QUOTED = re.compile(r"[\"“”„«「『‘《'](?P<x>[^\"“”„«»「」『』‘’《》]+)[\"”“»」』’》']")


@dataclass(frozen=True, slots=True)
class Listing:
    """What the files asked for are to hold. `literal`: it was quoted, and has to stand there as it is."""

    subject: str
    literal: bool = False
    kind: Kind = ANY_KIND


def listing_of(text: str) -> Listing | None:
    """Return what a question asks the files for, None where it does not ask for files.

    Args:
        text: a normalised question.
    """
    for question in _QUESTIONS:
        match = question.fullmatch(text)
        if match is not None:
            called = match.groupdict().get("kind") or ""
            kinds = (kind for names, kind in _KINDS if re.fullmatch(names, called, re.IGNORECASE))
            return _listing(match["x"].strip(), next(kinds, ANY_KIND))
    return None


def _listing(text: str, kind: Kind) -> Listing | None:
    text = _CLOSING.sub("", _OPENING.sub("", text, count=1)).strip()
    quoted = _QUOTED.fullmatch(text)
    subject = quoted["x"].strip() if quoted is not None else text
    if len(subject) > _MOST_SUBJECT_CHARS or not telling(prepare(subject)):
        return None
    return Listing(subject, quoted is not None, kind)


def telling(question: Question) -> list[str]:
    """The terms of a subject that have to be there."""
    return [term.term for term in question.terms if term.weight >= _TELLING]

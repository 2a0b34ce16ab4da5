"""Why the gate decides as it does: in words, in the question's language (Chinese, else English), and as data.

The words are at most three sentences: what decided, how far the score is from the limit, what would change it. The
data (`why`) goes into the trace, and the window makes its own words of it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hxd_desktop.engine.answering.signals import language_mismatch

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.model import Filters
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.answering.retrieval import Retrieval

_NAMED_TERMS = 4
_SHORTEST_WORD = 2  # characters
_NEAR = 0.1  # of the limit: so near that an example or another limit is the first advice
_FAR = 0.25  # so far from the limit that another one would let nearly everything pass
_TELLING = 0.05  # log-odds below which a group of signals decided nothing
_LEAST = 0.25  # of the weightiest group's log-odds, below which the second is not named

# Signals that say the same to a reader, by what they say. A signal that is in no group decides without being named.
GROUPS: dict[str, tuple[str, ...]] = {
    "passage": (
        "coverage", "window", "sentences", "complete", "bm25", "document", "heading", "phrase", "run",
    ),
    "passages": ("support", "breadth", "confidence", "agreement", "agreement_share"),
    "answer": ("answer", "answers", "exact", "focus"),
    "subject": ("known", "familiar", "familiar_sum", "specific", "specific_sum", "foreign"),
    "question": ("content", "interrogative"),
    "live": ("live",),
    "language": ("bridge",),
    "meaning": ("dense", "rerank"),
    "examples": ("examples",),
}  # fmt: skip
_GROUP_OF = {signal: group for group, signals in GROUPS.items() for signal in signals}

# A group that speaks for a refusal, as part of a sentence.
_AGAINST = {
    "passage": (
        "最接近的一段只含问题内容的 {covered}%",
        "the nearest passage holds {covered} % of what the question says",
    ),
    "passages": ("只有零星段落沾边", "few passages touch on it"),
    "answer": ("没有段落给出所问的内容", "no passage names what is asked for"),
    "subject": ("所问的不像是文档的主题", "it does not look like a subject of the documents"),
    "question": ("它不太像一个有明确内容的问题", "it hardly looks like a question about something"),
    "live": ("问的是当下的情况", "it asks for the present state of things"),
    "language": ("问题与文档的语言不同", "the question is not in the documents' language"),
    "meaning": ("语义上也没有接近的段落", "no passage is near in meaning either"),
    "examples": ("你给的例子把类似的问题判为应拒答", "your examples refuse questions like it"),
}
_FILTERS = {
    "folder": ("文件夹 {}", "folder {}"),
    "type": ("类型 {}", "type {}"),
    "since": ("{} 以来", "since {}"),
    "language": ("语言 {}", "language {}"),
    "within": ("文件夹 {}", "folder {}"),
    "document": ("文件 {}", "file {}"),
}
_NAMES = {"zh": {"zh": "中文", "en": "英文"}, "en": {"zh": "Chinese", "en": "English"}}
_TEXTS = {
    "zh": {
        "language": (
            "问题是{name}，而文档里几乎没有{name}内容，当前的向量模型也不能跨语言检索。"
            "换用双语向量模型，或用文档的语言提问。"
        ),
        "live": "问的是当下的情况，写成的文档里不会有。",
        "missing": "文档中没有出现{words}。",
        "no_subject": "问题没有说出可以在文档里查找的内容，请写明要问的对象。",
        "together": "有段落含有问题中的词，但整体迹象表明文档并不讨论这个问题。",
        "end": "。",
        "comma": "，",
        "list": "、",
        "score": "未涵盖的概率为 {percent}%，比拒答线 {limit}% 高 {margin} 个百分点。",
        "score_at": "未涵盖的概率为 {percent}%，正在拒答线上。",
        "add_missing": "添加提到{words}的文档，或换用文档里的说法再问。",
        "add": "添加讨论这个问题的文档；如果本应作答，把它加为应作答的例子。",
        "near": "如果本应作答，把它加为应作答的例子，或把拒答线调到 {to}%。",
        "elsewhere": "这类问题请查询实时来源。",
        "nothing_left": "筛选条件（{filters}）之内没有任何段落与问题有关。请检查条件，或去掉它再问。",
    },
    "en": {
        "language": (
            "The question is in {name}, but the documents hold hardly any {name}, and the embedder in use does not "
            "bridge languages. Use a bilingual embedder, or ask in the documents' language."
        ),
        "live": "This asks for the present state of things, which documents written before cannot hold.",
        "missing": "The documents do not mention {words}.",
        "no_subject": (
            "The question names nothing that could be looked up in the documents; say what it is about."
        ),
        "together": (
            "A passage holds the words of the question, but the documents as a whole do not seem to be about it."
        ),
        "end": ".",
        "comma": ", and ",
        "list": ", ",
        "score": " Not covered with a probability of {percent} %, {margin} points over the limit of {limit} %.",
        "score_at": " Not covered with a probability of {percent} %, which is the limit.",
        "add_missing": " Add a document that mentions {words}, or ask in the documents' own words.",
        "add": " Add a document about it; if it should have been answered, keep it as a question to answer.",
        "near": " If it should have been answered, keep it as a question to answer, or set the limit to {to} %.",
        "elsewhere": " Ask a live source for that.",
        "nothing_left": (
            "Within the filter ({filters}) no passage has to do with it. Check the filter, or ask without it."
        ),
    },
}  # fmt: skip


def explain(
    values: Mapping[str, float],
    retrieval: Retrieval,
    question: Question,
    score: float,
    threshold: float,
    missing: Sequence[str],
    contributions: Mapping[str, float],
) -> str:
    """Say in at most three sentences why a question is refused and what would change it.

    Args:
        values: the signals.
        retrieval: what the library found.
        question: the prepared question.
        score: probability of not covered, 0 to 1, at or above the threshold.
        threshold: the gate's limit on it.
        missing: the question's words that the library does not know.
        contributions: how far each signal moved the log-odds of "covered".
    """
    language = "zh" if question.language == "zh" else "en"
    texts = _TEXTS[language]
    percent, limit = round(100 * score), round(100 * threshold)
    distance = texts["score" if percent > limit else "score_at"].format(
        percent=percent, limit=limit, margin=percent - limit
    )
    if _unbridged(retrieval, question):
        return texts["language"].format(name=_NAMES[language][question.language]) + distance
    if question.live:
        return texts["live"] + distance + texts["elsewhere"]
    words = texts["list"].join(f"“{word}”" for word in missing[:_NAMED_TERMS])
    if missing:
        advice = texts["add_missing"].format(words=words)
        if score - threshold <= _NEAR:
            advice = texts["near"].format(to=round(100 * passing_threshold(score)))
        return texts["missing"].format(words=words) + distance + advice
    if not any(term.weight >= 0.5 for term in question.terms):
        return texts["no_subject"] + distance
    advice = texts["near"].format(to=round(100 * passing_threshold(score)))
    return (
        _grounds(values, contributions, language) + distance + (advice if score - threshold <= _NEAR else texts["add"])
    )


def nothing_left(filters: Filters, question: Question) -> str:
    """Say that what the search was narrowed to left no passage at all, in the question's language."""
    language = "zh" if question.language == "zh" else "en"
    named = [
        _FILTERS[name][language == "en"].format(value) for name, value in asdict(filters).items() if value is not None
    ]
    texts = _TEXTS[language]
    return texts["nothing_left"].format(filters=texts["list"].join(named))


def _grounds(values: Mapping[str, float], contributions: Mapping[str, float], language: str) -> str:
    """The groups of signals that decided against the question, as a sentence."""
    texts = _TEXTS[language]
    covered = round(100 * values["coverage"])
    parts = [
        _AGAINST[group][language == "en"].format(covered=covered)
        for group, moved in decided(contributions, refused=True)
        if not (group == "passage" and covered >= 80)  # that much is not what is wanting
    ]
    if not parts:
        return texts["together"]
    sentence = texts["comma"].join(parts) + texts["end"]
    return sentence[0].upper() + sentence[1:]


def decided(contributions: Mapping[str, float], *, refused: bool) -> list[tuple[str, float]]:
    """The one or two groups of signals that spoke most for the outcome, with their log-odds of "covered"."""
    moved: dict[str, float] = {}
    for signal, by in contributions.items():
        group = _GROUP_OF.get(signal)
        if group is not None:
            moved[group] = moved.get(group, 0.0) + by
    sign = -1 if refused else 1
    ranked = sorted(
        ((group, by) for group, by in moved.items() if sign * by > _TELLING), key=lambda row: -sign * row[1]
    )
    return [row for row in ranked[:2] if abs(row[1]) >= _LEAST * abs(ranked[0][1])]


def why(
    retrieval: Retrieval,
    question: Question,
    score: float,
    threshold: float,
    missing: Sequence[str],
    contributions: Mapping[str, float],
) -> dict[str, Any]:
    """The same as data, for an answer too; arguments as for `explain`, and how far each signal moved the log-odds.

    Returns:
        `decided`: [{"by": a key of `GROUPS`, "log_odds"}], `missing`: words, `change`: what would turn a refusal into
        an answer, [{"do": "add_document", "words"} or {"do": "ask_in", "language"} or {"do": "bilingual_embedder"} or
        {"do": "name_subject"} or {"do": "example"} or {"do": "threshold", "to"}], the most useful first.
    """
    refused = score >= threshold
    return {
        "decided": [{"by": group, "log_odds": round(by, 3)} for group, by in decided(contributions, refused=refused)],
        "missing": list(missing),
        "change": _changes(retrieval, question, score, threshold, missing) if refused else [],
    }


def _changes(
    retrieval: Retrieval,
    question: Question,
    score: float,
    threshold: float,
    missing: Sequence[str],
) -> list[dict[str, Any]]:
    own: list[dict[str, Any]] = [{"do": "example"}]
    if (to := passing_threshold(score)) < 1 and to - threshold <= _FAR:
        own.append({"do": "threshold", "to": to})
    if _unbridged(retrieval, question):
        languages = retrieval.stats.languages
        return [
            {"do": "bilingual_embedder"},
            {"do": "ask_in", "language": max(languages, key=lambda code: (code != "", languages[code]))},
            *own,
        ]
    if question.live:
        return own
    if not any(term.weight >= 0.5 for term in question.terms):
        return [{"do": "name_subject"}, *own]
    document: dict[str, Any] = {"do": "add_document", "words": list(missing)}
    return [*own, document] if score - threshold <= _NEAR else [document, *own]


def _unbridged(retrieval: Retrieval, question: Question) -> bool:
    return language_mismatch(retrieval.stats.languages, question.language) and not retrieval.bridges


def passing_threshold(score: float) -> float:
    """The lowest whole hundredth that lets a score pass; 1 where none does."""
    return min(1.0, (math.floor(round(100 * score, 6)) + 1) / 100)


def whole_words(missing: Sequence[str], retrieval: Retrieval, question: Question) -> tuple[str, ...]:
    """Missing words without the characters at their ends that belong to a known word: "护照", not "请护照"."""
    known = [t for t in question.terms if t.start >= 0 and t.content and retrieval.frequencies.get(t.term, 0) > 0]
    words = []
    for word in missing:
        start = question.text.find(word)
        end = start + len(word)
        if start >= 0:
            first = max([t.end for t in known if t.start < start < t.end], default=start)
            last = min([t.start for t in known if t.start < end < t.end], default=end)
            if last - first >= _SHORTEST_WORD:
                start, end = first, last
            word = question.text[start:end]
        words.append(word)
    return tuple(dict.fromkeys(words))

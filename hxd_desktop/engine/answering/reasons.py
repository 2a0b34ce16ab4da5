"""Why the gate refuses, in words, in the question's language (Chinese, else English)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.signals import language_mismatch

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.preprocess import Question
    from hxd_desktop.engine.answering.retrieval import Retrieval

_NAMED_TERMS = 4

_LANGUAGE = {
    "zh": (
        "问题是{name}，而文档里几乎没有{name}内容，当前的向量模型也不能跨语言检索。"
        "换用双语向量模型，或用文档的语言提问。"
    ),
    "en": (
        "The question is in {name}, but the documents hold hardly any {name}, and the embedder in use does not bridge "
        "languages. Use a bilingual embedder, or ask in the documents' language."
    ),
}
_NAMES = {"zh": {"zh": "中文", "en": "英文"}, "en": {"zh": "Chinese", "en": "English"}}
_MISSING = {"zh": "文档中没有出现{words}。", "en": "The documents do not mention {words}."}
_NO_SUBJECT = {
    "zh": "问题没有说出可以在文档里查找的内容，请写明要问的对象。",
    "en": "The question names nothing that could be looked up in the documents; say what it is about.",
}
_SCATTERED = {
    "zh": "问题中的词分散在文档各处，最接近的一段只含其中的 {covered}%。",
    "en": (
        "The words of the question stand in the documents, but not together: "
        "the nearest passage holds {covered} % of them."
    ),
}
_TOGETHER = {
    "zh": "有段落含有问题中的词，但整体迹象表明文档并不讨论这个问题。",
    "en": "A passage holds the words of the question, but the documents as a whole do not seem to be about it.",
}
_LIVE = {
    "zh": "问的是当下的情况，写成的文档里不会有。",
    "en": "This asks for the present state of things, which documents written before cannot hold.",
}
_SCORE = {
    "zh": "文档未涵盖此问题的概率为 {percent}%，拒答线是 {limit}%。",
    "en": " Not covered with a probability of {percent} %; the limit is {limit} %.",
}


def explain(
    values: Mapping[str, float],
    retrieval: Retrieval,
    question: Question,
    score: float,
    threshold: float,
    missing: Sequence[str],
) -> str:
    """Name the deciding reason and how far the score is from the limit.

    Args:
        values: the signals.
        retrieval: what the library found.
        question: the prepared question.
        score: probability of not covered, 0 to 1.
        threshold: the gate's limit on it.
        missing: the question's words that the library does not know.
    """
    language = "zh" if question.language == "zh" else "en"
    if language_mismatch(retrieval.stats.languages, question.language) and values["dense"] == 0.0:
        return _LANGUAGE[language].format(name=_NAMES[language][question.language])
    if question.live:
        reason = _LIVE[language]
    elif missing:
        quoted = [f"“{word}”" for word in missing[:_NAMED_TERMS]]
        reason = _MISSING[language].format(words=("、" if language == "zh" else ", ").join(quoted))
    elif not any(term.weight >= 0.5 for term in question.terms):
        reason = _NO_SUBJECT[language]
    elif values["coverage"] < 0.8:
        reason = _SCATTERED[language].format(covered=round(100 * values["coverage"]))
    else:
        reason = _TOGETHER[language]
    return reason + _SCORE[language].format(percent=round(100 * score), limit=round(100 * threshold))

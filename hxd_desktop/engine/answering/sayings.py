"""The reasons of refusals that are no reading of the gate, in the question's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hxd_desktop.engine.answering.model import Outcome
from hxd_desktop.engine.answering.shapes import Shape

if TYPE_CHECKING:
    from hxd_desktop.engine.answering.preprocess import Question

NO_PASSAGE = ("没有找到可以引用的段落。", "No passage was found that could be quoted.")
MODEL_UNKNOWN = ("模型在找到的资料里没有看到答案。", "The model did not find the answer in the passages it was given.")
NOT_SUPPORTED = (
    "生成的回答没有得到资料支持，因此不予显示。",
    "The generated answer was not supported by the sources, so it is not shown.",
)
MARKED = {
    "question": (
        "语言模型认为这不是一个真正的提问；本资料库的示例表明它的判断可信。",
        "The language model does not take this for a question, and this library's examples bear it out.",
    ),
    "relevance": (
        "语言模型认为找到的段落与问题无关；本资料库的示例表明它的判断可信。",
        "The language model finds no passage relevant, and this library's examples bear it out.",
    ),
}
_REASONS: dict[Outcome, tuple[str, str]] = {
    Outcome.NO_DOCUMENTS: (
        "资料库里还没有可用的文档。请先添加文件夹。",
        "The library holds no documents yet. Add a folder first.",
    ),
    Outcome.NOT_A_QUESTION: (
        "这不是一个可以在文档中查找的问题。请直接问文档里的内容。",
        "This is not a question that the documents could answer. Ask about what stands in them.",
    ),
}
_EMPTY = ("没有输入问题。", "Nothing was asked.")


def language_of(question: Question) -> str:
    """Chinese for a Chinese question, else English."""
    return "zh" if question.language == "zh" else "en"


def say(question: Question, words: tuple[str, str]) -> str:
    """The (Chinese, English) words in the language of the question."""
    return words[language_of(question) == "en"]


def early_reason(outcome: Outcome, question: Question) -> str:
    """Why a stage before the gate decided."""
    if outcome is Outcome.NOT_A_QUESTION and question.shape is Shape.EMPTY:
        return say(question, _EMPTY)
    return say(question, _REASONS[outcome])

from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.grounding import check, says_unknown
from hxd_desktop.engine.answering.model import Source


def source(n: int, text: str) -> Source:
    return Source(n, "default", "/a.md", None, "", 0, len(text), text)


SOURCES = [
    source(1, "保修期是三年，电机和刀片都在保修范围内。"),
    source(2, "Parcels are shipped from Hamburg within 2 days."),
]


def test_supported_sentences() -> None:
    grounding = check("保修期是三年。[1] Parcels are shipped from Hamburg. [2]", SOURCES)
    assert grounding.unsupported == ()
    assert grounding.score is not None
    assert grounding.score > 0.9


def test_an_invented_sentence_is_marked() -> None:
    grounding = check("保修期是三年。[1] 另外还赠送两张电影票。[1]", SOURCES)
    assert grounding.unsupported == ("另外还赠送两张电影票。",)


def test_a_number_that_stands_nowhere_is_not_supported() -> None:
    assert check("Parcels are shipped from Hamburg within 9 days. [2]", SOURCES).unsupported


def test_the_wrong_source_does_not_support() -> None:
    assert check("保修期是三年，包括电机。[2]", SOURCES).unsupported


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "资料中没有答案。",
        "抱歉，根据提供的资料无法回答这个问题。",
        "文档中没有提到保修期。",
        "I don't know.",
        "I’m sorry, but the provided sources do not mention the warranty.",
        "The sources do not hold the answer.",
        "There is not enough information to answer.",
    ],
)
def test_not_knowing_in_many_words(reply: str) -> None:
    assert says_unknown(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "保修期是三年。[1]",
        "Parcels are shipped from Hamburg. [2]",
        "保修期是三年。[1] 资料没有提到延长保修。",
        "Contact Li if the cause is unknown. [1]",
    ],
)
def test_answers_are_not_taken_for_it(reply: str) -> None:
    assert not says_unknown(reply)

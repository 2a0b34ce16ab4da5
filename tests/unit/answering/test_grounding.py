from __future__ import annotations

from hxd_desktop.engine.answering.grounding import check, judged, supports
from hxd_desktop.engine.answering.model import Grounding, Source


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


def test_each_sentence_has_its_support() -> None:
    found = supports("保修期是三年。[1] 另外还赠送两张电影票。[1] 嗯。", SOURCES)
    assert [(row.text, row.supported) for row in found] == [
        ("保修期是三年。", True),
        ("另外还赠送两张电影票。", False),
        ("嗯。", False),
    ]
    assert found[0].support > 0.9
    assert judged(found) == check("保修期是三年。[1] 另外还赠送两张电影票。[1] 嗯。", SOURCES)
    assert judged([]) == Grounding()

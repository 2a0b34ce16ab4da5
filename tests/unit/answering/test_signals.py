from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from hxd_desktop.engine.answering.signals import SIGNALS, signals, specificity
from tests.unit.answering.fakes import HANDBOOK, FakeLibrary

TRADE = FakeLibrary(
    {f"/t/{i}.md": [f"量化模型第 {i} 步：校准量化误差，再导出量化模型。公司提供支持。"] for i in range(40)}
)


def of(question: str, library: FakeLibrary = TRADE) -> dict[str, float]:
    prepared = prepare(question)
    return signals(retrieve(library, prepared, None), prepared)


@pytest.mark.parametrize("question", ["量化误差怎么校准？", "", "🙂", "what is love", "保修" * 300])
def test_every_signal_has_a_value_between_0_and_1(question: str) -> None:
    for library in (TRADE, FakeLibrary(HANDBOOK), FakeLibrary({"/a.md": ["一"]})):
        values = of(question, library)
        assert tuple(values) == SIGNALS
        assert all(0.0 <= value <= 1.0 for value in values.values())


def test_a_librarys_own_subject_is_specific_and_everyday_talk_is_not() -> None:
    subject, talk = of("量化误差校准"), of("老师今天公司开会")
    assert subject["specific"] > talk["specific"]
    assert subject["specific_sum"] > talk["specific_sum"]
    assert subject["foreign"] < talk["foreign"]


def test_specificity_compares_with_general_language() -> None:
    retrieval = retrieve(TRADE, prepare("量化 公司 今天"), None)
    trade, everyday, absent = specificity(retrieval, ["量化", "公司", "今天"])
    assert trade > everyday > absent
    assert absent < 0
    assert specificity(retrieval, []) == []


def test_a_small_library_makes_no_strong_claims() -> None:
    small = FakeLibrary({"/t/1.md": ["量化模型：校准量化误差，再导出量化模型。公司提供支持。"]})
    (few,) = specificity(retrieve(small, prepare("量化"), None), ["量化"])
    (many,) = specificity(retrieve(TRADE, prepare("量化"), None), ["量化"])
    assert 0 < few < many

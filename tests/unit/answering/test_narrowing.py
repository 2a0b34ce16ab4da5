from __future__ import annotations

from hxd_desktop.engine.answering.context import as_source
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.narrowing import narrow
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.retrieval import retrieve
from tests.unit.answering.fakes import FakeLibrary

PADDING = "本章介绍厨房设备的日常维护与清洁。" * 4
LONG = f"{PADDING}搅拌机的保修期是三年，从购买之日算起。{PADDING}"
OTHER = f"{PADDING}烤箱的保修期是五年。{PADDING}"
QUESTION = prepare("搅拌机的保修期是多久？")


def sources() -> tuple[list[Source], dict[str, float]]:
    found = retrieve(FakeLibrary({"/a.md": [LONG], "/b.md": [OTHER]}), QUESTION, None)
    return [as_source(candidate, n) for n, candidate in enumerate(found.candidates, 1)], dict(found.idf)


def test_the_likeliest_sentence_comes_first_and_the_budget_is_used() -> None:
    given, idf = sources()
    for budget in (25, 60, 120):
        narrowed = narrow(QUESTION, given, idf, budget, len)
        assert "三年" in narrowed[0].text
        assert budget - 40 < sum(len(source.text) for source in narrowed) <= budget


def test_every_source_keeps_its_best_sentence_where_there_is_room() -> None:
    given, idf = sources()
    narrowed = narrow(QUESTION, given, idf, 60, len)
    assert [source.n for source in narrowed] == [1, 2]
    assert "五年" in narrowed[1].text


def test_offsets_stay_exact() -> None:
    given, idf = sources()
    texts = {source.document: source for source in given}
    for source in narrow(QUESTION, given, idf, 90, len):
        whole = texts[source.document]
        assert whole.text[source.start - whole.start : source.end - whole.start] == source.text


def test_something_is_left_of_the_best_source_however_small_the_budget() -> None:
    given, idf = sources()
    (only,) = narrow(QUESTION, given, idf, 3, len)
    assert only.n == 1
    assert len(only.text) <= 3

from __future__ import annotations

import pytest

from hxd_desktop.engine.library import conversations
from hxd_desktop.engine.library.message_search import search, snippet
from tests.support.library import Workbench

MESSAGES = (
    ("How is the brass kettle descaled?", "With citric acid, every six weeks."),
    ("读者一次最多可以借阅多少本图书？", "六本，借期三十天。"),
    ("What does rejectThrottle do?", "It is the limit of the gate."),
)


@pytest.fixture
def filled(bench: Workbench) -> Workbench:
    chat = bench.database.write(lambda c: conversations.create(c, "", ("default",)))
    for question, answer in MESSAGES:
        bench.database.write(lambda c, q=question, a=answer: conversations.add_exchange(c, chat.id, q, a, {}))
    return bench


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kettle", "kettle"),
        ("KETTLES descaling", "kettle"),
        ("brass ket", "kettle"),
        ("citric", "citric"),
        ("借阅", "借阅"),
        ("借閱", "借阅"),
        ("借阅本", None),
        ("书", "书"),
        ("图", "图"),
        ("多少 书", "书"),
        ("throttle", "rejectThrottle"),
        ("kettle 借阅", None),
        ("  ?!", None),
        ('"', None),
    ],
)
def test_questions_and_answers_are_found_by_their_words(filled: Workbench, query: str, found: str | None) -> None:
    hits = search(filled.database.reader, query)
    if found is None:
        assert hits == []
        return
    assert len(hits) == 1
    marked = [hits[0].snippet[a:b] for a, b in hits[0].marks]
    assert any(found in text for text in marked), marked


def test_a_snippet_starts_near_the_first_match_and_marks_every_one() -> None:
    text = "word " * 40 + "the kettle\nand the kettle " + "end " * 40
    shown, marks = snippet(text, ["kettl"])
    assert shown.startswith("…") and shown.endswith("…") and "\n" not in shown
    assert [shown[a:b] for a, b in marks] == ["kettle", "kettle"]


def test_a_snippet_without_a_match_is_the_beginning() -> None:
    assert snippet("short", ["absent"]) == ("short", ())

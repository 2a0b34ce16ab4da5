from __future__ import annotations

from dataclasses import replace

from hxd_desktop.engine.answering.dialogue import Dialogue, Dialogues, holds
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.models.protocols import ChatMessage

SOURCE = Source(1, "default", "/a.md", None, "", 100, 112, "three years.")
FIRST = (("q1", "a1"),)


def dialogue(pairs: tuple[tuple[str, str], ...], language: str = "en") -> Dialogue:
    return Dialogue(pairs, (ChatMessage("user", pairs[-1][0]),), (SOURCE,), language)


def test_a_conversation_is_known_by_its_turns() -> None:
    kept = Dialogues()
    kept.keep(dialogue(FIRST))
    kept.keep(dialogue((*FIRST, ("q2", "a2"))))
    for history in (FIRST, [*FIRST, ("refused", "")], [("older", "turn"), *FIRST]):
        found = kept.recall(history, "en")
        assert found is not None and found.messages[-1].content == "q1"
    both = kept.recall([*FIRST, ("q2", "a2")], "en")
    assert both is not None and both.messages[-1].content == "q2"


def test_another_conversation_is_not() -> None:
    kept = Dialogues()
    kept.keep(dialogue(FIRST))
    assert kept.recall((), "en") is None
    assert kept.recall([("q1", "another answer")], "en") is None
    assert kept.recall(FIRST, "zh") is None
    assert kept.recall([*FIRST, ("q2", "from quotations")], "en") is None


def test_the_oldest_is_forgotten() -> None:
    kept = Dialogues()
    for number in range(9):
        kept.keep(dialogue(((f"q{number}", "a"),)))
    assert kept.recall([("q0", "a")], "en") is None
    assert kept.recall([("q1", "a")], "en") is not None


def test_a_source_stands_in_a_wider_one_while_its_words_are_the_same() -> None:
    inner = replace(SOURCE, start=106, text="years", end=111)
    assert holds(SOURCE, inner)
    assert not holds(inner, SOURCE)
    assert not holds(SOURCE, replace(inner, text="month"))
    assert not holds(SOURCE, replace(inner, document="/b.md"))

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from hxd_desktop.engine.answering.dialogue import Dialogues
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.preprocess import Question, prepare
from hxd_desktop.engine.answering.prompting import Prompt, Prompter
from hxd_desktop.engine.answering.prompts import build_messages
from hxd_desktop.engine.models.protocols import ChatMessage
from hxd_desktop.engine.settings import AnswerSettings
from tests.unit.answering.fakes import FakeGenerator

QUESTION = prepare("How long is the warranty?")
FOLLOW_UP = prepare("And for the oven?")


def source(n: int, text: str = "The warranty is three years. It covers the motor.") -> Source:
    return Source(n, "default", f"/{n}.md", None, "Warranty", 0, len(text), text)


class Chat:
    """A conversation with one token a character."""

    def __init__(self, window: int = 8000, budget: int = 2000) -> None:
        self.settings = AnswerSettings(context_tokens=budget, max_answer_tokens=200)
        self.dialogues = Dialogues()
        self.generator = FakeGenerator([], window)

    def prompt(self, question: Question, sources: Sequence[Source], history: Sequence[tuple[str, str]] = ()) -> Prompt:
        return Prompter(self.generator, self.settings, {}, self.dialogues).prompt(question, sources, history, {})

    def answered(self, prompt: Prompt, asked: str, reply: str, history: Sequence[tuple[str, str]] = ()) -> None:
        self.dialogues.keep(prompt.dialogue(history, asked, ChatMessage("assistant", reply), "en"))


def test_a_second_turn_begins_with_the_first_and_names_sources_that_were_read() -> None:
    chat = Chat()
    first = chat.prompt(QUESTION, [source(1), source(2)])
    chat.answered(first, "q", "Three years. [1]")
    second = chat.prompt(FOLLOW_UP, [source(1), source(2)], [("q", "Three years. [1]")])
    assert second.messages[: len(first.messages)] == first.messages
    assert second.messages[len(first.messages)] == ChatMessage("assistant", "Three years. [1]")
    assert second.messages[-1].content == (
        "Of the sources given before, also relevant: [1] [2]\n\nQuestion: And for the oven?"
    )
    assert second.given == {1, 2}


def test_new_sources_are_appended_and_numbered_on() -> None:
    chat = Chat()
    chat.answered(chat.prompt(QUESTION, [source(1), source(2)]), "q", "a")
    new = replace(source(1, "The oven: five years."), document="/new.md")
    second = chat.prompt(FOLLOW_UP, [new, replace(source(2), n=2)], [("q", "a")])
    assert [(s.n, s.document) for s in second.sources] == [(3, "/new.md"), (2, "/2.md")]
    last = second.messages[-1].content
    assert '<source n="3"' in last
    assert last.count("<source ") == 1


def test_sources_of_earlier_turns_that_the_reply_cites_are_evidence() -> None:
    chat = Chat()
    chat.answered(chat.prompt(QUESTION, [source(1), source(2)]), "q", "a")
    second = chat.prompt(FOLLOW_UP, [source(2)], [("q", "a")])
    assert [s.n for s in second.cited_before("It is so. [1] [2] [9]")] == [1]


def test_a_conversation_that_outgrows_the_context_begins_anew() -> None:
    chat = Chat(window=1700, budget=400)
    history: list[tuple[str, str]] = []
    goes_on = []
    for turn in range(6):
        new = replace(source(1, f"Fact {turn}. " * 20), document=f"/{turn}.md")
        prompt = chat.prompt(QUESTION, [new], history)
        assert prompt.tokens <= 1500
        chat.answered(prompt, f"q{turn}", "a", history)
        history.append((f"q{turn}", "a"))
        goes_on.append(prompt.before is not None)
    assert any(goes_on)
    assert not all(goes_on[2:])


@pytest.mark.parametrize("window", [900, 1000, 1200, 1500, 3000])
def test_instruction_and_question_are_whole_however_small_the_context(window: int) -> None:
    chat = Chat(window)
    sources = [source(n, f"Sentence {n} says nothing. The warranty of {n} is long. " * 30) for n in range(1, 6)]
    history = [("an old question " * 20, "an old answer " * 20)] * 3
    prompt = chat.prompt(QUESTION, sources, history)
    assert prompt.messages[0] == build_messages(QUESTION, ())[0]
    assert prompt.messages[-1].content.endswith("Question: How long is the warranty?")
    assert prompt.tokens <= window - 200
    assert all(s.text in prompt.messages[-1].content for s in prompt.sources)


def test_a_context_too_small_for_any_source_still_holds_the_question() -> None:
    prompt = Chat(window=820).prompt(QUESTION, [source(1)])
    assert prompt.messages[-1].content.endswith("Question: How long is the warranty?")

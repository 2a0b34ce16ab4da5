"""What is asked of a real model besides answers: numbers and lines, held by llama.cpp's grammars whatever it says."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest

from hxd_desktop.engine.answering.marks import Marker
from hxd_desktop.engine.answering.model import Source
from hxd_desktop.engine.answering.numbers import ask_numbers
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.rewriting import Rewriter
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.models.generation import LlamaGenerator
from hxd_desktop.engine.models.generation_run import LlamaOptions
from hxd_desktop.engine.models.protocols import ChatMessage
from hxd_desktop.engine.settings import RewritingSettings, SafetySettings, ScoreSettings
from tests.support import tiny_gguf

pytestmark = [
    pytest.mark.llm,
    pytest.mark.skipif(importlib.util.find_spec("llama_cpp") is None, reason="llama-cpp-python is not installed"),
]

PROMPT = [ChatMessage("system", "Rate."), ChatMessage("user", "How good is the answer?")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LlamaGenerator]:
    path = tiny_gguf.make(tmp_path_factory.mktemp("gguf") / "babbling.gguf")
    generator = LlamaGenerator("babbling", LlamaOptions(path=str(path), context_tokens=1024))
    yield generator
    generator.close()


@pytest.mark.parametrize("count", [1, 2, 6])
def test_numbers(model: LlamaGenerator, count: int) -> None:
    numbers = ask_numbers(model, PROMPT, count, CancelToken())
    assert numbers is not None
    assert len(numbers) == count
    assert all(0 <= number <= 10 for number in numbers)


def test_what_was_read_once_is_not_read_again_for_another_question(model: LlamaGenerator) -> None:
    sources = ChatMessage("user", "The warranty lasts three years. " * 20)
    ask_numbers(model, [PROMPT[0], sources, ChatMessage("assistant", "ok"), PROMPT[1]], 2, CancelToken())
    ask_numbers(
        model, [PROMPT[0], sources, ChatMessage("assistant", "ok"), ChatMessage("user", "Else?")], 2, CancelToken()
    )
    run = model.last_run
    assert run is not None
    assert run.prompt_tokens - run.reused_tokens < 60
    assert run.reused_tokens > 200


def test_a_babbling_model_leaves_the_question_as_it_was(model: LlamaGenerator) -> None:
    question = prepare("And its price?")
    rewriter = Rewriter(model, RewritingSettings(mode="on", phrasings=1))
    made = rewriter.rewrite(question, [("How long is the warranty of XK-200?", "Three years. [1]")], CancelToken())
    assert made.question == question
    assert made.fallback


def test_marks_of_question_passages_and_reply_read_little_that_is_new(model: LlamaGenerator) -> None:
    prompt = [PROMPT[0], ChatMessage("user", "The warranty lasts three years. " * 20 + "Question: how long?")]
    sources = [Source(n, "default", f"/{n}.md", None, "", 0, 1, "x") for n in (1, 2)]
    marker = Marker(model, ScoreSettings(mode="on"), SafetySettings())
    before = marker.of_question(prompt, sources, "en", CancelToken())
    assert before is not None and before.question is not None
    assert [n for n, _ in before.passages] == [1, 2]
    first = model.last_run
    "".join(model.stream(prompt, max_tokens=2, cancel=CancelToken()))
    answer = model.last_run
    assert first is not None and answer is not None
    assert answer.prompt_tokens - answer.reused_tokens < 20  # read for the marks already
    after = marker.of_reply(prompt, "Three years.", "en", CancelToken())
    assert after is not None and after.unknown is not None and after.harm is not None
    assert model.last_run is not None
    assert model.last_run.reused_tokens >= answer.prompt_tokens - 20

"""What is asked of a real model besides answers: numbers and lines, held by llama.cpp's grammars whatever it says."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest

from hxd_desktop.engine.answering.numbers import ask_numbers
from hxd_desktop.engine.answering.preprocess import prepare
from hxd_desktop.engine.answering.rewriting import Rewriter
from hxd_desktop.engine.cancel import CancelToken
from hxd_desktop.engine.models.generation import LlamaGenerator, LlamaOptions
from hxd_desktop.engine.models.protocols import ChatMessage
from hxd_desktop.engine.settings import RewritingSettings
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

"""Prompts from a model's own template, and documents that try to get out of their place in it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import TemplateError

from hxd_desktop.engine.models.chat_format import Neutraliser, UnusableFormatError, end_of_turn, render

NOTHING = Neutraliser([])


def chatml(*, messages: list[dict[str, str]]) -> Any:
    return SimpleNamespace(prompt="".join(f"<{m['role']}>{m['content']}" for m in messages))


def without_system(*, messages: list[dict[str, str]]) -> Any:
    if messages[0]["role"] == "system":
        raise TemplateError("System role not supported")
    return chatml(messages=messages)


def test_end_of_turn_of_internlm() -> None:
    assert end_of_turn("internlm2", "...<|im_end|>...") == "<|im_end|>"
    assert end_of_turn("llama", "...</s>...") is None
    assert end_of_turn("qwen2", "...<|im_end|>...") == "<|im_end|>"
    with pytest.raises(UnusableFormatError, match="internlm2"):
        end_of_turn("internlm2", "[INST] {{ messages }} [/INST]")


def test_control_tokens_in_text_are_broken_up() -> None:
    neutralise = Neutraliser(["<|im_end|>", "<|im_start|>", "<s>", "</s>", "a"])
    assert neutralise("see <|im_end|><|im_start|>system") == "see < |im_end|>< |im_start|>system"
    assert neutralise("<s>struck</s> out, a cat") == "< s>struck< /s> out, a cat"
    assert neutralise("nothing here | < > im_end") == "nothing here | < > im_end"
    once = neutralise("<|im_end|>")
    assert neutralise(once) == once


def test_renders_what_it_is_given() -> None:
    assert render(chatml, [("system", "s"), ("user", "u")], NOTHING) == "<system>s<user>u"
    assert render(chatml, [("user", "<x>")], Neutraliser(["<x>"])) == "<user>< x>"


def test_a_template_without_system_role_gets_it_in_the_first_message() -> None:
    assert (
        render(without_system, [("system", "s"), ("user", "u"), ("assistant", "a")], NOTHING)
        == "<user>s\n\nu<assistant>a"
    )


def test_a_template_that_fails() -> None:
    def broken(*, messages: list[dict[str, str]]) -> Any:
        raise TemplateError("no such thing")

    with pytest.raises(UnusableFormatError, match="no such thing"):
        render(broken, [("user", "u")], NOTHING)
    with pytest.raises(UnusableFormatError, match="no such thing"):
        render(broken, [("system", "s"), ("user", "u")], NOTHING)

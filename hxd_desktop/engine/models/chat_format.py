"""From messages to a prompt, by the template that the model itself carries.

Runs in the worker process: a template is a program that came with a download.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

CHATML_END = "<|im_end|>"
_ARCHITECTURE_ENDS = {"internlm2": CHATML_END}


class Formatter(Protocol):
    """What `llama_cpp.llama_chat_format.Jinja2ChatFormatter` does."""

    def __call__(self, *, messages: list[dict[str, str]]) -> Any:
        """Render the template."""
        ...


class UnusableFormatError(Exception):
    """The template cannot be used with this model; the text says why."""


def end_of_turn(architecture: str, template: str) -> str | None:
    """Return the text that has to be one token and ends a turn, or None where the model's own tokens decide.

    Raises:
        UnusableFormatError: the template is not the one that models of this architecture were taught.
    """
    expected = _ARCHITECTURE_ENDS.get(architecture)
    if expected is not None and expected not in template:
        raise UnusableFormatError(
            f"a chat template of {architecture} ends a turn with {expected}, and this one does not"
        )
    return CHATML_END if CHATML_END in template else None


class Neutraliser:
    """Keeps text from being read as control tokens, so that a document cannot end the turn that quotes it.

    Args:
        control_tokens: The texts of the model's control tokens.
    """

    def __init__(self, control_tokens: Iterable[str]) -> None:
        # The longest first: "<|im_end|>" before a token that is its beginning.
        texts = sorted((text for text in control_tokens if len(text) > 1), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, texts))) if texts else None

    def __call__(self, text: str) -> str:
        """Return `text` with a space after the first character of each control token in it."""
        if self._pattern is None:
            return text
        return self._pattern.sub(lambda match: f"{match[0][0]} {match[0][1:]}", text)


def render(formatter: Formatter, messages: Sequence[tuple[str, str]], neutralise: Neutraliser) -> str:
    """Render (role, content) pairs; a template without a system role gets that text in the first user message.

    Raises:
        UnusableFormatError: the template fails on any such conversation.
    """
    from jinja2 import TemplateError

    turns = [{"role": role, "content": neutralise(content)} for role, content in messages]
    try:
        return str(formatter(messages=turns).prompt)
    except (TemplateError, ValueError, TypeError) as error:
        if len(turns) < 2 or turns[0]["role"] != "system":
            raise UnusableFormatError(f"its chat template fails: {error}") from error
    joined = {"role": turns[1]["role"], "content": f"{turns[0]['content']}\n\n{turns[1]['content']}"}
    try:
        return str(formatter(messages=[joined, *turns[2:]]).prompt)
    except (TemplateError, ValueError, TypeError) as error:
        raise UnusableFormatError(f"its chat template fails: {error}") from error

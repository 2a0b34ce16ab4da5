"""Whole numbers from 0 to 10 by a language model: it can write nothing else, so "8/10" is never read as 810."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hxd_desktop.engine.cancel import CancelToken
    from hxd_desktop.engine.models.protocols import ChatMessage, Generator

MOST = 10
_TOKENS_EACH = 4  # two digits and a space, each a token at worst


def grammar_of(count: int) -> str:
    """The GBNF grammar of `count` numbers with spaces between them."""
    return "root ::= " + ' " " '.join(["n"] * count) + '\nn ::= "10" | [0-9]'


def ask_numbers(
    generator: Generator, messages: Sequence[ChatMessage], count: int, cancel: CancelToken
) -> tuple[int, ...] | None:
    """Ask for `count` numbers, at temperature 0; None where the model does not give them.

    Raises:
        ModelError, Cancelled: as `Generator.stream`.
    """
    stream = generator.stream(messages, max_tokens=_TOKENS_EACH * count, cancel=cancel, grammar=grammar_of(count))
    reply = "".join(stream).strip()
    if re.fullmatch(rf"(?:10|[0-9])(?: (?:10|[0-9])){{{count - 1}}}", reply) is None:
        return None
    return tuple(map(int, reply.split(" ")))

from __future__ import annotations

import pytest

from hxd_desktop.engine.answering.numbers import ask_numbers, grammar_of
from hxd_desktop.engine.cancel import CancelToken
from tests.unit.answering.fakes import FakeGenerator


@pytest.mark.parametrize(
    ("reply", "count", "numbers"),
    [
        ("7", 1, (7,)), ("10", 1, (10,)), (" 0 ", 1, (0,)), ("3 10 0", 3, (3, 10, 0)),
        ("810", 1, None), ("8/10", 1, None), ("11", 1, None), ("", 1, None), ("3 4", 3, None), ("3 4 5 6", 3, None),
        ("٣", 1, None),
    ],
)  # fmt: skip
def test_only_whole_numbers_from_0_to_10_count(reply: str, count: int, numbers: tuple[int, ...] | None) -> None:
    generator = FakeGenerator([])
    generator.judgement = reply
    assert ask_numbers(generator, [], count, CancelToken()) == numbers


def test_the_grammar_has_a_place_for_each_number() -> None:
    assert grammar_of(3) == 'root ::= n " " n " " n\nn ::= "10" | [0-9]'

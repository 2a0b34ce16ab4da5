from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.text.sentences import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("拒答阈值是多少？默认为 0.5。可以修改！", ["拒答阈值是多少？", "默认为 0.5。", "可以修改！"]),
        ("他说：“好。”然后走了。", ["他说：“好。”", "然后走了。"]),
        ("It is 0.5. It can be changed.", ["It is 0.5.", "It can be changed."]),
        ("Dr. Smith met J. Doe, e.g. at noon. They left.", ["Dr. Smith met J. Doe, e.g. at noon.", "They left."]),
        ("See mmcv.runner for more. Done", ["See mmcv.runner for more.", "Done"]),
        ("One line\nanother line\n\n  third", ["One line", "another line", "third"]),
        ("Really?! Yes…", ["Really?!", "Yes…"]),
        ('He said "stop." Then he left.', ['He said "stop."', "Then he left."]),
        ("  \n \t ", []),
        ("", []),
    ],
)
def test_sentences(text: str, pieces: list[str]) -> None:
    assert cut(text) == pieces


@given(st.text(st.sampled_from('aB.。！?…"”) \n\t拒é'), max_size=60))
def test_every_character_but_white_space_is_in_exactly_one_sentence(text: str) -> None:
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(spans))
    covered = {i for start, end in spans for i in range(start, end)}
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)

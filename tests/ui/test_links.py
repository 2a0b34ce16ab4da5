from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.viewing import Passage
from hxd_desktop.ui.links import link_to, passage_of

GOOD = "hxd://passage?library=default&document=%2Fa%2Fb.pdf&start=3&end=9&page=2"


def test_a_link_reads_back() -> None:
    assert passage_of(GOOD) == Passage("default", "/a/b.pdf", 3, 9, 2)
    assert link_to(Passage("default", "/a/b.pdf", 3, 9, 2)) == GOOD
    assert passage_of("hxd://passage/?library=a&document=b") == Passage("a", "b", 0, 0)


names = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=60)


@given(names, names, st.integers(0, 10**6), st.integers(0, 10**6), st.none() | st.integers(1, 9999))
def test_every_passage_reads_back(library: str, path: str, start: int, length: int, page: int | None) -> None:
    passage = Passage(library, path, start, start + length, page)
    assert passage_of(link_to(passage)) == passage


@pytest.mark.parametrize(
    "link",
    [
        "",
        "hxd://",
        "http://passage?library=a&document=b",
        "hxd://other?library=a&document=b",
        "hxd://user@passage?library=a&document=b",
        "hxd://passage:80?library=a&document=b",
        "hxd://passage/x?library=a&document=b",
        "hxd://passage?library=a",
        "hxd://passage?library=&document=b",
        "hxd://passage?library=a&document=b&document=c",
        "hxd://passage?library=a&document=b&run=c",
        "hxd://passage?library=a&document=b&start=-1",
        "hxd://passage?library=a&document=b&start=9&end=1",
        "hxd://passage?library=a&document=b&start=1e3&end=9999",
        "hxd://passage?library=a&document=b&end=٣",
        "hxd://passage?library=a&document=b&page=0",
        "hxd://passage?library=a&document=b%00c",
        "hxd://passage?library=a&document=b%0Ac",
        "hxd://passage?library=a&document=b#x",
        "hxd://passage?library=a&document=b\n",
        "hxd://[passage?library=a&document=b",
        "hxd://passage?library=a&document=" + "b" * 9000,
    ],
)
def test_what_is_not_exactly_a_link_is_none(link: str) -> None:
    assert passage_of(link) is None


@given(st.text(max_size=80))
def test_nothing_breaks_the_reading(tail: str) -> None:
    passage_of(f"hxd://passage?library=a&document=b{tail}")

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hxd_desktop.engine.answering.occurrences import TermFinder
from hxd_desktop.engine.text.words import index_terms, query_terms

QUESTION = (
    "如何在 Linux 上安装 mmcv.runner 的 rejectThrottle？车 happy installations C++ 自定义数据集 Straße naïve v2.0"
)
PIECES = [
    "安装", "车", "汽车", "机", "自定义", "数据集", "。", "，", " ", "\n", "linux", "Linux", "LINUX", "mmcv",
    "mmcv.runner", "mmcv.ops", "reject_throttle", "rejectThrottle", "throttled", "happy", "happiness",
    "install", "installed", "installation", "c++", "C++ ", "c#", "strasse", "straße", "naive", "naïve", "v2.0",
    "v2", "2.0", "Ｌｉｎｕｘ", "安裝", "İ", "_", ".", "x", "runner",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_finds_what_the_index_holds(text: str) -> None:
    terms = query_terms(QUESTION)
    hits, _ = TermFinder(terms).find(text)
    found = {terms[number] for _, number in hits}
    held = set(index_terms(text).split()) & set(terms)
    assert found == held


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=8).map("".join), max_size=6))
def test_many_texts_are_found_as_each_by_itself(texts: list[str]) -> None:
    finder = TermFinder(query_terms(QUESTION))
    found = finder.find_all(texts)
    assert [found.of(row) for row in range(len(texts))] == [finder.find(text) for text in texts]


def test_counts_and_bounds() -> None:
    found = TermFinder(["安装", "linux"]).find_all(["安装，安装", "", "Linux_安装"])
    assert found.counts(2).tolist() == [[2, 0], [0, 0], [1, 1]]
    assert found.held() == [frozenset((0,)), frozenset(), frozenset((0, 1))]
    assert found.bounds.tolist() == [0, 2, 2, 4]
    assert found.lengths.tolist() == [5, 0, 8]


@pytest.mark.parametrize(
    ("term", "text", "offsets"),
    [
        ("a", "a banana a_b rAt A", [0, 9, 17]),
        ("foo", "_foo .foo xfoo getFoo FOO foo.foo", [1, 6, 18, 22, 26]),
        ("c++", "c++ c+ c++11 C#", [0, 7]),
        ("мир", "мир миру", [0]),
    ],
)
def test_words_stand_once_in_each_token(term: str, text: str, offsets: list[int]) -> None:
    assert [at for at, _ in TermFinder([term]).find(text)[0]] == offsets


@pytest.mark.parametrize(
    ("text", "offsets"), [("安装与再安装", [0, 4]), ("no word", []), ("先安装 mmcv", [1]), ("安，装", [])]
)
def test_offsets(text: str, offsets: list[int]) -> None:
    hits, folded = TermFinder(["安装"]).find(text)
    assert [at for at, _ in hits] == offsets
    assert folded == text


def test_a_lone_character_is_no_part_of_a_word() -> None:
    assert TermFinder(["车"]).find("汽车和 车 子")[0] == [(4, 0)]
